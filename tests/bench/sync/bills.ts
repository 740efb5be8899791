/**
 * Bills for the sync benches: eight lines each, as a till makes them, and batches of them packed as a till sends
 * them. Rule kept: every amount comes from core's own arithmetic, so that the server takes them; they are made before
 * the clock runs.
 */
import { randomBytes } from 'node:crypto';
import type { PushEntry } from '#contract/sync.ts';
import { documentNumber } from '#core/billing/bill-number.ts';
import type { Bill, BillLine } from '#core/documents.ts';
import { addSplits, computeLineTax } from '#core/gst/tax.ts';
import { makeIds, type NewId, type Uuid } from '#core/ids.ts';
import { addPaise, amountOf, basisPoints, paise } from '#core/money.ts';
import { milli } from '#core/quantity.ts';
import { businessDateOf, financialYearOf, instant } from '#core/time.ts';
import { packPush } from '#till/sync/pack-push.ts';

export const linesOfBill = 8;
export type BenchTill = { readonly storeId: Uuid; readonly tillId: Uuid; readonly access: string };
export type PackedBatch = { readonly till: BenchTill; readonly entries: number; readonly body: Buffer };

const names = [
  'Surf Excel Easy Wash 1 kg',
  'Parle-G 800 g',
  'Tata Salt 1 kg',
  'Fortune Sunflower Oil 1 L',
  'Amul Butter 500 g',
];
const hindi = ['सर्फ एक्सेल ईज़ी वॉश', 'पारले-जी', 'टाटा नमक', 'फॉर्च्यून सनफ्लावर तेल', 'अमूल मक्खन'];
const seller = {
  name: 'Sharma Kirana Stores',
  address: 'Bapu Bazaar, Jaipur 302003',
  stateCode: '08',
  gstin: '08ABCPS1234F1Z5',
  isComposition: false,
} as const;
const rateOf = (rateBp: number) =>
  ({ rateBp: basisPoints(rateBp), cess: null, treatment: 'taxable', valuation: 'transactionValue' }) as const;
const rates = [rateOf(0), rateOf(500), rateOf(1_800)] as const;
const catalogueSize = 3_000;
const itemId = (n: number): Uuid => `01935000-0000-7000-9000-${String(n).padStart(12, '0')}` as Uuid;

/** A few things sell every minute, most now and then. */
const soldItem = (): number => Math.floor(catalogueSize * Math.random() ** 2);

function makeLine(lineNo: number): BillLine {
  const item = soldItem();
  const sellingPricePaise = paise(1_000 + ((item * 137) % 40_000));
  const qtyMilli = milli(1_000 * (1 + (item % 3)));
  const amount = amountOf(sellingPricePaise, qtyMilli);
  const rate = rates[item % rates.length] ?? rates[0];
  const split = computeLineTax({
    amountPaise: amount,
    qtyMilli,
    isInclusive: true,
    supply: 'intraState',
    rate,
    rspPaise: sellingPricePaise,
    chargesTax: true,
  });
  return {
    lineNo,
    itemId: itemId(item),
    barcode: String(8_901_000_000_000 + item),
    name: names[item % names.length] ?? '',
    nameHi: hindi[item % hindi.length] ?? null,
    hsn: '34022010',
    unit: 'pc',
    packName: null,
    qtyMilli,
    packQtyMilli: milli(1_000),
    batchId: null,
    batchCode: null,
    expiresOn: null,
    mrpPaise: sellingPricePaise,
    sellingPricePaise,
    isInclusive: true,
    grossPaise: amount,
    lineDiscountPaise: paise(0),
    billDiscountPaise: paise(0),
    netPaise: amount,
    rate,
    split,
    totalPaise: amount,
  };
}

export type BillMaker = { readonly till: BenchTill; readonly nextEntry: (daysBack?: number) => PushEntry };

const systemIds = (): NewId => makeIds({ now: () => instant(Date.now()) }, (n) => randomBytes(n));

/** Bills of one till, its numbers and its journal in order. `seriesCode` is the till's own within the GSTIN. */
export function makeBillMaker(till: BenchTill, seriesCode: string): BillMaker {
  const newId = systemIds();
  const shiftId = newId();
  let sequence = 0;
  return {
    till,
    nextEntry: (daysBack = 0) => {
      sequence += 1;
      const occurredAtMs = instant(Date.now() - daysBack * 86_400_000);
      const day = businessDateOf(occurredAtMs);
      const financialYear = financialYearOf(day);
      const number = documentNumber(seriesCode, financialYear, sequence);
      if (!number.ok) throw new Error(`no number: ${number.error.type}`);
      const lines = Array.from({ length: linesOfBill }, (_, n) => makeLine(n + 1));
      const payablePaise = addPaise(...lines.map((line) => line.totalPaise));
      const bill: Bill = {
        type: 'bill',
        schemaVersion: 1,
        id: newId(),
        storeId: till.storeId,
        tillId: till.tillId,
        shiftId,
        cashierId: shiftId,
        cashierName: 'Meena',
        number: number.value,
        series: seriesCode,
        financialYear,
        sequence,
        businessDate: day,
        occurredAtMs,
        seller,
        customer: null,
        placeOfSupply: '08',
        supply: 'intraState',
        title: 'taxInvoice',
        itemsPaise: payablePaise,
        discountPaise: paise(0),
        split: addSplits(...lines.map((line) => line.split)),
        roundOffPaise: paise(0),
        payablePaise,
        lines,
        tenders: [
          { kind: 'cash', amountPaise: payablePaise, receivedPaise: payablePaise, status: 'received', reference: null },
        ],
        changePaise: paise(0),
      };
      return { seq: sequence, kind: 'bill', id: bill.id, atMs: occurredAtMs, content: JSON.stringify(bill) };
    },
  };
}

/** As till/sync/send-http.ts sends them. */
export const packBatch = async (till: BenchTill, entries: readonly PushEntry[]): Promise<PackedBatch> => ({
  till,
  entries: entries.length,
  body: await packPush(entries),
});
