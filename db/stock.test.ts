import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Item } from '#core/catalogue/item.ts';
import type { NewId, Uuid } from '#core/ids.ts';
import type { Paise } from '#core/money.ts';
import { milli } from '#core/quantity.ts';
import { firstMoment, makeFolder, mustOpen, sampleDate, sampleIds, setUpDesk } from '#tests/fixtures/sample-shop.ts';
import { propertyRuns } from '#tests/property-runs.ts';
import { makeItems } from './items.ts';
import type { ShopDb } from './open.ts';
import { makeStock, type Stock, type StockMovement } from './stock.ts';

let folder: ReturnType<typeof makeFolder>;
let shop: ShopDb;
let stock: Stock;
let newId: NewId;
let items: Item[];
let batchIds: Uuid[];

beforeEach(() => {
  folder = makeFolder();
  shop = mustOpen(folder.dir);
  newId = sampleIds();
  items = setUpDesk(shop, newId, 4).items;
  batchIds = [newId(), newId()];
  for (const id of batchIds) {
    makeItems(shop).insertBatch(items[0]?.id ?? newId(), {
      id,
      code: null,
      mrpPaise: null,
      sellingPricePaise: 100 as Paise,
      packedOn: null,
      expiresOn: null,
    });
  }
  stock = makeStock(shop);
});
afterEach(() => {
  shop.close();
  folder.remove();
});

const idOf = (n: number): Uuid => {
  const item = items[n % items.length];
  if (item === undefined) throw new Error('no items');
  return item.id;
};
const movement = (n: number, qty: number, more: Partial<StockMovement> = {}): StockMovement => ({
  id: newId(),
  itemId: idOf(n),
  batchId: null,
  qtyMilli: milli(qty),
  kind: qty < 0 ? 'sale' : 'receive',
  refId: null,
  refLineNo: null,
  businessDate: sampleDate,
  occurredAtMs: firstMoment,
  costPricePaise: null,
  note: null,
  ...more,
});

describe('stock', () => {
  it('is the sum of its movements, by item and by batch', () => {
    const [a, b] = batchIds;
    if (a === undefined || b === undefined) throw new Error('no batches');
    stock.append([movement(0, 5000), movement(0, 2000, { batchId: a }), movement(0, -500, { batchId: b })]);
    expect(stock.onHand(idOf(0))).toBe(6500);
    expect(stock.onHandByBatch(idOf(0))).toEqual(
      new Map<Uuid | null, number>([
        [null, 5000],
        [a, 2000],
        [b, -500],
      ]),
    );
    stock.append([movement(0, -2000, { batchId: a })]);
    expect(stock.onHandByBatch(idOf(0)).has(a)).toBe(false);
    expect(stock.onHandMany([idOf(0), idOf(1)])).toEqual(
      new Map([
        [idOf(0), 4500],
        [idOf(1), 0],
      ]),
    );
    expect(() => stock.onHand(newId())).toThrow(/no item/);
  });

  it('finds the sales of an item, folded or not, newest first', () => {
    const bills = Array.from({ length: 6 }, () => newId());
    for (const [i, refId] of bills.entries()) {
      stock.append([movement(0, -1000, { refId, refLineNo: i + 1 }), movement(1, -1000, { refId, refLineNo: 9 })]);
    }
    const newestFirst = bills.toReversed();
    for (const limit of [0, 5, 4, 12]) {
      stock.fold(limit);
      expect(stock.salesOfItem(idOf(0), 10).map((sale) => sale.billId)).toEqual(newestFirst);
      expect(stock.salesOfItem(idOf(0), 2).map((sale) => sale.lineNo)).toEqual([6, 5]);
      expect(stock.movementsOfItem(idOf(1), 3).map((m) => m.refId)).toEqual(newestFirst.slice(0, 3));
    }
    expect(stock.tailLength()).toBe(0);
  });

  it('says so when a balance and the ledger differ', () => {
    stock.append([movement(0, 5000), movement(1, 3000)]);
    stock.fold(10);
    expect(stock.verify()).toEqual({ items: 2, movements: 2, differing: 0 });
    shop.sql.exec('UPDATE stock_balance SET qty_milli = qty_milli + 1 WHERE item_no = 1');
    expect(stock.verify().differing).toBe(1);
    shop.sql.exec('INSERT INTO stock_balance VALUES (4, 0, 7)');
    expect(stock.verify().differing).toBe(2);
  });

  type Step =
    | { readonly do: 'append' | 'rollback'; readonly moves: readonly (readonly [number, number, boolean])[] }
    | { readonly do: 'fold' | 'foldAndRollback'; readonly limit: number }
    | { readonly do: 'reopen' };
  const moves = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: -5000, max: 5000 }), fc.boolean()),
    { minLength: 1, maxLength: 5 },
  );
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('append', 'rollback'), moves }) },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constantFrom('fold', 'foldAndRollback'), limit: fc.integer({ min: 1, max: 12 }) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen') }) },
  );

  it('on hand equals the plain sum after any movements, folds, rollbacks and restarts', () => {
    // Against a model in memory that goes on across cases; the disk is not what is tested.
    shop.sql.pragma('synchronous = OFF');
    const model = new Map<string, number>();
    let reopened = 0;
    const roll = (work: () => void): void => {
      expect(() =>
        shop.transact(() => {
          work();
          throw new Error('rolled back');
        }),
      ).toThrow('rolled back');
    };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), (steps) => {
        for (const s of steps) {
          if (s.do === 'append' || s.do === 'rollback') {
            const list = s.moves.map(([n, qty, hasBatch]) =>
              movement(n, qty, { batchId: n === 0 && hasBatch ? (batchIds[0] ?? null) : null }),
            );
            if (s.do === 'rollback') roll(() => stock.append(list));
            else {
              stock.append(list);
              for (const m of list) model.set(m.itemId, (model.get(m.itemId) ?? 0) + m.qtyMilli);
            }
          } else if (s.do === 'fold') stock.fold(s.limit);
          else if (s.do === 'foldAndRollback') roll(() => stock.fold(s.limit));
          else if (reopened < 40) {
            reopened += 1;
            shop.close();
            shop = mustOpen(folder.dir);
            shop.sql.pragma('synchronous = OFF');
            stock = makeStock(shop);
          }
          for (const item of items) expect(stock.onHand(item.id)).toBe(model.get(item.id) ?? 0);
        }
      }),
      { numRuns: propertyRuns() },
    );
    expect(reopened).toBeGreaterThan(0);
    expect(stock.verify().differing).toBe(0);
  });
});
