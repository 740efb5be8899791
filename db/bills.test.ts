import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeCreditNoteForBill } from '#core/billing/make-credit-note.ts';
import type { Item } from '#core/catalogue/item.ts';
import type { Bill, CreditNote } from '#core/documents.ts';
import type { NewId, Uuid } from '#core/ids.ts';
import type { Paise } from '#core/money.ts';
import { milli } from '#core/quantity.ts';
import type { BusinessDate, Instant } from '#core/time.ts';
import {
  type Desk,
  firstMoment,
  makeFolder,
  mustOpen,
  sampleBill,
  sampleDate,
  sampleFacts,
  sampleIds,
  sampleItem,
  sampleYear,
} from '#tests/fixtures/sample-shop.ts';
import { type Bills, makeBills } from './bills.ts';
import { makeItems } from './items.ts';
import type { ShopDb } from './open.ts';
import { makeShifts } from './shifts.ts';
import { makeStaff } from './staff.ts';

let folder: ReturnType<typeof makeFolder>;
let shop: ShopDb;
let bills: Bills;
let newId: NewId;
let desk: Desk;
let items: Item[];

const staffRow = (id: Uuid) =>
  ({ id, name: 'Meena', role: 'cashier', language: 'hi', pinHash: 'h', pinSalt: 's', isActive: true }) as const;
const openShift = (cashierId: Uuid): Uuid => {
  const id = newId();
  makeShifts(shop).open({
    id,
    cashierId,
    cashierName: 'Meena',
    openedAtMs: firstMoment,
    businessDate: sampleDate,
    floatPaise: 50_000 as Paise,
  });
  return id;
};

beforeEach(() => {
  folder = makeFolder();
  shop = mustOpen(folder.dir);
  newId = sampleIds();
  const cashierId = newId();
  makeStaff(shop).insert(staffRow(cashierId));
  desk = { cashierId, shiftId: openShift(cashierId), storeId: newId(), tillId: newId() };
  items = [1, 2, 3].map((n) => sampleItem(newId(), n, { nameHi: 'बिस्कुट' }));
  makeItems(shop).insertMany(items);
  bills = makeBills(shop);
});
afterEach(() => {
  shop.close();
  folder.remove();
});

const sell = (n: number, more: Parameters<typeof sampleBill>[4] = {}): Bill => {
  const bill = sampleBill(newId, desk, items, n, more);
  shop.transact(() => bills.insertBill(bill));
  return bill;
};

const giveBack = (bill: Bill, lineNo: number, qty: number, sequence: number): CreditNote => {
  const note = makeCreditNoteForBill(
    bill,
    bills.returnedSoFar(bill.id),
    [{ billLineNo: lineNo, qtyMilli: milli(qty), isRestocked: false }],
    {
      id: newId(),
      reason: 'damaged',
      approvedBy: desk.cashierId,
      roundStepPaise: 100 as Paise,
      refundKind: 'cash',
      reference: null,
    },
    sampleFacts(desk, 'K3T1C', sequence, bill.occurredAtMs),
  );
  if (!note.ok) throw new Error(JSON.stringify(note.error));
  const { value } = note;
  shop.transact(() => bills.insertCreditNote(value));
  return value;
};

