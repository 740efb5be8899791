/**
 * Demand frames of stores as files: a Parquet for each store, a row for each day on which an item sold or is not known.
 * Rule kept: one store is in memory at a time; all stores have the same days, so that their forecasts lie on one grid;
 * a day without a row between an item's first sale and the store's last day is a day on which it sold none.
 */
import { dayOf, textOfDay } from '#ml/calendar/days.ts';
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
  /** null: not known (out of stock). */
  readonly units: number | null;
  /** null: not known. */
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
  readonly region: string;
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
  const lastKnown = dayNo(facts.lastDay) - first;
  const itemIds = [...new Set(rows.map((row) => textCell(row, 'item_id')))].toSorted();
  const noOf = new Map(itemIds.map((id, no) => [id, no]));
  const categories = itemIds.map(() => '');
  const units = new Float64Array(itemIds.length * days).fill(Number.NaN);
  const price = new Float64Array(itemIds.length * days).fill(Number.NaN);
  const from = new Int32Array(itemIds.length).fill(days);
  const dayCache = new Map<string, number>();
  const at = rows.map((row) => {
    const text = textCell(row, 'business_date');
    const t = dayCache.get(text) ?? dayNo(text) - first;
    dayCache.set(text, t);
    const i = noOf.get(textCell(row, 'item_id')) ?? 0;
    if (numberCell(row, 'units') > 0) from[i] = Math.min(from[i] ?? days, t);
    categories[i] = textCell(row, 'category');
    return i * days + t;
  });
  for (let i = 0; i < itemIds.length; i += 1) units.fill(0, i * days + (from[i] ?? days), i * days + lastKnown + 1);
  for (const [k, row] of rows.entries()) {
    units[at[k] ?? 0] = numberCell(row, 'units');
    price[at[k] ?? 0] = numberCell(row, 'price');
  }
  const frame: SeriesFrame = {
    names: itemIds.map((id) => `${storeId}/${id}`),
    groupings: [groupingOf('category', categories)],
    firstDay: first,
    days,
    units,
    price,
    starts: startsOf(units, days),
    calendar: null,
  };
  return { storeId, frame, itemIds };
}

export const dayAfter = (day: string, days: number): string => textOfDay(dayNo(day) + days);
