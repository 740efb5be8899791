/**
 * What the till tells of an import of items: the draft, the report of every row refused and why, the
 * progress. Rule kept: nothing is written before a person said so, and a refused row is never lost.
 */
import type { ImportField, ImportMapping, ImportRefusal } from '#core/catalogue/import-types.ts';
import type { Uuid } from '#core/ids.ts';

export type { ImportField, ImportRefusal } from '#core/catalogue/import-types.ts';

export type ImportDraft = {
  readonly importId: Uuid;
  readonly fileName: string;
  readonly columns: readonly string[];
  readonly guess: ImportMapping;
  readonly sample: readonly (readonly string[])[];
  readonly rows: number;
};
export type RefusedRow = {
  /** Row of the file as a spreadsheet counts it: the first row is 1, headings included. */
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
  /** Categories of good rows that have no tax class yet, most rows first: where a default would help. */
  readonly untaxedCategories: readonly { readonly category: string; readonly rows: number }[];
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
