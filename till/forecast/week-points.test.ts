/** Weeks of a page: past ones with their bands, and those to come. */
import { describe, expect, it } from 'vitest';
import { addDays, type BusinessDate } from '#core/time.ts';
import { weekPoints } from './week-points.ts';

const origin = '2026-11-20' as BusinessDate;
const first = addDays(origin, -27);
/** Day k before the origin sold k. */
const sold = new Map(Array.from({ length: 28 }, (_, k) => [addDays(origin, -k), k] as const));
const band = { p10: 1, p50: 2, p90: 3 };

describe('weeks of a page', () => {
  it('end on the origin where none was judged, and go on ahead', () => {
    const weeks = weekPoints(first, origin, sold, [], [band, band]);
    expect(weeks.map(({ weekStart }) => weekStart)).toEqual([-27, -20, -13, -6, 1, 8].map((k) => addDays(origin, k)));
    expect(weeks[3]).toEqual({
      weekStart: addDays(origin, -6),
      sold: 21,
      isOut: false,
      p10: null,
      p50: null,
      p90: null,
    });
    expect(weeks[4]).toEqual({ weekStart: addDays(origin, 1), sold: null, isOut: false, ...band });
  });

  it('begin on the judged weeks’ day, keep what was judged, and leave out a week that is not over', () => {
    const judged = [{ weekStart: addDays(origin, -16), sold: 9, p10: 4, p50: 8, p90: 12 }];
    const weeks = weekPoints(first, origin, sold, judged, [band]);
    expect(weeks.map(({ weekStart }) => weekStart)).toEqual([-23, -16, -9, 1].map((k) => addDays(origin, k)));
    expect(weeks[1]).toEqual({ ...judged[0], isOut: false });
    expect(weeks[2]).toMatchObject({ sold: 9 + 8 + 7 + 6 + 5 + 4 + 3, p50: null });
  });

  it('say in which week goods were short', () => {
    const short = addDays(origin, -8);
    const weeks = weekPoints(first, origin, sold, [], [band], (day) => day === short);
    expect(weeks.map(({ isOut }) => isOut)).toEqual([false, false, true, false, false]);
  });

  it('leave out weeks before anything was sold', () => {
    const late = new Map([[origin, 5]]);
    expect(weekPoints(first, origin, late, [], []).map(({ weekStart }) => weekStart)).toEqual([addDays(origin, -6)]);
    expect(weekPoints(first, origin, new Map(), [], [band])).toHaveLength(1);
  });
});
