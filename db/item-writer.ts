/**
 * An item's row and its barcodes, written. Rule kept: the rows alone: what search knows of an item is the caller's to
 * say, in the same transaction. An item may wait for the catalogue that it comes with (db/for-sale.ts).
 */
import type { Batch, Item } from '#core/catalogue/item.ts';
import { saleStates } from './for-sale.ts';
import type { ShopDb } from './open.ts';
import { uuidToBytes } from './uuid-bytes.ts';

export type ItemWriter = {
  /** Answers its number; throws where a code is taken. */
  readonly insert: (item: Item, rank: number) => number;
  /** Last in rank, for sale when the catalogue is that it came with. False: its id, its code or a barcode is taken. */
  readonly insertWaiting: (item: Item) => boolean;
  /** Barcodes are replaced, batches added or changed. What waits for its catalogue goes on waiting, unless not for sale. */
  readonly update: (itemNo: number, item: Item) => void;
  readonly putBatch: (itemNo: number, batch: Batch) => void;
  /** Of an item that comes last. */
  readonly nextRank: () => number;
};

export function makeItemWriter(shop: Pick<ShopDb, 'sql'>): ItemWriter {
  const { sql } = shop;
  const columns = `INSERT INTO item (id, code, name, name_hi, brand, category, unit, hsn, tax_class_key, is_inclusive,
       mrp_paise, selling_price_paise, cost_price_paise, loose_slot, is_active, search_rank)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?`;
  const insert = sql.prepare(`${columns}, ?)`);
  const insertLastUnlessTaken = sql.prepare(
    `${columns}, coalesce((SELECT max(search_rank) FROM item), 0) + 1) ON CONFLICT DO NOTHING`,
  );
  const update = sql.prepare(
    `UPDATE item SET code = ?, name = ?, name_hi = ?, brand = ?, category = ?, unit = ?, hsn = ?, tax_class_key = ?,
       is_inclusive = ?, mrp_paise = ?, selling_price_paise = ?, cost_price_paise = ?, loose_slot = ?,
       is_active = CASE ? WHEN 0 THEN 0 ELSE max(is_active, 1) END
     WHERE item_no = ?`,
  );
  const barcodeColumns = `INSERT INTO item_barcode
       (code, item_no, position, pack_qty_milli, pack_name, selling_price_paise, mrp_paise)
     VALUES (?, ?, ?, ?, ?, ?, ?)`;
  const insertBarcode = sql.prepare(barcodeColumns);
  const insertFreeBarcode = sql.prepare(`${barcodeColumns} ON CONFLICT DO NOTHING`);
  const dropBarcodes = sql.prepare('DELETE FROM item_barcode WHERE item_no = ?');
  const dropItem = sql.prepare('DELETE FROM item WHERE item_no = ?');
  const putBatch = sql.prepare(
    `INSERT INTO batch (id, item_no, code, mrp_paise, selling_price_paise, packed_on, expires_on)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET code = excluded.code, mrp_paise = excluded.mrp_paise,
       selling_price_paise = excluded.selling_price_paise, packed_on = excluded.packed_on,
       expires_on = excluded.expires_on`,
  );
  const lastRank = sql.prepare<[], number>('SELECT max(search_rank) FROM item').pluck();

  const fields = (item: Item) =>
    [
      item.code,
      item.name,
      item.nameHi,
      item.brand,
      item.category,
      item.unit,
      item.hsn,
      item.taxClassKey,
      item.isInclusive ? 1 : 0,
      item.mrpPaise,
      item.sellingPricePaise,
      item.costPricePaise,
      item.looseSlot,
    ] as const;
  const writeBatch = (itemNo: number, b: Batch): void =>
    void putBatch.run(uuidToBytes(b.id), itemNo, b.code, b.mrpPaise, b.sellingPricePaise, b.packedOn, b.expiresOn);
  const writeParts = (itemNo: number, item: Item): void => {
    for (const [i, b] of item.barcodes.entries()) {
      insertBarcode.run(b.code, itemNo, i, b.packQtyMilli, b.packName, b.sellingPricePaise, b.mrpPaise);
    }
    for (const batch of item.batches) writeBatch(itemNo, batch);
  };

  return {
    insert: (item, rank) => {
      const state = item.isActive ? saleStates.yes : saleStates.no;
      const itemNo = Number(insert.run(uuidToBytes(item.id), ...fields(item), state, rank).lastInsertRowid);
      writeParts(itemNo, item);
      return itemNo;
    },
    insertWaiting: (item) => {
      const state = item.isActive ? saleStates.withCatalogue : saleStates.no;
      const written = insertLastUnlessTaken.run(uuidToBytes(item.id), ...fields(item), state);
      if (written.changes === 0) return false;
      const itemNo = Number(written.lastInsertRowid);
      let position = 0;
      for (const b of item.barcodes) {
        const put = insertFreeBarcode.run(
          b.code,
          itemNo,
          position,
          b.packQtyMilli,
          b.packName,
          b.sellingPricePaise,
          b.mrpPaise,
        );
        if (put.changes === 0) {
          dropBarcodes.run(itemNo);
          dropItem.run(itemNo);
          return false;
        }
        position += 1;
      }
      for (const batch of item.batches) writeBatch(itemNo, batch);
      return true;
    },
    update: (itemNo, item) => {
      update.run(...fields(item), item.isActive ? 1 : 0, itemNo);
      dropBarcodes.run(itemNo);
      writeParts(itemNo, item);
    },
    putBatch: writeBatch,
    nextRank: () => (lastRank.get() ?? 0) + 1,
  };
}
