/**
 * The level of each item as it was known on each day: what it sold without its season, over the last weeks. Rule kept:
 * nothing of units on or after the day that is asked for; one enormous bill moves no level (tame.ts). All that a plain
 * forecast needs, at a fraction of what the features of a model take.
 */
import { type Prices, type SeriesFrame, seriesCount } from '../frame/series-frame.ts';
import { makeSlab } from '../frame/slab.ts';
import type { SeasonFactors } from '../models/season.ts';
import { levelLimit, tamed } from './tame.ts';

export type DemandLevels = {
  /** Level of series i as known before `origin`, without season, units a day. */
  readonly level: (i: number, origin: number) => number;
  /** Season's factor of series i on column t. */
  readonly factor: (i: number, t: number) => number;
};

/** Sums of what is known, so that a mean of any span is two look-ups; one longer than the values. */
export type Sums = { readonly sums: Float64Array; readonly counts: Int32Array };
/** Bytes of `sumsOf` of so many days. */
export const sumsBytes = (days: number): number => 12 * (days + 1) + 8;

export function sumsOf(values: Prices, { sums, counts }: Sums): Sums {
  for (let t = 0; t < values.length; t += 1) {
    const value = values[t] ?? Number.NaN;
    const isKnown = !Number.isNaN(value);
    sums[t + 1] = (sums[t] ?? 0) + (isKnown ? value : 0);
    counts[t + 1] = (counts[t] ?? 0) + (isKnown ? 1 : 0);
  }
  return { sums, counts };
}

/** Mean of columns from…to; NaN with less than `least` known days. */
export function meanOf({ sums, counts }: Sums, from: number, to: number, least = 1): number {
  const a = Math.max(0, from);
  const b = Math.max(a, Math.min(to, counts.length - 1));
  const n = (counts[b] ?? 0) - (counts[a] ?? 0);
  return n < least ? Number.NaN : ((sums[b] ?? 0) - (sums[a] ?? 0)) / n;
}

/** Below this factor a day is one on which the shop is shut; it tells nothing of the level. */
export const shutFactor = 0.05;
const leastLevel = 0.02;

/** The levels, and what they are made of: [series × days] units without season (NaN: not known), factors, sums a series. */
export function demandLevels(
  frame: SeriesFrame,
  season: Pick<SeasonFactors, 'log'>,
): DemandLevels & { readonly flat: Float64Array; readonly factors: Float64Array; readonly sums: readonly Sums[] } {
  const n = seriesCount(frame);
  const { days } = frame;
  // Its factors lie by this frame's days: of a narrower frame they would be another series' and another day's.
  if (season.log.length !== n * days) throw new RangeError('the season was fitted on a frame of other days');
  const slab = makeSlab(n * (16 * days + sumsBytes(days)));
  const [flat, factors] = [slab.float64(n * days), slab.float64(n * days)];
  for (let k = 0; k < factors.length; k += 1) factors[k] = Math.exp(season.log[k] ?? 0);
  const sums: Sums[] = [];
  const units = new Float64Array(days);
  for (let i = 0; i < n; i += 1) {
    const start = frame.starts[i] ?? days;
    tamed(frame.units.subarray(i * days, (i + 1) * days), levelLimit, units);
    for (let t = 0; t < days; t += 1) {
      const at = i * days + t;
      const factor = factors[at] ?? 1;
      const sold = units[t] ?? Number.NaN;
      flat[at] = t < start || Number.isNaN(sold) || factor < shutFactor ? Number.NaN : sold / factor;
    }
    const room = { sums: slab.float64(days + 1), counts: slab.int32(days + 1) };
    sums.push(sumsOf(flat.subarray(i * days, (i + 1) * days), room));
  }
  const none = noSums(days);
  const level = (i: number, origin: number): number => {
    const own = sums[i] ?? none;
    const recent = meanOf(own, origin - 28, origin);
    const longer = meanOf(own, origin - 91, origin);
    const value = 0.5 * recent + 0.5 * longer;
    if (!Number.isNaN(value)) return Math.max(leastLevel, value);
    const rest = [recent, longer, meanOf(own, 0, origin)].find((mean) => !Number.isNaN(mean)) ?? 0;
    return Math.max(leastLevel, rest);
  };
  return { level, factor: (i, t) => factors[i * days + t] ?? 1, flat, factors, sums };
}

export const noSums = (days: number): Sums => ({ sums: new Float64Array(days + 1), counts: new Int32Array(days + 1) });
