/**
 * Documents: the closed, versioned union of facts that leave a till. Rule kept: a committed document never
 * changes; a correction is a new document (a credit note). Everything a receipt, a return or a tax form
 * needs is inside, as it was on the day. `schemaVersion` rises with each change of shape; golden files of
 * every version ever shipped are replayed in tests.
 */
import type { CartCustomer, TenderKind, TenderStatus } from './billing/cart.ts';
import type { Supply, TaxRate, TaxSplit } from './gst/tax.ts';
import type { Uuid } from './ids.ts';
import type { Paise } from './money.ts';
import type { Milli, Unit } from './quantity.ts';
import type { BusinessDate, FinancialYear, Instant } from './time.ts';

/** CGST Rule 46 (TaxInvoice), Rule 49 (BillOfSupply), Rule 46A (both kinds of goods for an unregistered buyer). */
export type BillTitle = 'taxInvoice' | 'billOfSupply' | 'invoiceCumBillOfSupply';

export type BillLine = {
  readonly lineNo: number;
  readonly itemId: Uuid | null;
  readonly barcode: string | null;
  readonly name: string;
  readonly nameHi: string | null;
  readonly hsn: string | null;
  readonly unit: Unit;
  readonly packName: string | null;
  readonly qtyMilli: Milli;
  readonly packQtyMilli: Milli;
  readonly batchId: Uuid | null;
  readonly batchCode: string | null;
  readonly expiresOn: BusinessDate | null;
  readonly mrpPaise: Paise | null;
  readonly sellingPricePaise: Paise;
  readonly isInclusive: boolean;
  /** Price × quantity before any discount. */
  readonly grossPaise: Paise;
  readonly lineDiscountPaise: Paise;
  /** This line's part of the discount on the whole bill. */
  readonly billDiscountPaise: Paise;
  /** gross − discounts, in the price's own mode (with or without tax). */
  readonly netPaise: Paise;
  readonly rate: TaxRate;
  readonly split: TaxSplit;
  /** What the customer pays for the line: net when inclusive, net + taxes when exclusive. */
  readonly totalPaise: Paise;
};

export type Tender = {
  readonly kind: TenderKind;
  /** Counted against the bill; the sum of a bill's tenders is its payable. */
  readonly amountPaise: Paise;
  /** Cash only: what was handed over; equals amount otherwise. */
  readonly receivedPaise: Paise;
  readonly status: TenderStatus;
  readonly reference: string | null;
};

export type Seller = {
  readonly name: string;
  readonly address: string;
  readonly stateCode: string;
  readonly gstin: string | null;
  readonly isComposition: boolean;
};

type Committed = {
  readonly schemaVersion: 1;
  readonly id: Uuid;
  readonly storeId: Uuid;
  readonly tillId: Uuid;
  readonly shiftId: Uuid;
  readonly cashierId: Uuid;
  readonly cashierName: string;
  readonly number: string;
  readonly series: string;
  readonly financialYear: FinancialYear;
  readonly sequence: number;
  readonly businessDate: BusinessDate;
  readonly occurredAtMs: Instant;
  readonly seller: Seller;
  readonly customer: CartCustomer | null;
  readonly placeOfSupply: string;
  readonly supply: Supply;
  readonly itemsPaise: Paise;
  readonly discountPaise: Paise;
  readonly split: TaxSplit;
  readonly roundOffPaise: Paise;
  readonly payablePaise: Paise;
};

export type Bill = Committed & {
  readonly type: 'bill';
  readonly title: BillTitle;
  readonly lines: readonly BillLine[];
  readonly tenders: readonly Tender[];
  readonly changePaise: Paise;
};

/** One returned line; amounts are positive and stand for money going back. */
export type CreditNoteLine = BillLine & {
  /** Line of the bill it was sold on; null without a bill. */
  readonly billLineNo: number | null;
  /** Goods go back on the shelf (false: wastage). */
  readonly isRestocked: boolean;
};

export type ReturnReason = 'damaged' | 'expired' | 'wrongItem' | 'notWanted' | 'priceDispute' | 'other';

export type CreditNote = Committed & {
  readonly type: 'creditNote';
  readonly billId: Uuid | null;
  readonly billNumber: string | null;
  readonly billDate: BusinessDate | null;
  readonly reason: ReturnReason;
  readonly approvedBy: Uuid | null;
  readonly lines: readonly CreditNoteLine[];
  readonly refunds: readonly Tender[];
};

export type CommittedDocument = Bill | CreditNote;
