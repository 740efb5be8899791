/**
 * Documents for the simulator: real ones that add up, cheap to make. Rule kept: the server's own code judges them, so
 * one that is meant to be refused is a real one with one amount changed.
 */
import { documentNumber } from '#core/billing/bill-number.ts';
import type { Bill, BillLine, CommittedDocument, CreditNote } from '#core/documents.ts';
import { computeLineTax } from '#core/gst/tax.ts';
import type { Uuid } from '#core/ids.ts';
import { basisPoints, paise } from '#core/money.ts';
import { milli } from '#core/quantity.ts';
import { businessDateOf, financialYearOf, type Instant } from '#core/time.ts';

const rate = { rateBp: basisPoints(500), cess: null, treatment: 'taxable', valuation: 'transactionValue' } as const;
const seller = { name: 'Sim', address: '', stateCode: '08', gstin: '08ABCPS1234F1Z5', isComposition: false } as const;
const nothing = paise(0);

/** Everybody's shift and cashier: rows that each till's books have from the start. */
export const shiftId = '00000000-0000-7000-8000-c00000000001' as Uuid;
export const cashierId = '00000000-0000-7000-8000-c00000000002' as Uuid;
/** Goods that every shop has had before head office. */
export const goods = [1, 2, 3].map((n) => `00000000-0000-7000-8000-a0000000000${n}` as Uuid);

export type SimTillIds = { readonly storeId: Uuid; readonly tillId: Uuid };
export type Sale = SimTillIds & {
  readonly id: Uuid;
  readonly series: string;
  readonly sequence: number;
  readonly atMs: Instant;
  readonly itemId: Uuid;
  readonly pieces: number;
  /** Pieces in each. */
  readonly inPack: number;
  readonly pricePaise: number;
  /** The total is said one rupee too high. */
  readonly isForged: boolean;
};

type Head = Omit<Sale, 'itemId' | 'pieces' | 'inPack' | 'pricePaise' | 'isForged'>;

function headOf(sale: Head) {
  const businessDate = businessDateOf(sale.atMs);
  const financialYear = financialYearOf(businessDate);
  const number = documentNumber(sale.series, financialYear, sale.sequence);
  if (!number.ok) throw new Error(`no number ${sale.series} ${sale.sequence}`);
  return {
    schemaVersion: 1,
    id: sale.id,
    storeId: sale.storeId,
    tillId: sale.tillId,
    shiftId,
    cashierId,
    cashierName: 'Sim',
    number: number.value,
    series: sale.series,
    financialYear,
    sequence: sale.sequence,
    businessDate,
    occurredAtMs: sale.atMs,
    seller,
    customer: null,
    placeOfSupply: '08',
    supply: 'intraState',
    discountPaise: nothing,
    roundOffPaise: nothing,
  } as const;
}

/** A bill of one line. */
export function simBill(sale: Sale): Bill {
  const amountPaise = paise(sale.pricePaise * sale.pieces);
  const qtyMilli = milli(1000 * sale.pieces);
  const split = computeLineTax({
    amountPaise,
    qtyMilli,
    isInclusive: true,
    supply: 'intraState',
    rate,
    rspPaise: null,
    chargesTax: true,
  });
  const line: BillLine = {
    lineNo: 1,
    itemId: sale.itemId,
    barcode: null,
    name: 'Soap',
    nameHi: null,
    hsn: '3401',
    unit: 'pc',
    packName: null,
    qtyMilli,
    packQtyMilli: milli(1000 * sale.inPack),
    batchId: null,
    batchCode: null,
    expiresOn: null,
    mrpPaise: null,
    sellingPricePaise: paise(sale.pricePaise),
    isInclusive: true,
    grossPaise: amountPaise,
    lineDiscountPaise: nothing,
    billDiscountPaise: nothing,
    netPaise: amountPaise,
    rate,
    split,
    totalPaise: amountPaise,
  };
  return {
    type: 'bill',
    ...headOf(sale),
    title: 'taxInvoice',
    itemsPaise: amountPaise,
    split,
    payablePaise: sale.isForged ? paise(amountPaise + 100) : amountPaise,
    lines: [line],
    tenders: [{ kind: 'cash', amountPaise, receivedPaise: amountPaise, status: 'received', reference: null }],
    changePaise: nothing,
  };
}

/** The whole bill comes back. */
export function simCreditNote(bill: Bill, sale: Head & { readonly isRestocked: boolean }): CreditNote {
  return {
    type: 'creditNote',
    ...headOf(sale),
    billId: bill.id,
    billNumber: bill.number,
    billDate: bill.businessDate,
    reason: 'notWanted',
    approvedBy: null,
    itemsPaise: bill.itemsPaise,
    split: bill.split,
    payablePaise: bill.payablePaise,
    lines: bill.lines.map((line) => ({ ...line, billLineNo: line.lineNo, isRestocked: sale.isRestocked })),
    refunds: bill.tenders,
  };
}

export const sumsOf = (d: CommittedDocument) => ({
  bills: d.type === 'bill' ? 1 : 0,
  notes: d.type === 'bill' ? 0 : 1,
  sales: d.type === 'bill' ? d.payablePaise : 0,
  refunds: d.type === 'bill' ? 0 : d.payablePaise,
});
