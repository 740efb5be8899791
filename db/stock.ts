/**
 * Stock: an append-only ledger whose sum is what is on hand. Rule kept: a sale appends to the ledger's last
 * page and touches nothing else; the index by item and the balances follow later, in fold, off the sale's path
 * (docs/decisions/0022). On hand = balance + the tail that is not folded yet, which is kept in memory and can
 * be built again from the ledger at any time.
 */
import type { Uuid } from '#core/ids.ts';
import type { Paise } from '#core/money.ts';
import type { Milli } from '#core/quantity.ts';
import type { BusinessDate, Instant } from '#core/time.ts';
import { type MovementKind, movementKinds } from './codes.ts';
import { numbersOf } from './numbers.ts';
import type { ShopDb } from './open.ts';
import { makeStockTail } from './stock-tail.ts';
import { bytesToUuid, bytesToUuidOrNull, uuidToBytes, uuidToBytesOrNull } from './uuid-bytes.ts';

export type StockMovement = {
  readonly id: Uuid;
  readonly itemId: Uuid;
  readonly batchId: Uuid | null;
  /** Base units, signed: a sale is negative. */
  readonly qtyMilli: Milli;
  readonly kind: MovementKind;
  /** The document it came from, and its line. */
  readonly refId: Uuid | null;
  readonly refLineNo: number | null;
  readonly businessDate: BusinessDate;
  readonly occurredAtMs: Instant;
  readonly costPricePaise: Paise | null;
  readonly note: string | null;
};
export type SaleOfItem = {
  readonly billId: Uuid;
  readonly lineNo: number;
  readonly qtyMilli: Milli;
  readonly businessDate: BusinessDate;
  readonly occurredAtMs: Instant;
};

export type Stock = {
  readonly append: (movements: readonly StockMovement[]) => void;
  readonly onHand: (itemId: Uuid) => Milli;
  readonly onHandMany: (itemIds: readonly Uuid[]) => ReadonlyMap<Uuid, Milli>;
  /** By batch; null = goods without one. Batches that stand at zero are left out. */
  readonly onHandByBatch: (itemId: Uuid) => ReadonlyMap<Uuid | null, Milli>;
  /** Moves up to `limit` movements of the tail into balances and the index by item. Idle work, its own transaction. */
  readonly fold: (limit: number) => { readonly folded: number; readonly left: number };
  /** Movements not folded yet. */
  readonly tailLength: () => number;
  /** Every item's on-hand beside the plain sum of its ledger. */
  readonly verify: () => { readonly items: number; readonly movements: number; readonly differing: number };
  /** Newest first. */
  readonly salesOfItem: (itemId: Uuid, limit: number) => readonly SaleOfItem[];
  /** Newest first. */
  readonly movementsOfItem: (itemId: Uuid, limit: number) => readonly StockMovement[];
};

type Row = {
  movement_no: number;
  id: Buffer;
  batch_no: number | null;
  qty_milli: Milli;
  kind: number;
  ref_id: Buffer | null;
  ref_line_no: number | null;
  business_date: BusinessDate;
  occurred_at_ms: Instant;
  cost_price_paise: Paise | null;
  note: string | null;
};

