/**
 * How the owner orders items — pack, supplier, shelf life — and what was changed in a day's order list. Rule kept: an
 * edit belongs to the day it was made on and is forgotten with it; what belongs to the item stays.
 */
import type { Uuid } from '#core/ids.ts';
import type { Milli } from '#core/quantity.ts';
import type { BusinessDate } from '#core/time.ts';
import { numbersOf } from './numbers.ts';
import type { ShopDb } from './open.ts';

export type ItemOrder = {
  readonly packMilli: Milli | null;
  readonly supplier: string | null;
  readonly shelfDays: number | null;
};
export type ItemOrders = {
  /** By item number. */
  readonly all: () => ReadonlyMap<number, ItemOrder>;
  readonly put: (itemId: Uuid, order: ItemOrder) => void;
  /** By item number; null: the line is there because it was asked for, packs as the rule says. */
  readonly edits: (date: BusinessDate) => ReadonlyMap<number, number | null>;
  readonly edit: (date: BusinessDate, itemId: Uuid, packs: number | null) => void;
  readonly unedit: (date: BusinessDate, itemId: Uuid) => void;
};

type Row = { item_no: number; pack_milli: Milli | null; supplier: string | null; shelf_days: number | null };

export function makeItemOrders(shop: Pick<ShopDb, 'sql' | 'transact' | 'rollbackCount'>): ItemOrders {
  const { sql } = shop;
  const numbers = numbersOf(shop);
  const all = sql.prepare<[], Row>('SELECT * FROM item_order');
  const put = sql.prepare(
    `INSERT INTO item_order (item_no, pack_milli, supplier, shelf_days) VALUES (?, ?, ?, ?)
     ON CONFLICT (item_no) DO UPDATE SET pack_milli = excluded.pack_milli, supplier = excluded.supplier,
       shelf_days = excluded.shelf_days`,
  );
  const edits = sql.prepare<[BusinessDate], { item_no: number; packs: number | null }>(
    'SELECT item_no, packs FROM order_edit WHERE business_date = ?',
  );
  const edit = sql.prepare(
    `INSERT INTO order_edit (business_date, item_no, packs) VALUES (?, ?, ?)
     ON CONFLICT (business_date, item_no) DO UPDATE SET packs = excluded.packs`,
  );
  const unedit = sql.prepare('DELETE FROM order_edit WHERE business_date = ? AND item_no = ?');
  const forget = sql.prepare('DELETE FROM order_edit WHERE business_date < ?');
  return {
    all: () =>
      new Map(
        all
          .all()
          .map((row) => [
            row.item_no,
            { packMilli: row.pack_milli, supplier: row.supplier, shelfDays: row.shelf_days },
          ]),
      ),
    put: (itemId, { packMilli, supplier, shelfDays }) =>
      void put.run(numbers.get('item', itemId), packMilli, supplier, shelfDays),
    edits: (date) => new Map(edits.all(date).map((row) => [row.item_no, row.packs])),
    edit: (date, itemId, packs) =>
      shop.transact(() => {
        forget.run(date);
        edit.run(date, numbers.get('item', itemId), packs);
      }),
    unedit: (date, itemId) => void unedit.run(date, numbers.get('item', itemId)),
  };
}
