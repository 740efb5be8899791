/**
 * Rows of a small shape as both ends of the simulator have them. Rule kept: what counts of a key and what all of them
 * hash to is said here once more, by itself, beside db/sent-rows.ts and sync-server/shapes/sent-rows.ts.
 */
import { createHash } from 'node:crypto';
import type { SentAudit, SentRow } from '#db/sent-rows.ts';
import type { RowChange } from '#till/sync/apply-sent.ts';

/** By rowKey. */
export type SentRows = ReadonlyMap<string, SentRow>;

export const rowKey = ({ key, isOwn }: Pick<SentRow, 'key' | 'isOwn'>): string => `${key} ${isOwn ? 1 : 0}`;

export function changedRow(rows: Map<string, SentRow>, change: RowChange): void {
  if (change.kind === 'put') rows.set(rowKey(change.row), change.row);
  else rows.delete(rowKey(change.row));
}

/** A store's own row counts before the one for all. */
export function counting(rows: SentRows): Map<string, string> {
  const counts = new Map<string, string>();
  for (const { key, isOwn, content } of rows.values()) if (isOwn || !counts.has(key)) counts.set(key, content);
  return counts;
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

export function auditOf(rows: SentRows): SentAudit {
  const inOrder = [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const hashes = inOrder.map(([, { storeId, key, content }]) => md5(`${storeId} ${key} ${content}`));
  return { count: rows.size, hash: md5(hashes.join('')) };
}
