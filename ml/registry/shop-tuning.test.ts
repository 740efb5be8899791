import { describe, expect, it } from 'vitest';
import { demandFrame } from '#tests/fixtures/made-up-demand.ts';
import { extend } from '../frame/series-frame.ts';
import { forecastByRule, weekdayMean } from '../models/naive.ts';
import { fitSeason } from '../models/season.ts';
import { keepWindow, type KeptWindow, learnTuning } from './shop-tuning.ts';

const [items, days, horizon] = [12, 140, 14];
const frame = extend(demandFrame({ items, days, seed: 4 }), horizon);

/** A week as it was forecast on the day `origin`; the model's word is a third too much. */
function keptAt(origin: number): KeptWindow {
  const plain = forecastByRule(weekdayMean, frame, origin, horizon);
  const more = (values: Float64Array): Float64Array => values.map((value) => 1.3 * value);
  const model = { ...plain, p10: more(plain.p10), p50: more(plain.p50), p90: more(plain.p90), mean: more(plain.mean) };
  const season = fitSeason(frame, origin);
  const view = { frame, origin, season, blocks: () => [] };
  return keepWindow(view, model, plain);
}

describe('what a shop learns of a model', () => {
  it('is nothing of a week of which no day is over', () => {
    expect(learnTuning(frame, [keptAt(days)], null, true)).toBeNull();
    const over = [keptAt(days - 21), keptAt(days - 14), keptAt(days - 7)];
    const learnt = learnTuning(frame, over, null, true);
    expect(learnt?.conformal.meanScale).toBeLessThan(1);
    expect(learnTuning(frame, [...over, keptAt(days)], null, true)).toEqual(learnt);
  });
  it('is something of a week of which a day is over', () => {
    const learnt = learnTuning(frame, [keptAt(days - 1)], null, false);
    expect(learnt?.conformal.shift.some(([low, middle]) => low !== 0 && middle !== 0)).toBe(true);
  });
  it('is nothing of items that are no longer there', () => {
    const gone = keptAt(days - 7);
    const other = { ...gone, names: gone.names.map((name) => `old ${name}`) };
    expect(learnTuning(frame, [other], null, false)).toBeNull();
  });
});
