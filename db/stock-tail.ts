/**
 * The stock ledger's tail: movements that are not in the balances yet, summed in memory by item and batch.
 * Rule kept: it always equals the sum of the movements after stock_fold.through_movement_no, also after a
 * rollback; it can be built again from the ledger, and is, at each open.
 */
import type { ShopDb } from './open.ts';

export type StockTail = {
  /** Inside transact; undone should it roll back. batchNo 0 = no batch. */
  readonly add: (itemNo: number, batchNo: number, qtyMilli: number) => void;
  readonly ofItem: (itemNo: number) => ReadonlyMap<number, number>;
  readonly items: () => readonly number[];
  /** The last movement that is folded. */
  readonly through: () => number;
  readonly length: () => number;
  /** Inside transact. */
  readonly fold: (limit: number) => { readonly folded: number; readonly left: number };
};

type Sum = { item_no: number; batch_no: number; qty_milli: number };
const nothing: ReadonlyMap<number, number> = new Map();
const made = new WeakMap<ShopDb['sql'], StockTail>();

/** One tail per connection, whoever asks. */
export function makeStockTail(shop: ShopDb): StockTail {
  const before = made.get(shop.sql);
  if (before !== undefined) return before;
  const tail = buildTail(shop);
  made.set(shop.sql, tail);
  return tail;
}

function buildTail(shop: ShopDb): StockTail {
  const { sql } = shop;
  const through = sql.prepare<[], number>('SELECT through_movement_no FROM stock_fold WHERE only = 1').pluck();
  const last = sql.prepare<[], number>('SELECT max(movement_no) FROM stock_movement').pluck();
  const sums = sql.prepare<[number, number], Sum>(
    `SELECT item_no, coalesce(batch_no, 0) AS batch_no, sum(qty_milli) AS qty_milli FROM stock_movement
     WHERE movement_no > ? AND movement_no <= ? GROUP BY item_no, coalesce(batch_no, 0)`,
  );
  const addBalance = sql.prepare(
    `INSERT INTO stock_balance (item_no, batch_no, qty_milli) VALUES (?, ?, ?)
     ON CONFLICT (item_no, batch_no) DO UPDATE SET qty_milli = qty_milli + excluded.qty_milli`,
  );
  const addIndex = sql.prepare(
    `INSERT INTO movement_by_item (item_no, movement_no)
     SELECT item_no, movement_no FROM stock_movement WHERE movement_no > ? AND movement_no <= ?
     ORDER BY item_no, movement_no`,
  );
  const setThrough = sql.prepare('UPDATE stock_fold SET through_movement_no = ? WHERE only = 1');

  const tail = new Map<number, Map<number, number>>();
  const change = (itemNo: number, batchNo: number, by: number): void => {
    const batches = tail.get(itemNo) ?? new Map<number, number>();
    const sum = (batches.get(batchNo) ?? 0) + by;
    if (sum === 0) batches.delete(batchNo);
    else batches.set(batchNo, sum);
    if (batches.size === 0) tail.delete(itemNo);
    else tail.set(itemNo, batches);
  };
  const add = (itemNo: number, batchNo: number, by: number): void => {
    shop.onRollback(() => change(itemNo, batchNo, -by));
    change(itemNo, batchNo, by);
  };
  const lastNo = (): number => last.get() ?? 0;
  const throughNo = (): number => through.get() ?? 0;

  for (const sum of sums.all(throughNo(), lastNo())) change(sum.item_no, sum.batch_no, sum.qty_milli);

  return {
    add,
    ofItem: (itemNo) => tail.get(itemNo) ?? nothing,
    items: () => [...tail.keys()],
    through: throughNo,
    length: () => lastNo() - throughNo(),
    fold: (limit) => {
      const from = throughNo();
      const to = Math.min(lastNo(), from + limit);
      if (to <= from) return { folded: 0, left: 0 };
      for (const sum of sums.all(from, to)) {
        addBalance.run(sum.item_no, sum.batch_no, sum.qty_milli);
        add(sum.item_no, sum.batch_no, -sum.qty_milli);
      }
      addIndex.run(from, to);
      setThrough.run(to);
      return { folded: to - from, left: lastNo() - to };
    },
  };
}
