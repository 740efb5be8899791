/**
 * The words of an import of items: which fields a file can fill, why a row is refused, and what a good row
 * becomes before it has ids and codes of its own. Rule kept: every refusal is one of a closed list, so that a
 * report can count it and a screen can translate it. Holds types only, and the order of the fields.
 */
import type { Paise } from '../money.ts';
import type { Milli, Unit } from '../quantity.ts';

export const importFields = [
  'name',
  'nameHi',
  'code',
  'barcode',
  'brand',
  'category',
  'unit',
  'hsn',
  'rate',
  'taxClass',
  'isInclusive',
  'mrp',
  'sellingPrice',
  'costPrice',
  'openingStock',
] as const;
export type ImportField = (typeof importFields)[number];
export const isImportField = (text: string): text is ImportField => importFields.some((field) => field === text);

export type ImportRefusal =
  | 'NAME_MISSING'
  | 'NAME_TOO_LONG'
  | 'PRICE_MISSING'
  | 'PRICE_INVALID'
  | 'PRICE_NOT_POSITIVE'
  | 'PRICE_ABOVE_MRP'
  | 'MRP_INVALID'
  | 'COST_INVALID'
  | 'BARCODE_CHECK_DIGIT'
  | 'BARCODE_INVALID'
  | 'BARCODE_DUPLICATE'
  | 'CODE_DUPLICATE'
  | 'HSN_INVALID'
  | 'HSN_UNKNOWN'
  | 'RATE_INVALID'
  | 'UNIT_UNKNOWN'
  | 'STOCK_INVALID'
  | 'ROW_BROKEN';

/** Field → the heading of the column that fills it. */
export type ImportMapping = Readonly<Partial<Record<ImportField, string>>>;

/** What a row takes where it says nothing itself. */
export type ImportDefaults = {
  readonly unit: Unit;
  readonly isInclusive: boolean;
  /** Class for rows without a rate; null = imported without one and flagged. */
  readonly taxClassKey: string | null;
  /** Category as the file writes it → class; goes before taxClassKey. */
  readonly taxClassByCategory: Readonly<Record<string, string>>;
};

export type RowRefusal = {
  readonly reason: ImportRefusal;
  /** Where to mend; null when the row as a whole is broken. */
  readonly field: ImportField | null;
  /** What stood there. */
  readonly value: string;
};

/** A good row: an item but for its id, and for codes that the shop gives where the file has none. */
export type DraftItem = {
  readonly name: string;
  readonly nameHi: string | null;
  readonly code: string | null;
  readonly brand: string | null;
  readonly category: string | null;
  readonly unit: Unit;
  readonly hsn: string | null;
  readonly taxClassKey: string | null;
  readonly isInclusive: boolean;
  readonly mrpPaise: Paise | null;
  readonly sellingPricePaise: Paise;
  readonly costPricePaise: Paise | null;
  /** Null when the file says nothing or nought. */
  readonly openingStockMilli: Milli | null;
  /** Canonical GTINs and codes of the shop; empty: it gets an in-store code. */
  readonly barcodes: readonly string[];
};
