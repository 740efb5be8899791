/**
 * The sync page as a file for a spreadsheet. Rule kept: what is not known is an empty cell, never zero; times are ISO
 * 8601 in UTC; a text that a spreadsheet would run as a formula is led by an apostrophe.
 */
import type { TillStateView } from '#contract/server.ts';
import { saveFile } from '../parts/save-file.ts';

const iso = (atMs: number | null): string => (atMs === null ? '' : new Date(atMs).toISOString());
const cell = (value: string | number | null): string => {
  const text =
    value === null ? '' : typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

function tillsFile(tills: readonly TillStateView[]): string {
  const head =
    'region,store,till,state,last_heard,waiting,waiting_since,kept_aside,entries_here,documents_here,items,checked_at,differing,version';
  const rows = tills.map((till) =>
    [
      till.region,
      till.storeName,
      till.name,
      till.state,
      iso(till.lastSeenMs),
      till.backlog,
      iso(till.waitsSinceMs),
      till.refused,
      till.throughSeq,
      till.documents,
      till.audit?.items ?? null,
      iso(till.audit?.atMs ?? null),
      till.audit?.differing.join(' ') ?? null,
      till.version,
    ]
      .map(cell)
      .join(','),
  );
  // Excel takes UTF-8 for what it is only behind a byte order mark.
  return `\uFEFF${[head, ...rows].join('\r\n')}\r\n`;
}

export const saveTillsFile = (tills: readonly TillStateView[], nowMs: number): void =>
  saveFile(`tills-${new Date(nowMs).toISOString().slice(0, 10)}.csv`, tillsFile(tills), 'text/csv');
