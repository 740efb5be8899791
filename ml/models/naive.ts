/**
 * The forecasts that anybody can make: the same as last week, the mean of four weeks, the mean of the last eight such
 * weekdays. Rule kept: they are the bar for every other model, so they are made exactly as published (Hyndman &
 * Athanasopoulos, "Forecasting: Principles and Practice", 3rd ed., §5.2); their bands come from their own errors of
 * the last 182 days.
 */
import { emptyForecasts, type Forecasts, putInOrder } from '../evaluate/forecast-table.ts';
import { seriesCount, type SeriesFrame } from '../frame/series-frame.ts';

export type PointRule = (frame: SeriesFrame, series: number, origin: number, horizon: number) => number;

const at = (frame: SeriesFrame, i: number, t: number): number =>
  t < 0 ? Number.NaN : (frame.units[i * frame.days + t] ?? Number.NaN);

function meanOf(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length === 0 ? 0 : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** h counts from 0. */
export const seasonalNaive: PointRule = (frame, i, origin, h) => {
  for (let back = 1; back <= 8; back += 1) {
    const value = at(frame, i, origin + (h % 7) - 7 * back);
    if (!Number.isNaN(value)) return value;
  }
  return 0;
};
export const movingAverage: PointRule = (frame, i, origin) =>
  meanOf(Array.from({ length: 28 }, (_, k) => at(frame, i, origin - 1 - k)));
export const weekdayMean: PointRule = (frame, i, origin, h) => {
  let [sum, known] = [0, 0];
  for (let t = origin + (h % 7) - 7; t > origin + (h % 7) - 63; t -= 7) {
    const value = at(frame, i, t);
    if (value !== value) continue;
    sum += value;
    known += 1;
  }
  return known === 0 ? 0 : sum / known;
};

export const naiveRules: Readonly<Record<string, PointRule>> = {
  'seasonal naive': seasonalNaive,
  'moving average': movingAverage,
  'weekday mean': weekdayMean,
};

const residualDays = 182;

/** p10 and p90 are the point plus the 10 % and 90 % quantile of the rule's errors on each of the last 182 days. */
export function forecastByRule(rule: PointRule, frame: SeriesFrame, origin: number, horizon: number): Forecasts {
  const made = emptyForecasts(seriesCount(frame), horizon, origin);
  for (let i = 0; i < made.series; i += 1) {
    const errors: number[] = [];
    for (let t = Math.max((frame.starts[i] ?? 0) + 7, origin - residualDays); t < origin; t += 1) {
      const error = at(frame, i, t) - rule(frame, i, t, 0);
      if (!Number.isNaN(error)) errors.push(error);
    }
    errors.sort((a, b) => a - b);
    const quantile = (q: number): number => errors[Math.min(errors.length - 1, Math.floor(q * errors.length))] ?? 0;
    const [low, high] = [quantile(0.1), quantile(0.9)];
    for (let h = 0; h < horizon; h += 1) {
      const k = i * horizon + h;
      const point = rule(frame, i, origin, h);
      made.mean[k] = point;
      made.p50[k] = point;
      made.p10[k] = point + low;
      made.p90[k] = point + high;
    }
  }
  putInOrder(made);
  return made;
}
