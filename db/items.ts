/**
 * Items with their barcodes and batches. Rule kept: an item is never deleted (old bills name it), only made
 * inactive; its search entry changes in the same transaction. Whether a price or a code is allowed is the
 * till's to say; a clash that reaches this file throws.
 */
import type { Batch, Item, ItemBarcode } from '#core/catalogue/item.ts';
import type { Uuid } from '#core/ids.ts';
import { makeItemIndex } from './item-index.ts';
import { batchFromRow, type ItemRow, makeItemReader } from './item-rows.ts';
import { numbersOf } from './numbers.ts';
import type { ShopDb } from './open.ts';
import { bytesToUuid, uuidToBytes } from './uuid-bytes.ts';

export type CodeOwner = { readonly itemId: Uuid; readonly name: string };

export type Items = {
  readonly byId: (id: Uuid) => Item | null;
  readonly byBarcode: (code: string) => { readonly item: Item; readonly barcode: ItemBarcode } | null;
  readonly byCode: (code: string) => Item | null;
  readonly insert: (item: Item) => void;
  /** All or none; 20,000 in seconds. */
  readonly insertMany: (items: readonly Item[]) => void;
  /** Replaces the item and its barcodes; batches are added or changed, never taken away. */
  readonly update: (item: Item) => void;
  readonly insertBatch: (itemId: Uuid, batch: Batch) => void;
  readonly batchById: (id: Uuid) => { readonly itemId: Uuid; readonly batch: Batch } | null;
  readonly lastUsedBatch: (itemId: Uuid) => Uuid | null;
  readonly setLastUsedBatch: (itemId: Uuid, batchId: Uuid) => void;
  readonly barcodeOwner: (code: string) => CodeOwner | null;
  readonly codeOwner: (code: string) => CodeOwner | null;
  /** Which of these are taken. */
  readonly existingBarcodes: (codes: readonly string[]) => ReadonlySet<string>;
  readonly existingCodes: (codes: readonly string[]) => ReadonlySet<string>;
  /** Draws the next number for an in-store barcode; never the same twice. */
  readonly nextInStoreNumber: () => number;
  /** Draws the next plain item code ("10001"…) that no item has. */
  readonly nextItemCode: () => string;
  /** Draws `count` numbers in a row for in-store barcodes and answers the first: for an import. */
  readonly drawInStoreNumbers: (count: number) => number;
  /** Draws `count` numbers in a row for item codes and answers the first; items may have some of them as code. */
  readonly drawItemCodes: (count: number) => number;
  /** By slot. */
  readonly looseBoard: () => readonly Item[];
  readonly count: () => number;
  /** Every item, in the order they were added; fn must not write. */
  readonly each: (fn: (item: Item) => void) => void;
};

/** From here on an import is worth merging the search tables after it. */
const manyItems = 1_000;

