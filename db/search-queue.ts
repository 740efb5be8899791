/**
 * Items whose search entry is yet to be written: a whole catalogue's entries cost more than its rows, and nobody at the
 * counter waits for them. Rule kept: an item is marked in the transaction that writes it, and its mark goes in the one
 * that writes its entry; so after a crash at any point what is marked is all that search lacks.
 */
import { makeItemIndex } from './item-index.ts';
import type { ShopDb } from './open.ts';

export type SearchQueue = {
  readonly add: (itemNo: number) => void;
  readonly waiting: () => number;
  /** Writes entries in one transaction, until `isOver` says so or nothing waits. Answers how many. */
  readonly take: (isOver: () => boolean) => number;
};

type WaitingRow = {
  readonly item_no: number;
  readonly search_rank: number;
  readonly name: string;
  readonly name_hi: string | null;
  readonly brand: string | null;
  readonly code: string;
  /** Codes have no spaces. */
  readonly barcodes: string | null;
};

const readAtOnce = 64;

export function makeSearchQueue(shop: Pick<ShopDb, 'sql' | 'transact'>): SearchQueue {
  const { sql } = shop;
  const index = makeItemIndex(shop);
  const add = sql.prepare('INSERT INTO item_unindexed (item_no) VALUES (?) ON CONFLICT DO NOTHING');
  const remove = sql.prepare('DELETE FROM item_unindexed WHERE item_no = ?');
  const count = sql.prepare<[], number>('SELECT count(*) FROM item_unindexed').pluck();
  const some = sql.prepare<[number], WaitingRow>(
    `SELECT i.item_no, i.search_rank, i.name, i.name_hi, i.brand, i.code,
       (SELECT group_concat(code, ' ' ORDER BY position) FROM item_barcode b WHERE b.item_no = i.item_no) AS barcodes
     FROM item_unindexed u JOIN item i ON i.item_no = u.item_no ORDER BY u.item_no LIMIT ?`,
  );
  const codesOf = (row: WaitingRow): readonly { readonly code: string }[] =>
    row.barcodes === null ? [] : row.barcodes.split(' ').map((code) => ({ code }));
  return {
    add: (itemNo) => void add.run(itemNo),
    waiting: () => count.get() ?? 0,
    take: (isOver) =>
      shop.transact(() => {
        let done = 0;
        for (;;) {
          const rows = some.all(readAtOnce);
          for (const row of rows) {
            index.remove(row.search_rank);
            index.put(row.search_rank, { ...row, nameHi: row.name_hi, barcodes: codesOf(row) });
            remove.run(row.item_no);
            done += 1;
            if (isOver()) return done;
          }
          if (rows.length < readAtOnce) return done;
        }
      }),
  };
}
