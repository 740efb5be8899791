/**
 * Days that say nothing of an item's usual sale: one bill of a wedding or of another shop. Rule kept: a day is cut only
 * against the days before it, far above anything seen; it stays in the data, only levels and seasons are kept from it.
 *
 * Winsorizing (Tukey 1962; for exponential smoothing: Gelper, Fried & Croux 2010). The limit grows with what is let in, so
 * that a real change is taken over within a few days.
 */
import { seriesCount, type SeriesFrame } from '../frame/series-frame.ts';
import { makeSlab } from '../frame/slab.ts';

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

/** Values in order of days; NaN stays. Into `made`, which is as long as they are or they themselves. */
export function tamed(values: Float64Array, limit: Limit, made: Float64Array): Float64Array {
  made.set(values);
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

/**
 * Where a past is too short to be a measure of its own next day: each day cut against all the others, later ones too,
 * that are before `to`; one day alone is left as it is.
 */
export function calmed(values: Float64Array, to: number, limit: Limit): Float64Array {
  const made = values.slice();
  let [best, second, sum, known] = [0, 0, 0, 0];
  for (let t = 0; t < to; t += 1) {
    const value = made[t] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    known += 1;
    sum += value;
    if (value > best) [best, second] = [value, best];
    else if (value > second) second = value;
  }
  if (known < 2) return made;
  for (let t = 0; t < to; t += 1) {
    const value = made[t] ?? Number.NaN;
    if (Number.isNaN(value) || value < best) continue;
    const others = (sum - best) / (known - 1);
    made[t] = Math.min(value, Math.ceil(Math.max(limit.timesBest * second, limit.timesMean * (others + 1))));
  }
  return made;
}

/** Units of every series, days before `to` cut at the limit of levels against each other. */
export function calmedFrame(frame: SeriesFrame, to: number): SeriesFrame {
  const units = new Float64Array(frame.units.length);
  for (let i = 0; i < seriesCount(frame); i += 1)
    units.set(calmed(frame.units.subarray(i * frame.days, (i + 1) * frame.days), to, levelLimit), i * frame.days);
  return { ...frame, units };
}

/** Units of every series cut at the limit of data. */
export function tamedFrame(frame: SeriesFrame): SeriesFrame {
  const units = makeSlab(8 * frame.units.length).float64(frame.units.length);
  for (let i = 0; i < seriesCount(frame); i += 1) {
    const [from, to] = [i * frame.days, (i + 1) * frame.days];
    tamed(frame.units.subarray(from, to), dataLimit, units.subarray(from, to));
  }
  return { ...frame, units };
}
