/**
 * A long table, one row a series and day, as a frame. Rule kept: nothing is guessed silently: rows that can't be read
 * are counted and named, doubled days are added up and counted, missing days between a series' first and last are zero.
 */
import { daysOfTexts } from '../calendar/date-forms.ts';
import { type DayColumn, type DayTable, type Grouping, type SeriesFrame, startsOf } from './series-frame.ts';

export type LongColumns = {
  readonly date: string;
  readonly units: string;
  readonly price: string | null;
  readonly group: readonly string[];
};
export type Row = Readonly<Record<string, string | undefined>>;

/** What was odd in a file, for a person: counts, with the first row (from 1, without the header) of each kind. */
export type Oddities = Readonly<
  Record<
    | 'badDate'
    | 'badUnits'
    | 'badPrice'
    | 'negative'
    | 'doubled'
    | 'copied'
    | 'blankUnits'
    | 'strayDate'
    | 'unlistedDays',
    number
  >
>;
export type ReadFrame = { readonly frame: SeriesFrame; readonly rows: number; readonly oddities: Oddities };

/** A file that can't be used at all; the message says what to do. */
export class TableUnusable extends Error {}

/** Rows read so far, in columns that grow: a row must not cost more than its numbers. */
type Cells = {
  rows: number;
  series: Int32Array;
  /** Which of the file's dates, until all are read; then the day. */
  day: Int32Array;
  units: Float64Array;
  price: Float64Array;
};