describe('bills', () => {
  it('come back equal, by id and by number', () => {
    const bill = sell(1, { upi: true, mobile: '9876543210', name: 'Asha' });
    expect(bills.bill(bill.id)).toEqual(bill);
    expect(bills.billByNumber('k3t1/2627/00001')).toEqual(bill);
    expect(bills.last()).toEqual(bill);
    expect(bills.exists(bill.id)).toBe(true);
    expect(bills.exists(newId())).toBe(false);
    expect(bills.creditNote(bill.id)).toBeNull();
    expect(bills.lastOccurredAtMs()).toBe(bill.occurredAtMs);
  });

  it('draw numbers without a gap, and a rolled-back one is drawn again', () => {
    expect(bills.nextSequence('K3T1', sampleYear)).toBe(1);
    expect(bills.firstGap('K3T1', sampleYear)).toBeNull();
    sell(1);
    expect(() =>
      shop.transact(() => {
        bills.insertBill(sampleBill(newId, desk, items, 2));
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(bills.nextSequence('K3T1', sampleYear)).toBe(2);
    sell(2);
    sell(4);
    expect(bills.firstGap('K3T1', sampleYear)).toBe(3);
    expect(() => sell(4)).toThrow(/UNIQUE/);
  });

  it('count what came back, line by line', () => {
    const bill = sell(1, { qtyMilli: 3000 });
    expect(bills.returnedSoFar(bill.id)).toEqual({ qtyByLine: new Map(), refundedPaise: 0, lastReturnedOn: null });
    const first = giveBack(bill, 2, 1000, 1);
    const second = giveBack(bill, 2, 2000, 2);
    expect(bills.creditNote(first.id)).toEqual(first);
    expect(bills.bill(first.id)).toBeNull();
    expect(bills.returnedSoFar(bill.id)).toEqual({
      qtyByLine: new Map([[2, 3000]]),
      refundedPaise: first.payablePaise + second.payablePaise,
      lastReturnedOn: sampleDate,
    });
  });

  it('are found by number, last digits, mobile, name, day and item', () => {
    const one = sell(1, { mobile: '9876543210', name: 'Asha Rao' });
    const two = sell(12, { date: '2026-11-21' as BusinessDate });
    const ids = (rows: readonly { id: Uuid }[]): Uuid[] => rows.map((row) => row.id);
    expect(ids(bills.find('', null, 10))).toEqual([two.id, one.id]);
    expect(ids(bills.find('12', null, 10))).toEqual([two.id]);
    expect(ids(bills.find('2627/1', null, 10))).toEqual([one.id]);
    expect(ids(bills.find('K3T1/2627/00012', null, 10))).toEqual([two.id]);
    expect(ids(bills.find('98765', null, 10))).toEqual([one.id]);
    expect(ids(bills.find('asha', null, 10))).toEqual([one.id]);
    expect(ids(bills.find('', '2026-11-21' as BusinessDate, 10))).toEqual([two.id]);
    expect(ids(bills.find('rao', sampleDate, 10))).toEqual([one.id]);
    expect(ids(bills.billsOfCustomer('9876543210', 10))).toEqual([one.id]);
    expect(ids(bills.recent(1))).toEqual([two.id]);
    for (const text of ["'; DROP TABLE item", '%', '_', '"', '/', '999999999999999999999']) {
      expect(bills.find(text, null, 10)).toEqual([]);
      expect(bills.find(text.slice(0, 1), sampleDate, 10).length).toBeLessThan(2);
    }
    expect(bills.find('x'.repeat(10_000), null, 10)).toEqual([]);
  });

  it('sum up by shift; a waiting tender is settled by a row of its own, once', () => {
    const bill = sell(1, { upi: true });
    const note = giveBack(bill, 1, 1000, 1);
    const upi = bill.tenders[0]?.amountPaise ?? 0;
    expect(bills.waitingUpi(desk.shiftId)).toEqual([
      {
        billId: bill.id,
        tenderNo: 1,
        number: bill.number,
        amountPaise: upi,
        reference: 'tr1',
        occurredAtMs: bill.occurredAtMs,
      },
    ]);
    const totals = bills.shiftTotals(desk.shiftId);
    expect(totals).toMatchObject({
      bills: 1,
      creditNotes: 1,
      salesPaise: bill.payablePaise,
      refundsPaise: note.payablePaise,
      firstNumber: bill.number,
      lastNumber: bill.number,
    });
    expect(totals.split.cgstPaise).toBe(bill.split.cgstPaise - note.split.cgstPaise);
    expect(totals.byTender.find((t) => t.kind === 'upi')).toEqual({
      kind: 'upi',
      salesPaise: upi,
      refundsPaise: 0,
      waitingPaise: upi,
      notReceivedPaise: 0,
    });
    bills.settleTender(bill.id, 1, 'notReceived', 5 as Instant, desk.cashierId);
    expect(() => bills.settleTender(bill.id, 1, 'received', 6 as Instant, desk.cashierId)).toThrow(/does not wait/);
    expect(() => bills.settleTender(bill.id, 2, 'received', 6 as Instant, desk.cashierId)).toThrow(/does not wait/);
    expect(bills.waitingUpi(null)).toEqual([]);
    expect(bills.shiftTotals(desk.shiftId).byTender.find((t) => t.kind === 'upi')).toMatchObject({
      waitingPaise: 0,
      notReceivedPaise: upi,
    });
    expect(bills.bill(bill.id)).toEqual(bill);
  });

  it('belong to their shift alone', () => {
    sell(1);
    const first = desk.shiftId;
    makeShifts(shop).close(first, {
      closedAtMs: 9 as Instant,
      closedBy: desk.cashierId,
      expectedCashPaise: 1 as Paise,
      countedCashPaise: 2 as Paise,
      firstCountPaise: null,
      reason: 'short',
    });
    desk = { ...desk, shiftId: openShift(desk.cashierId) };
    sell(2);
    expect(bills.shiftTotals(first)).toMatchObject({ bills: 1, firstNumber: 'K3T1/2627/00001' });
    expect(bills.shiftTotals(desk.shiftId)).toMatchObject({ bills: 1, firstNumber: 'K3T1/2627/00002' });
  });
});
