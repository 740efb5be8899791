/**
 * Cuts the text of a CSV file into rows. Rule kept: one broken quote costs one line, never the rest of the
 * file. A quote opens a cell only at its start; a quoted cell that never closes, or closes and goes on, makes
 * its own line broken and reading resumes on the next. Never interprets a cell.
 */
import Papa from 'papaparse';
import { makeBreather } from './breathe.ts';

export type TableRow = {
  /** Row of the file as a spreadsheet counts it, from 1, blank rows included. */
  readonly rowNo: number;
  readonly cells: readonly string[];
  /** The line as it stands when it could not be cut into cells (`cells` is then a best effort); else null. */
  readonly broken: string | null;
};

/** More lines than this inside one cell are a quote that nobody closed. */
const maxLinesInCell = 50;

type RecordEnd = {
  readonly end: number;
  readonly next: number;
  readonly isBroken: boolean;
  readonly hasQuotes: boolean;
  /** A quote that neither begins a cell nor ends one. */
  readonly hasStray: boolean;
};

const lineEnd = (text: string, from: number): { end: number; next: number } => {
  for (let i = from; i < text.length; i += 1) {
    const c = text.charCodeAt(i);
    if (c === 10) return { end: i, next: i + 1 };
    if (c === 13) return { end: i, next: text.charCodeAt(i + 1) === 10 ? i + 2 : i + 1 };
  }
  return { end: text.length, next: text.length };
};

/** Where the record that starts at `start` ends, and where the next one begins. */
function recordEnd(text: string, start: number, delimiter: number): RecordEnd {
  const broken = (): RecordEnd => ({ ...lineEnd(text, start), isBroken: true, hasQuotes: true, hasStray: true });
  let isAtStart = true;
  let isQuoted = false;
  let hasQuotes = false;
  let hasStray = false;
  let lines = 0;
  for (let i = start; i < text.length; i += 1) {
    const c = text.charCodeAt(i);
    if (isQuoted) {
      if (c === 10) {
        lines += 1;
        if (lines > maxLinesInCell) return broken();
      }
      if (c !== 34) continue;
      if (text.charCodeAt(i + 1) === 34) {
        i += 1;
        continue;
      }
      isQuoted = false;
      let after = i + 1;
      while (text.charCodeAt(after) === 32 && delimiter !== 32) after += 1;
      const follows = text.charCodeAt(after);
      if (after < text.length && follows !== delimiter && follows !== 10 && follows !== 13) return broken();
    } else if (c === 34) {
      hasQuotes = true;
      if (isAtStart) isQuoted = true;
      else hasStray = true;
      isAtStart = false;
    } else if (c === 10 || c === 13) {
      return { ...lineEnd(text, i), isBroken: false, hasQuotes, hasStray };
    } else {
      isAtStart = c === delimiter;
    }
  }
  return isQuoted ? broken() : { end: text.length, next: text.length, isBroken: false, hasQuotes, hasStray };
}

function cellsOf(record: string, delimiter: string, hasQuotes: boolean): readonly string[] {
  if (!hasQuotes) return record.split(delimiter);
  return Papa.parse<string[]>(record, { delimiter, newline: '\n' }).data[0] ?? [''];
}

const delimiters = [',', ';', '\t', '|'];

/** The delimiter of the file: what Excel's own "sep=" line says, else the one that cuts most of its first rows alike. */
export function findDelimiter(text: string): string {
  const own = /^sep=(.)\r?\n/i.exec(text)?.[1];
  if (own !== undefined) return own;
  let best = ',';
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const delimiter of delimiters) {
    const widths = new Map<number, number>();
    let broken = 0;
    let at = 0;
    for (let i = 0; i < 20 && at < text.length; i += 1) {
      const record = recordEnd(text, at, delimiter.charCodeAt(0));
      const width = cellsOf(text.slice(at, record.end), delimiter, record.hasQuotes).length;
      // A quote in the middle of a cell is an inch mark, or the wrong delimiter: such a row says half as much.
      if (record.isBroken) broken += 1;
      else if (width > 1) widths.set(width, (widths.get(width) ?? 0) + (record.hasStray ? 0.5 : 1));
      at = record.next;
    }
    // Rows alike count first, less those that this delimiter breaks, then how many cells they have.
    for (const [width, rows] of widths) {
      const score = (rows - broken) * 1000 + Math.min(width, 999);
      if (score > bestScore) {
        best = delimiter;
        bestScore = score;
      }
    }
  }
  return best;
}

/**
 * All rows of the text, blank ones left out. Null when there are more than `maxRows`.
 * @param onRow told now and then how many characters of how many are read.
 */
export async function readCsvRows(
  text: string,
  maxRows: number,
  onRead: (done: number, total: number) => void,
): Promise<readonly TableRow[] | null> {
  const delimiter = findDelimiter(text);
  const rows: TableRow[] = [];
  const breathe = makeBreather();
  let rowNo = 0;
  let at = /^sep=.\r?\n/i.test(text) ? lineEnd(text, 0).next : 0;
  while (at < text.length) {
    const record = recordEnd(text, at, delimiter.charCodeAt(0));
    rowNo += 1;
    const raw = text.slice(at, record.end);
    at = record.next;
    if (raw.trim() !== '') {
      const cells = record.isBroken ? raw.split(delimiter) : cellsOf(raw, delimiter, record.hasQuotes);
      if (cells.some((cell) => cell.trim() !== '')) rows.push({ rowNo, cells, broken: record.isBroken ? raw : null });
    }
    if (rows.length > maxRows) return null;
    const pause = breathe();
    if (pause !== undefined) {
      onRead(at, text.length);
      await pause;
    }
  }
  return rows;
}

/**
 * Rows as CSV text with CRLF and a BOM, so that Excel opens Hindi rightly; what would run as a formula gets a '.
 * A row wider than the headings keeps its cells.
 */
export const writeCsv = (columns: readonly string[], rows: readonly (readonly string[])[]): string => {
  const table = [columns, ...rows].map((row) => [...row]);
  return `\ufeff${Papa.unparse(table, { escapeFormulae: /^'*[=@+\t\r]/, newline: '\r\n' })}\r\n`;
};

/** Takes back the ' that `writeCsv` put before a formula's sign. */
export const unescapeCell = (cell: string): string =>
  cell.charCodeAt(0) === 39 && /^'+[=@+\t\r]/.test(cell) ? cell.slice(1) : cell;
