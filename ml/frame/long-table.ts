/**
 * A long table, one row a series and day, as a frame. Rule kept: nothing is guessed silently: rows that can't be read
 * are counted and named, doubled days are added up and counted, missing days between a series' first and last are zero.
 */
import { daysOfTexts } from '../calendar/date-forms.ts';
import { type DayColumn, type DayTable, type Grouping, type SeriesFrame, startsOf } from './series-frame.ts';
import { type Cells, fill, keepDated, keepSeries, roomFor, spanOf } from './table-days.ts';

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
