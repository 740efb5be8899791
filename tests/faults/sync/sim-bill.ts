/**
 * Bills for the simulator: real documents that add up, cheap to make. Rule kept: the server's own code judges them,
 * so a bill that is meant to be refused is a real one with one amount changed.
 */
import type { PushEntry } from '#contract/sync.ts';
import { documentNumber } from '#core/billing/bill-number.ts';
import type { Bill } from '#core/documents.ts';
import { computeLineTax } from '#core/gst/tax.ts';
import type { Uuid } from '#core/ids.ts';
import { basisPoints, type Paise, paise } from '#core/money.ts';
import { milli } from '#core/quantity.ts';
import { type BusinessDate, type FinancialYear, instant } from '#core/time.ts';

const year = '2026-27' as FinancialYear;
const rate = { rateBp: basisPoints(500), cess: null, treatment: 'taxable', valuation: 'transactionValue' } as const;
const seller = { name: 'Sim', address: '', stateCode: '08', gstin: '08ABCPS1234F1Z5', isComposition: false } as const;

export type SimTillIds = { readonly storeId: Uuid; readonly tillId: Uuid };

/** A bill of one line. `day` counts from 1 Nov 2026. */
export function simBill(
  ids: SimTillIds,
  series: string,
  sequence: number,
  id: Uuid,
  day: number,
  amountPaise: Paise,
  isForged: boolean,
): Bill {
  const split = computeLineTax({
    amountPaise,
    qtyMilli: milli(1000),
    isInclusive: true,
    supply: 'intraState',
    rate,
    rspPaise: null,
    chargesTax: true,
  });
  const number = documentNumber(series, year, sequence);
  return {
    type: 'bill',
    schemaVersion: 1,
    id,
    ...ids,
    shiftId: ids.tillId,
    cashierId: ids.tillId,
    cashierName: 'Sim',
    number: number.ok ? number.value : '',
    series,
    financialYear: year,
    sequence,
    businessDate: `2026-11-${String(day).padStart(2, '0')}` as BusinessDate,
    occurredAtMs: instant(sequence),
    seller,
    customer: null,
    placeOfSupply: '08',
    supply: 'intraState',
    title: 'taxInvoice',
    itemsPaise: amountPaise,
    discountPaise: paise(0),
    split,
    roundOffPaise: paise(0),
    payablePaise: isForged ? paise(amountPaise + 100) : amountPaise,
    lines: [
      {
        lineNo: 1,
        itemId: null,
        barcode: null,
        name: 'Soap',
        nameHi: null,
        hsn: '3401',
        unit: 'pc',
        packName: null,
        qtyMilli: milli(1000),
        packQtyMilli: milli(1000),
        batchId: null,
        batchCode: null,
        expiresOn: null,
        mrpPaise: null,
        sellingPricePaise: amountPaise,
        isInclusive: true,
        grossPaise: amountPaise,
        lineDiscountPaise: paise(0),
        billDiscountPaise: paise(0),
        netPaise: amountPaise,
        rate,
        split,
        totalPaise: amountPaise,
      },
    ],
    tenders: [{ kind: 'cash', amountPaise, receivedPaise: amountPaise, status: 'received', reference: null }],
    changePaise: paise(0),
  };
}

export const simEntry = (bill: Bill, seq: number): PushEntry => ({
  seq,
  kind: 'bill',
  id: bill.id,
  atMs: seq,
  content: JSON.stringify(bill),
});