export function makeItems(shop: ShopDb): Items {
  const { sql } = shop;
  const numbers = numbersOf(shop);
  const index = makeItemIndex(shop);
  const read = makeItemReader(shop);

  const byId = sql.prepare<[Buffer], ItemRow>('SELECT * FROM item WHERE id = ?');
  const byCode = sql.prepare<[string], ItemRow>('SELECT * FROM item WHERE code = ?');
  const byBarcode = sql.prepare<[string], ItemRow>(
    'SELECT i.* FROM item_barcode b JOIN item i ON i.item_no = b.item_no WHERE b.code = ?',
  );
  const all = sql.prepare<[], ItemRow>('SELECT * FROM item ORDER BY item_no');
  const loose = sql.prepare<[], ItemRow>(
    'SELECT * FROM item WHERE loose_slot IS NOT NULL AND is_active = 1 ORDER BY loose_slot, item_no',
  );
  const count = sql.prepare<[], number>('SELECT count(*) FROM item').pluck();
  const lastRank = sql.prepare<[], number>('SELECT max(search_rank) FROM item').pluck();
  const insert = sql.prepare(
    `INSERT INTO item (id, code, name, name_hi, brand, category, unit, hsn, tax_class_key, is_inclusive, mrp_paise,
       selling_price_paise, cost_price_paise, loose_slot, is_active, search_rank)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = sql.prepare(
    `UPDATE item SET code = ?, name = ?, name_hi = ?, brand = ?, category = ?, unit = ?, hsn = ?, tax_class_key = ?,
       is_inclusive = ?, mrp_paise = ?, selling_price_paise = ?, cost_price_paise = ?, loose_slot = ?, is_active = ?
     WHERE item_no = ?`,
  );
  const insertBarcode = sql.prepare(
    `INSERT INTO item_barcode (code, item_no, position, pack_qty_milli, pack_name, selling_price_paise, mrp_paise)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const dropBarcodes = sql.prepare('DELETE FROM item_barcode WHERE item_no = ?');
  const putBatch = sql.prepare(
    `INSERT INTO batch (id, item_no, code, mrp_paise, selling_price_paise, packed_on, expires_on)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET code = excluded.code, mrp_paise = excluded.mrp_paise,
       selling_price_paise = excluded.selling_price_paise, packed_on = excluded.packed_on,
       expires_on = excluded.expires_on`,
  );
  const batchById = sql.prepare<[Buffer], Parameters<typeof batchFromRow>[0] & { item_id: Buffer }>(
    'SELECT b.*, i.id AS item_id FROM batch b JOIN item i ON i.item_no = b.item_no WHERE b.id = ?',
  );
  const lastBatch = sql
    .prepare<[number], Buffer>(
      'SELECT b.id FROM last_used_batch l JOIN batch b ON b.batch_no = l.batch_no WHERE l.item_no = ?',
    )
    .pluck();
  const setLastBatch = sql.prepare(
    `INSERT INTO last_used_batch (item_no, batch_no) VALUES (?, ?)
     ON CONFLICT (item_no) DO UPDATE SET batch_no = excluded.batch_no`,
  );
  const ownerOfBarcode = sql.prepare<[string], { id: Buffer; name: string }>(
    'SELECT i.id, i.name FROM item_barcode b JOIN item i ON i.item_no = b.item_no WHERE b.code = ?',
  );
  const ownerOfCode = sql.prepare<[string], { id: Buffer; name: string }>('SELECT id, name FROM item WHERE code = ?');
  const drawn = sql.prepare<[string], number>('SELECT CAST(value AS INTEGER) FROM setting WHERE key = ?').pluck();
  const saveDrawn = sql.prepare(
    'INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );

  const one = (row: ItemRow | undefined): Item | null => (row === undefined ? null : read(row));
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
      item.isActive ? 1 : 0,
    ] as const;
  const writeBatch = (itemNo: number, b: Batch): void =>
    void putBatch.run(uuidToBytes(b.id), itemNo, b.code, b.mrpPaise, b.sellingPricePaise, b.packedOn, b.expiresOn);
  const writeParts = (itemNo: number, item: Item): void => {
    for (const [i, b] of item.barcodes.entries()) {
      insertBarcode.run(b.code, itemNo, i, b.packQtyMilli, b.packName, b.sellingPricePaise, b.mrpPaise);
    }
    for (const batch of item.batches) writeBatch(itemNo, batch);
  };
  const insertAt = (item: Item, rank: number): void => {
    const itemNo = Number(insert.run(uuidToBytes(item.id), ...fields(item), rank).lastInsertRowid);
    writeParts(itemNo, item);
    index.put(rank, item);
  };
  const nextRank = (): number => (lastRank.get() ?? 0) + 1;
  const existing = (codes: readonly string[], isTaken: (code: string) => boolean): ReadonlySet<string> =>
    new Set(codes.filter(isTaken));
  const draw = (key: string, first: number, count = 1): number => {
    const next = Math.max(first, (drawn.get(key) ?? 0) + 1);
    saveDrawn.run(key, String(next + count - 1));
    return next;
  };
  const owner = (row: { id: Buffer; name: string } | undefined): CodeOwner | null =>
    row === undefined ? null : { itemId: bytesToUuid(row.id), name: row.name };

  return {
    byId: (id) => one(byId.get(uuidToBytes(id))),
    byCode: (code) => one(byCode.get(code)),
    byBarcode: (code) => {
      const item = one(byBarcode.get(code));
      const barcode = item?.barcodes.find((b) => b.code === code);
      return item === null || barcode === undefined ? null : { item, barcode };
    },
    insert: (item) => shop.transact(() => insertAt(item, nextRank())),
    insertMany: (items) =>
      shop.transact(() => {
        let rank = nextRank();
        for (const item of items) {
          insertAt(item, rank);
          rank += 1;
        }
        if (items.length >= manyItems) index.optimize();
      }),
    update: (item) =>
      shop.transact(() => {
        const row = byId.get(uuidToBytes(item.id));
        if (row === undefined) throw new Error(`no item ${item.id}`);
        update.run(...fields(item), row.item_no);
        dropBarcodes.run(row.item_no);
        writeParts(row.item_no, item);
        index.remove(row.search_rank);
        index.put(row.search_rank, item);
      }),
    insertBatch: (itemId, batch) => writeBatch(numbers.get('item', itemId), batch),
    batchById: (id) => {
      const row = batchById.get(uuidToBytes(id));
      return row === undefined ? null : { itemId: bytesToUuid(row.item_id), batch: batchFromRow(row) };
    },
    lastUsedBatch: (itemId) => {
      const id = lastBatch.get(numbers.get('item', itemId));
      return id === undefined ? null : bytesToUuid(id);
    },
    setLastUsedBatch: (itemId, batchId) =>
      void setLastBatch.run(numbers.get('item', itemId), numbers.get('batch', batchId)),
    barcodeOwner: (code) => owner(ownerOfBarcode.get(code)),
    codeOwner: (code) => owner(ownerOfCode.get(code)),
    existingBarcodes: (codes) => existing(codes, (code) => ownerOfBarcode.get(code) !== undefined),
    existingCodes: (codes) => existing(codes, (code) => ownerOfCode.get(code) !== undefined),
    nextInStoreNumber: () => shop.transact(() => draw('counter.inStoreNumber', 1)),
    nextItemCode: () =>
      shop.transact(() => {
        let code = String(draw('counter.itemCode', 10_001));
        while (ownerOfCode.get(code) !== undefined) code = String(draw('counter.itemCode', 10_001));
        return code;
      }),
    drawInStoreNumbers: (count) => shop.transact(() => draw('counter.inStoreNumber', 1, count)),
    drawItemCodes: (count) => shop.transact(() => draw('counter.itemCode', 10_001, count)),
    looseBoard: () => loose.all().map(read),
    count: () => count.get() ?? 0,
    each: (fn) => {
      for (const row of all.all()) fn(read(row));
    },
  };
}
