/**
 * The classical models by name. Rule kept: every one is the same question, `(frame, origin, horizon, season)`, and the
 * same answer, a band a series and day; a name, once given, stays, because stored choices name it.
 */
import { cutAt, type SeriesFrame } from '../frame/series-frame.ts';
import { forecastByRule, seasonalNaive, weekdayMean } from '../models/naive.ts';
import { fitSeason, type SeasonFactors } from '../models/season.ts';
import { forecastCold } from '../cold/cold-start.ts';
import { arima } from './arima.ts';
import { forecastEach, historyDays, isCounts, withoutSeason } from './forecast-locally.ts';
import { fourierDesign, fourierFit } from './fourier.ts';
import { holtWinters } from './holt-winters.ts';
import { adida, crostonSba, tsb } from './intermittent.ts';
import { lastSeason } from './last-season.ts';
import type { ClassicalModel } from './local-model.ts';
import { recentMean, ses } from './smoothing.ts';
import { theta } from './theta.ts';

const fourier: ClassicalModel = (frame, origin, horizon) => {
  const from = Math.max(0, origin - 2 * historyDays);
  const design = fourierDesign(frame, from, origin, horizon);
  return forecastEach(frame, origin, horizon, (i, units, start) => {
    // It has a year to learn, so it looks back further than the others.
    const earlier = Math.min(start, Math.max(from, frame.starts[i] ?? 0));
    const seen = frame.units.subarray(i * frame.days + earlier, i * frame.days + origin);
    const fit = fourierFit(design, { units: seen, firstDay: frame.firstDay + earlier }, earlier, horizon);
    return { ...fit, fitted: fit.fitted.subarray(seen.length - units.length) };
  });
};

export const classicalModels: Readonly<Record<string, ClassicalModel>> = {
  'seasonal-naive': (frame, origin, horizon) => forecastByRule(seasonalNaive, frame, origin, horizon),
  'weekday-mean': (frame, origin, horizon) => forecastByRule(weekdayMean, frame, origin, horizon),
  'recent-mean': withoutSeason(recentMean),
  ses: withoutSeason(ses),
  'holt-winters': withoutSeason(holtWinters),
  theta: withoutSeason(theta),
  arima: withoutSeason(arima),
  fourier,
  'croston-sba': withoutSeason(crostonSba),
  tsb: withoutSeason(tsb),
  adida: withoutSeason(adida),
  'cold-start': (frame, origin, horizon, season) =>
    forecastCold(frame, origin, horizon, season, isCounts(frame, origin)),
  'last-season': (frame, origin, horizon) => lastSeason(frame, origin, horizon, isCounts(frame, origin)),
};

/** Models that learn an item from the other items too, so that they want all of them. */
export const wantsAllSeries: ReadonlySet<string> = new Set(['cold-start']);

/** Season as known before `origin`. */
export const seasonBefore = (frame: SeriesFrame, origin: number): SeasonFactors =>
  fitSeason(cutAt(frame, origin), origin);
