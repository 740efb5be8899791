/**
 * The last look at a forecast: nothing that a shopkeeper would laugh at. Rule kept: an item that has not sold for a
 * quarter is forecast as not selling; no day is forecast above three times the best day of that quarter, and one.
 */
import type { Forecasts } from '../evaluate/forecast-table.ts';
import type { SeriesFrame } from '../frame/series-frame.ts';

/** Days without a sale after which an item counts as dead. */
const quarterDays = 91;
const capTimes = 3;

/** Reads units before the forecasts' origin only. */
export function keepSane(forecasts: Forecasts, frame: SeriesFrame): void {
  const { origin, horizon } = forecasts;
  for (let i = 0; i < forecasts.series; i += 1) {
    let [best, known] = [0, 0];
    for (let t = Math.max(0, origin - quarterDays); t < origin; t += 1) {
      const units = frame.units[i * frame.days + t] ?? Number.NaN;
      if (Number.isNaN(units)) continue;
      known += 1;
      best = Math.max(best, units);
    }
    // Nothing known of it (out of stock all along) is not the same as not sold.
    if (known === 0) continue;
    const most = best === 0 ? 0 : capTimes * best + 1;
    for (let k = i * horizon; k < (i + 1) * horizon; k += 1) {
      for (const column of [forecasts.p10, forecasts.p50, forecasts.p90, forecasts.mean])
        column[k] = Math.min(column[k] ?? 0, most);
    }
  }
}
