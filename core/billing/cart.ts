/**
 * Cart: a bill in the making, as plain data. Its id becomes the bill's id, so committing twice is
 * harmless. Rule kept: a cart holds what a person chose (item, quantity, price, discount), never a
 * computed amount; amounts come from price-cart.ts each time.
 */
import type { Gstin } from '../gst/gstin.ts';
import type { Uuid } from '../ids.ts';
import type { BasisPoints, Paise } from '../money.ts';
import type { Milli, Unit } from '../quantity.ts';
import type { BusinessDate, Instant } from '../time.ts';

/** Off the price: so many paise from the whole line (or bill), or a share of it. */
export type Discount =
  | { readonly kind: 'amount'; readonly amountPaise: Paise }
  | { readonly kind: 'percent'; readonly rateBp: BasisPoints };

export type CartLine = {
  readonly kind: 'item';
  readonly id: Uuid;
  /** null: a price-only line, goods that are not in the catalogue. */
  readonly itemId: Uuid | null;
  readonly barcode: string | null;
  readonly name: string;
  readonly nameHi: string | null;
  readonly unit: Unit;
  readonly hsn: string | null;
  readonly taxClassKey: string;
  readonly isInclusive: boolean;
  /** In sale units: for a case barcode 1000 = one case. */
  readonly qtyMilli: Milli;
  /** Base-unit milli in one sale unit (1000 unless a pack barcode was scanned). */
  readonly packQtyMilli: Milli;
  readonly packName: string | null;
  readonly batchId: Uuid | null;
  readonly batchCode: string | null;
  readonly expiresOn: BusinessDate | null;
  readonly mrpPaise: Paise | null;
  /** Per sale unit, after a price change by hand. */
  readonly sellingPricePaise: Paise;
  readonly isPriceChanged: boolean;
  readonly discount: Discount | null;
  /** How the quantity came: keys, a scale label, money's worth ("₹20 ka"). Shown, never computed with. */
  readonly measuredBy: 'count' | 'label' | 'scale' | 'worth' | 'typed';
  /**
   * The exact amount a price label carries or a customer asked for in rupees; the line then costs just that
   * (before discounts) while the quantity is what it buys, rounded. null: rate × quantity.
   */
  readonly fixedAmountPaise: Paise | null;
};

/** A code nobody knows: red, blocks Pay until settled, so goods never leave unpaid. */
export type UnknownLine = {
  readonly kind: 'unknown';
  readonly id: Uuid;
  readonly code: string;
  readonly qtyMilli: Milli;
};
export type AnyCartLine = CartLine | UnknownLine;

export type CartCustomer = {
  readonly mobile: string | null;
  readonly name: string | null;
  readonly gstin: Gstin | null;
  readonly address: string | null;
  /** GST state code; null = the shop's own state. */
  readonly placeOfSupply: string | null;
};

export type TenderKind = 'cash' | 'upi' | 'card' | 'creditNote';
export type TenderStatus = 'received' | 'waiting';
export type CartTender = {
  readonly id: Uuid;
  readonly kind: TenderKind;
  /** What was handed over; for cash it may exceed what is due, the rest is change. */
  readonly amountPaise: Paise;
  readonly status: TenderStatus;
  /** UPI: the `tr` shown in the QR. Card: last four digits and approval code. */
  readonly reference: string | null;
};

export type Cart = {
  readonly id: Uuid;
  readonly openedAtMs: Instant;
  readonly cashierId: Uuid;
  /** Counts every change; a screen that shows an older one is behind. */
  readonly version: number;
  readonly lines: readonly AnyCartLine[];
  readonly billDiscount: Discount | null;
  readonly customer: CartCustomer | null;
  readonly tenders: readonly CartTender[];
};

export const emptyCart = (id: Uuid, openedAtMs: Instant, cashierId: Uuid): Cart => ({
  id,
  openedAtMs,
  cashierId,
  version: 0,
  lines: [],
  billDiscount: null,
  customer: null,
  tenders: [],
});

export const isItemLine = (line: AnyCartLine): line is CartLine => line.kind === 'item';
