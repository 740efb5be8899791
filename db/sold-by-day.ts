/**
 * What was sold a day, for forecasts: items by days as one matrix, and the shop's takings. Rule kept: it only reads, on a
 * connection of its own where it is asked to, so that the counter never waits for it.
 */
import type { BusinessDate } from '#core/time.ts';
import { movementKinds } from './codes.ts';
import { connect, type Database } from './connection.ts';

export type SoldItem = {
  readonly itemNo: number;
  readonly category: string | null;
  readonly unit: string;
  /** Of 1,000 milli-units. */
  readonly sellingPricePaise: number;
};
/** Opens the books to read; whoever opens them closes them. */
export const openToRead = (path: string): Database => connect(path, { readonly: true });

/** Items that are for sale or were sold, by number. */
export const readSoldItems = (sql: Database): readonly SoldItem[] =>
  sql
    .prepare<[], { item_no: number; category: string | null; unit: string; selling_price_paise: number }>(
      'SELECT item_no, category, unit, selling_price_paise FROM item WHERE is_active <> 0 ORDER BY item_no',
    )
    .all()
    .map((row) => ({
      itemNo: row.item_no,
      category: row.category,
      unit: row.unit,
      sellingPricePaise: row.selling_price_paise,
    }));

/** Sales less returns, milli-units, of each movement in turn. */
export function eachSold(
  sql: Database,
  from: BusinessDate,
  to: BusinessDate,
  take: (itemNo: number, date: BusinessDate, qtyMilli: number) => void,
): void {
  const rows = sql
    .prepare<[string, string], [number, BusinessDate, number]>(
      `SELECT item_no, business_date, -qty_milli FROM stock_movement
       WHERE kind IN (${movementKinds.toCode('sale')}, ${movementKinds.toCode('return')})
         AND business_date BETWEEN ? AND ?`,
    )
    .raw();
  for (const [itemNo, date, qtyMilli] of rows.iterate(from, to)) take(itemNo, date, qtyMilli);
}

/** Paise taken a day: bills less credit notes. */
export const readTakings = (sql: Database, from: BusinessDate, to: BusinessDate): ReadonlyMap<BusinessDate, number> =>
  new Map(
    sql
      .prepare<[string, string], [BusinessDate, number]>(
        `SELECT business_date, sum(CASE kind WHEN 1 THEN payable_paise ELSE -payable_paise END) FROM document
         WHERE business_date BETWEEN ? AND ? GROUP BY business_date`,
      )
      .raw()
      .all(from, to),
  );

export const firstSaleDate = (sql: Database): BusinessDate | null =>
  sql.prepare<[], BusinessDate | null>('SELECT min(business_date) FROM document').pluck().get() ?? null;

/** One item's, by day; through the index by item, and the tail that is not in it yet. */
export function soldOfItem(sql: Database, itemNo: number, from: BusinessDate): ReadonlyMap<BusinessDate, number> {
  const kinds = `(${movementKinds.toCode('sale')}, ${movementKinds.toCode('return')})`;
  const rows = sql
    .prepare<[number, number, string], [BusinessDate, number]>(
      `SELECT business_date, sum(qty) FROM (
         SELECT m.business_date, -m.qty_milli AS qty FROM movement_by_item i
           JOIN stock_movement m ON m.movement_no = i.movement_no WHERE i.item_no = ? AND m.kind IN ${kinds}
         UNION ALL
         SELECT business_date, -qty_milli FROM stock_movement
           WHERE movement_no > (SELECT through_movement_no FROM stock_fold WHERE only = 1) AND item_no = ?
             AND kind IN ${kinds})
       WHERE business_date >= ? GROUP BY business_date`,
    )
    .raw()
    .all(itemNo, itemNo, from);
  return new Map(rows);
}
