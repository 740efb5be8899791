/**
 * What forecasts read beside the demand rows: items as they are listed, takings a day, one item's days. Rule kept: it
 * only reads, on a connection of its own where it is asked to, so that the counter never waits for it.
 */
import type { BusinessDate } from '#core/time.ts';
import { movementKinds } from './codes.ts';
import { connect, type Database } from './connection.ts';
import { partsPerDocument } from './part-keys.ts';

export type ListedItem = {
  readonly itemNo: number;
  readonly category: string | null;
  readonly unit: string;
  /** Of 1,000 milli-units. */
  readonly sellingPricePaise: number;
  /** UTC milliseconds: when it was put into the catalogue (its id says so). */
  readonly madeAtMs: number;
};
/** Opens the books to read; whoever opens them closes them. */
export const openToRead = (path: string): Database => connect(path, { readonly: true });

/** All reads of one moment: a sale meanwhile is seen in none of them. */
export function readAtOnce<T>(sql: Database, work: () => T): T {
  sql.exec('BEGIN');
  try {
    return work();
  } finally {
    sql.exec('COMMIT');
  }
}

/** Items that are for sale, by number. */
export const readListedItems = (sql: Database): readonly ListedItem[] =>
  sql
    .prepare<[], { item_no: number; id: Buffer; category: string | null; unit: string; selling_price_paise: number }>(
      'SELECT item_no, id, category, unit, selling_price_paise FROM item WHERE is_active <> 0 ORDER BY item_no',
    )
    .all()
    .map((row) => ({
      itemNo: row.item_no,
      category: row.category,
      unit: row.unit,
      sellingPricePaise: row.selling_price_paise,
      // UUIDv7 (RFC 9562 §5.7): the first 48 bits.
      madeAtMs: row.id.readUIntBE(0, 6),
    }));

/** Items of which anything was sold from that day on. */
export const readItemsSold = (sql: Database, from: BusinessDate): ReadonlySet<number> =>
  new Set(
    sql
      .prepare<[string], number>(
        `SELECT DISTINCT item_no FROM document_line WHERE item_no IS NOT NULL AND line_key >= ${partsPerDocument} *
           coalesce((SELECT min(document_no) FROM document WHERE business_date >= ?), 9000000000)`,
      )
      .pluck()
      .all(from),
  );

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

/** One item's sales less returns, by day; through the index by item, and the tail that is not in it yet. */
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
