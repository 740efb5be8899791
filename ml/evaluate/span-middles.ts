/**
 * How the middle of a span's sum does, which is what an owner is told of a week: the P50 of the sum, and whether the sum
 * falls between its P10 and P90. Rule kept: quantiles of a sum come from the sum's own distribution, by days that go
 * together as they did on windows that were over; sums of quantiles come nowhere.
 *
 * Absolute errors are made small by the median, squared ones by the mean (Gneiting 2011, "Making and evaluating point
 * forecasts"): the figures of means stand beside these under their own names.
 */
import { quantileOf, spreadOfDay, sumOfDays } from '#core/ordering/demand-spread.ts';
import { tieOf, type WeekTies } from '../ensemble/week-tie.ts';
import type { SeriesFrame } from '../frame/series-frame.ts';
import type { Forecasts } from './forecast-table.ts';

/** A window's forecasts before they are whole pieces, and how much days of a week went together before it. */
export type Spans = { readonly made: Forecasts; readonly ties: WeekTies };

/** Units sold in a span, its middle and band; all of one series. */
export type SpanOutcome = {
  readonly units: number;
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
};

/** Whether all that is known of a series before column `origin` are whole pieces. */
function isCounted(frame: SeriesFrame, series: number, origin: number): boolean {
  for (let t = frame.starts[series] ?? origin; t < origin; t += 1) {
    const units = frame.units[series * frame.days + t] ?? Number.NaN;
    if (!Number.isNaN(units) && !Number.isInteger(units)) return false;
  }
  return true;
}

/** Each whole span of `days` of the window; spans with a day that is not known are left out. */
export function spanOutcomes(
  frame: SeriesFrame,
  { made, ties }: Spans,
  series: number,
  days: number,
): readonly SpanOutcome[] {
  const found: SpanOutcome[] = [];
  const counted = isCounted(frame, series, made.origin);
  for (let from = 0; from + days <= made.horizon; from += days) {
    const ahead = Array.from({ length: days }, (_, h) => from + h);
    let units = 0;
    for (const h of ahead) units += frame.units[series * frame.days + made.origin + h] ?? Number.NaN;
    if (Number.isNaN(units)) continue;
    const spreads = ahead.map((h) => {
      const k = series * made.horizon + h;
      const [p10 = 0, p50 = 0, p90 = 0, mean = 0] = [made.p10[k], made.p50[k], made.p90[k], made.mean[k]];
      return spreadOfDay({ p10, p50, p90, mean }, counted);
    });
    const mean = spreads.reduce((sum, day) => sum + day.mean, 0);
    const sum = sumOfDays(spreads, tieOf(ties, mean / days));
    const at = (q: number): number => quantileOf(sum, q, counted);
    found.push({ units, p10: at(0.1), p50: at(0.5), p90: at(0.9) });
  }
  return found;
}
