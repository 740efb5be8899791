/**
 * Item: what the shop sells. An item has one base unit in which stock is counted; each barcode may sell
 * another pack of it at a price of its own; each batch (lot) may carry another MRP. Rule kept: prices are
 * always named (MRP, sellingPrice, costPrice) and given per sale unit. Never reads a database.
 */
import type { Uuid } from '../ids.ts';
import type { Paise } from '../money.ts';
import type { Milli, Unit } from '../quantity.ts';
import type { BusinessDate } from '../time.ts';

/** A code that finds an item: a GTIN, an in-store code or the shop's own. */
export type ItemBarcode = {
  readonly code: string;
  /** Base-unit milli-quantity that one scan of this code sells: 1000 = one piece, 12000 = a case of twelve. */
  readonly packQtyMilli: Milli;
  /** What the pack is called on the bill ("case of 12"); null for the base unit. */
  readonly packName: string | null;
  /** Price of the whole pack; null = the item's own price × quantity. */
  readonly sellingPricePaise: Paise | null;
  readonly mrpPaise: Paise | null;
};

/** A lot of an item: same goods, its own MRP, price, expiry. One item may have several with stock at once. */
export type Batch = {
  readonly id: Uuid;
  readonly code: string | null;
  readonly mrpPaise: Paise | null;
  readonly sellingPricePaise: Paise;
  readonly packedOn: BusinessDate | null;
  readonly expiresOn: BusinessDate | null;
};

export type Item = {
  readonly id: Uuid;
  /** The shop's own short code; unique, searchable. */
  readonly code: string;
  readonly name: string;
  readonly nameHi: string | null;
  readonly brand: string | null;
  readonly category: string | null;
  readonly unit: Unit;
  readonly hsn: string | null;
  /** Key of a dated tax class (core/gst/rates.ts); null = not chosen yet, sold at the shop's default and flagged. */
  readonly taxClassKey: string | null;
  readonly isInclusive: boolean;
  readonly mrpPaise: Paise | null;
  /** Per 1000 milli of the base unit. */
  readonly sellingPricePaise: Paise;
  readonly costPricePaise: Paise | null;
  /** Place on the loose-goods board: page × 9 + slot, 0-based; null = not on it. */
  readonly looseSlot: number | null;
  readonly isActive: boolean;
  readonly barcodes: readonly ItemBarcode[];
  readonly batches: readonly Batch[];
};

/** What keeps an item from being complete; it can be sold all the same, and is listed for the owner. */
export type ItemFlag = 'noHsn' | 'noTaxClass' | 'noCost';

export const itemFlags = (item: Pick<Item, 'hsn' | 'taxClassKey' | 'costPricePaise'>): readonly ItemFlag[] => [
  ...(item.hsn === null ? (['noHsn'] as const) : []),
  ...(item.taxClassKey === null ? (['noTaxClass'] as const) : []),
  ...(item.costPricePaise === null ? (['noCost'] as const) : []),
];
