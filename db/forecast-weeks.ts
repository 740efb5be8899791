/**
 * What was forecast before each week and what was sold in it. Rule kept: a forecast is written before its week begins
 * and never changed afterwards; what was sold is filled in once, when the week is over.
 */
import type { Uuid } from '#core/ids.ts';
import type { Milli } from '#core/quantity.ts';
import type { BusinessDate } from '#core/time.ts';
import type { ShopDb } from './open.ts';
import { bytesToUuid, uuidToBytes } from './uuid-bytes.ts';

export type NewForecastWeek = {
  readonly weekStart: BusinessDate;
  readonly itemNo: number;
  readonly p10Milli: number;
  readonly p50Milli: number;
  readonly p90Milli: number;
  readonly naiveMilli: number;
  /** null: not over; shortMilli: goods were short in it. */
  readonly soldMilli: number | null;
};
/** A week in which goods were short tells nothing of the demand. */
export const shortMilli = -1;

export type JudgedWeek = {
  readonly itemId: Uuid;
  readonly name: string;
  readonly nameHi: string | null;
  readonly unit: string;
  readonly weekStart: BusinessDate;
  readonly p10Milli: Milli;
  readonly p50Milli: Milli;
  readonly p90Milli: Milli;
  readonly naiveMilli: Milli;
  readonly soldMilli: Milli;
};
/** A week of many: whose it is, is its number alone. */
export type KeptWeek = Omit<JudgedWeek, 'itemId' | 'name' | 'nameHi' | 'unit'> & { readonly itemNo: number };
export type ForecastWeeks = {
  /** A week that is there already stays as it is. */
  readonly add: (weeks: readonly NewForecastWeek[]) => void;
  readonly settle: (weeks: readonly Pick<NewForecastWeek, 'weekStart' | 'itemNo' | 'soldMilli'>[]) => void;
  /** Weeks that are not settled. */
  readonly open: () => readonly BusinessDate[];
  readonly lastStart: () => BusinessDate | null;
  /**
   * Up to `limit` weeks of all items that are over and without a shortage, oldest first, from `week` on, of its first day
   * only items after `itemNo`: a shop has a hundred thousand and more, so that they are read in pieces.
   */
  readonly judgedFrom: (week: BusinessDate, itemNo: number, limit: number) => readonly KeptWeek[];
  readonly itemOf: (itemNo: number) => Pick<JudgedWeek, 'itemId' | 'name' | 'nameHi' | 'unit'> | null;
  /** Of one item, over and without a shortage, from that day on, oldest first. */
  readonly judgedOf: (itemId: Uuid, from: BusinessDate) => readonly JudgedWeek[];
  readonly dropBefore: (date: BusinessDate) => void;
};

type Row = {
  id: Buffer;
  name: string;
  name_hi: string | null;
  unit: string;
  week_start: BusinessDate;
  p10_milli: Milli;
  p50_milli: Milli;
  p90_milli: Milli;
  naive_milli: Milli;
  sold_milli: Milli;
};
const fromRow = (row: Row): JudgedWeek => ({
  itemId: bytesToUuid(row.id),
  name: row.name,
  nameHi: row.name_hi,
  unit: row.unit,
  weekStart: row.week_start,
  p10Milli: row.p10_milli,
  p50Milli: row.p50_milli,
  p90Milli: row.p90_milli,
  naiveMilli: row.naive_milli,
  soldMilli: row.sold_milli,
});

export function makeForecastWeeks(shop: Pick<ShopDb, 'sql' | 'transact'>): ForecastWeeks {
  const { sql } = shop;
  const add = sql.prepare(
    `INSERT INTO forecast_week (week_start, item_no, p10_milli, p50_milli, p90_milli, naive_milli, sold_milli)
     VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (week_start, item_no) DO NOTHING`,
  );
  const settle = sql.prepare(
    'UPDATE forecast_week SET sold_milli = ? WHERE week_start = ? AND item_no = ? AND sold_milli IS NULL',
  );
  const open = sql
    .prepare<[], BusinessDate>('SELECT DISTINCT week_start FROM forecast_week WHERE sold_milli IS NULL ORDER BY 1')
    .pluck();
  const last = sql.prepare<[], BusinessDate | null>('SELECT max(week_start) FROM forecast_week').pluck();
  const judgedFrom = sql
    .prepare<[BusinessDate, number, number], [BusinessDate, number, Milli, Milli, Milli, Milli, Milli]>(
      `SELECT week_start, item_no, p10_milli, p50_milli, p90_milli, naive_milli, sold_milli FROM forecast_week
       WHERE (week_start, item_no) > (?, ?) AND sold_milli >= 0 ORDER BY week_start, item_no LIMIT ?`,
    )
    .raw();
  const itemOf = sql.prepare<[number], Pick<Row, 'id' | 'name' | 'name_hi' | 'unit'>>(
    'SELECT id, name, name_hi, unit FROM item WHERE item_no = ?',
  );
  const judgedOf = sql.prepare<[BusinessDate, Buffer], Row>(
    `SELECT i.id, i.name, i.name_hi, i.unit, w.* FROM forecast_week w JOIN item i ON i.item_no = w.item_no
     WHERE w.sold_milli >= 0 AND w.week_start >= ? AND w.item_no = (SELECT item_no FROM item WHERE id = ?)
     ORDER BY w.week_start`,
  );
  const drop = sql.prepare('DELETE FROM forecast_week WHERE week_start < ?');
  return {
    add: (weeks) =>
      shop.transact(() => {
        for (const w of weeks)
          add.run(w.weekStart, w.itemNo, w.p10Milli, w.p50Milli, w.p90Milli, w.naiveMilli, w.soldMilli);
      }),
    settle: (weeks) =>
      shop.transact(() => {
        for (const w of weeks) settle.run(w.soldMilli, w.weekStart, w.itemNo);
      }),
    open: () => open.all(),
    lastStart: () => last.get() ?? null,
    judgedFrom: (week, itemNo, limit) =>
      judgedFrom
        .all(week, itemNo, limit)
        .map(([weekStart, no, p10Milli, p50Milli, p90Milli, naiveMilli, soldMilli]) => ({
          weekStart,
          itemNo: no,
          p10Milli,
          p50Milli,
          p90Milli,
          naiveMilli,
          soldMilli,
        })),
    itemOf: (itemNo) => {
      const row = itemOf.get(itemNo);
      return row === undefined
        ? null
        : { itemId: bytesToUuid(row.id), name: row.name, nameHi: row.name_hi, unit: row.unit };
    },
    judgedOf: (itemId, from) => judgedOf.all(from, uuidToBytes(itemId)).map(fromRow),
    dropBefore: (date) => void drop.run(date),
  };
}
