/**
 * Reads the file of real invoices into documents in the order of time. Rule kept: every row of the file ends
 * either in a document or in the list of skipped rows with its reason; none is dropped in silence. £ reads as
 * ₹, and dates move by whole weeks so that weekdays stay. It knows nothing of the till.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import papaparse from 'papaparse';

/** 15 years and two days: 783 whole weeks. */
const shiftDays = 5_481;
const dayMs = 86_400_000;
const istMs = 330 * 60_000;

/** Why no till could sell a row. */
export type SkipReason =
  | 'columns'
  | 'badDate'
  | 'noCode'
  | 'adjustment'
  | 'priceNotPositive'
  | 'qtyNotPositive'
  | 'qtyPositiveOnCancellation'
  | `refused: ${string}`;

export type SkippedRow = { readonly rowNo: number; readonly cells: readonly string[]; readonly reason: SkipReason };

export type InvoiceRow = {
  readonly rowNo: number;
  readonly cells: readonly string[];
  readonly code: string;
  readonly name: string;
  /** Positive, whole pieces; on a cancellation what comes back. */
  readonly pieces: number;
  readonly pricePaise: number;
};
export type Invoice = {
  readonly number: string;
  readonly isCancellation: boolean;
  readonly atMs: number;
  readonly customer: string | null;
  readonly country: string;
  readonly rows: readonly InvoiceRow[];
};
export type ReadFile = {
  readonly rows: number;
  /** Distinct numbers in the file, sellable or not; "A…" (bad debt) counts as an invoice. */
  readonly invoicesInFile: number;
  readonly cancellationsInFile: number;
  /** Those with at least one row that a till can sell or take back, by time. */
  readonly invoices: readonly Invoice[];
  readonly skipped: readonly SkippedRow[];
};

const columns = 8;

/** Reads FILE.csv or FILE.csv.gz. Throws when it is not there or has other columns. */
export function readInvoices(path: string): ReadFile {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const [header, ...rows] = papaparse.parse<string[]>(text, { skipEmptyLines: true }).data;
  if (header?.[0] !== 'InvoiceNo' || header.length !== columns) throw new Error(`${path}: not the columns of invoices`);
  return invoicesOf(rows);
}

type Draft = Omit<Invoice, 'rows'> & { rows: InvoiceRow[] };

export function invoicesOf(rows: readonly (readonly string[])[]): ReadFile {
  const numbers = new Set<string>();
  const drafts = new Map<string, Draft>();
  const skipped: SkippedRow[] = [];
  for (const [i, cells] of rows.entries()) {
    const rowNo = i + 2;
    const [number = '', rawCode = '', rawName = '', quantity = '', date = '', price = ''] = cells;
    numbers.add(number);
    const pieces = Number(quantity);
    const pricePaise = paiseOf(price);
    const isCancellation = number.startsWith('C');
    const code = rawCode.trim().toUpperCase();
    const at = Date.parse(`${date.replace(' ', 'T')}Z`);
    const reason = reasonToSkip(cells.length, number, code, pieces, pricePaise, at);
    if (reason !== null) {
      skipped.push({ rowNo, cells, reason });
      continue;
    }
    const atMs = at - istMs + shiftDays * dayMs;
    const row = { rowNo, cells, code, name: rawName.trim() || code, pieces: Math.abs(pieces), pricePaise };
    const draft = drafts.get(number);
    if (draft === undefined) {
      const customer = (cells[6] ?? '').replace(/\.0$/, '') || null;
      drafts.set(number, { number, isCancellation, atMs, customer, country: cells[7] ?? '', rows: [row] });
    } else {
      draft.rows.push(row);
    }
  }
  const invoices = [...drafts.values()].toSorted((a, b) => a.atMs - b.atMs);
  const cancellationsInFile = [...numbers].filter((n) => n.startsWith('C')).length;
  const invoicesInFile = numbers.size - cancellationsInFile;
  return { rows: rows.length, invoicesInFile, cancellationsInFile, invoices, skipped };
}

function reasonToSkip(
  width: number,
  number: string,
  code: string,
  pieces: number,
  pricePaise: number,
  at: number,
): SkipReason | null {
  if (width !== columns || !Number.isInteger(pieces)) return 'columns';
  if (Number.isNaN(at)) return 'badDate';
  if (code === '') return 'noCode';
  // "A563185": bad debt put right in the books, no goods.
  if (number.startsWith('A')) return 'adjustment';
  // Write-offs and finds of stock stand in the file as invoices without a price.
  if (!(pricePaise > 0)) return 'priceNotPositive';
  if (number.startsWith('C')) return pieces < 0 ? null : 'qtyPositiveOnCancellation';
  return pieces > 0 ? null : 'qtyNotPositive';
}

/** "2.55" → 255, without going through a float; a third decimal (0.001) is no money. NaN when not an amount. */
function paiseOf(text: string): number {
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text.trim());
  if (match === null) return Number.NaN;
  const value = Number(match[2]) * 100 + Number((match[3] ?? '').padEnd(2, '0').slice(0, 2));
  return match[1] === '-' ? -value : value;
}
