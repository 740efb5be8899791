/**
 * The last look at a forecast: nothing that a shopkeeper would laugh at. Rule kept: an item that has not sold for a
 * quarter is forecast as not selling; no day is forecast above three times the best day of that quarter, and one. The
 * best day around this time in years before counts too: a festival is no explosion.
 */
import type { Forecasts } from '../evaluate/forecast-table.ts';
import type { SeriesFrame } from '../frame/series-frame.ts';
import { expectFestivalOnly } from './festival-only.ts';

/** Days without a sale after which an item counts as dead. */
const quarterDays = 91;
const capTimes = 3;
/** A year back, and as far as a lunar festival moves. */
const [yearDays, moveDays, years] = [365, 21, 2] as const;

/** Reads units before the forecasts' origin only. */
export function keepSane(forecasts: Forecasts, frame: SeriesFrame): void {
  const { origin, horizon } = forecasts;
  for (let i = 0; i < forecasts.series; i += 1) {
    const recent = bestOf(frame, i, origin - quarterDays, origin);
    // Nothing known of it (out of stock all along) is not the same as not sold.
    if (Number.isNaN(recent)) continue;
    let best = recent;
    for (let year = 1; recent > 0 && year <= years; year += 1) {
      const middle = origin - year * yearDays;
      const then = bestOf(frame, i, middle - moveDays, middle + horizon + moveDays);
      if (then > best) best = then;
    }
    const most = best === 0 ? 0 : capTimes * best + 1;
    for (let k = i * horizon; k < (i + 1) * horizon; k += 1) {
      for (const column of [forecasts.p10, forecasts.p50, forecasts.p90, forecasts.mean])
        column[k] = Math.min(column[k] ?? 0, most);
    }
  }
  expectFestivalOnly(forecasts, frame);
}

/** NaN where no day of columns from…to is known. */
function bestOf(frame: SeriesFrame, i: number, from: number, to: number): number {
  let best = Number.NaN;
  for (let t = Math.max(0, from); t < to; t += 1) {
    const units = frame.units[i * frame.days + t] ?? Number.NaN;
    if (!Number.isNaN(units) && !(units <= best)) best = units;
  }
  return best;
}
