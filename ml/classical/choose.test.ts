import { describe, expect, it } from 'vitest';
import { textOfDay } from '../calendar/days.ts';
import type { Forecasts } from '../evaluate/forecast-table.ts';
import { figuresOf, scoreWindow } from '../evaluate/metrics.ts';
import { longTable } from '../frame/long-table.ts';
import { cutAt, type SeriesFrame } from '../frame/series-frame.ts';
import { forecastByRule, naiveRules } from '../models/naive.ts';
import { seeded } from '../random.ts';
import { chooseClassical, forecastChosen } from './choose.ts';
import { takeSeries } from './take-series.ts';

function shop(days: number, seed: number): SeriesFrame {
  const random = seeded(seed);
  const table = longTable({ date: 'date', units: 'units', price: null, group: ['item'] });
  for (let item = 0; item < 24; item += 1) {
    const rate = 0.2 * 1.3 ** item;
    for (let day = 0; day < days; day += 1) {
      const mean = rate * (day % 7 === 6 ? 1.8 : 0.9) * (1 + 0.3 * Math.sin(day / 40));
      let [units, product] = [-1, 1];
      for (const floor = Math.exp(-Math.min(mean, 300)); product > floor; units += 1) product *= random();
      table.add({ date: textOfDay(19_000 + day), item: `item ${item}`, units: String(units) });
    }
  }
  return table.finish().frame;
}

describe('the chosen classical models', () => {
  const frame = shop(230, 4);
  const origin = 216;
  const choice = chooseClassical(frame, origin, 14);
  it('are convex blends by segment, learnt on several windows', () => {
    expect(choice.windows).toBe(4);
    expect(Object.keys(choice.weights).length).toBeGreaterThan(3);
    for (const weights of Object.values(choice.weights)) {
      expect(Object.values(weights).every((weight) => weight >= 0)).toBe(true);
      expect(Object.values(weights).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    }
  });
  it('know nothing of the days to come', () => {
    const changed = { ...frame, units: frame.units.map((value, k) => (k % frame.days >= origin ? 999 : value)) };
    expect(chooseClassical(changed, origin, 14)).toEqual(choice);
    expect(forecastChosen(choice, changed, origin, 14)).toEqual(forecastChosen(choice, frame, origin, 14));
  });
  it('beat the best naive rule by a tenth', () => {
    const origins = [160, 174, 188, 202, 216];
    const lossOf = (forecastAt: (at: number) => Forecasts): number =>
      figuresOf(origins.flatMap((at) => scoreWindow(frame, forecastAt(at)))).wql;
    const best = Math.min(
      ...Object.values(naiveRules).map((rule) => lossOf((at) => forecastByRule(rule, frame, at, 14))),
    );
    expect(lossOf((at) => forecastChosen(chooseClassical(frame, at, 14), frame, at, 14))).toBeLessThan(0.9 * best);
  });
  it('are there for a shop of a month, of a week, of one item and of none', () => {
    for (const [days, rows] of [
      [30, 24],
      [7, 24],
      [30, 1],
      [30, 0],
    ] as const) {
      const short = takeSeries(
        cutAt(frame, days),
        Array.from({ length: rows }, (_, i) => i),
      );
      const made = forecastChosen(chooseClassical(short, days, 14), short, days, 14);
      expect(made.p50).toHaveLength(rows * 14);
      expect(made.p90.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
    }
  });
});
