/**
 * Rows of a small shape as both ends of the simulator have them. Rule kept: what counts of a key and what all of them
 * hash to is said here once more, by itself, beside db/sent-rows.ts and sync-server/shapes/sent-rows.ts.
 */
import { createHash } from 'node:crypto';
import type { SentShape } from '#contract/sent-shapes.ts';
import type { SentAudit, SentPlace, SentRow } from '#db/sent-rows.ts';
import type { RowChange } from '#till/sync/apply-sent.ts';
import type { Differing } from '#till/sync/audit-loop.ts';
import type { SimTillIds } from './sim-bill.ts';

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

/** A till's disk, as far as these rows go. Each call says how many commits come before the power goes. */
export type SentDisk = {
  readonly place: (shape: SentShape) => SentPlace | null;
  readonly forgetPlace: (shape: SentShape) => void;
  readonly apply: (shape: SentShape, changes: readonly RowChange[], place: SentPlace, dies: boolean) => void;
  readonly begin: (shape: SentShape) => void;
  readonly stage: (shape: SentShape, changes: readonly RowChange[], diesAt: number) => unknown;
  readonly finish: (shape: SentShape, place: SentPlace, diesAt: number) => unknown;
  /** What counts of each key. */
  readonly read: (shape: SentShape) => ReadonlyMap<string, string>;
  /** What who keeps a table of its own was told. */
  readonly taken: (shape: SentShape) => ReadonlyMap<string, string>;
  readonly audit: (shape: SentShape) => SentAudit;
};
/** Head office's side, for the tills of one store. */
export type SentFeed = {
  /** Not `isTheirs`: it is another store's and only a mistake sends it. */
  readonly send: (shape: SentShape, change: RowChange, isTheirs: boolean) => unknown;
  readonly fetch: (shape: SentShape, till: SimTillIds, place: SentPlace | null) => unknown;
  readonly audit: (shape: SentShape, till: SimTillIds) => unknown;
  readonly rows: (shape: SentShape) => SentRows;
  /** The `n`th word of its log is gone for good; what is written is not. False: it has none. */
  readonly lose: (shape: SentShape, n: number) => unknown;
  /** A till says that it differs; answers what came of it: MendOutcome's kinds. */
  readonly mend: (shape: SentShape, till: SimTillIds) => unknown;
  /** All that there was at some moment is in it. */
  readonly isWhole: (shape: SentShape, place: SentPlace) => boolean;
  /** There is nothing after it; null: not known. */
  readonly isAtEnd: (shape: SentShape, place: SentPlace) => boolean | null;
};

/** Of one shape at one till, what only its memory knows. */
export type SentStream = {
  waitsFor: number | null;
  place: SentPlace | null;
  /** Gathered from the start; null while changes come one after the other. */
  gathered: SentRows | null;
  isUpToDate: boolean;
  differing: Differing;
};
export const sentStream = (place: SentPlace | null): SentStream => ({
  waitsFor: null,
  place,
  gathered: place === null ? new Map() : null,
  isUpToDate: false,
  differing: null,
});
export const sentStreams = (
  world: { readonly shapes: readonly SentShape[] },
  disk: SentDisk,
): Map<SentShape, SentStream> => new Map(world.shapes.map((shape) => [shape, sentStream(disk.place(shape))]));
