import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CartCustomer } from '#core/billing/cart.ts';
import type { Bill, BillLine, CreditNote, Tender } from '#core/documents.ts';
import type { TaxRate, TaxSplit } from '#core/gst/tax.ts';
import type { Uuid } from '#core/ids.ts';
import { maxPaise, type Paise } from '#core/money.ts';
import type { Milli } from '#core/quantity.ts';
import type { BusinessDate, Instant } from '#core/time.ts';
import { type Desk, makeFolder, mustOpen, sampleFacts, sampleIds, setUpDesk } from '#tests/fixtures/sample-shop.ts';
import { propertyRuns } from '#tests/property-runs.ts';
import { type Bills, makeBills } from './bills.ts';
import { documentContent } from '#core/document-content.ts';
import { makeItems } from './items.ts';
import type { ShopDb } from './open.ts';

const folder = makeFolder();
const newId = sampleIds(5);
let shop: ShopDb;
let bills: Bills;
let desk: Desk;
let itemIds: Uuid[];
let batchIds: Uuid[];
let sequence = 0;

beforeAll(() => {
  shop = mustOpen(folder.dir);
  shop.sql.pragma('synchronous = OFF');
  bills = makeBills(shop);
  const made = setUpDesk(shop, newId, 5);
  desk = made.desk;
  itemIds = made.items.map((item) => item.id);
  batchIds = [newId(), newId()];
  for (const id of batchIds) {
    const batch = { id, code: 'B', mrpPaise: null, sellingPricePaise: 1 as Paise, packedOn: null, expiresOn: null };
    makeItems(shop).insertBatch(itemIds[0] ?? id, batch);
  }
});
afterAll(() => {
  shop.close();
  folder.remove();
});

const amount = fc.integer({ min: -maxPaise, max: maxPaise }) as fc.Arbitrary<Paise>;
const text = fc.string({ unit: 'grapheme', maxLength: 12 }).map((s) => s.toWellFormed().replaceAll('\0', ''));
const orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null });
const date = fc.constantFrom('2026-11-20', '2027-03-31', '2027-04-01') as fc.Arbitrary<BusinessDate>;
const split: fc.Arbitrary<TaxSplit> = fc.record({
  taxableValuePaise: amount,
  cgstPaise: amount,
  sgstPaise: amount,
  utgstPaise: amount,
  igstPaise: amount,
  cessPaise: amount,
});
const rate = fc.record({
  rateBp: fc.integer({ min: 0, max: 10_000 }),
  cess: orNull(
    fc.record({
      rateBp: fc.integer({ min: 0, max: 30_000 }),
      perUnitMilliPaise: fc.integer({ min: 0, max: 100_000_000 }),
      rule: fc.constantFrom('sum', 'max'),
    }),
  ),
  treatment: fc.constantFrom('taxable', 'nilRated', 'exempt', 'nonGst'),
  valuation: fc.constantFrom('transactionValue', 'retailSalePrice'),
}) as fc.Arbitrary<TaxRate>;
const line = fc
  .record({
    barcode: orNull(text),
    name: text,
    nameHi: orNull(text),
    hsn: orNull(text),
    unit: fc.constantFrom('pc', 'kg', 'dozen'),
    packName: orNull(text),
    qtyMilli: fc.integer({ min: 1, max: 1_000_000_000 }) as fc.Arbitrary<Milli>,
    packQtyMilli: fc.integer({ min: 1, max: 1_000_000 }) as fc.Arbitrary<Milli>,
    batchCode: orNull(text),
    expiresOn: orNull(date),
    mrpPaise: orNull(amount),
    sellingPricePaise: amount,
    isInclusive: fc.boolean(),
    grossPaise: amount,
    lineDiscountPaise: amount,
    billDiscountPaise: amount,
    netPaise: amount,
    rate,
    split,
    totalPaise: amount,
    item: orNull(fc.nat(4)),
    batch: orNull(fc.nat(1)),
  })
  .map(
    ({ item, batch, ...rest }): Omit<BillLine, 'lineNo'> => ({
      ...(rest as Omit<BillLine, 'lineNo' | 'itemId' | 'batchId'>),
      itemId: item === null ? null : (itemIds[item] ?? null),
      batchId: batch === null ? null : (batchIds[batch] ?? null),
    }),
  );
const tender = fc.record({
  kind: fc.constantFrom('cash', 'upi', 'card', 'creditNote'),
  amountPaise: amount,
  receivedPaise: amount,
  status: fc.constantFrom('received', 'waiting'),
  reference: orNull(text),
}) as fc.Arbitrary<Tender>;
const customer = orNull(
  fc.record({
    mobile: orNull(text),
    name: orNull(text),
    gstin: orNull(text),
    address: orNull(text),
    placeOfSupply: orNull(text),
  }),
) as fc.Arbitrary<CartCustomer | null>;
const sums = fc.record({
  customer,
  placeOfSupply: fc.constantFrom('27', '04'),
  supply: fc.constantFrom('intraState', 'intraUt', 'interState') as fc.Arbitrary<Bill['supply']>,
  itemsPaise: amount,
  discountPaise: amount,
  split,
  roundOffPaise: amount,
  payablePaise: amount,
});
const seller = fc.record({
  name: text,
  address: text,
  stateCode: fc.constantFrom('27', '04'),
  gstin: orNull(text),
  isComposition: fc.boolean(),
});

