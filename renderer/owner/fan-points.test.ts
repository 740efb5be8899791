import { describe, expect, it } from 'vitest';
import type { GroupForecast } from '#contract/till-forecast.ts';
import { addDays, type BusinessDate } from '#core/time.ts';
import { fanOfGroup, weeksOfGroup } from './fan-points.ts';
import { dayNumber } from './figures.ts';

const origin = '2026-11-20' as BusinessDate;
const group = (sold: readonly number[], festivals: GroupForecast['festivals'] = []): GroupForecast => ({
  of: 'category',
  name: 'Dal',
  unit: 'pc',
  origin,
  today: addDays(origin, 1),
  past: sold.map((value, i) => ({ date: addDays(origin, i - sold.length + 1), value })),
  days: Array.from({ length: 14 }, (_, i) => ({ date: addDays(origin, i + 1), p10: 1_000, p50: 2_000, p90: 4_000 })),
  nextWeek: { p10: 1, p50: 2, p90: 3 },
  festivals,
  weeks: [
    { weekStart: addDays(origin, -13), sold: 9_000, p10: null, p50: null, p90: null, isOut: false },
    { weekStart: addDays(origin, -6), sold: 8_000, isOut: false, p10: 5_000, p50: 7_000, p90: 9_000 },
    { weekStart: addDays(origin, 1), sold: null, isOut: false, p10: 6_000, p50: 8_000, p90: 11_000 },
  ],
  plainWeek: 1,
  drivers: [],
  judged: [],
  missBp: null,
  lastWeekMissBp: null,
  daysLearnt: 90,
});

describe('points of a fan', () => {
  it('the line of today goes on where no forecast was made for days, and stays at the joint where the date was set back', () => {
    const sold = Array.from({ length: 90 }, () => 5_000);
    const at = (today: BusinessDate): number => fanOfGroup({ ...group(sold), today }).today - dayNumber(origin);
    expect([addDays(origin, -20), origin, addDays(origin, 1), addDays(origin, 4), addDays(origin, 90)].map(at)).toEqual(
      [0, 0, 0, 3, 14],
    );
    expect(weeksOfGroup({ ...group(sold), today: addDays(origin, 4) }).today).toBe(weeksOfGroup(group(sold)).today + 3);
  });
  it('past and band are joined at the last day sold', () => {
    const { points, today } = fanOfGroup(group(Array.from({ length: 90 }, () => 5_000)));
    expect(points.length).toBe(57);
    const joint = points.find(({ day }) => day === today);
    expect(joint).toMatchObject({ sold: 5, low: 5, middle: 5, high: 5 });
    expect(points.at(-1)).toMatchObject({ day: dayNumber(origin) + 14, sold: null, low: 1, middle: 2, high: 4 });
    expect(points.filter(({ sold, high }) => sold !== null && high !== null).length).toBe(1);
  });
  it('days before anything was sold are left out, two weeks always stand', () => {
    const young = fanOfGroup(group([...Array.from({ length: 40 }, () => 0), 1_000, 0, 2_000]));
    expect(young.points.filter(({ sold }) => sold !== null).length).toBe(15);
    const never = fanOfGroup(group([0, 0, 0]));
    expect(never.points.length).toBe(17);
  });
  it('weeks show what was sold, and a band only where one was given', () => {
    const { points, step } = weeksOfGroup(group([]));
    expect(step).toBe(7);
    expect(points.map(({ sold, low, middle, high }) => [sold, low, middle, high])).toEqual([
      [9, null, null, null],
      [8, 5, 7, 9],
      [null, 6, 8, 11],
    ]);
  });
  it('at most four flags, those nearest to today, none upon another', () => {
    const past = Array.from({ length: 90 }, () => 1_000);
    const flags = (days: readonly number[]) =>
      fanOfGroup(
        group(
          past,
          days.map((by) => ({ date: addDays(origin, by), family: `f${by}` })),
        ),
      ).festivals.map(({ family }) => family);
    expect(flags([-200, -40, -30, -20, -10, 0, 10, 30])).toEqual(['f-20', 'f-10', 'f0', 'f10']);
    expect(flags([-20, -3, 2, 6, 12])).toEqual(['f-20', 'f2', 'f12']);
  });
});
