/**
 * What a person is told of a checked file: counts, flags, every refused row, and the refused rows as a file.
 * Rule kept: the file holds the original columns untouched (but for what was mended on the screen), with the
 * reason before them, and can be imported again. Checks nothing.
 */
import { reasonPrefix } from '#core/catalogue/import-columns.ts';
import {
  type DraftItem,
  type ImportField,
  type ImportMapping,
  type ImportRefusal,
  importFields,
  type RowRefusal,
} from '#core/catalogue/import-types.ts';
import type { Uuid } from '#core/ids.ts';
import type { Result } from '#core/result.ts';
import type { ImportReport, RefusedRow } from '#contract/import-views.ts';
import { makeBreather } from './breathe.ts';
import { writeCsv } from './import-csv.ts';
import type { ImportTable } from './import-file.ts';

export type CheckedRow = {
  readonly rowNo: number;
  readonly name: string;
  /** The row by itself. */
  readonly read: Result<DraftItem, RowRefusal>;
  /** The row among the others and in this shop; null = it can be added. */
  readonly refusal: RowRefusal | null;
};

type Counts = Partial<Record<ImportRefusal, number>>;

export function countRefused(rows: readonly CheckedRow[]): Readonly<Counts> {
  const counts: Counts = {};
  for (const { refusal } of rows) if (refusal !== null) counts[refusal.reason] = (counts[refusal.reason] ?? 0) + 1;
  return counts;
}

const maxShownValue = 300;

export async function makeReport(importId: Uuid, rows: readonly CheckedRow[]): Promise<ImportReport> {
  const breathe = makeBreather();
  const refusedRows: RefusedRow[] = [];
  const untaxed = new Map<string, number>();
  const flagged = { noHsn: 0, noTaxClass: 0, noBarcode: 0 };
  for (const { rowNo, name, read, refusal } of rows) {
    if (refusal !== null) {
      const { reason, field, value } = refusal;
      refusedRows.push({ rowNo, reason, field, value: value.slice(0, maxShownValue), name });
    } else if (read.ok) {
      const item = read.value;
      if (item.hsn === null) flagged.noHsn += 1;
      if (item.barcodes.length === 0) flagged.noBarcode += 1;
      if (item.taxClassKey === null) {
        flagged.noTaxClass += 1;
        if (item.category !== null) untaxed.set(item.category, (untaxed.get(item.category) ?? 0) + 1);
      }
    }
    await breathe();
  }
  return {
    importId,
    rows: rows.length,
    addable: rows.length - refusedRows.length,
    flagged,
    untaxedCategories: [...untaxed]
      .map(([category, count]) => ({ category, rows: count }))
      .sort((a, b) => b.rows - a.rows)
      .slice(0, 200),
    refused: countRefused(rows),
    refusedRows,
  };
}

const ownColumns = [`${reasonPrefix} reason`, `${reasonPrefix} field`, `${reasonPrefix} value`] as const;

/** The refused rows as CSV. A field that was mended but has no column gets one, so that nothing typed is lost. */
export async function writeRefused(
  table: ImportTable,
  mapping: ImportMapping,
  mended: ReadonlyMap<number, ReadonlyMap<ImportField, string>>,
  rows: readonly CheckedRow[],
): Promise<string> {
  const added = importFields.filter(
    (field) => mapping[field] === undefined && [...mended.values()].some((typed) => typed.has(field)),
  );
  const columns = [...ownColumns, ...table.columns, ...added];
  const fieldOf = new Map(
    importFields.flatMap((field) => (mapping[field] === undefined ? [] : [[mapping[field], field]])),
  );
  const breathe = makeBreather();
  const lines: string[][] = [];
  for (const [i, { rowNo, refusal }] of rows.entries()) {
    const row = table.rows[i];
    if (refusal === null || row === undefined) continue;
    const typed = mended.get(rowNo);
    const cells = row.cells.map((cell, c) => {
      const field = fieldOf.get(table.columns[c] ?? '');
      return (field === undefined ? undefined : typed?.get(field)) ?? cell;
    });
    const reason = [refusal.reason, refusal.field ?? '', refusal.value.slice(0, maxShownValue)];
    lines.push([...reason, ...cells, ...added.map((field) => typed?.get(field) ?? '')]);
    await breathe();
  }
  return writeCsv(columns, lines);
}
