/**
 * Items with their barcodes and batches. Rule kept: an item is never deleted (old bills name it), only made
 * inactive; its search entry changes in the same transaction or is marked in it as to follow. Whether a price or a code is allowed is the
 * till's to say; a clash that reaches this file throws.
 */
import type { Batch, Item, ItemBarcode } from '#core/catalogue/item.ts';
import type { Uuid } from '#core/ids.ts';
import { isForSaleSql } from './for-sale.ts';
import { makeItemIndex } from './item-index.ts';
import { batchFromRow, type ItemRow, makeItemReader } from './item-rows.ts';
import { makeItemWriter } from './item-writer.ts';
import { numbersOf } from './numbers.ts';
import type { ShopDb } from './open.ts';
import { makeSearchQueue } from './search-queue.ts';
import { bytesToUuid, uuidToBytes } from './uuid-bytes.ts';

export type CodeOwner = { readonly itemId: Uuid; readonly name: string };

/** Its search entry: in the same transaction, or soon after it (db/search-queue.ts). */
export type SearchEntry = 'now' | 'follows';

export type Items = {
  readonly byId: (id: Uuid) => Item | null;
  readonly byBarcode: (code: string) => { readonly item: Item; readonly barcode: ItemBarcode } | null;
  readonly byCode: (code: string) => Item | null;
  readonly insert: (item: Item, entry?: SearchEntry) => void;
  /** All or none; 20,000 in seconds. */
  readonly insertMany: (items: readonly Item[]) => void;
  /** Replaces the item and its barcodes; batches are added or changed, never taken away. */
  readonly update: (item: Item, entry?: SearchEntry) => void;
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

/** All that the search tables know of an item. */
const isFoundAlike = (one: Item, two: Item): boolean =>
  one.name === two.name &&
  one.nameHi === two.nameHi &&
  one.brand === two.brand &&
  one.code === two.code &&
  one.barcodes.length === two.barcodes.length &&
  one.barcodes.every(({ code }, i) => code === two.barcodes[i]?.code);

export function makeItems(shop: ShopDb): Items {
  const { sql } = shop;
  const numbers = numbersOf(shop);
  const index = makeItemIndex(shop);
  const queue = makeSearchQueue(shop);
  const writer = makeItemWriter(shop);
  const read = makeItemReader(shop);

  const byId = sql.prepare<[Buffer], ItemRow>('SELECT * FROM item WHERE id = ?');
  const byCode = sql.prepare<[string], ItemRow>('SELECT * FROM item WHERE code = ?');
  const byBarcode = sql.prepare<[string], ItemRow>(
    'SELECT i.* FROM item_barcode b JOIN item i ON i.item_no = b.item_no WHERE b.code = ?',
  );
  const all = sql.prepare<[], ItemRow>('SELECT * FROM item ORDER BY item_no');
  const loose = sql.prepare<[], ItemRow>(
    `SELECT * FROM item WHERE loose_slot IS NOT NULL AND ${isForSaleSql} ORDER BY loose_slot, item_no`,
  );
  const count = sql.prepare<[], number>('SELECT count(*) FROM item').pluck();
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
  const insertAt = (item: Item, rank: number): void => {
    writer.insert(item, rank);
    index.put(rank, item);
  };
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
    insert: (item, entry = 'now') =>
      shop.transact(() => {
        const rank = writer.nextRank();
        if (entry === 'now') insertAt(item, rank);
        else queue.add(writer.insert(item, rank));
      }),
    insertMany: (items) =>
      shop.transact(() => {
        let rank = writer.nextRank();
        for (const item of items) {
          insertAt(item, rank);
          rank += 1;
        }
        if (items.length >= manyItems) index.optimize();
      }),
    update: (item, entry = 'now') =>
      shop.transact(() => {
        const row = byId.get(uuidToBytes(item.id));
        if (row === undefined) throw new Error(`no item ${item.id}`);
        const isFoundAsBefore = row.is_active === 1 && isFoundAlike(read(row), item);
        writer.update(row.item_no, item);
        if (isFoundAsBefore) return;
        if (entry === 'follows') return queue.add(row.item_no);
        index.remove(row.search_rank);
        index.put(row.search_rank, item);
      }),
    insertBatch: (itemId, batch) => writer.putBatch(numbers.get('item', itemId), batch),
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
