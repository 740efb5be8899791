/**
 * Demand (store × item × day) from a shop's book: what customers wanted, which is not always what was sold. Rule kept:
 * a day on which an item could not be had is not known (NaN), never zero; what is made of a day is made of that day and
 * earlier ones, and of what had come back before the frame's own day, so that a backtest sees what was known then.
 *
 * Partly out of stock: units over the share of the day's customers that found it, at most doubled. Where less than half
 * of them did, that is a lower bound only: it counts where it lies above the item's own usual and is dropped where it
 * says nothing (a crude form of the censored-data EM of Agrawal & Smith 1996, "Estimating negative binomial demand for
 * retail inventory management with unobservable lost sales", Naval Research Logistics 43).
 */
import { type BillBook, gatherBills } from './bill-book.ts';
import type { BillRows } from './bill-rows.ts';
import { groupingOf } from './long-table.ts';
import { type DayTable, type SeriesColumn, type SeriesFrame, startsOf } from './series-frame.ts';
import { makeSlab } from './slab.ts';

export type BillFrame = SeriesFrame & {
  /** The column that forecasts start at: the first one of which no units are known. */
  readonly origin: number;
  /** Key of each series in the rows. */
  readonly itemNos: readonly number[];
  readonly stores: readonly string[];
  /** [series × origin] share of the day's customers that found it; 0 … 1. */
  readonly inStock: Float32Array;
  /** [stores × days] 1: no bill at all that day. */
  readonly shut: Uint8Array;
};
export type FrameOptions = {
  /** Columns of days to come, with their prices and promotions. */
  readonly ahead?: number;
  /** Columns of the book to use, as things stood on their evening; all of them unless said. */
  readonly days?: number;
};

/** Found by nearly all: the day counts as it is. */
const whole = 0.95;
/** The most that a day is scaled up. */
const cap = 2;
const nothingSeen = 0.02;
/** Weight of a day in the item's usual. */
const usualShare = 0.05;
const enoughDays = 7;

/** One pass over each list of rows; memory is about 30 bytes a series and day. */
export const billFrame = (rows: BillRows, options: FrameOptions = {}): BillFrame =>
  frameOfBook(gatherBills(rows), options);

export function frameOfBook(book: BillBook, options: FrameOptions = {}): BillFrame {
  const known = Math.min(options.days ?? book.days, book.days);
  const days = known + (options.ahead ?? 0);
  const n = book.items.length;
  const shut = shutDays(book);
  const hasPromotions = book.promotions.length > 0 || book.promoted.includes(1);
  const slab = makeSlab(n * days * (hasPromotions ? 20 : 12) + 16);
  const units = slab.float64(n * days).fill(Number.NaN);
  const price = slab.float32(n * days).fill(Number.NaN);
  const promotion = slab.float64(hasPromotions ? n * days : 0);
  const returned = returnedBy(book, known);
  shelfPrices(book, price, known, days);
  for (let i = 0; i < n; i += 1) {
    const store = book.storeOf[i] ?? 0;
    const isWhole = book.items[i]?.isMeasured === false;
    let [usual, seen] = [0, 0];
    for (let t = 0; t < known; t += 1) {
      const [from, to] = [i * book.days + t, i * days + t];
      const soldUnits = (book.sold[from] ?? 0) / 1000;
      if (hasPromotions) promotion[to] = book.promoted[from] ?? 0;
      if (t < (book.began[i] ?? 0)) continue;
      if (shut[store * book.days + t] === 1) {
        if (isUsuallyShut(shut, store * book.days, t)) units[to] = 0;
        continue;
      }
      const sold = Math.max(0, soldUnits - (returned.get(from) ?? 0));
      const asked = sold + (book.asked.get(from) ?? 0);
      const share = book.inStock[from] ?? 1;
      const scaled = sold / Math.max(share, 1 / cap);
      const wanted = share >= whole ? asked : Math.max(isWhole ? Math.round(scaled) : scaled, asked);
      if (share >= 1 / cap) {
        units[to] = wanted;
        usual = seen === 0 ? wanted : usual + Math.max(usualShare, 1 / (seen + 1)) * (wanted - usual);
        seen += 1;
      } else if (wanted > 0 && share > nothingSeen ? seen < enoughDays || wanted >= usual : wanted > usual) {
        units[to] = wanted;
      }
    }
  }
  fillPromotions(book, promotion, days);
  const names = [...new Set(book.items.flatMap(({ groups }) => Object.keys(groups)))];
  return {
    names: book.items.map(({ name }) => name),
    groupings: names.map((name) =>
      groupingOf(
        name,
        book.items.map(({ groups }) => groups[name] ?? ''),
      ),
    ),
    firstDay: book.firstDay,
    days,
    units,
    price: price.some((value) => !Number.isNaN(value)) ? price : null,
    starts: startsOf(units, days),
    calendar: book.stores.length === 1 ? weatherDays(book, days) : null,
    known: [
      ...(promotion.some((value) => value > 0) ? [{ name: 'promotion', values: promotion }] : []),
      ...(book.stores.length === 1 ? [] : weatherBySeries(book, days)),
    ],
    origin: known,
    itemNos: book.items.map(({ no }) => no),
    stores: book.stores,
    inStock: known === book.days ? book.inStock : cutColumns(book.inStock, n, book.days, known),
    shut: cutColumns(shut, book.stores.length, book.days, known),
  };
}

