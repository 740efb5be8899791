/**
 * What the till tells of an import of items: the draft, the report of every row refused and why, the
 * progress. Rule kept: nothing is written before a person said so, and a refused row is never lost.
 */
import type { Uuid } from '#core/ids.ts';

export type ImportField =
  | 'name'
  | 'nameHi'
  | 'code'
  | 'barcode'
  | 'brand'
  | 'category'
  | 'unit'
  | 'hsn'
  | 'rate'
  | 'taxClass'
  | 'isInclusive'
  | 'mrp'
  | 'sellingPrice'
  | 'costPrice'
  | 'openingStock';
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
export type ImportDraft = {
  readonly importId: Uuid;
  readonly fileName: string;
  readonly columns: readonly string[];
  readonly guess: Readonly<Partial<Record<ImportField, string>>>;
  readonly sample: readonly (readonly string[])[];
  readonly rows: number;
};
export type RefusedRow = {
  readonly rowNo: number;
  readonly reason: ImportRefusal;
  readonly field: ImportField | null;
  readonly value: string;
  readonly name: string;
};
export type ImportReport = {
  readonly importId: Uuid;
  readonly rows: number;
  readonly addable: number;
  readonly flagged: { readonly noHsn: number; readonly noTaxClass: number; readonly noBarcode: number };
  readonly refused: Readonly<Partial<Record<ImportRefusal, number>>>;
  readonly refusedRows: readonly RefusedRow[];
};
export type ImportDone = {
  readonly rows: number;
  readonly added: number;
  readonly refused: Readonly<Partial<Record<ImportRefusal, number>>>;
  readonly seconds: number;
};
export type ImportProgress = {
  readonly importId: Uuid;
  readonly doing: 'reading' | 'checking' | 'writing' | 'done' | 'cancelled';
  readonly done: number;
  readonly total: number;
};