const facts = (series: string, at: number, on: BusinessDate) => {
  sequence += 1;
  return { schemaVersion: 1, id: newId(), ...sampleFacts(desk, series, sequence, at as Instant, on) } as const;
};
const numbered = <T extends object>(lines: readonly T[]): (T & { lineNo: number })[] =>
  lines.map((l, i) => ({ ...l, lineNo: i + 1 }));

describe('documents in rows', () => {
  it('a bill comes back equal, field by field, and with the same content for the journal', () => {
    fc.assert(
      fc.property(
        sums,
        seller,
        fc.array(line, { maxLength: 4 }),
        fc.array(tender, { maxLength: 3 }),
        fc.constantFrom('taxInvoice', 'billOfSupply', 'invoiceCumBillOfSupply') as fc.Arbitrary<Bill['title']>,
        amount,
        fc.tuple(fc.integer({ min: 0, max: 4e12 }), date),
        (sum, by, lines, tenders, title, changePaise, [at, on]) => {
          const head = facts('K3T1', at, on);
          const bill: Bill = {
            type: 'bill',
            ...head,
            seller: by,
            ...sum,
            title,
            lines: numbered(lines),
            tenders,
            changePaise,
          };
          bills.insertBill(bill);
          expect(bills.bill(bill.id)).toEqual(bill);
          expect(bills.contentOf('bill', bill.id)).toBe(documentContent(bill));
        },
      ),
      { numRuns: propertyRuns() },
    );
  });

  it('a credit note comes back equal, and what was returned is counted by line', () => {
    const noteLine = fc.tuple(line, orNull(fc.integer({ min: 1, max: 4 })), fc.boolean());
    fc.assert(
      fc.property(
        sums,
        fc.array(noteLine, { minLength: 1, maxLength: 4 }),
        fc.array(tender, { maxLength: 2 }),
        fc.record({
          hasBill: fc.boolean(),
          reason: fc.constantFrom('damaged', 'expired', 'other') as fc.Arbitrary<CreditNote['reason']>,
          isApproved: fc.boolean(),
        }),
        (sum, lines, refunds, { hasBill, reason, isApproved }) => {
          const billId = newId();
          const make = (): CreditNote => ({
            type: 'creditNote',
            ...facts('K3T1C', 5, '2026-11-20' as BusinessDate),
            ...sum,
            billId: hasBill ? billId : null,
            billNumber: hasBill ? 'K3T1/2627/00001' : null,
            billDate: hasBill ? ('2026-11-19' as BusinessDate) : null,
            reason,
            approvedBy: isApproved ? desk.cashierId : null,
            lines: numbered(lines.map(([l, billLineNo, isRestocked]) => ({ ...l, billLineNo, isRestocked }))),
            refunds,
          });
          const note = make();
          bills.insertCreditNote(note);
          expect(bills.creditNote(note.id)).toEqual(note);
          expect(bills.contentOf('creditNote', note.id)).toBe(documentContent(note));
          bills.insertCreditNote(make());
          const expected = new Map<number, number>();
          for (const l of [...note.lines, ...note.lines]) {
            if (hasBill && l.billLineNo !== null) {
              expected.set(l.billLineNo, (expected.get(l.billLineNo) ?? 0) + l.qtyMilli);
            }
          }
          const soFar = bills.returnedSoFar(billId);
          expect(new Map([...soFar.qtyByLine].sort())).toEqual(new Map([...expected].sort()));
          expect(soFar.lastReturnedOn).toBe(hasBill ? note.businessDate : null);
        },
      ),
      { numRuns: Math.ceil(propertyRuns() / 2) },
    );
  });
});

/** Every leaf of a value, as a path. */
function leaves(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}
function changedAt(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) {
    return typeof value === 'number' ? value + 1 : typeof value === 'boolean' ? !value : `${String(value)}x`;
  }
  const copy: Record<string, unknown> = Array.isArray(value)
    ? (structuredClone(value) as unknown as Record<string, unknown>)
    : { ...(value as Record<string, unknown>) };
  copy[key] = changedAt(copy[key], rest);
  return copy;
}

describe('the content of a document', () => {
  it('changes with every single field', () => {
    const [wholeLine] = fc.sample(line, { numRuns: 1, seed: 3 });
    const [wholeTender] = fc.sample(tender, { numRuns: 1, seed: 3 });
    const [sum] = fc.sample(sums, { numRuns: 1, seed: 4 });
    if (wholeLine === undefined || wholeTender === undefined || sum === undefined) throw new Error('no sample');
    const cess = { rateBp: 1, perUnitMilliPaise: 2, rule: 'sum' } as TaxRate['cess'];
    const common = {
      ...facts('K3T1', 5, '2026-11-20' as BusinessDate),
      ...sum,
      customer: { mobile: '1', name: null, gstin: null, address: null, placeOfSupply: null },
    };
    const bill = {
      type: 'bill',
      ...common,
      title: 'taxInvoice',
      changePaise: 1,
      lines: [{ ...wholeLine, lineNo: 1, rate: { ...wholeLine.rate, cess } }],
      tenders: [wholeTender],
    } as unknown as Bill;
    const note = {
      type: 'creditNote',
      ...common,
      billId: null,
      billNumber: null,
      billDate: null,
      reason: 'other',
      approvedBy: null,
      lines: [{ ...wholeLine, lineNo: 1, billLineNo: null, isRestocked: true }],
      refunds: [wholeTender],
    } as unknown as CreditNote;
    for (const document of [bill, note]) {
      const before = documentContent(document);
      for (const path of leaves(document)) {
        if (path[0] === 'type') continue;
        expect(documentContent(changedAt(document, path) as Bill), path.join('.')).not.toBe(before);
      }
    }
  });
});
