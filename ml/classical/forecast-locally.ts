/**
 * A model of one series, put on every series of a frame. Rule kept: nothing on or after the origin is read; season is
 * taken out before a model that knows none and put back behind it; a day on which the shop is shut is forecast as nil.
 */
import { emptyForecasts, type Forecasts, putInOrder } from '../evaluate/forecast-table.ts';
import { type SeriesFrame, seriesCount } from '../frame/series-frame.ts';
import type { SeasonFactors } from '../models/season.ts';
import { bandOf, spreadOf } from './band.ts';
import type { LocalFit, LocalModel } from './local-model.ts';

/** A year and a half: more says little of the level and costs. */
export const historyDays = 546;
/** Below this factor the shop is shut. */
const shutFactor = 0.05;

/** Whole numbers only, before the origin. */
export function isCounts(frame: SeriesFrame, origin: number): boolean {
  for (let i = 0; i < seriesCount(frame); i += 1) {
    for (let t = 0; t < origin; t += 1) {
      const units = frame.units[i * frame.days + t] ?? Number.NaN;
      if (units === units && !Number.isInteger(units)) return false;
    }
  }
  return true;
}

/** Column of the first day that a model of series i reads; `origin` where it has no past. */
export const historyStart = (frame: SeriesFrame, i: number, origin: number): number =>
  Math.min(origin, Math.max(frame.starts[i] ?? 0, origin - historyDays));

export type SeriesFit = (i: number, units: Float64Array, start: number) => LocalFit;

/** Bands around what `fitOne` expects of each series. */
export function forecastEach(frame: SeriesFrame, origin: number, horizon: number, fitOne: SeriesFit): Forecasts {
  const made = emptyForecasts(seriesCount(frame), horizon, origin);
  const counts = isCounts(frame, origin);
  for (let i = 0; i < made.series; i += 1) {
    const start = historyStart(frame, i, origin);
    if (start >= origin) continue;
    const units = frame.units.subarray(i * frame.days + start, i * frame.days + origin);
    const fit = fitOne(i, units, start);
    const spread = spreadOf(units, fit.fitted, counts);
    for (let h = 0; h < horizon; h += 1) {
      const k = i * horizon + h;
      const { quantiles, mean } = bandOf(spread, fit, h, counts);
      made.p10[k] = quantiles[0];
      made.p50[k] = quantiles[1];
      made.p90[k] = quantiles[2];
      made.mean[k] = mean;
    }
  }
  putInOrder(made);
  return made;
}

/** The model on units ÷ season. */
export function withoutSeason(
  model: LocalModel,
): (frame: SeriesFrame, origin: number, horizon: number, season: SeasonFactors) => Forecasts {
  return (frame, origin, horizon, season) =>
    forecastEach(frame, origin, horizon, (i, units, start) => {
      const past = units.length;
      const row = i * frame.days + start;
      const factor = Float64Array.from({ length: past + horizon }, (_, t) => Math.exp(season.log[row + t] ?? 0));
      const level = new Float64Array(past);
      for (let t = 0; t < past; t += 1) {
        const f = factor[t] as number;
        level[t] = f < shutFactor ? Number.NaN : (units[t] as number) / f;
      }
      const fit = model({ units: level, firstDay: frame.firstDay + start }, horizon);
      const fitted = new Float64Array(past);
      for (let t = 0; t < past; t += 1) fitted[t] = (fit.fitted[t] as number) * (factor[t] as number);
      return {
        mean: fit.mean.map((value, h) => {
          const f = factor[past + h] ?? 1;
          return f < shutFactor ? 0 : value * f;
        }),
        fitted,
        growth: fit.growth,
      };
    });
}
