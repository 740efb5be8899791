/**
 * Items and the whole shop made to agree: the sum of the items' means against a forecast of the shop's total made on
 * its own. Rule kept: each counts by how far it was off on windows that are over; nothing of the window ahead is read.
 *
 * Two forecasts of one total, weighted by precision (Bates & Granger 1969); items are scaled in proportion, which is
 * the diagonal case of least-trace reconciliation for one level (Wickramasuriya, Athanasopoulos & Hyndman 2019).
 */
import type { Forecasts } from '../evaluate/forecast-table.ts';
import type { SeriesFrame } from '../frame/series-frame.ts';
import { type SeasonFactors, totalsOf } from '../models/season.ts';
import { forecastTotal, type TotalForecast } from '../models/total-level.ts';

/** A window that is over: ln(forecast ÷ units) of the items' sum and of the total's own forecast. */
export type TotalErrors = { readonly items: number; readonly total: number };

/** Windows that a total's own history counts as, before any window is over. */
const priorWindows = 1;
const windowsCounted = 8;
/** Most that all means are moved, as a factor. */
const mostMoved = 1.6;
/** How far the quantiles go along with the mean: their own windows move them too (conformal). */
const quantileShare = 0.5;
/**
 * Items taught by less than a year miss its turns together, all quantiles at once, and their first windows need not
 * show it: they begin as if so many windows had been off by twice the total's variance.
 */
const short = { quantileShare: 1, windows: 4, times: 2 } as const;

/** The total's own forecast of the window that begins at `origin`; columns before it are read. */
export function totalAhead(frame: SeriesFrame, season: SeasonFactors, origin: number, horizon: number): TotalForecast {
  const all = season.groups[0];
  if (all === undefined) return { sum: Number.NaN, variance: Number.POSITIVE_INFINITY };
  const totals = totalsOf(frame, all.grouping, origin);
  const total = forecastTotal(totals, Float64Array.from(all.log, Math.exp), origin, horizon);
  return { ...total, isShort: !season.isYearly };
}

/** null where the window sold nothing that is known, or there was no forecast of the total. */
export function totalErrors(frame: SeriesFrame, window: Forecasts, total: TotalForecast): TotalErrors | null {
  let [units, forecast, whole] = [0, 0, 0];
  for (let k = 0; k < window.mean.length; k += 1) {
    const t = window.origin + (k % window.horizon);
    const y =
      t < frame.days ? (frame.units[Math.floor(k / window.horizon) * frame.days + t] ?? Number.NaN) : Number.NaN;
    whole += window.mean[k] ?? 0;
    if (Number.isNaN(y)) continue;
    units += y;
    forecast += window.mean[k] ?? 0;
  }
  if (!(units > 0) || !(forecast > 0) || !(total.sum > 0)) return null;
  const items = Math.log(forecast / units);
  return { items, total: items + Math.log(total.sum / whole) };
}

/** A copy of the window with its items moved towards the total; as they are where there is nothing to go by. */
export function reconcile(errors: readonly TotalErrors[], window: Forecasts, total: TotalForecast): Forecasts {
  const factor = factorOf(errors, window, total);
  return scaled(window, factor, factor ** (total.isShort === true ? short.quantileShare : quantileShare));
}

function factorOf(errors: readonly TotalErrors[], window: Forecasts, total: TotalForecast): number {
  let items = 0;
  for (const mean of window.mean) items += mean;
  if (!(total.sum > 0) || !(items > 0) || !Number.isFinite(total.variance)) return 1;
  const counted = errors.slice(-windowsCounted);
  const n = counted.length;
  const doubt = total.isShort === true ? short.windows : 0;
  const variance = (of: (error: TotalErrors) => number, times: number): number =>
    (counted.reduce((sum, error) => sum + of(error) ** 2, 0) + (priorWindows + doubt * times) * total.variance) /
    (n + priorWindows + doubt);
  const ofItems = variance(({ items: error }) => error, short.times);
  const ofTotal = variance(({ total: error }) => error, 1);
  const weight = ofItems + ofTotal > 0 ? ofItems / (ofItems + ofTotal) : 0;
  const factor = (total.sum / items) ** weight;
  return Math.min(mostMoved, Math.max(1 / mostMoved, factor));
}

function scaled(window: Forecasts, mean: number, quantiles: number): Forecasts {
  const by = (column: Float64Array, times: number): Float64Array => column.map((value) => value * times);
  return {
    ...window,
    p10: by(window.p10, quantiles),
    p50: by(window.p50, quantiles),
    p90: by(window.p90, quantiles),
    mean: by(window.mean, mean),
  };
}

export const copyWindow = (window: Forecasts): Forecasts => scaled(window, 1, 1);
