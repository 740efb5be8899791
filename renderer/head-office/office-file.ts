/**
 * A list of head office as a file for a spreadsheet. Rule kept: what is not known is an empty cell, never zero; times are
 * ISO 8601 in UTC; a text that a spreadsheet would run as a formula is led by an apostrophe.
 */
import { saveFile } from '../parts/save-file.ts';

export type FileCell = string | number | null;

export const iso = (atMs: number | null): string => (atMs === null ? '' : new Date(atMs).toISOString());
const cellText = (value: FileCell): string => {
  const text =
    value === null ? '' : typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** `name`: without day and ending. */
export function saveTable(
  name: string,
  head: readonly string[],
  rows: readonly (readonly FileCell[])[],
  nowMs: number,
): void {
  const lines = [head, ...rows].map((row) => row.map(cellText).join(','));
  // Excel takes UTF-8 for what it is only behind a byte order mark.
  saveFile(`${name}-${iso(nowMs).slice(0, 10)}.csv`, `\uFEFF${lines.join('\r\n')}\r\n`, 'text/csv');
}
