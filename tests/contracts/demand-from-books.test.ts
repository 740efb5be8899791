import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Item } from '#core/catalogue/item.ts';
import type { NewId } from '#core/ids.ts';
import { milli } from '#core/quantity.ts';
import { addDays, type BusinessDate, instant } from '#core/time.ts';
import { makeBills } from '#db/bills.ts';
import { demandDates, readDemand } from '#db/demand.ts';
import { makeEnquiries } from '#db/enquiries.ts';
import type { ShopDb } from '#db/open.ts';
import { makeStock } from '#db/stock.ts';
import { textOfDay } from '#ml/calendar/days.ts';
import { billFrame } from '#ml/frame/bill-frame.ts';
import {
  type Desk,
  makeFolder,
  mustOpen,
  sampleBill,
  sampleDate,
  sampleIds,
  sampleNote,
  setUpDesk,
} from '../fixtures/sample-shop.ts';

let folder: ReturnType<typeof makeFolder>;
let shop: ShopDb;
let newId: NewId;
let desk: Desk;
let items: Item[];

beforeEach(() => {
  folder = makeFolder();
  shop = mustOpen(folder.dir);
  newId = sampleIds();
  ({ desk, items } = setUpDesk(shop, newId, 3));
});
afterEach(() => {
  shop.close();
  folder.remove();
});

/** UTC milliseconds of an hour at the shop. */
const at = (date: BusinessDate, hour: number) => instant(Date.parse(`${date}T00:00:00Z`) + (hour - 5.5) * 3_600_000);
const movement = (item: Item, units: number, kind: 'sale' | 'receive', date: BusinessDate, hour: number) => ({
  id: newId(),
  itemId: item.id,
  batchId: null,
  qtyMilli: milli(units * 1000),
  kind,
  refId: null,
  refLineNo: null,
  businessDate: date,
  occurredAtMs: at(date, hour),
  costPricePaise: null,
  note: null,
});

describe('demand from the till’s books', () => {
  it('reads bills, returns, stock and wishes as they were written, and makes days of them', () => {
    const [tea, milk] = items;
    if (tea === undefined || milk === undefined) throw new Error('no items');
    const [bills, stock] = [makeBills(shop), makeStock(shop)];
    const days = [0, 1, 2, 3].map((n) => addDays(sampleDate, n));
    stock.append([movement(tea, 10, 'receive', sampleDate, 7), movement(milk, 3, 'receive', sampleDate, 7)]);
    const sold = days.map((date, n) => {
      const bill = sampleBill(newId, desk, n === 0 ? [tea, milk] : [tea], n + 1, {
        date,
        atMs: at(date, 19),
        qtyMilli: 3000,
      });
      bills.insertBill(bill);
      for (const item of n === 0 ? [tea, milk] : [tea]) stock.append([movement(item, -3, 'sale', date, 19)]);
      return bill;
    });
    const [first] = sold;
    const [, , third, fourth] = days;
    if (first === undefined || third === undefined || fourth === undefined) throw new Error('no bill');
    bills.insertCreditNote(sampleNote(newId, desk, first, { atMs: at(third, 20), date: third }));
    makeEnquiries(shop).add({
      id: newId(),
      text: 'tea',
      itemId: tea.id,
      staffId: desk.cashierId,
      atMs: at(fourth, 21),
      businessDate: fourth,
    });

    const dates = demandDates(shop.sql);
    expect(dates).toEqual({ first: sampleDate, last: fourth });
    const rows = readDemand(shop.sql, { from: sampleDate, to: fourth, store: 'here' });
    expect([...rows.lines].map(({ minute, isReturn, qtyMilli }) => [minute, isReturn, qtyMilli])).toEqual([
      [1140, false, 3000],
      [1140, false, 3000],
      [1140, false, 3000],
      [1140, false, 3000],
      [1140, false, 3000],
      [1200, true, 1000],
    ]);
    const frame = billFrame(rows);
    expect(textOfDay(frame.firstDay)).toBe(sampleDate);
    expect(frame.names).toEqual(items.map(({ id }) => id));
    // Tea: 3 less what came back, 3, 3, and on the last day what was asked for too; its ledger was wrong by then.
    expect([...frame.units.subarray(0, 4)]).toEqual([2, 3, 3, 4]);
    // Milk was gone at seven in the first evening: three found it, five would have.
    expect([...frame.units.subarray(4, 8)]).toEqual([5, Number.NaN, Number.NaN, Number.NaN]);
    expect([...frame.units.subarray(8)].every(Number.isNaN)).toBe(true);

    // From the second day on the same ledger says what was on hand that morning, whichever way it is summed.
    const later = readDemand(shop.sql, { from: addDays(sampleDate, 1), to: fourth, store: 'here' });
    expect([...later.onHand].map(({ qtyMilli }) => qtyMilli)).toEqual([7000]);
    stock.fold(100);
    expect([...later.onHand].map(({ qtyMilli }) => qtyMilli)).toEqual([7000]);
    const last = readDemand(shop.sql, { from: fourth, to: fourth, store: 'here' });
    expect([...last.onHand].map(({ qtyMilli }) => qtyMilli)).toEqual([1000]);
    expect([...last.lines]).toHaveLength(1);
  });

  it('answers nothing where nothing was ever sold', () => {
    expect(demandDates(shop.sql)).toBeNull();
    const frame = billFrame(readDemand(shop.sql, { from: sampleDate, to: sampleDate, store: 'here' }), { ahead: 14 });
    expect(frame.days).toBe(15);
    expect([...frame.starts]).toEqual([15, 15, 15]);
  });
});
