/**
 * The shop's past as frames: its items by day, and its categories and takings by day. Rule kept: read from the books
 * once, on a connection that only reads; a day on which an item was out of stock is not known, never zero.
 */
import { addDays, type BusinessDate, daysBetween } from '#core/time.ts';
import { eachSold, firstSaleDate, openToRead, readSoldItems, readTakings, type SoldItem } from '#db/sold-by-day.ts';
import { dayOf } from '#ml/calendar/days.ts';
import { type Grouping, type SeriesFrame, startsOf } from '#ml/frame/series-frame.ts';

export type ShopFrame = {
  readonly items: readonly SoldItem[];
  /** One series an item, named by its number, in units. */
  readonly frame: SeriesFrame;
  /** [items × days] as sold, whatever was in stock, units. */
  readonly sold: Float64Array;
  /** The shop's takings a day, paise. */
  readonly takings: Float64Array;
  readonly firstDay: BusinessDate;
  readonly days: number;
};

/** Older sales say little about next week and would cost memory: three years. */
const mostDays = 1_096;

/** null: nothing was sold up to and with `lastDay`. */
export function readShop(path: string, lastDay: BusinessDate, tell: (done: number, total: number) => void) {
  const sql = openToRead(path);
  try {
    const first = firstSaleDate(sql);
    if (first === null || first > lastDay) return null;
    const days = Math.min(mostDays, daysBetween(first, lastDay) + 1);
    const firstDay = addDays(lastDay, 1 - days);
    const items = readSoldItems(sql);
    const rowOf = new Map(items.map((item, i) => [item.itemNo, i]));
    const columnOf = new Map(Array.from({ length: days }, (_, t) => [addDays(firstDay, t), t]));
    const sold = new Float64Array(items.length * days);
    tell(0, days);
    let seen = 0;
    eachSold(sql, firstDay, lastDay, (itemNo, date, qtyMilli) => {
      const [i, t] = [rowOf.get(itemNo), columnOf.get(date)];
      if (i === undefined || t === undefined) return;
      sold[i * days + t] = (sold[i * days + t] ?? 0) + qtyMilli / 1000;
      if (t > seen) {
        seen = t;
        if (t % 30 === 0) tell(t, days);
      }
    });
    // A day with more back than sold is a day on which none was wanted.
    for (let k = 0; k < sold.length; k += 1) if ((sold[k] ?? 0) < 0) sold[k] = 0;
    const takings = new Float64Array(days);
    for (const [date, paise] of readTakings(sql, firstDay, lastDay)) takings[columnOf.get(date) ?? 0] = paise;
    tell(days, days);
    return { items, frame: frameOf(items, sold, firstDay, days), sold, takings, firstDay, days } satisfies ShopFrame;
  } finally {
    sql.close();
  }
}

/** Before an item's first sale nothing is known of it. */
function frameOf(items: readonly SoldItem[], sold: Float64Array, firstDay: BusinessDate, days: number): SeriesFrame {
  const units = sold.slice();
  const starts = startsOf(units, days);
  for (const [i, start] of starts.entries()) units.fill(Number.NaN, i * days, i * days + start);
  return {
    names: items.map((item) => String(item.itemNo)),
    groupings: [categoriesOf(items)],
    firstDay: dayOf(firstDay) ?? 0,
    days,
    units,
    price: null,
    starts,
    calendar: null,
  };
}

function categoriesOf(items: readonly SoldItem[]): Grouping {
  const levels = [...new Set(items.map((item) => item.category ?? ''))].toSorted();
  const codes = Int32Array.from(items, (item) => levels.indexOf(item.category ?? ''));
  return { name: 'category', levels, codes };
}

/** Each category, then the whole shop; see GroupForecast for the units. */
export type GroupSeries = {
  readonly kind: 'category' | 'store';
  readonly name: string;
  readonly unit: string | null;
  readonly values: Float64Array;
};

export function groupSeriesOf(shop: ShopFrame): readonly GroupSeries[] {
  const { days } = shop;
  const made: GroupSeries[] = [];
  const named = [...new Set(shop.items.flatMap((item) => item.category ?? []))].toSorted();
  for (const name of named) {
    const members = [...shop.items.keys()].filter((i) => shop.items[i]?.category === name);
    const units = new Set(members.map((i) => shop.items[i]?.unit ?? ''));
    const unit = units.size === 1 ? ([...units][0] ?? null) : null;
    const values = new Float64Array(days);
    for (const i of members) {
      const worth = unit === null ? (shop.items[i]?.sellingPricePaise ?? 0) : 1;
      for (let t = 0; t < days; t += 1) values[t] = (values[t] ?? 0) + worth * (shop.sold[i * days + t] ?? 0);
    }
    made.push({ kind: 'category', name, unit, values });
  }
  return [...made, { kind: 'store', name: '', unit: null, values: shop.takings }];
}
