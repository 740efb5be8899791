/**
 * Reads the sheets of an XLSX file as rows of text, streaming, so that the counter isn't held up. Rule kept:
 * a cell reads as a person sees it (a formula's result, a percentage with its %, leading zeros of the format),
 * numbers with the fifteen digits a spreadsheet has. exceljs is loaded only when such a file comes.
 */
import { makeBreather } from './breathe.ts';
import type { TableRow } from './import-csv.ts';
import { readZip, writeStoredZip } from './zip-file.ts';

/** Unpacked bytes that a workbook may have; more is a mistake or a bomb. */
const maxUnpackedBytes = 250_000_000;
const maxColumns = 200;

const numberText = (n: number, format: string): string => {
  if (!Number.isFinite(n)) return '';
  const exact = Number(n.toPrecision(15));
  // Text in quotes inside a format is only decoration.
  const bare = format.replaceAll(/"[^"]*"|\\./g, '');
  if (bare.includes('%')) return `${Number((exact * 100).toPrecision(12))}%`;
  const zeros = /^0+$/.exec(bare)?.[0].length ?? 0;
  if (zeros > 1 && Number.isInteger(exact) && exact >= 0) return String(exact).padStart(zeros, '0');
  const text = String(exact);
  return /e-/.test(text) ? exact.toFixed(15).replace(/\.?0+$/, '') : text;
};

const hasKey = <K extends string>(value: object, key: K): value is Record<K, unknown> => Object.hasOwn(value, key);

/** A cell's value as exceljs gives it → the text a person sees. */
export function cellText(value: unknown, format: string): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return numberText(value, format);
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString().slice(0, 10);
  if (typeof value !== 'object') return '';
  if (hasKey(value, 'richText') && Array.isArray(value.richText)) {
    return value.richText
      .map((run: unknown) => (run !== null && typeof run === 'object' && hasKey(run, 'text') ? String(run.text) : ''))
      .join('');
  }
  if (hasKey(value, 'result')) return cellText(value.result, format);
  if (hasKey(value, 'text')) return cellText(value.text, format);
  if (hasKey(value, 'error')) return String(value.error);
  return '';
}

/** Parts of a workbook that are read, in the order that lets the reader go through once; the rest is left out. */
const parts = [
  /^xl\/_rels\/workbook\.xml\.rels$/,
  /^xl\/workbook\.xml$/,
  /^xl\/sharedStrings\.xml$/,
  /^xl\/styles\.xml$/,
  /^xl\/worksheets\/sheet\d+\.xml$/,
] as const;
const placeOf = (name: string): number => parts.findIndex((part) => part.test(name));

export type Sheets =
  | { readonly ok: true; readonly sheets: readonly (readonly TableRow[])[] }
  | { readonly ok: false; readonly reason: 'notTable' | 'tooLarge' };

/** Rows of each sheet, blank ones left out; refused when it is no workbook or has more than `maxRows` rows. */
export async function readXlsxSheets(file: Buffer, maxRows: number, onRead: (rows: number) => void): Promise<Sheets> {
  const zip = await readZip(file, (name) => placeOf(name) >= 0, maxUnpackedBytes);
  if (!zip.ok) return { ok: false, reason: zip.reason === 'tooLarge' ? 'tooLarge' : 'notTable' };
  if (!zip.entries.some((entry) => entry.name === 'xl/workbook.xml')) return { ok: false, reason: 'notTable' };
  const ordered = zip.entries.toSorted((a, b) => placeOf(a.name) - placeOf(b.name));
  const module = await import('exceljs');
  const workbook = new module.default.Workbook();
  try {
    // Not the streaming reader: it loses a whole sheet now and then, depending on how its streams interleave.
    const bytes = Buffer.concat(writeStoredZip(ordered));
    await workbook.xlsx.load(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  } catch (cause) {
    // The parser's own complaint: whatever it says, to a person the file is no table.
    if (cause instanceof Error) return { ok: false, reason: 'notTable' };
    throw cause;
  }
  const breathe = makeBreather();
  const sheets: TableRow[][] = [];
  let count = 0;
  for (const sheet of workbook.worksheets) {
    const rows: TableRow[] = [];
    count += sheet.actualRowCount;
    if (count > maxRows) return { ok: false, reason: 'tooLarge' };
    for (let rowNo = 1; rowNo <= sheet.rowCount; rowNo += 1) {
      const cells: string[] = [];
      sheet.findRow(rowNo)?.eachCell({ includeEmpty: true }, (cell, column) => {
        // Of a merged area only its first cell speaks.
        if (column > maxColumns || (cell.isMerged && cell.master !== cell)) return;
        cells[column - 1] = cellText(cell.value, cell.numFmt ?? '');
      });
      const filled = Array.from(cells, (cell) => cell ?? '');
      if (filled.some((cell) => cell.trim() !== '')) rows.push({ rowNo, cells: filled, broken: null });
      const pause = breathe();
      if (pause !== undefined) {
        onRead(rows.length);
        await pause;
      }
    }
    sheets.push(rows);
  }
  return { ok: true, sheets };
}