export function makeStock(shop: ShopDb): Stock {
  const { sql } = shop;
  const numbers = numbersOf(shop);
  const tail = makeStockTail(shop);

  const insert = sql.prepare(
    `INSERT INTO stock_movement (id, item_no, batch_no, qty_milli, kind, ref_id, ref_line_no, business_date,
       occurred_at_ms, cost_price_paise, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const balances = sql.prepare<[number], { batch_no: number; qty_milli: number }>(
    'SELECT batch_no, qty_milli FROM stock_balance WHERE item_no = ?',
  );
  const ledgerSums = sql.prepare<[], { item_no: number; qty_milli: number; movements: number }>(
    'SELECT item_no, sum(qty_milli) AS qty_milli, count(*) AS movements FROM stock_movement GROUP BY item_no',
  );
  const itemsWithBalance = sql.prepare<[], number>('SELECT DISTINCT item_no FROM stock_balance').pluck();
  const ofItem = (kinds: string) =>
    sql.prepare<[number, number, number, number, number], Row>(
      `SELECT * FROM (SELECT * FROM stock_movement WHERE movement_no > ? AND item_no = ? ${kinds}
         UNION ALL
         SELECT * FROM (SELECT m.* FROM movement_by_item i JOIN stock_movement m ON m.movement_no = i.movement_no
           WHERE i.item_no = ? ${kinds.replaceAll('kind', 'm.kind')} ORDER BY i.movement_no DESC LIMIT ?))
       ORDER BY movement_no DESC LIMIT ?`,
    );
  const salesOf = ofItem(`AND kind = ${movementKinds.toCode('sale')}`);
  const movementsOf = ofItem('');
  const rowsOf = (statement: typeof salesOf, itemId: Uuid, limit: number): Row[] => {
    const no = numbers.get('item', itemId);
    return statement.all(tail.through(), no, no, limit, limit);
  };

  const byBatch = (itemNo: number): Map<number, number> => {
    const sums = new Map<number, number>();
    for (const row of balances.all(itemNo)) sums.set(row.batch_no, row.qty_milli);
    for (const [batchNo, qty] of tail.ofItem(itemNo)) sums.set(batchNo, (sums.get(batchNo) ?? 0) + qty);
    return sums;
  };
  const onHandOf = (itemNo: number): Milli => {
    let sum = 0;
    for (const qty of byBatch(itemNo).values()) sum += qty;
    return sum as Milli;
  };
  const onHand = (itemId: Uuid): Milli => onHandOf(numbers.get('item', itemId));

  const append: Stock['append'] = (movements) =>
    shop.transact(() => {
      for (const m of movements) {
        const itemNo = numbers.get('item', m.itemId);
        const batchNo = numbers.getOrNull('batch', m.batchId);
        insert.run(
          uuidToBytes(m.id),
          itemNo,
          batchNo,
          m.qtyMilli,
          movementKinds.toCode(m.kind),
          uuidToBytesOrNull(m.refId),
          m.refLineNo,
          m.businessDate,
          m.occurredAtMs,
          m.costPricePaise,
          m.note,
        );
        tail.add(itemNo, batchNo ?? 0, m.qtyMilli);
      }
    });

  const verify: Stock['verify'] = () => {
    let movements = 0;
    let differing = 0;
    const items = new Set<number>();
    for (const row of ledgerSums.all()) {
      items.add(row.item_no);
      movements += row.movements;
      if (onHandOf(row.item_no) !== row.qty_milli) differing += 1;
    }
    // A balance or a tail without any movement behind it is a difference too.
    for (const itemNo of new Set([...itemsWithBalance.all(), ...tail.items()])) {
      if (!items.has(itemNo) && onHandOf(itemNo) !== 0) differing += 1;
    }
    return { items: items.size, movements, differing };
  };

  return {
    append,
    onHand,
    onHandMany: (ids) => new Map(ids.map((id) => [id, onHand(id)])),
    onHandByBatch: (itemId) => {
      const sums = [...byBatch(numbers.get('item', itemId))].filter(([, qty]) => qty !== 0);
      return new Map(sums.map(([no, qty]) => [no === 0 ? null : numbers.idOf('batch', no), qty as Milli]));
    },
    fold: (limit) => shop.transact(() => tail.fold(limit)),
    tailLength: tail.length,
    verify,
    salesOfItem: (itemId, limit) =>
      rowsOf(salesOf, itemId, limit).flatMap((row) =>
        row.ref_id === null
          ? []
          : [
              {
                billId: bytesToUuid(row.ref_id),
                lineNo: row.ref_line_no ?? 0,
                qtyMilli: row.qty_milli,
                businessDate: row.business_date,
                occurredAtMs: row.occurred_at_ms,
              },
            ],
      ),
    movementsOfItem: (itemId, limit) =>
      rowsOf(movementsOf, itemId, limit).map((row) => ({
        id: bytesToUuid(row.id),
        itemId,
        batchId: numbers.idOfOrNull('batch', row.batch_no),
        qtyMilli: row.qty_milli,
        kind: movementKinds.fromCode(row.kind),
        refId: bytesToUuidOrNull(row.ref_id),
        refLineNo: row.ref_line_no,
        businessDate: row.business_date,
        occurredAtMs: row.occurred_at_ms,
        costPricePaise: row.cost_price_paise,
        note: row.note,
      })),
  };
}
