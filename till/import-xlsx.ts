/**
 * Reads the sheets of an XLSX file as rows of text, streaming, so that the counter isn't held up. Rule kept:
 * a cell reads as a person sees it (a formula's result, a percentage with its %, leading zeros of the format),
 * numbers with the fifteen digits a spreadsheet has. exceljs is loaded only when such a file comes.
 */
import { Readable } from 'node:stream';
import { makeBreather } from './breathe.ts';
import type { TableRow } from './import-csv.ts';

/** Unpacked bytes that a workbook may have; more is a mistake or a bomb. */
const maxUnpackedBytes = 400_000_000;
const maxColumns = 200;

/** Sum of the unpacked sizes that a zip's directory states; null when the file has no readable directory. */
export function unpackedSize(zip: Buffer): number | null {
  const tail = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (tail < 0 || tail + 22 > zip.length) return null;
  const entries = zip.readUInt16LE(tail + 10);
  let at = zip.readUInt32LE(tail + 16);
  let sum = 0;
  for (let i = 0; i < entries; i += 1) {
    if (at + 46 > zip.length || zip.readUInt32LE(at) !== 0x02014b50) return null;
    sum += zip.readUInt32LE(at + 24);
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return sum;
}

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

export type Sheets =
  | { readonly ok: true; readonly sheets: readonly (readonly TableRow[])[] }
  | { readonly ok: false; readonly reason: 'notTable' | 'tooLarge' };

/** Rows of each sheet, blank ones left out; refused when it is no workbook or has more than `maxRows` rows. */
export async function readXlsxSheets(file: Buffer, maxRows: number, onRead: (rows: number) => void): Promise<Sheets> {
  const size = unpackedSize(file);
  if (size === null) return { ok: false, reason: 'notTable' };
  if (size > maxUnpackedBytes) return { ok: false, reason: 'tooLarge' };
  if (!file.includes('xl/workbook.xml')) return { ok: false, reason: 'notTable' };
  const module = await import('exceljs');
  const reader = new module.default.stream.xlsx.WorkbookReader(Readable.from([file]), {
    worksheets: 'emit',
    sharedStrings: 'cache',
    styles: 'cache',
    hyperlinks: 'ignore',
    entries: 'ignore',
  });
  const breathe = makeBreather();
  const sheets: TableRow[][] = [];
  let count = 0;
  try {
    for await (const sheet of reader) {
      const rows: TableRow[] = [];
      for await (const row of sheet) {
        const cells: string[] = [];
        row.eachCell({ includeEmpty: true }, (cell, column) => {
          if (column <= maxColumns) cells[column - 1] = cellText(cell.value, cell.numFmt ?? '');
        });
        const filled = Array.from(cells, (cell) => cell ?? '');
        if (filled.some((cell) => cell.trim() !== '')) rows.push({ rowNo: row.number, cells: filled, broken: null });
        count += 1;
        if (count > maxRows) return { ok: false, reason: 'tooLarge' };
        const pause = breathe();
        if (pause !== undefined) {
          onRead(count);
          await pause;
        }
      }
      sheets.push(rows);
    }
  } catch (cause) {
    // The parser's own complaint: whatever it says, to a person the file is no table.
    if (cause instanceof Error) return { ok: false, reason: 'notTable' };
    throw cause;
  }
  return { ok: true, sheets };
}
