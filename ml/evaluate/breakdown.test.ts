import { describe, expect, it } from 'vitest';
import { textOfDay } from '../calendar/days.ts';
import { longTable } from '../frame/long-table.ts';
import type { SeriesFrame } from '../frame/series-frame.ts';
import { breakdown, poissonFloor } from './breakdown.ts';
import { usualTies } from '../ensemble/week-tie.ts';
import { interval } from './backtest.ts';
import { emptyForecasts } from './forecast-table.ts';
import { scoreWindow, type WindowScore } from './metrics.ts';
import { columnsFrom, withStockOuts } from './tracks.ts';

function shop(): SeriesFrame {
  const table = longTable({ date: 'date', units: 'units', price: 'price', group: ['store', 'item'] });
  for (let day = 0; day < 114; day += 1) {
    for (const store of ['A', 'B']) {
      table.add({ date: textOfDay(day), store, item: 'rice', units: '20', price: '10' });
      table.add({ date: textOfDay(day), store, item: 'saffron', units: day % 10 === 0 ? '1' : '0', price: '400' });
    }
  }
  return table.finish().frame;
}
const frame = shop();
const forecast = (rice: number, saffron: number) => {
  const made = emptyForecasts(4, 14, 100);
  for (const head of ['p10', 'p50', 'p90', 'mean'] as const)
    made[head].set([rice, saffron, rice, saffron].flatMap((value) => Array.from({ length: 14 }, () => value)));
  return made;
};
const figures = (window: ReturnType<typeof forecast>) =>
  new Map(
    breakdown(frame, [window], scoreWindow(frame, window), [{ made: window, ties: usualTies }]).map(
      ({ name, group, value }) => [`${name} ${group}`, value],
    ),
  );

describe('figures by group', () => {
  it('are of the class that the item sold in before, and of totals', () => {
    const found = figures(forecast(22, 0.1));
    expect(found.get('bias >10')).toBeCloseTo(0.1);
    expect(found.get('items <0.3')).toBe(2);
    expect(found.get('total7 >10')).toBeCloseTo(0.1);
    // 41 to 43 units a day of both stores; forecast 44.2, of each store 22.1.
    expect(found.get('dailyTotal all')).toBeCloseTo((12 * (4.2 / 40) + 2 * (2.2 / 42)) / 14);
    expect(found.get('dailyTotal store')).toBeCloseTo((12 * (2.1 / 20) + 2 * (1.1 / 21)) / 14);
    expect(found.get('dailyTotal item')).toBeGreaterThan(0);
    expect(found.get('bias 1970-04-11')).toBeCloseTo((28 * 2 - 2 * (2 - 1.4)) / (560 + 4), 1);
    // Rice never changes: it has no scale, and only saffron counts.
    expect(found.get('wrmsse all')).toBeGreaterThan(0);
  });
  it('hold the middle of a week beside its mean, and the band of the week against what sold', () => {
    // Saffron sold one in each week; the middle of a count of mean 0.35 is nil.
    const found = figures(forecast(22, 0.05));
    expect(found.get('total7 <0.3')).toBeCloseTo(0.65);
    expect(found.get('total7P50 <0.3')).toBeCloseTo(1);
    // Of rice's count of mean 154 the middle is 153; 140 were sold.
    expect(found.get('total7P50 >10')).toBeCloseTo(13 / 140);
    expect(found.get('coverage7 >10')).toBe(1);
    expect(figures(forecast(30, 0.05)).get('coverage7 >10')).toBe(0);
  });
  it('are nil for what was right', () => {
    const right = forecast(20, 0);
    expect(figures(right).get('total14 >10')).toBe(0);
    expect(figures(right).get('wql >10')).toBe(0);
  });
});

describe('the interval of a figure', () => {
  const score = (series: number, origin: number, off: number): WindowScore => ({
    series,
    origin,
    days: 14,
    units: 100,
    absError: 0,
    pinball: [0, 0, 0],
    meanError: 100 * off,
    rmsse: 1,
    inside: 0,
    insidePit: 0,
  });
  const width = (off: (series: number, window: number) => number): number => {
    const scores = Array.from({ length: 5 * 200 }, (_, k) => score(k % 200, Math.floor(k / 200), off(k % 200, k)));
    const [low, high] = interval(scores, 'bias', 1);
    return high - low;
  };
  it('is wide where all items were off together, narrow where each was off by itself', () => {
    expect(width((_, k) => (Math.floor(k / 200) % 2 === 0 ? 0.2 : -0.2))).toBeGreaterThan(0.2);
    expect(width((_, k) => (k % 2 === 0 ? 0.2 : -0.2))).toBeLessThan(0.1);
  });
});

describe('what no forecast can better', () => {
  it('is the mean absolute deviation of a count', () => {
    expect(poissonFloor(0.5)).toBeCloseTo(0.5);
    expect(poissonFloor(1)).toBeCloseTo(2 * Math.exp(-1));
    expect(poissonFloor(10) / 10).toBeCloseTo(0.25, 2);
    expect(poissonFloor(60) / poissonFloor(60.001)).toBeCloseTo(1, 2);
  });
});

describe('harder shops', () => {
  it('keep the last columns, with their dates', () => {
    const kept = columnsFrom(frame, 84);
    expect([kept.days, kept.firstDay, kept.units.length, kept.starts[1]]).toEqual([30, 84, 120, 6]);
    expect(kept.units[30 + 6]).toBe(1);
  });
  it('run out of goods on the share of days that was asked for, in runs, the same days for the same seed', () => {
    const asked = { leastDays: 3, mostDays: 7, share: 0.1 };
    const out = withStockOuts(frame, asked, 4);
    const hidden = out.units.reduce((n, units) => n + (Number.isNaN(units) ? 1 : 0), 0);
    expect(hidden / (4 * 114)).toBeGreaterThan(0.04);
    expect(hidden / (4 * 114)).toBeLessThan(0.2);
    expect(withStockOuts(frame, asked, 4).units).toEqual(out.units);
    expect(withStockOuts(frame, asked, 5).units).not.toEqual(out.units);
    expect(out.starts).toEqual(frame.starts.map((start, i) => Math.max(start, out.starts[i] ?? 0)));
  });
});
