/**
 * Days that say nothing of an item's usual sale: one bill of a wedding or of another shop. Rule kept: a day is cut only
 * against the days before it, far above anything seen; it stays in the data, only levels and seasons are kept from it.
 *
 * Winsorizing (Tukey 1962; for exponential smoothing: Gelper, Fried & Croux 2010). The limit grows with what is let in, so
 * that a real change is taken over within a few days.
 */
import { seriesCount, type SeriesFrame } from '../frame/series-frame.ts';

export type Limit = {
  /** Of the best day before, which fades by half in about a year. */
  readonly timesBest: number;
  /** Of the running mean, and as many units. */
  readonly timesMean: number;
};
/** For levels: a festival is season, not level. */
export const levelLimit: Limit = { timesBest: 3, timesMean: 10 };
/** For all else that is learnt: above any festival. */
export const dataLimit: Limit = { timesBest: 10, timesMean: 40 };

const settledDays = 28;
const fade = 0.998;
const meanSpeed = 0.02;

/** Values in order of days; NaN stays. A new array. */
export function tamed(values: Float64Array, limit: Limit): Float64Array {
  const made = values.slice();
  let [best, mean, known] = [0, 0, 0];
  for (let t = 0; t < made.length; t += 1) {
    let value = made[t] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    if (known >= settledDays) {
      // Whole, so that counts stay counts.
      value = Math.min(value, Math.ceil(Math.max(limit.timesBest * best, limit.timesMean * (mean + 1))));
      made[t] = value;
    }
    known += 1;
    best = Math.max(fade * best, value);
    mean += Math.max(meanSpeed, 1 / known) * (value - mean);
  }
  return made;
}

/** Units of every series cut at the limit of data. */
export function tamedFrame(frame: SeriesFrame): SeriesFrame {
  const units = new Float64Array(frame.units.length);
  for (let i = 0; i < seriesCount(frame); i += 1) {
    const [from, to] = [i * frame.days, (i + 1) * frame.days];
    units.set(tamed(frame.units.subarray(from, to), dataLimit), from);
  }
  return { ...frame, units };
}
