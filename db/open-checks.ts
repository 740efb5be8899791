/**
 * What is looked at each time a shop's file is opened: its header, its log, its last documents. Rule kept:
 * quick, whatever the size of the shop (no scan of a table); the thorough check is quick-check.ts, on a copy.
 */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import type { Database } from './connection.ts';
import { isPartOf } from './part-keys.ts';

const magic = 'SQLite format 3\0';
const sizeOf = (path: string): number => (existsSync(path) ? statSync(path).size : 0);

/** What is wrong with the file before SQLite even reads it; null when nothing is. */
export function troubleInHeader(path: string): string | null {
  const size = sizeOf(path);
  // SQLite would take an empty file for a new one and delete the log, in which the bills are.
  if (size === 0) return sizeOf(`${path}-wal`) > 0 ? 'the file is empty while its log holds changes' : null;
  const header = Buffer.alloc(100);
  const fd = openSync(path, 'r');
  try {
    if (readSync(fd, header, 0, 100, 0) < 100) return 'the file is cut short';
  } finally {
    closeSync(fd);
  }
  return header.toString('latin1', 0, 16) === magic ? null : 'the file does not begin as a database';
}

type LastDocument = {
  readonly number: string;
  readonly payable_paise: number;
  readonly round_off_paise: number;
  readonly line_count: number;
  readonly lines: number;
  readonly lines_paise: number | null;
  readonly tendered_paise: number | null;
};

/** Reads the last documents whole and adds them up again; null when they hold. Throws what SQLite says of a bad page. */
export function troubleInLastDocuments(db: Database, count = 20): string | null {
  const rows = db
    .prepare<[number], LastDocument>(
      `SELECT number, payable_paise, round_off_paise, line_count,
         (SELECT count(name) FROM document_line l WHERE ${isPartOf('l.line_key', 'd.document_no')}) AS lines,
         (SELECT sum(total_paise) FROM document_line l WHERE ${isPartOf('l.line_key', 'd.document_no')}) AS lines_paise,
         (SELECT sum(amount_paise) FROM document_tender t WHERE ${isPartOf('t.tender_key', 'd.document_no')}) AS tendered_paise
       FROM document d ORDER BY document_no DESC LIMIT ?`,
    )
    .all(count);
  for (const row of rows) {
    if (row.lines !== row.line_count) return `bill ${row.number} has ${row.lines} of its ${row.line_count} lines`;
    if ((row.lines_paise ?? 0) + row.round_off_paise !== row.payable_paise) return `bill ${row.number} does not add up`;
    if ((row.tendered_paise ?? 0) !== row.payable_paise) return `the tenders of bill ${row.number} do not add up`;
  }
  // The other tables a sale appends to: their last pages must be readable too.
  db.prepare(
    'SELECT max(movement_no), max(qty_milli) FROM (SELECT * FROM stock_movement ORDER BY 1 DESC LIMIT 20)',
  ).get();
  db.prepare('SELECT max(hash) FROM (SELECT * FROM journal ORDER BY seq DESC LIMIT 20)').get();
  return null;
}
