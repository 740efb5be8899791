/**
 * What every model reads: units of each series on each day, as one matrix, with what is known about the days.
 * Rule kept: NaN is "not known" (before the series began, after it ended, out of stock, a blank cell) and is never
 * learnt as zero; 0 is a day on which the shop sold none. Columns are days, without a gap.
 */
import { makeSlab } from './slab.ts';

/** One column of the file that, with the others, names a series: store, item, category. */
export type Grouping = {
  readonly name: string;
  readonly levels: readonly string[];
  /** Level of each series, [series]. */
  readonly codes: Int32Array;
};

/** What is known of days in advance: a numeric column, or a text column as codes (0 = blank). */
export type DayColumn = {
  readonly name: string;
  /** [days of the calendar]; NaN where it has no row. */
  readonly values: Float64Array;
  /** null: numeric. */
  readonly labels: readonly string[] | null;
  /** Signed days from the nearest festival of a family; NaN: none is near. */
  readonly isDistance?: boolean;
};
export type DayTable = { readonly firstDay: number; readonly days: number; readonly columns: readonly DayColumn[] };

/** What is known in advance of each series: a promotion that runs or is planned. */
export type SeriesColumn = {
  readonly name: string;
  /** [series × days]; NaN: not known. */
  readonly values: Float64Array;
};

/** Of a large shop they are half of its frame: six digits say every price. */
export type Prices = Float64Array | Float32Array;

export type SeriesFrame = {
  /** Values of the grouping columns joined with `/`, in the order given. */
  readonly names: readonly string[];
  readonly groupings: readonly Grouping[];
  /** Days since 1970-01-01 of column 0. */
  readonly firstDay: number;
  readonly days: number;
  /** [series × days], units a day; NaN: not known. */
  readonly units: Float64Array;
  /** [series × days], price of a unit; NaN: not known. May be known where units are not. null: no prices at all. */
  readonly price: Prices | null;
  /** Column of each series' first sale; `days` where it never sold. */
  readonly starts: Int32Array;
  readonly calendar: DayTable | null;
  readonly known?: readonly SeriesColumn[];
};

export const seriesCount = (frame: SeriesFrame): number => frame.names.length;

/** The frame as it was known before column `origin`: no later units; prices and calendar stay, they are known ahead. */
export function cutAt(frame: SeriesFrame, origin: number): SeriesFrame {
  const units = makeSlab(8 * frame.units.length).float64(frame.units.length);
  units.set(frame.units);
  for (let i = 0; i < frame.names.length; i += 1) units.fill(Number.NaN, i * frame.days + origin, (i + 1) * frame.days);
  return { ...frame, units, starts: startsOf(units, frame.days) };
}

export function startsOf(units: Float64Array, days: number): Int32Array {
  const starts = new Int32Array(units.length / days).fill(days);
  for (let i = 0; i < starts.length; i += 1) {
    for (let t = 0; t < days; t += 1) {
      if ((units[i * days + t] ?? 0) > 0) {
        starts[i] = t;
        break;
      }
    }
  }
  return starts;
}

/** The same frame with `more` empty days behind it, for forecasts past its end. */
export function extend(frame: SeriesFrame, more: number): SeriesFrame {
  const days = frame.days + more;
  const wider = (from: Prices): Float64Array => {
    const to = new Float64Array(frame.names.length * days).fill(Number.NaN);
    for (let i = 0; i < frame.names.length; i += 1) {
      to.set(from.subarray(i * frame.days, (i + 1) * frame.days), i * days);
    }
    return to;
  };
  const units = wider(frame.units);
  return {
    ...frame,
    days,
    units,
    price: frame.price === null ? null : wider(frame.price),
    ...(frame.known && { known: frame.known.map(({ name, values }) => ({ name, values: wider(values) })) }),
    starts: startsOf(units, days),
  };
}