/** Units that had come back by the evening before column `known`, by cell of the book. */
function returnedBy(book: BillBook, known: number): ReadonlyMap<number, number> {
  const sums = new Map<number, number>();
  for (const { series, soldAt, knownAt, units } of book.returned) {
    if (knownAt >= known) continue;
    const at = series * book.days + soldAt;
    sums.set(at, (sums.get(at) ?? 0) + units);
  }
  return sums;
}

/** A store without any bill. */
function shutDays(book: BillBook): Uint8Array {
  const shut = new Uint8Array(book.lines.length);
  for (let store = 0; store < book.stores.length; store += 1) {
    for (let t = 0; t < book.days; t += 1)
      shut[store * book.days + t] = book.lines[store * book.days + t] === 0 ? 1 : 0;
  }
  return shut;
}

/** The weekly day off: shut on three of the four such weekdays before. Other shut days say nothing of demand. */
function isUsuallyShut(shut: Uint8Array, row: number, t: number): boolean {
  let count = 0;
  for (let week = 1; week <= 4 && t - 7 * week >= 0; week += 1) count += shut[row + t - 7 * week] ?? 0;
  return count >= 3;
}

/**
 * What the shelf said, where somebody wrote it down; else what was paid. What was paid changes the shelf's price only
 * when the next day with a sale says the same, so that one wholesale bill or a pack's own price is no change of price
 * (and a change of price says nothing of whether that day sold).
 */
function shelfPrices(book: BillBook, price: Float32Array, known: number, days: number): void {
  for (let i = 0; i < book.items.length; i += 1) {
    let [now, next, nextFrom] = [Number.NaN, Number.NaN, 0];
    for (let t = 0; t < known; t += 1) {
      const sold = book.sold[i * book.days + t] ?? 0;
      if (sold > 0) {
        // Paise over milli-units: rupees a unit.
        const paid = ((book.paid[i * book.days + t] ?? 0) * 10) / sold;
        if (!(paid > 0) || isNear(paid, now)) next = Number.NaN;
        else if (Number.isNaN(now)) now = paid;
        else if (isNear(paid, next)) {
          price.fill(next, i * days + nextFrom, i * days + t);
          [now, next] = [next, Number.NaN];
        } else [next, nextFrom] = [paid, t];
      }
      price[i * days + t] = now;
    }
    price.fill(now, i * days + known, (i + 1) * days);
  }
  for (const [k, change] of book.prices.entries()) {
    const after = book.prices[k + 1];
    const to = after !== undefined && after.series === change.series ? Math.min(days, after.at) : days;
    price.fill(change.price, change.series * days + Math.max(0, change.at), change.series * days + Math.max(0, to));
  }
}

const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= 0.01 * b;

function fillPromotions(book: BillBook, promotion: Float64Array, days: number): void {
  for (const { series, from, to } of book.promotions) {
    for (let t = Math.max(0, from); t <= Math.min(days - 1, to); t += 1) promotion[series * days + t] = 1;
  }
}

const weatherNames = (book: BillBook): readonly string[] =>
  [...new Set(book.weather.map(({ name }) => name))].toSorted();

/** One store has one weather: columns of its days, NaN where nobody said. null: nobody ever did. */
function weatherDays(book: BillBook, days: number): DayTable | null {
  const columns = weatherNames(book).map((name) => {
    const values = new Float64Array(days).fill(Number.NaN);
    for (const row of book.weather) {
      const t = row.day - book.firstDay;
      if (row.store === book.stores[0] && row.name === name && t >= 0 && t < days) values[t] = row.value;
    }
    return { name: `weather.${name}`, values, labels: null };
  });
  return columns.length === 0 ? null : { firstDay: book.firstDay, days, columns };
}

/** Several stores: each series has its store's. */
function weatherBySeries(book: BillBook, days: number): readonly SeriesColumn[] {
  return weatherNames(book).map((name) => {
    const values = new Float64Array(book.items.length * days).fill(Number.NaN);
    for (const row of book.weather) {
      const [t, store] = [row.day - book.firstDay, book.stores.indexOf(row.store)];
      if (row.name !== name || t < 0 || t >= days || store < 0) continue;
      for (let i = 0; i < book.items.length; i += 1) if (book.storeOf[i] === store) values[i * days + t] = row.value;
    }
    return { name: `weather.${name}`, values };
  });
}

function cutColumns<T extends Uint8Array | Float32Array>(cells: T, rows: number, days: number, kept: number): T {
  const made = cells.slice(0, rows * kept) as T;
  for (let row = 0; row < rows; row += 1) made.set(cells.subarray(row * days, row * days + kept), row * kept);
  return made;
}
