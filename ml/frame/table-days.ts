/**
 * Rows of a long table put on days: which rows have a date, which dates are slips, what a day without a row means. Rule kept:
 * whatever is left out, added up or taken as zero is counted, so that a person can be told.
 */

/** Rows read so far, in columns that grow: a row must not cost more than its numbers. */
export type Cells = {
  rows: number;
  series: Int32Array;
  /** Which of the file's dates, until all are read; then the day. */
  day: Int32Array;
  units: Float64Array;
  price: Float64Array;
};

export function roomFor(cells: Cells): void {
  const size = cells.series.length;
  if (cells.rows < size) return;
  const wider = <T extends Int32Array | Float64Array>(made: T, from: T): T => {
    made.set(from);
    return made;
  };
  cells.series = wider(new Int32Array(2 * size), cells.series);
  cells.day = wider(new Int32Array(2 * size), cells.day);
  cells.units = wider(new Float64Array(2 * size), cells.units);
  cells.price = wider(new Float64Array(2 * size), cells.price);
}

/** Puts days in place of the numbers of their texts, and leaves out rows whose text is no date; how many those are. */
export function keepDated(cells: Cells, days: readonly (number | null)[]): number {
  let kept = 0;
  for (let row = 0; row < cells.rows; row += 1) {
    const day = days[cells.day[row] ?? 0] ?? null;
    if (day === null) continue;
    cells.series[kept] = cells.series[row] ?? 0;
    cells.day[kept] = day;
    cells.units[kept] = cells.units[row] ?? Number.NaN;
    cells.price[kept] = cells.price[row] ?? Number.NaN;
    kept += 1;
  }
  const left = cells.rows - kept;
  cells.rows = kept;
  return left;
}

/** Numbers the series anew, so that none is there of which no row is left. */
export function keepSeries(cells: Cells, keys: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const numbers = new Int32Array(keys.length).fill(-1);
  const kept: (readonly string[])[] = [];
  for (let row = 0; row < cells.rows; row += 1) {
    const old = cells.series[row] ?? 0;
    if (numbers[old] === -1) numbers[old] = kept.push(keys[old] ?? []) - 1;
    cells.series[row] = numbers[old] ?? 0;
  }
  return kept;
}

/** A gap of so many days without a row of any series, with so few rows and days beyond it, is a mistyped date. */
const [strayGap, strayShare, strayWeek, leastRows] = [60, 0.01, 7, 14] as const;

/** First and last day, and how many rows stand alone far before or behind all others and are left out. */
export function spanOf({ day, rows }: Cells): {
  readonly first: number;
  readonly last: number;
  readonly stray: number;
} {
  const counts = new Map<number, number>();
  for (const each of day.subarray(0, rows)) counts.set(each, (counts.get(each) ?? 0) + 1);
  const days = [...counts.keys()].toSorted((a, b) => a - b);
  const strayOf = (order: readonly number[]): { readonly days: number; readonly rows: number } => {
    let found = { days: 0, rows: 0 };
    let beyond = 0;
    for (let k = 0; k + 1 < order.length; k += 1) {
      const here = order[k] ?? 0;
      beyond += counts.get(here) ?? 0;
      if (Math.abs(here - (order[0] ?? here)) >= strayWeek || beyond > Math.max(1, strayShare * rows)) break;
      if (Math.abs((order[k + 1] ?? here) - here) > strayGap) found = { days: k + 1, rows: beyond };
    }
    return found;
  };
  const none = { days: 0, rows: 0 };
  const [early, late] = rows < leastRows ? [none, none] : [strayOf(days), strayOf(days.toReversed())];
  const kept = days.slice(early.days, days.length - late.days);
  return { first: kept[0] ?? 0, last: kept.at(-1) ?? 0, stray: early.rows + late.rows };
}

/** A file lists sales where no more of its rows say 0 (a free sample, a line struck out), and days are missing, as shares of its rows. */
const [listedZeros, listedGaps] = [0.001, 0.02] as const;

export function fill(
  cells: Cells,
  series: number,
  first: number,
  days: number,
): { units: Float64Array; price: Float64Array; doubled: number; copied: number; negative: number; unlisted: number } {
  const units = new Float64Array(series * days).fill(Number.NaN);
  const price = new Float64Array(series * days).fill(Number.NaN);
  const seen = new Uint8Array(series * days);
  const from = new Int32Array(series).fill(days);
  const to = new Int32Array(series).fill(-1);
  const firstOf = new Float64Array(series * days).fill(Number.NaN);
  let [doubled, same, zeros, last] = [0, 0, 0, -1];
  for (let row = 0; row < cells.rows; row += 1) {
    const [i, t] = [cells.series[row] ?? 0, (cells.day[row] ?? 0) - first];
    if (t < 0 || t >= days) continue;
    const [sold, asked] = [cells.units[row] ?? Number.NaN, cells.price[row] ?? Number.NaN];
    const at = i * days + t;
    if (seen[at] === 1) {
      doubled += 1;
      if (sold === firstOf[at]) same += 1;
      const before = units[at] ?? Number.NaN;
      units[at] = Number.isNaN(before) ? sold : before + (Number.isNaN(sold) ? 0 : sold);
    } else {
      units[at] = sold;
      firstOf[at] = sold;
    }
    seen[at] = 1;
    if (sold === 0) zeros += 1;
    if (!Number.isNaN(sold)) last = Math.max(last, t);
    if (!Number.isNaN(asked)) price[at] = asked;
    from[i] = Math.min(from[i] ?? 0, t);
    to[i] = Math.max(to[i] ?? 0, t);
  }
  const fillUpTo = (end: (i: number) => number): number => {
    let filled = 0;
    for (let i = 0; i < series; i += 1) {
      for (let t = from[i] ?? 0; t <= end(i); t += 1) {
        if (seen[i * days + t] === 1) continue;
        seen[i * days + t] = 1;
        units[i * days + t] = 0;
        filled += 1;
      }
    }
    return filled;
  };
  const missing = fillUpTo((i) => to[i] ?? -1);
  const isDaily = zeros > listedZeros * cells.rows || missing < listedGaps * cells.rows;
  // Where a row is a whole day, one that says again what was said is a copy; where rows are sales, it is another sale.
  const copied = isDaily && same === doubled ? doubled : 0;
  let negative = 0;
  for (let at = 0; at < units.length; at += 1) {
    const once = firstOf[at] ?? Number.NaN;
    if (copied > 0 && !Number.isNaN(once)) units[at] = once;
    if (!((units[at] ?? 0) < 0)) continue;
    negative += 1;
    units[at] = 0;
  }
  // Rows that are sales: what has none on the file's last days sold none on them.
  const unlisted = !isDaily && missing > 0 ? fillUpTo((i) => ((to[i] ?? -1) < 0 ? -1 : last)) : 0;
  return { units, price, doubled: doubled - copied, copied, negative, unlisted };
}
