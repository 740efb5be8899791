/**
 * Demand frames of stores as files: a Parquet for each store, a row for each day that says something new: units, that
 * nothing is known, another price. Rule kept: what is read back is the frame that was written; one store is in memory at a
 * time; all stores begin on the same day, so that their forecasts lie on one grid.
 */
import { dayOf, textOfDay } from '#ml/calendar/days.ts';
import { indianDays } from '#ml/calendar/indian-days.ts';
import { groupingOf } from '#ml/frame/long-table.ts';
import { type SeriesFrame, startsOf } from '#ml/frame/series-frame.ts';
import { numberCell, readParquet, textCell } from '../lake/read-parquet.ts';
import type { Column } from '../lake/parquet-file.ts';
import type { ObjectStore } from '../objects/port.ts';
import type { Version } from './step.ts';

export type FrameRow = {
  readonly item_id: string;
  readonly category: string;
  readonly business_date: string;
  /** null: not known (out of stock, shut). */
  readonly units: number | null;
  /** Holds until another row; null: not known. */
  readonly price: number | null;
};
export const frameColumns: readonly Column[] = [
  { name: 'item_id', type: 'text' },
  { name: 'category', type: 'text' },
  { name: 'business_date', type: 'date' },
  { name: 'units', type: 'double' },
  { name: 'price', type: 'double' },
];

export type StoreFacts = {
  readonly storeId: string;
  /** GST code; null: not known. */
  readonly state: string | null;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly items: number;
};
/** What a frames version says beside its files. */
export type FramesTold = {
  readonly firstDay: string;
  readonly lastDay: string;
  readonly stores: readonly StoreFacts[];
  /** All stores' categories in order: what a code stands for. */
  readonly categories: readonly string[];
};
export const framesTold = (version: Version): FramesTold => version.told as unknown as FramesTold;
export const frameFile = (storeId: string): string => `store=${storeId}.parquet`;

const dayNo = (text: string): number => {
  const day = dayOf(text);
  if (day === null) throw new Error(`${text} is no day`);
  return day;
};

export type StoreFrame = {
  readonly storeId: string;
  readonly frame: SeriesFrame;
  /** [series] as in the frame. */
  readonly itemIds: readonly string[];
};

/** A day without a row, after the first: none sold, at the price of the last row. */
export function* frameRows(frame: SeriesFrame): Iterable<FrameRow> {
  const { days, price } = frame;
  const grouping = frame.groupings.find(({ name }) => name === 'category');
  for (const [i, itemId] of frame.names.entries()) {
    const category = grouping?.levels[grouping.codes[i] ?? 0] ?? '';
    let [hasBegun, last] = [false, Number.NaN];
    for (let t = 0; t < days; t += 1) {
      const units = frame.units[i * days + t] ?? Number.NaN;
      const now = price?.[i * days + t] ?? Number.NaN;
      const isNewPrice = !Number.isNaN(now) && now !== last;
      if (!hasBegun && Number.isNaN(units)) continue;
      if (!hasBegun || units !== 0 || isNewPrice) {
        yield {
          item_id: itemId,
          category,
          business_date: textOfDay(frame.firstDay + t),
          units: Number.isNaN(units) ? null : units,
          price: Number.isNaN(now) ? null : now,
        };
      }
      hasBegun = true;
      last = now;
    }
  }
}

/** `ahead`: empty days behind the last one, for forecasts. Series are in order of their items' ids. */
export async function readStoreFrame(
  store: ObjectStore,
  version: Version,
  storeId: string,
  ahead: number,
): Promise<StoreFrame> {
  const told = framesTold(version);
  const facts = told.stores.find((one) => one.storeId === storeId);
  if (facts === undefined) throw new Error(`${storeId} is in no frame`);
  const names = ['item_id', 'category', 'business_date', 'units', 'price'];
  const rows = await readParquet(store, `${version.prefix}/${frameFile(storeId)}`, names);
  const first = dayNo(told.firstDay);
  const days = dayNo(told.lastDay) - first + 1 + ahead;
  const end = dayNo(facts.lastDay) - first + 1;
  const itemIds = [...new Set(rows.map((row) => textCell(row, 'item_id')))].toSorted();
  const noOf = new Map(itemIds.map((id, no) => [id, no]));
  const categories = itemIds.map(() => '');
  const units = new Float64Array(itemIds.length * days).fill(Number.NaN);
  const price = new Float32Array(itemIds.length * days).fill(Number.NaN);
  const seen = new Uint8Array(itemIds.length);
  const dayCache = new Map<string, number>();
  for (const row of rows) {
    const text = textCell(row, 'business_date');
    const t = dayCache.get(text) ?? dayNo(text) - first;
    dayCache.set(text, t);
    const i = noOf.get(textCell(row, 'item_id')) ?? 0;
    if (seen[i] === 0) units.fill(0, i * days + t, i * days + end);
    seen[i] = 1;
    categories[i] = textCell(row, 'category');
    units[i * days + t] = numberCell(row, 'units');
    price.fill(numberCell(row, 'price'), i * days + t, (i + 1) * days);
  }
  const frame: SeriesFrame = {
    names: itemIds,
    groupings: [groupingOf('category', categories)],
    firstDay: first,
    days,
    units,
    price: price.some((value) => !Number.isNaN(value)) ? price : null,
    starts: startsOf(units, days),
    calendar: indianDays(facts.state, first, days),
  };
  return { storeId, frame, itemIds };
}

export const dayAfter = (day: string, days: number): string => textOfDay(dayNo(day) + days);
