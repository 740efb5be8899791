/**
 * What a model of one series is: it reads the units of one item up to yesterday and says what it would have said of
 * each of those days the evening before, and what it says of the days to come. Rule kept: NaN is a day of which nothing
 * is known; a model may not learn from it and must go on behind it. A model of one series knows of no frame and no band.
 */
import type { Forecasts } from '../evaluate/forecast-table.ts';
import type { SeriesFrame } from '../frame/series-frame.ts';
import type { SeasonFactors } from '../models/season.ts';

/** Days without a gap, the last one is the day before the origin. */
export type History = {
  /** Units a day; NaN: not known. Begins with the first sale, or later where that is long ago. */
  readonly units: Float64Array;
  /** Days since 1970-01-01 of units[0]. */
  readonly firstDay: number;
};

export type LocalFit = {
  /** [horizon] expected units a day. */
  readonly mean: Float64Array;
  /** [days of the history] what the model expected of the day from those before it; NaN while it warms up. */
  readonly fitted: Float64Array;
  /** [horizon] how much wider the error is h days ahead than one day ahead; first is 1. */
  readonly growth: Float64Array;
};

export type LocalModel = (history: History, horizon: number) => LocalFit;

/** A model of all series of a frame. season: learnt before `origin`; only models without a season of their own read it. */
export type ClassicalModel = (frame: SeriesFrame, origin: number, horizon: number, season: SeasonFactors) => Forecasts;

export const knownMean = (units: Float64Array, from: number, to: number): number => {
  let [sum, n] = [0, 0];
  for (let t = Math.max(0, from); t < Math.min(to, units.length); t += 1) {
    const value = units[t] ?? Number.NaN;
    if (value !== value) continue;
    sum += value;
    n += 1;
  }
  return n === 0 ? Number.NaN : sum / n;
};

/** The same every day. */
export function flat(value: number, horizon: number): Float64Array {
  return new Float64Array(horizon).fill(value);
}

/** √(1 + (h − 1) a²): the spread of simple smoothing with weight a (Hyndman et al. 2008, table 6.1). */
export function smoothingGrowth(alpha: number, horizon: number): Float64Array {
  return Float64Array.from({ length: horizon }, (_, h) => Math.sqrt(1 + h * alpha * alpha));
}
