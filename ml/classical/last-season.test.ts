import { describe, expect, it } from 'vitest';
import { dayOf } from '../calendar/days.ts';
import { mainDaysOf } from '../calendar/festivals.ts';
import { indianDays } from '../calendar/indian-days.ts';
import { groupingOf } from '../frame/long-table.ts';
import { type SeriesFrame, startsOf } from '../frame/series-frame.ts';
import { chooseClassical, forecastChosen } from './choose.ts';
import { lastSeason } from './last-season.ts';
import { segmentsOf } from './states.ts';

const firstDay = dayOf('2021-06-01') ?? 0;
const days = (dayOf('2024-12-31') ?? 0) - firstDay;
const diwali = mainDaysOf('diwali', null).map((day) => day - firstDay);

/** Lamps sell 2, 4, … 20 in the ten days up to Diwali; the others sell all year. */
function shop(calendar: SeriesFrame['calendar']): SeriesFrame {
  const units = new Float64Array(4 * days);
  for (let t = 0; t < days; t += 1) {
    const before = diwali.map((day) => day - t).find((gap) => gap >= 0 && gap < 10);
    units[t] = before === undefined ? 0 : 20 - 2 * before;
    for (let i = 1; i < 4; i += 1) units[i * days + t] = i + ((t + i) % 3);
  }
  const names = ['lamps', 'tea', 'soap', 'salt'];
  return {
    names,
    groupings: [groupingOf('item', names)],
    firstDay,
    days,
    units,
    price: null,
    starts: startsOf(units, days),
    calendar,
  };
}

describe('goods of one festival', () => {
  const frame = shop(indianDays(null, firstDay, days + 14));
  // Diwali was on 24 October 2022, 12 November 2023 and 31 October 2024.
  const origin = (dayOf('2024-10-24') ?? 0) - firstDay;
  it('are known as such, and are forecast on the clock of the festival, not of the year', () => {
    expect(segmentsOf(frame, origin)[0]?.state).toBe('seasonal-item');
    const made = forecastChosen(chooseClassical(frame, origin, 14), frame, origin, 14);
    // 24 October is seven days before: 6 a day, on the 31st 20; after it none.
    expect(made.mean[0]).toBeGreaterThan(4);
    expect(made.mean[7]).toBeGreaterThan(made.mean[0] ?? 99);
    expect(made.mean[7]).toBeGreaterThan(12);
    expect(made.p90[12]).toBe(0);
  });
  it('are forecast as not selling in June', () => {
    const june = (dayOf('2024-06-10') ?? 0) - firstDay;
    const made = forecastChosen(chooseClassical(frame, june, 14), frame, june, 14);
    expect(made.p90.subarray(0, 14).every((value) => value === 0)).toBe(true);
  });
  it('without a calendar sell in the same weeks as last year', () => {
    const plain = shop(null);
    const at = (dayOf('2023-10-20') ?? 0) - firstDay;
    const made = lastSeason(plain, at, 14, true);
    expect(made.mean[0]).toBeGreaterThan(1);
    expect(lastSeason(plain, at - 100, 14, true).mean[0]).toBe(0);
  });
});
