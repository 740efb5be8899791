/** A category's and a shop's forecast on made-up sales: sums, sizes, and that nothing is known before it is over. */
import { describe, expect, it } from 'vitest';
import { addDays, type BusinessDate } from '#core/time.ts';
import { dayOf } from '#ml/calendar/days.ts';
import { indianDays } from '#ml/calendar/indian-days.ts';
import { type GroupContent, groupsNight } from './group-night.ts';
import { festivalsNear } from './shop-festivals.ts';

const stateCode = '08';
const days = 420;
const ahead = 14;
/** A Friday, eight days before Diwali. */
const lastDay = '2026-10-30' as BusinessDate;
const firstDay = addDays(lastDay, 1 - days);
const first = dayOf(firstDay) ?? 0;
const past = {
  days,
  ahead,
  firstDay,
  lastDay,
  frame: { firstDay: first, calendar: indianDays(stateCode, first, days + ahead) },
};
const near = festivalsNear(firstDay, lastDay, ahead, stateCode);
const lastDiwali = (dayOf('2025-10-20') ?? 0) - first;
/** More on Sundays, thrice as much in the days up to the last Diwali. */
const soldOn = (t: number): number => {
  const wiggle = 1 + 0.15 * Math.sin(t * 12.9898);
  return 100 * wiggle * ((first + t + 4) % 7 === 0 ? 1.6 : 1) * (t > lastDiwali - 6 && t <= lastDiwali ? 3 : 1);
};
const valuesOf = (size: number, soldDays = days): Float64Array =>
  Float64Array.from({ length: days }, (_, t) => (t < days - soldDays ? 0 : Math.round(size * soldOn(t))));
const contentOf = (values: Float64Array): GroupContent => {
  const [made] = groupsNight(past, [{ kind: 'store', name: '', unit: null, values }], near);
  return JSON.parse(made?.content ?? '') as GroupContent;
};

describe('a group’s forecast', () => {
  const made = contentOf(valuesOf(1000));

  it('has whole, ordered amounts whose effects add up to next week', () => {
    const { nextWeek, plainWeek, drivers, days: ofDays, weeks } = made;
    expect((plainWeek ?? 0) + drivers.reduce((sum, { effect }) => sum + effect, 0)).toBe(nextWeek.p50);
    for (const { p10, p50, p90 } of [nextWeek, ...ofDays]) {
      expect([p10, p50, p90].every(Number.isInteger)).toBe(true);
      expect(p10).toBeGreaterThanOrEqual(0);
      expect(p50).toBeGreaterThanOrEqual(p10);
      expect(p90).toBeGreaterThanOrEqual(p50);
    }
    expect(ofDays).toHaveLength(ahead);
    expect(weeks.slice(-2).map(({ weekStart, sold }) => [weekStart, sold])).toEqual([
      [addDays(lastDay, 1), null],
      [addDays(lastDay, 8), null],
    ]);
  });

  it('expects more before the festival that it saw, and says what it did the last time', () => {
    const diwali = made.drivers.find(({ kind, festival }) => kind === 'festival' && festival?.family === 'diwali');
    expect(diwali?.effect).toBeGreaterThan(100_000);
    expect(diwali?.lastTimeBp).toBeGreaterThan(10_000);
  });

  it('does not hang on whether amounts are pieces or paise', () => {
    const large = contentOf(valuesOf(1_000_000));
    expect(large.nextWeek.p50 / 1000 / made.nextWeek.p50).toBeCloseTo(1, 3);
    expect(large.nextWeek.p90 / 1000 / made.nextWeek.p90).toBeCloseTo(1, 3);
  });

  it('judges eight weeks, none of them by what was sold from its first day on', () => {
    expect(made.judged).toHaveLength(8);
    const changed = valuesOf(1000);
    const [last] = made.judged.slice(-1);
    for (let t = days - 7; t < days; t += 1) changed[t] = 9_999_999;
    const other = contentOf(changed).judged.at(-1);
    expect(other?.sold).toBeGreaterThan(last?.sold ?? 0);
    expect({ ...other, sold: 0 }).toEqual({ ...last, sold: 0 });
  });

  it('is a plain rule while the shop is young, and nought where nothing was sold', () => {
    const young = contentOf(valuesOf(1000, 20));
    expect(young).toMatchObject({ plainWeek: null, drivers: [], judged: [], missBp: null });
    expect(young.nextWeek.p50).toBeGreaterThan(0);
    expect(contentOf(new Float64Array(days)).nextWeek).toEqual({ p10: 0, p50: 0, p90: 0 });
  });
});
