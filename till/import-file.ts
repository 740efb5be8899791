/**
 * Opens a file that a person chose for import: CSV of any usual encoding and delimiter, XLSX, either of them
 * gzipped, and finds the headings below a title. Rule kept: every file gets a table or a plain refusal that
 * says why (empty, no table, too large, encoding, password). Never decides what a column means.
 */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { countHeadings, reasonPrefix } from '#core/catalogue/import-columns.ts';
import { cleanCell } from '#core/catalogue/import-values.ts';
import type { DomainError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { makeBreather } from './breathe.ts';
import { readCsvRows, type TableRow, unescapeCell } from './import-csv.ts';
import { readXlsxSheets } from './import-xlsx.ts';

export type ImportTable = {
  /** Headings, each one once; a column without one is called "Column 3". */
  readonly columns: readonly string[];
  /** Rows below the headings; `cells` has as many as there are columns, but for broken rows. */
  readonly rows: readonly TableRow[];
};
export type FileUnreadable = Extract<DomainError, { type: 'FileUnreadable' }>;

export const maxFileBytes = 60_000_000;
export const maxImportRows = 300_000;
const unreadable = (reason: FileUnreadable['reason']): Result<never, FileUnreadable> =>
  err({ type: 'FileUnreadable', reason });

/** Reads a whole file. `onRead` hears of the share that is read; the event loop breathes in between. */
export async function readImportFile(
  bytes: Uint8Array,
  onRead: (done: number, total: number) => void = () => undefined,
): Promise<Result<ImportTable, FileUnreadable>> {
  let file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length > maxFileBytes) return unreadable('tooLarge');
  if (file[0] === 0x1f && file[1] === 0x8b) {
    const opened = await openGzip(file);
    if (!opened.ok) return opened;
    file = opened.value;
  }
  if (file.length === 0) return unreadable('empty');
  // Excel writes a protected workbook (and the .xls of old) as a compound file.
  if (file.subarray(0, 4).toString('hex') === 'd0cf11e0') {
    return unreadable(file.includes(Buffer.from('EncryptedPackage', 'utf16le')) ? 'password' : 'notTable');
  }
  if (file.subarray(0, 4).toString('latin1') === 'PK\x03\x04') {
    const sheets = await readXlsxSheets(file, maxImportRows, (rows) => onRead(rows, rows));
    return sheets.ok ? chooseSheet(sheets.sheets) : unreadable(sheets.reason);
  }
  const text = decodeText(file);
  if (!text.ok) return text;
  // A page, Tally's XML, JSON, a PDF or RTF: text, but no table.
  if (/^\s*(?:<[!?/a-z]|[[{]\s*["{[]|%PDF|\{\\rtf)/i.test(text.value.slice(0, 200))) return unreadable('notTable');
  const rows = await readCsvRows(text.value, maxImportRows, onRead);
  if (rows === null) return unreadable('tooLarge');
  return tableOf(rows, false);
}

async function openGzip(file: Buffer): Promise<Result<Buffer<ArrayBuffer>, FileUnreadable>> {
  try {
    return ok(Buffer.from(await promisify(gunzip)(file, { maxOutputLength: maxFileBytes })));
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    return unreadable('code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE' ? 'tooLarge' : 'notTable');
  }
}

/** UTF-8 (with or without BOM), UTF-16 by BOM or by its zeros, else Windows-1252. */
function decodeText(file: Buffer): Result<string, FileUnreadable> {
  const mark = file.readUIntBE(0, Math.min(2, file.length));
  const isLittle = mark === 0xfffe || (mark !== 0xfeff && zeroShare(file, 1) > 0.3 && zeroShare(file, 0) < 0.05);
  const isBig = mark === 0xfeff;
  try {
    if (isLittle || isBig) return ok(new TextDecoder(isBig ? 'utf-16be' : 'utf-16le', { fatal: true }).decode(file));
  } catch (cause) {
    if (cause instanceof TypeError) return unreadable('encoding');
    throw cause;
  }
  if (file.subarray(0, 100_000).includes(0)) return unreadable('notTable');
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(file));
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    return ok(new TextDecoder('windows-1252').decode(file));
  }
}

/** Share of zero bytes at even (0) or odd (1) places of the file's start. */
function zeroShare(file: Buffer, parity: 0 | 1): number {
  const head = file.subarray(0, 2000);
  const places = Math.max(1, Math.floor(head.length / 2));
  let zeros = 0;
  for (let i: number = parity; i < head.length; i += 2) if (head[i] === 0) zeros += 1;
  return zeros / places;
}

/** The sheet whose headings say most; the first of equals. */
async function chooseSheet(sheets: readonly (readonly TableRow[])[]): Promise<Result<ImportTable, FileUnreadable>> {
  const filled = sheets.filter((rows) => rows.length > 0);
  const scored = filled.map((rows) => ({
    rows,
    score: countHeadings(headingsAt(rows, headingPlace(rows, true), true)),
  }));
  const best = scored.toSorted((a, b) => b.score - a.score)[0];
  return best === undefined ? unreadable('empty') : tableOf(best.rows, true);
}

/** Headings of a row; in a grid a blank one takes the cell above it, for headings merged over two rows. */
function headingsAt(rows: readonly TableRow[], place: number, isGrid: boolean): readonly string[] {
  const own = rows[place]?.cells ?? [];
  const above = isGrid ? (rows[place - 1]?.cells ?? []) : [];
  const isTitle = above.filter((cell) => cell.trim() !== '').length < 2;
  if (isTitle) return own;
  return Array.from({ length: Math.max(own.length, above.length) }, (_, i) =>
    (own[i] ?? '').trim() === '' ? (above[i] ?? '') : (own[i] ?? ''),
  );
}

/** Where the headings stand: the row of the first twenty that names most fields, else the first with two cells. */
function headingPlace(rows: readonly TableRow[], isGrid: boolean): number {
  let best = 0;
  let bestScore = 1;
  for (const place of rows.slice(0, 20).keys()) {
    const score = countHeadings(headingsAt(rows, place, isGrid));
    if (score > bestScore) {
      best = place;
      bestScore = score;
    }
  }
  if (bestScore > 1) return best;
  const wide = rows.slice(0, 20).findIndex((row) => row.cells.filter((cell) => cell.trim() !== '').length > 1);
  return Math.max(0, wide);
}

/**
 * Headings and rows. In a grid (XLSX) cells can't slip sideways, so columns without heading are allowed; in
 * CSV a cell too many means that a comma stood in a name, and the row is broken: its prices may have slipped.
 */
async function tableOf(all: readonly TableRow[], isGrid: boolean): Promise<Result<ImportTable, FileUnreadable>> {
  const place = headingPlace(all, isGrid);
  const heading = headingsAt(all, place, isGrid);
  const below = all.slice(place + 1);
  if (heading.length === 0 || below.length === 0) return unreadable('empty');
  const width = isGrid ? all.reduce((most, row) => Math.max(most, row.cells.length), 0) : heading.length;
  const named = nameColumns(Array.from({ length: width }, (_, i) => heading[i] ?? ''));
  const kept = named.flatMap((name, i) => (name.startsWith(reasonPrefix) ? [] : [i]));
  // Some programs end every line with a delimiter; a row wider than that had a comma in a cell.
  const widest = isGrid ? width : Math.max(width, usualWidth(below));
  const rows: TableRow[] = [];
  const breathe = makeBreather();
  for (const row of below) {
    const isTooWide = row.cells.length > widest || row.cells.slice(width).some((cell) => cell.trim() !== '');
    const isBroken = row.broken !== null || isTooWide;
    // A broken row keeps its cells as they are, beyond the headings too: the file of refused rows shows them.
    const cells = isBroken ? row.cells.slice(kept[0] ?? 0) : kept.map((i) => unescapeCell(row.cells[i] ?? ''));
    rows.push({ rowNo: row.rowNo, cells, broken: row.broken ?? (isTooWide ? row.cells.join(' | ') : null) });
    await breathe();
  }
  return ok({ columns: kept.map((i) => named[i] ?? ''), rows });
}

function usualWidth(rows: readonly TableRow[]): number {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row.cells.length, (counts.get(row.cells.length) ?? 0) + 1);
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best), [0, 0])[0] ?? 0;
}

function nameColumns(headings: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return headings.map((heading, i) => {
    const name = cleanCell(heading).slice(0, 100) || `Column ${i + 1}`;
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}
