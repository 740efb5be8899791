import { describe, expect, it } from 'vitest';
import { textOfDay } from '../calendar/days.ts';
import { emptyForecasts, type Forecasts } from '../evaluate/forecast-table.ts';
import { longTable } from '../frame/long-table.ts';
import type { SeriesFrame } from '../frame/series-frame.ts';
import { seeded } from '../random.ts';
import { descend, type LadderSource, type Step } from './ladder.ts';
import { plainSteps } from './plain-steps.ts';

function shop(): SeriesFrame {
  const random = seeded(2);
  const table = longTable({ date: 'date', units: 'units', price: null, group: ['category', 'item'] });
  for (let day = 0; day < 120; day += 1) {
    for (const item of ['a', 'b', 'c', 'd', 'e', 'new', 'never']) {
      const isThere = item !== 'new' || day >= 115;
      const units = item === 'never' ? 0 : 3 + Math.floor(5 * random());
      if (isThere)
        table.add({ date: textOfDay(20_000 + day), category: item < 'c' ? 'tea' : 'soap', item, units: String(units) });
    }
  }
  return table.finish().frame;
}
const frame = shop();
const origin = 120;
const row = (name: string): number => frame.names.findIndex((each) => each.endsWith(name));
const steps = plainSteps({ seedFile: null, choice: null });
const without = (...gone: readonly LadderSource[]): readonly Step[] =>
  steps.map((step) =>
    gone.includes(step.source)
      ? {
          ...step,
          forecast: () => {
            throw new Error(`${step.source} is broken`);
          },
        }
      : step,
  );
const spoiled = (change: (made: Forecasts, k: number) => unknown): readonly Step[] =>
  steps.map((step) =>
    step.source === 'classical'
      ? {
          ...step,
          forecast: (...asked) => {
            const made = step.forecast(...asked);
            change(made, row('b') * 14 + 3);
            return made;
          },
        }
      : step,
  );

describe('the ladder', () => {
  it('gives each item the best rung that its days allow, and says why', () => {
    const { source, reason, falls } = descend(steps, frame, origin, 14, 'noModel');
    expect([source[row('a')], reason[row('a')]]).toEqual(['classical', 'noModel']);
    expect([source[row('new')], reason[row('new')]]).toEqual(['categoryRate', 'tooFewDays']);
    expect([source[row('never')], reason[row('never')]]).toEqual(['categoryRate', 'neverSold']);
    expect(falls).toEqual([]);
  });
  it('goes one rung down for all when a rung throws, to the rule at last', () => {
    const one = descend(without('classical'), frame, origin, 14, 'noModel');
    expect([one.source[row('a')], one.reason[row('a')]]).toEqual(['weekdayMean', 'modelFailed']);
    expect(one.falls).toEqual([{ type: 'RungThrew', source: 'classical', why: 'classical is broken' }]);
    const two = descend(without('classical', 'weekdayMean'), frame, origin, 14, 'noModel');
    expect(two.source[row('a')]).toBe('categoryRate');
    const all = descend(without('classical', 'weekdayMean', 'categoryRate'), frame, origin, 14, 'noModel');
    expect(new Set(all.source)).toEqual(new Set(['rule']));
    expect(all.forecasts.p50[row('a') * 14]).toBeGreaterThanOrEqual(3);
    expect(all.forecasts.p50[row('never') * 14]).toBe(0);
  });
  it.each([
    ['notANumber', (made: Forecasts, k: number) => made.p50.fill(Number.NaN, k, k + 1)],
    ['notANumber', (made: Forecasts, k: number) => made.p90.fill(Number.POSITIVE_INFINITY, k, k + 1)],
    ['negative', (made: Forecasts, k: number) => made.p10.fill(-1, k, k + 1)],
    ['outOfOrder', (made: Forecasts, k: number) => made.p50.fill((made.p90[k] ?? 0) + 1, k, k + 1)],
    ['absurd', (made: Forecasts, k: number) => made.p90.fill(1e6, k, k + 1)],
  ] as const)('passes over a forecast that is %s, for that item alone', (fault, change) => {
    const { source, reason, falls, forecasts } = descend(spoiled(change), frame, origin, 14, 'best');
    expect([source[row('b')], reason[row('b')]]).toEqual(['weekdayMean', 'modelFailed']);
    expect([source[row('a')], reason[row('a')]]).toEqual(['classical', 'best']);
    expect(falls).toEqual([{ type: 'RungUnfit', source: 'classical', fault, series: 1 }]);
    for (const head of ['p10', 'p50', 'p90', 'mean'] as const)
      expect(forecasts[head].every((value) => Number.isFinite(value) && value >= 0 && value < 100)).toBe(true);
  });
  it('takes a rung of the wrong size for a broken one', () => {
    const short: readonly Step[] = [
      { source: 'trees', leastDays: 0, forecast: () => emptyForecasts(1, 14, origin) },
      ...steps,
    ];
    const { source, reason, falls } = descend(short, frame, origin, 14, 'best');
    expect([source[row('a')], reason[row('a')]]).toEqual(['classical', 'modelFailed']);
    expect(falls[0]).toMatchObject({ type: 'RungThrew', source: 'trees' });
  });
  it('has an answer for a shop of no days and for one of no items', () => {
    expect(descend(steps, frame, 0, 14, 'noModel').forecasts.p90.every((value) => Number.isFinite(value))).toBe(true);
    const none = { ...frame, names: [], units: new Float64Array(), starts: new Int32Array() };
    const empty = { ...none, groupings: frame.groupings.map((each) => ({ ...each, codes: new Int32Array() })) };
    expect(descend(steps, empty, origin, 14, 'noModel').source).toEqual([]);
  });
});