function roomFor(cells: Cells): void {
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

const maxSpanDays = 40 * 366;

/** 1,234.5 and 12,34,567: as people group them. */
const grouped = /^-?\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?$/;

/** Numbers as files write them; NaN for blank, null for what is no number. */
function numberOf(text: string | undefined): number | null {
  const trimmed = (text ?? '').trim();
  if (trimmed === '' || /^(?:n\/?a|nan|null|none|-)$/i.test(trimmed)) return Number.NaN;
  const value = Number(grouped.test(trimmed) ? trimmed.replaceAll(',', '') : trimmed);
  return Number.isFinite(value) ? value : null;
}

/** Collects rows; `add` each, then `finish`. */
export function longTable(columns: LongColumns): { add: (row: Row) => void; finish: () => ReadFrame } {
  const seriesNos = new Map<string, number>();
  const seriesKeys: string[][] = [];
  const cells: Cells = {
    rows: 0,
    series: new Int32Array(1024),
    day: new Int32Array(1024),
    units: new Float64Array(1024),
    price: new Float64Array(1024),
  };
  const dates = new Map<string, number>();
  const odd = {
    badDate: 0,
    badUnits: 0,
    badPrice: 0,
    negative: 0,
    doubled: 0,
    copied: 0,
    blankUnits: 0,
    strayDate: 0,
    unlistedDays: 0,
  };
  let rows = 0;
  const add = (row: Row): void => {
    rows += 1;
    const date = withoutTime((row[columns.date] ?? '').trim());
    let dateNo = dates.get(date);
    if (dateNo === undefined) {
      dateNo = dates.size;
      dates.set(date, dateNo);
    }
    const units = numberOf(row[columns.units]);
    if (units === null) {
      odd.badUnits += 1;
      return;
    }
    if (Number.isNaN(units)) odd.blankUnits += 1;
    let price = columns.price === null ? Number.NaN : numberOf(row[columns.price]);
    if (price === null || price < 0) {
      odd.badPrice += 1;
      price = Number.NaN;
    }
    const keys = columns.group.map((name) => row[name] ?? '');
    const key = keys.join('/');
    let series = seriesNos.get(key);
    if (series === undefined) {
      series = seriesKeys.length;
      seriesNos.set(key, series);
      seriesKeys.push(keys);
    }
    roomFor(cells);
    cells.series[cells.rows] = series;
    cells.day[cells.rows] = dateNo;
    cells.units[cells.rows] = units;
    cells.price[cells.rows] = price > 0 ? price : Number.NaN;
    cells.rows += 1;
  };
  const finish = (): ReadFrame => {
    odd.badDate = keepDated(cells, daysOfTexts([...dates.keys()]));
    if (cells.rows === 0) throw new TableUnusable('No row of this file could be read. Are the column names right?');
    const kept = keepSeries(cells, seriesKeys);
    const { first, last, stray } = spanOf(cells);
    odd.strayDate = stray;
    const days = last - first + 1;
    if (days > maxSpanDays) {
      throw new TableUnusable(
        `The dates span ${Math.round(days / 366)} years; one of them must be wrong. Mend it, then try again.`,
      );
    }
    const { units, price, ...found } = fill(cells, kept.length, first, days);
    odd.doubled = found.doubled;
    odd.copied = found.copied;
    odd.negative = found.negative;
    odd.unlistedDays = found.unlisted;
    const frame: SeriesFrame = {
      names: kept.map((keys) => keys.join('/')),
      groupings: columns.group.map((name, at) =>
        groupingOf(
          name,
          kept.map((keys) => keys[at] ?? ''),
        ),
      ),
      firstDay: first,
      days,
      units,
      price: columns.price === null ? null : price,
      starts: startsOf(units, days),
      calendar: null,
    };
    return { frame, rows, oddities: odd };
  };
  return { add, finish };
}

/** Else a file of bills would have as many dates as rows. */
const withoutTime = (text: string): string => (/^[-/\d]{10}[ T]/.test(text) ? text.slice(0, 10) : text);

/** Puts days in place of the numbers of their texts, and leaves out rows whose text is no date; how many those are. */
function keepDated(cells: Cells, days: readonly (number | null)[]): number {
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
function keepSeries(cells: Cells, keys: readonly (readonly string[])[]): readonly (readonly string[])[] {
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
function spanOf({ day, rows }: Cells): { readonly first: number; readonly last: number; readonly stray: number } {
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

function fill(
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

export function groupingOf(name: string, values: readonly string[]): Grouping {
  const levels = [...new Set(values)].toSorted();
  const codeOf = new Map(levels.map((level, code) => [level, code]));
  return { name, levels, codes: Int32Array.from(values, (value) => codeOf.get(value) ?? 0) };
}

/** Known-future columns by day. A column that only counts days on (a week number, the year) says nothing and is left out. */
export function dayTable(date: string, rows: readonly Row[]): DayTable {
  const byDay = new Map<number, Row>();
  const dated = daysOfTexts(rows.map((row) => row[date] ?? ''));
  for (const [at, row] of rows.entries()) {
    const day = dated[at] ?? null;
    if (day !== null) byDay.set(day, row);
  }
  if (byDay.size === 0) throw new TableUnusable(`The calendar has no readable dates in its column "${date}".`);
  const firstDay = Math.min(...byDay.keys());
  const days = Math.max(...byDay.keys()) - firstDay + 1;
  const names = Object.keys(rows[0] ?? {}).filter((name) => name !== date);
  const columns = names.map((name) => columnOf(name, firstDay, days, byDay)).filter((column) => column !== null);
  return { firstDay, days, columns };
}

function columnOf(name: string, firstDay: number, days: number, byDay: ReadonlyMap<number, Row>): DayColumn | null {
  const texts = Array.from({ length: days }, (_, t) => (byDay.get(firstDay + t)?.[name] ?? '').trim());
  const numbers = texts.map(numberOf);
  if (numbers.every((value) => value !== null)) {
    const values = Float64Array.from(numbers);
    const known = values.filter((value) => !Number.isNaN(value));
    if (known.every((value, at) => at === 0 || value >= (known[at - 1] ?? value))) return null;
    return { name, values, labels: null };
  }
  const labels = ['', ...new Set(texts.filter((text) => text !== ''))];
  const codeOf = new Map(labels.map((label, code) => [label, code]));
  return { name, values: Float64Array.from(texts, (text) => codeOf.get(text) ?? 0), labels };
}
