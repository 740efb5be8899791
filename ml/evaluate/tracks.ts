/**
 * Harder shops made from a frame: one of which only the last days are kept, one that ran out of goods now and then.
 * Rule kept: what is taken away is taken from what the models read, never from what they are judged by; the same seed
 * takes the same days.
 */
import { seriesCount, type Prices, type SeriesFrame, startsOf } from '../frame/series-frame.ts';
import { seeded } from '../random.ts';

/** Columns from `from` on; the calendar and its dates stay. */
export function columnsFrom(frame: SeriesFrame, from: number): SeriesFrame {
  const days = frame.days - from;
  const narrower = (values: Prices): Float64Array => {
    const made = new Float64Array(seriesCount(frame) * days);
    for (let i = 0; i < seriesCount(frame); i += 1) {
      made.set(values.subarray(i * frame.days + from, (i + 1) * frame.days), i * days);
    }
    return made;
  };
  const units = narrower(frame.units);
  return {
    ...frame,
    firstDay: frame.firstDay + from,
    days,
    units,
    price: frame.price === null ? null : narrower(frame.price),
    starts: startsOf(units, days),
  };
}

export type StockOuts = {
  readonly leastDays: number;
  readonly mostDays: number;
  /** Of all days, 0–1. */
  readonly share: number;
};

/** Units of `share` of all days not known, in runs, each series for itself, from its first sale on. */
export function withStockOuts(
  frame: SeriesFrame,
  { leastDays, mostDays, share }: StockOuts,
  seed: number,
): SeriesFrame {
  const random = seeded(seed);
  const units = frame.units.slice();
  // Runs begin with the chance that makes `share` of the days lie in one.
  const mean = (leastDays + mostDays) / 2;
  const begins = share / (mean * (1 - share) + share);
  for (let i = 0; i < seriesCount(frame); i += 1) {
    for (let t = frame.starts[i] ?? frame.days; t < frame.days; t += 1) {
      if (random() >= begins) continue;
      const end = Math.min(frame.days, t + leastDays + Math.floor(random() * (mostDays - leastDays + 1)));
      units.fill(Number.NaN, i * frame.days + t, i * frame.days + end);
      t = end;
    }
  }
  return { ...frame, units, starts: startsOf(units, frame.days) };
}
