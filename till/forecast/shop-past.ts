/**
 * The shop's past for one night: demand of its items as a frame that reaches past today, what was really sold, and the
 * takings. Rule kept: read from the books in one moment, on a connection that only reads; items that sold nothing in the
 * span are in no frame, so that a catalogue of 50,000 costs what its sellers cost.
 */
import { addDays, type BusinessDate, daysBetween } from '#core/time.ts';
import { demandDates, readDemand } from '#db/demand.ts';
import {
  type ListedItem,
  openToRead,
  readAtOnce,
  readItemsSold,
  readListedItems,
  readTakings,
} from '#db/sold-by-day.ts';
import { indianDays } from '#ml/calendar/indian-days.ts';
import { dataLimit, tamed } from '#ml/features/tame.ts';
import { gatherBills } from '#ml/frame/bill-book.ts';
import { type BillFrame, frameOfBook } from '#ml/frame/bill-frame.ts';
import { makeSlab } from '#ml/frame/slab.ts';
import type { BillRows } from '#ml/frame/bill-rows.ts';

export type ShopPast = {
  /** What each row of the frame is, in its order. */
  readonly items: readonly ListedItem[];
  /** Listed, and nothing of it was sold in the span. */
  readonly unsold: readonly ListedItem[];
  /** Columns 0 … days − 1 are the past; `ahead` more are to come. */
  readonly frame: Omit<BillFrame, 'inStock'>;
  /** [items × days] 1: short of stock for a part of the day or all of it. */
  readonly short: Uint8Array;
  readonly days: number;
  readonly ahead: number;
  /** [items × days] sold less what came back, whatever was in stock, units. */
  readonly sold: Float32Array;
  /** Paise a day. */
  readonly takings: Float64Array;
  /** Column from which each item was had or sold. */
  readonly began: Int32Array;
  readonly firstDay: BusinessDate;
  readonly lastDay: BusinessDate;
};

/** Older sales say little about next week: three years. */
const mostDays = 1_096;
/** Items × days that one night holds in memory (about 30 bytes each, as many again while they are read). */
const mostCells = 2_200_000;
const leastDays = 120;

/** null: nothing was sold up to and with `lastDay`. */
export function readShop(
  path: string,
  lastDay: BusinessDate,
  ahead: number,
  stateCode: string,
  tell: (done: number, total: number) => void,
): ShopPast | null {
  const sql = openToRead(path);
  try {
    return readAtOnce(sql, () => {
      tell(0, 3);
      const first = demandDates(sql)?.first;
      if (first === undefined || first > lastDay) return null;
      const listed = readListedItems(sql);
      const wanted = Math.min(mostDays, daysBetween(first, lastDay) + 1);
      let days = wanted;
      let sellers = readItemsSold(sql, addDays(lastDay, 1 - days));
      if (sellers.size * days > mostCells) {
        days = Math.min(wanted, Math.max(leastDays, Math.floor(mostCells / sellers.size)));
        sellers = readItemsSold(sql, addDays(lastDay, 1 - days));
      }
      const firstDay = addDays(lastDay, 1 - days);
      const isRow = new Set(listed.filter(({ itemNo }) => sellers.has(itemNo)).map(({ itemNo }) => itemNo));
      if (isRow.size === 0) return null;
      tell(1, 3);
      const rows = readDemand(sql, { from: firstDay, to: lastDay, store: 'shop' });
      const book = gatherBills({ ...rows, items: onlySome(rows.items, isRow) });
      tell(2, 3);
      const { inStock, ...known } = frameOfBook(book, { ahead });
      const short = makeSlab(inStock.length).uint8(inStock.length);
      for (let k = 0; k < short.length; k += 1) short[k] = (inStock[k] ?? 1) < 1 ? 1 : 0;
      const frame = { ...known, calendar: indianDays(stateCode, book.firstDay, days + ahead) };
      tameUnits(frame);
      const byNo = new Map(listed.map((item) => [item.itemNo, item]));
      const takings = new Float64Array(days);
      for (const [date, paise] of readTakings(sql, firstDay, lastDay)) takings[daysBetween(firstDay, date)] = paise;
      for (const { series, soldAt, units } of book.returned) {
        const at = series * days + soldAt;
        book.sold[at] = Math.max(0, (book.sold[at] ?? 0) - Math.round(units * 1000));
      }
      // In the book's own place, which nobody reads after this: a large shop has no room for both.
      const sold = new Float32Array(book.sold.buffer, book.sold.byteOffset, book.sold.length);
      for (let k = 0; k < sold.length; k += 1) sold[k] = (book.sold[k] ?? 0) / 1000;
      tell(3, 3);
      return {
        items: frame.itemNos.flatMap((no) => byNo.get(no) ?? []),
        unsold: listed.filter(({ itemNo }) => !isRow.has(itemNo)),
        frame,
        short,
        days,
        ahead,
        sold,
        takings,
        began: book.began,
        firstDay,
        lastDay,
      };
    });
  } finally {
    sql.close();
  }
}

/** One mad day is known as such from here on, whatever learns from it; what was sold stays as it was. */
function tameUnits({ units, days, itemNos }: ShopPast['frame']): void {
  for (const i of itemNos.keys()) {
    const own = units.subarray(i * days, (i + 1) * days);
    tamed(own, dataLimit, own);
  }
}

function* onlySome(
  items: BillRows['items'],
  some: ReadonlySet<number>,
): Generator<BillRows['items'] extends Iterable<infer T> ? T : never> {
  for (const item of items) if (some.has(item.no)) yield item;
}

/** A category or the whole shop as one series; see GroupForecast for the units. */
export type GroupSeries = {
  readonly kind: 'category' | 'store';
  readonly name: string;
  readonly unit: string | null;
  readonly values: Float64Array;
};

export function groupSeriesOf(past: ShopPast): readonly GroupSeries[] {
  const { days } = past;
  const members = new Map<string, number[]>();
  for (const [i, { category }] of past.items.entries()) {
    if (category !== null) members.set(category, [...(members.get(category) ?? []), i]);
  }
  const made = [...members].map(([name, rows]): GroupSeries => {
    const units = new Set(rows.map((i) => past.items[i]?.unit ?? ''));
    const unit = units.size === 1 ? ([...units][0] ?? null) : null;
    const values = new Float64Array(days);
    for (const i of rows) {
      const worth = unit === null ? (past.items[i]?.sellingPricePaise ?? 0) : 1000;
      for (let t = 0; t < days; t += 1) values[t] = (values[t] ?? 0) + worth * (past.sold[i * days + t] ?? 0);
    }
    return { kind: 'category', name, unit, values };
  });
  return [
    ...made.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    { kind: 'store', name: '', unit: null, values: past.takings },
  ];
}
