/**
 * Quantiles of a day as whole pieces, where units are counts. Rule kept: only where windows that are over say it loses
 * nothing; and only for what is shown or judged by the day: sums over days are made of what is not snapped.
 *
 * A quantile of a count is a count; a p10 of 0.05 misses every day without a sale (Kolassa 2016).
 */
import type { Forecasts } from '../evaluate/forecast-table.ts';
import type { SeriesFrame } from '../frame/series-frame.ts';

const levels = [
  ['p10', 0.1],
  ['p50', 0.5],
  ['p90', 0.9],
] as const;

/** A copy with p10, p50 and p90 rounded; the mean stays. */
export function snapToCounts(forecasts: Forecasts): Forecasts {
  return {
    ...forecasts,
    p10: forecasts.p10.map(Math.round),
    p50: forecasts.p50.map(Math.round),
    p90: forecasts.p90.map(Math.round),
  };
}

/** Whether rounding lost nothing on these windows, by weighted quantile loss. */
export function isSnapHarmless(frame: SeriesFrame, windows: readonly Forecasts[]): boolean {
  let [plain, snapped, days] = [0, 0, 0];
  for (const window of windows) {
    for (let k = 0; k < window.p50.length; k += 1) {
      const t = window.origin + (k % window.horizon);
      const y =
        t < frame.days ? (frame.units[Math.floor(k / window.horizon) * frame.days + t] ?? Number.NaN) : Number.NaN;
      if (Number.isNaN(y)) continue;
      if (!Number.isInteger(y)) return false;
      days += 1;
      for (const [head, q] of levels) {
        const [f, whole] = [window[head][k] ?? 0, Math.round(window[head][k] ?? 0)];
        plain += Math.max(q * (y - f), (q - 1) * (y - f));
        snapped += Math.max(q * (y - whole), (q - 1) * (y - whole));
      }
    }
  }
  return days > 0 && snapped <= plain;
}
