import { describe, expect, it } from 'vitest';
import { dayOf } from '../days.ts';
import { elongation, moonLongitude, sunLongitude, sunrise, sunset, whenAt } from './sky.ts';

const fromJulian = (julianDay: number): number => julianDay - 2440587.5;
const near = (a: number, b: number, by: number): void => expect(Math.abs(a - b)).toBeLessThan(by);

describe('sun and moon', () => {
  it('stand where Meeus’s worked examples have them', () => {
    // Example 47.a, 1992 April 12, 0h TD; 25.a, 1992 October 13, 0h TD (ΔT 59 s).
    near(moonLongitude(fromJulian(2448724.5) - 59 / 86_400), 133.167265, 0.002);
    near(sunLongitude(fromJulian(2448908.5) - 59 / 86_400), 199.907347, 0.01);
  });
  it('are together at the new moons that were published', () => {
    // Astronomical Almanac: 2024 April 8 18:21 UT (an eclipse), 2020 December 14 16:17, 2017 August 21 18:30.
    for (const [date, minute] of [
      ['2024-04-08', 18 * 60 + 21],
      ['2020-12-14', 16 * 60 + 17],
      ['2017-08-21', 18 * 60 + 30],
    ] as const) {
      const day = dayOf(date) ?? 0;
      near((whenAt(elongation, 0, day + 0.5, 12.19) - day) * 1440, minute, 3);
    }
  });
  it('rise and set: the longest and the shortest day', () => {
    const hours = (date: string): number => (sunset(dayOf(date) ?? 0) - sunrise(dayOf(date) ?? 0)) * 24;
    near(hours('2024-06-21'), 13.55, 0.05);
    near(hours('2024-12-21'), 10.73, 0.05);
    // 23°11′ N, 82°30′ E: local noon is noon of India's clock, give or take the equation of time.
    near(
      ((sunrise(dayOf('2024-04-15') ?? 0) + sunset(dayOf('2024-04-15') ?? 0)) / 2 - (dayOf('2024-04-15') ?? 0)) * 24,
      6.5,
      0.03,
    );
  });
});
