/**
 * The golden file of every document version ever shipped, replayed: read with its shape, re-derived line by
 * line by today's core, kept by today's database and printed by today's receipt. A new version adds files
 * here and never changes the old ones.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeCreditNoteForBill, nothingReturned } from '#core/billing/make-credit-note.ts';
import { layoutBill, layoutCreditNote } from '#core/billing/receipt.ts';
import type { Bill, BillLine, CommittedDocument, CreditNote } from '#core/documents.ts';
import { addSplits, computeLineTax, lineTotal } from '#core/gst/tax.ts';
import { addPaise, amountOf, paise, zeroPaise } from '#core/money.ts';
import { makeBills } from '#db/bills.ts';
import { makeFolder, mustOpen, sampleIds, setUpDesk } from '../fixtures/sample-shop.ts';

const folder = join(import.meta.dirname, '..', 'fixtures', 'documents');
const files = readdirSync(folder).toSorted();
const read = <T extends CommittedDocument>(name: string): T =>
  JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;
const documents = files.map((name) => [name, read(name)] as const);

const common =
  'type schemaVersion id storeId tillId shiftId cashierId cashierName number series financialYear sequence businessDate occurredAtMs seller customer placeOfSupply supply itemsPaise discountPaise split roundOffPaise payablePaise lines';
const lineKeys =
  'lineNo itemId barcode name nameHi hsn unit packName qtyMilli packQtyMilli batchId batchCode expiresOn mrpPaise sellingPricePaise isInclusive grossPaise lineDiscountPaise billDiscountPaise netPaise rate split totalPaise';
/** Version 1, as it was shipped. */
const v1 = {
  bill: `${common} title tenders changePaise`,
  creditNote: `${common} billId billNumber billDate reason approvedBy refunds`,
  billLine: lineKeys,
  creditNoteLine: `${lineKeys} billLineNo isRestocked`,
  rate: 'rateBp cess treatment valuation',
  split: 'taxableValuePaise cgstPaise sgstPaise utgstPaise igstPaise cessPaise',
  tender: 'kind amountPaise receivedPaise status reference',
  seller: 'name address stateCode gstin isComposition',
} as const;
const hasKeys = (value: object, keys: string): void =>
  expect(Object.keys(value).toSorted()).toEqual(keys.split(' ').toSorted());
const linesOf = (document: CommittedDocument): readonly BillLine[] => document.lines;

it('a golden file stands for each kind of document of each version', () => {
  expect(files).toEqual([
    'v1-bill-inter-state.json',
    'v1-bill-mixed.json',
    'v1-bill-of-supply.json',
    'v1-credit-note.json',
  ]);
});

describe.each(documents)('%s', (name, document) => {
  it('has the shape of its version', () => {
    expect(name.startsWith(`v${document.schemaVersion}-`)).toBe(true);
    hasKeys(document, v1[document.type]);
    hasKeys(document.split, v1.split);
    hasKeys(document.seller, v1.seller);
    for (const tender of document.type === 'bill' ? document.tenders : document.refunds) hasKeys(tender, v1.tender);
    for (const line of document.lines) {
      hasKeys(line, document.type === 'bill' ? v1.billLine : v1.creditNoteLine);
      hasKeys(line.rate, v1.rate);
      hasKeys(line.split, v1.split);
    }
  });

  it('adds up, and its totals are the sums of its lines', () => {
    const lines = linesOf(document);
    expect(addSplits(...lines.map((l) => l.split))).toEqual(document.split);
    expect(addPaise(...lines.map((l) => l.totalPaise), document.roundOffPaise)).toBe(document.payablePaise);
    expect(addPaise(...lines.map((l) => l.grossPaise))).toBe(document.itemsPaise);
    const off = lines.flatMap((l) => [l.lineDiscountPaise, l.billDiscountPaise]);
    expect(addPaise(zeroPaise, ...off)).toBe(document.discountPaise);
    const money = document.type === 'bill' ? document.tenders : document.refunds;
    expect(addPaise(...money.map((t) => t.amountPaise))).toBe(document.payablePaise);
  });

  it('is printed by today’s receipt', () => {
    const options = {
      widthMm: 80 as const,
      language: 'en' as const,
      shop: { name: 'Shop', address: 'Road', phone: null, fssai: null, upiAddress: null, footer: null },
      isDuplicate: false,
      measure: (text: string) => text.length * 12,
    };
    const layout = document.type === 'bill' ? layoutBill(document, options) : layoutCreditNote(document, options);
    expect(JSON.stringify(layout)).toContain(document.number);
  });
});

describe('today’s core', () => {
  it.each(documents.filter(([, d]) => d.type === 'bill'))('re-derives every line of %s', (_, document) => {
    const chargesTax = document.seller.gstin !== null && !document.seller.isComposition;
    for (const line of linesOf(document)) {
      expect(line.netPaise).toBe(line.grossPaise - line.lineDiscountPaise - line.billDiscountPaise);
      // "₹200 worth" costs just that; every other line its price times its quantity.
      if (line.name !== 'Toor dal loose') {
        expect(line.grossPaise).toBe(amountOf(line.sellingPricePaise, line.qtyMilli));
      }
      const split = computeLineTax({
        amountPaise: line.netPaise,
        qtyMilli: line.qtyMilli,
        isInclusive: line.isInclusive,
        supply: document.supply,
        rate: line.rate,
        rspPaise: line.mrpPaise,
        chargesTax,
      });
      expect(split).toEqual(line.split);
      expect(lineTotal(line.netPaise, line.isInclusive, split)).toBe(line.totalPaise);
    }
  });

  it('makes the golden credit note out of the golden bill again', () => {
    const bill = read<Bill>('v1-bill-mixed.json');
    const note = read<CreditNote>('v1-credit-note.json');
    const made = makeCreditNoteForBill(
      bill,
      nothingReturned,
      note.lines.map(({ billLineNo, qtyMilli, isRestocked }) => ({
        billLineNo: billLineNo ?? 0,
        qtyMilli,
        isRestocked,
      })),
      {
        id: note.id,
        reason: note.reason,
        approvedBy: note.approvedBy,
        roundStepPaise: paise(100),
        refundKind: 'cash',
        reference: null,
      },
      note,
    );
    expect(made.ok && { ...made.value }).toEqual(note);
  });
});

describe('today’s database', () => {
  it('keeps each golden document as it is', () => {
    const { dir, remove } = makeFolder();
    const shop = mustOpen(dir);
    try {
      const newId = sampleIds();
      const { desk, items } = setUpDesk(shop, newId, 6);
      const bills = makeBills(shop);
      // The rows point at people, shifts and items that must exist: those of the sample shop stand in.
      const placed = <T extends CommittedDocument>(document: T): T => ({
        ...document,
        ...desk,
        lines: document.lines.map((l, i) => ({ ...l, itemId: l.itemId === null ? null : items[i]?.id, batchId: null })),
      });
      for (const [name, document] of documents.toSorted(([, a], [, b]) => a.type.localeCompare(b.type))) {
        const kept = placed(document);
        shop.transact(() => {
          if (kept.type === 'bill') bills.insertBill(kept);
          else bills.insertCreditNote(kept);
        });
        expect(kept.type === 'bill' ? bills.bill(kept.id) : bills.creditNote(kept.id), name).toEqual(kept);
      }
    } finally {
      shop.close();
      remove();
    }
  });
});
