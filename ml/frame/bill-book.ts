/**
 * A shop's rows gathered into columns, once: what was sold, came back, was asked for, and when it could be had.
 * Rule kept: every cell is of its own day; what is learnt of a day later (a return) stands apart with the day on which
 * it became known, so that the frame of any past day can be made as it was known then.
 */
import type { BillItem, BillRows, WeatherRow } from './bill-rows.ts';
import { inStockShares } from './in-stock.ts';
import { noteHours, openHours } from './open-hours.ts';
import { makeSlab } from './slab.ts';

export type Returned = {
  readonly series: number;
  /** Column of the sale that is undone. */
  readonly soldAt: number;
  /** Column on which it came back. */
  readonly knownAt: number;
  readonly units: number;
};
export type PriceChange = { readonly series: number; readonly at: number; readonly price: number };

/** A line so large that it is no customer of every day: a wedding, another shop. */
export type Bulk = { readonly series: number; readonly at: number; readonly units: number };

/** So many lines must have been seen before one of them can be called large. */
const enoughLines = 20;
/** Two million units of an item, or two crore rupees, in a day: no shop's. */
const mostInCell = 2 ** 31 - 1;
/** A line counts as at most that many of the item's usual ones. */
const mostLines = 30;
const usualShare = 0.02;

export type BillBook = {
  readonly firstDay: number;
  readonly days: number;
  readonly items: readonly BillItem[];
  readonly stores: readonly string[];
  readonly storeOf: Int32Array;
  /** [series × days], milli-units of bills, in a piece of memory of its own; of a bulk line what it counts as. */
  readonly sold: Int32Array;
  /** [series × days], paise of those units. */
  readonly paid: Int32Array;
  /** [series × days], 1 where a line had a discount of its own or a scheme was on. */
  readonly promoted: Uint8Array;
  /** Wishes of a cell of [series × days]; most have none. */
  readonly asked: ReadonlyMap<number, number>;
  /** [series × days]: in-stock.ts. */
  readonly inStock: Float32Array;
  readonly began: Int32Array;
  readonly returned: readonly Returned[];
  /** By series, then day. */
  readonly prices: readonly PriceChange[];
  readonly promotions: readonly { readonly series: number; readonly from: number; readonly to: number }[];
  /** [stores × days], bill lines. */
  readonly lines: Float64Array;
  readonly bulk: readonly Bulk[];
  readonly weather: readonly WeatherRow[];
};

/** Reads each list once. Rows of unknown items or days outside are left out. */
export function gatherBills(rows: BillRows): BillBook {
  const { firstDay } = rows;
  const days = rows.lastDay - firstDay + 1;
  if (!(days > 0)) throw new RangeError('a book without a day');
  const items = [...rows.items];
  const indexes = new Map(items.map(({ no }, i) => [no, i]));
  const indexOf = (no: number): number | undefined => indexes.get(no);
  const stores = [...new Set(items.map(({ store }) => store))].toSorted();
  const storeNos = new Map(stores.map((store, at) => [store, at]));
  const storeOf = Int32Array.from(items, ({ store }) => storeNos.get(store) ?? 0);
  const n = items.length;
  const slab = makeSlab(n * days * 5 + 8);
  const [sold, paid] = [makeSlab(n * days * 4).int32(n * days), slab.int32(n * days)];
  const promoted = slab.uint8(n * days);
  const asked = new Map<number, number>();
  const lines = new Float64Array(stores.length * days);
  const hours = noteHours(stores.length, days);
  const firstLine = new Float32Array(stores.length * days).fill(1440);
  const lastLine = new Float32Array(stores.length * days);
  const returned: Returned[] = [];
  const soldFrom = new Int32Array(n).fill(days);
  const usualLine = new Float64Array(n);
  const linesSeen = new Int32Array(n);
  const bulk: Bulk[] = [];

  for (const { item, day, minute, qtyMilli, paidPaise, isPromoted, isReturn, soldOn } of rows.lines) {
    const i = indexOf(item);
    const t = day - firstDay;
    if (i === undefined || t < 0 || t >= days || !(qtyMilli > 0)) continue;
    if (isReturn) {
      const soldAt = soldOn === null ? t : Math.min(t, soldOn - firstDay);
      if (soldAt >= 0) returned.push({ series: i, soldAt, knownAt: t, units: qtyMilli / 1000 });
      continue;
    }
    const at = i * days + t;
    const [whole, usual, seen] = [qtyMilli / 1000, usualLine[i] ?? 0, linesSeen[i] ?? 0];
    const units = seen < enoughLines ? whole : Math.min(whole, Math.ceil(mostLines * usual));
    if (units < whole) bulk.push({ series: i, at: t, units: whole });
    usualLine[i] = usual + Math.max(usualShare, 1 / (seen + 1)) * (units - usual);
    linesSeen[i] = seen + 1;
    sold[at] = Math.min(mostInCell, (sold[at] ?? 0) + Math.round(units * 1000));
    paid[at] = Math.min(mostInCell, (paid[at] ?? 0) + Math.round(Math.max(0, paidPaise) * (units / whole)));
    if (isPromoted) promoted[at] = 1;
    soldFrom[i] = Math.min(soldFrom[i] ?? days, t);
    const row = (storeOf[i] ?? 0) * days + t;
    const hour = row * 24 + Math.min(23, Math.max(0, Math.floor(minute / 60)));
    hours.lines[hour] = (hours.lines[hour] ?? 0) + 1;
    lines[row] = (lines[row] ?? 0) + 1;
    firstLine[row] = Math.min(firstLine[row] ?? 0, minute);
    lastLine[row] = Math.max(lastLine[row] ?? 0, minute);
  }
  for (const { store, day, from, to } of rows.hours) {
    const t = day - firstDay;
    const at = (storeNos.get(store) ?? -1) * days + t;
    if (!storeNos.has(store) || t < 0 || t >= days || to <= from) continue;
    // A bill outside the hours that somebody wrote down: the shop was open.
    hours.opens[at] = Math.min(from, firstLine[at] ?? from);
    hours.closes[at] = Math.max(to, lastLine[at] ?? to);
  }
  const open = openHours(hours, stores.length, days);
  const { share, began } = inStockShares(
    { items, storeOf, indexOf, firstDay, days },
    rows.onHand,
    rows.movements,
    open,
  );
  for (let i = 0; i < n; i += 1) began[i] = Math.min(began[i] ?? days, soldFrom[i] ?? days);
  for (const { item, day } of rows.wishes) {
    const i = indexOf(item);
    const t = day - firstDay;
    if (i !== undefined && t >= 0 && t < days) asked.set(i * days + t, (asked.get(i * days + t) ?? 0) + 1);
  }
  const prices: PriceChange[] = [];
  for (const { item, day, pricePaise } of rows.prices) {
    const i = indexOf(item);
    if (i !== undefined && pricePaise > 0) prices.push({ series: i, at: day - firstDay, price: pricePaise / 100 });
  }
  const promotions: { series: number; from: number; to: number }[] = [];
  for (const { item, from, to } of rows.promotions) {
    const i = indexOf(item);
    if (i !== undefined) promotions.push({ series: i, from: from - firstDay, to: to - firstDay });
  }
  return {
    firstDay,
    days,
    items,
    stores,
    storeOf,
    sold,
    paid,
    promoted,
    asked,
    inStock: share,
    began,
    returned,
    prices: prices.toSorted((a, b) => a.series - b.series || a.at - b.at),
    promotions,
    lines,
    bulk,
    weather: [...(rows.weather ?? [])],
  };
}
