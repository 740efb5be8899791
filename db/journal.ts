/**
 * Journal: one append-only table that is both the audit chain and the order in which documents leave for the
 * server. Rule kept: each entry's hash covers the one before it, so nothing can be changed, dropped or slipped
 * in unseen. A document's content stands in its own rows; the entry holds its SHA-256.
 */
import { hash } from 'node:crypto';
import type { Uuid } from '#core/ids.ts';
import type { Instant } from '#core/time.ts';
import type { ShopDb } from './open.ts';
import { bytesToUuid, uuidToBytes } from './uuid-bytes.ts';

export type JournalEntry = {
  readonly seq: number;
  readonly kind: string;
  /** What it is about: an item may be changed many times. */
  readonly refId: Uuid;
  /** Its own: a document's id, else made of its hash, so that no two entries of any till share it. */
  readonly entryId: Uuid;
  readonly atMs: Instant;
  /** Null for documents: their content is read from their rows. */
  readonly payload: string | null;
};
export type JournalHead = { readonly seq: number; readonly hash: Buffer };
/** The content of a document entry, as it was hashed; null when the document is gone. */
export type ContentOf = (kind: string, refId: Uuid) => string | null;

export type Journal = {
  /** Content of kinds in documentKinds is hashed, not stored again. Inside transact. */
  readonly append: (kind: string, refId: Uuid, atMs: Instant, payload: Uint8Array | string) => JournalHead;
  readonly unsentCount: () => number;
  /** Entries to push after what was sent, oldest first. */
  readonly unsent: (limit: number) => readonly JournalEntry[];
  readonly markSent: (throughSeq: number) => void;
  readonly sentThrough: () => number;
  /** The server lacks what comes after it: all of that counts as not sent. */
  readonly sendAgainAfter: (seq: number) => void;
  /** What has not been sent: how many documents, and when the oldest entry was made. */
  readonly waiting: () => { readonly billsToSend: number; readonly waitsSinceMs: Instant | null };
  readonly kindOf: (seq: number) => string | null;
  /** One entry as it is pushed; null where there is none. */
  readonly entryAt: (seq: number) => JournalEntry | null;
  readonly head: () => JournalHead | null;
  /** Walks the chain; with contentOf also compares every document's rows with what was hashed. */
  readonly verify: (contentOf?: ContentOf) => { readonly entries: number; readonly firstBroken: number | null };
};

/** Their content has tables of its own. */
export const documentEntryKinds: ReadonlySet<string> = new Set(['bill', 'creditNote']);
/**
 * Stay in the shop: everything else is pushed. Nothing of the product writes one today; what stays leaves a hole in the
 * numbers that head office sees, and the simulator plays that with this kind, so that the first one to come is safe.
 */
const localKinds: ReadonlySet<string> = new Set(['signIn']);

/** In one call: on the sale's path it costs a third of a Hash object. */
const sha256 = (content: Uint8Array | string): Buffer => hash('sha256', content, 'buffer');

const entryHash = (before: Uint8Array, seq: number, kind: string, ref: Uint8Array, atMs: number, content: Uint8Array) =>
  sha256(Buffer.concat([before, Buffer.from(`${seq}|${kind}|${atMs}|`), ref, content]));

/** Version 8 of RFC 9562: 122 bits of the entry's hash. */
function idOfHash(entry: Buffer): Uuid {
  const bytes = Buffer.from(entry.subarray(0, 16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytesToUuid(bytes);
}

const genesis = Buffer.alloc(32);

type Row = {
  seq: number;
  kind: string;
  ref_id: Buffer;
  at_ms: Instant;
  push_count: number;
  payload: string | null;
  content_hash: Buffer;
  hash: Buffer;
};

const entryOf = (row: Row): JournalEntry => ({
  seq: row.seq,
  kind: row.kind,
  refId: bytesToUuid(row.ref_id),
  entryId: documentEntryKinds.has(row.kind) ? bytesToUuid(row.ref_id) : idOfHash(row.hash),
  atMs: row.at_ms,
  payload: row.payload,
});

export function makeJournal(shop: ShopDb): Journal {
  const { sql } = shop;
  const last = sql.prepare<[], Pick<Row, 'seq' | 'hash' | 'push_count'>>(
    'SELECT seq, hash, push_count FROM journal ORDER BY seq DESC LIMIT 1',
  );
  const insert = sql.prepare(
    `INSERT INTO journal (seq, kind, ref_id, at_ms, push_count, payload, content_hash, hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const sent = sql.prepare<[], { through_seq: number; push_count: number }>(
    'SELECT through_seq, push_count FROM journal_sent WHERE only = 1',
  );
  const markSent = sql.prepare(
    `UPDATE journal_sent SET through_seq = :seq,
       push_count = coalesce((SELECT push_count FROM journal WHERE seq = :seq), push_count)
     WHERE only = 1 AND through_seq < :seq`,
  );
  const sendAgain = sql.prepare(
    `UPDATE journal_sent SET through_seq = :seq, push_count = coalesce(
       (SELECT push_count FROM journal WHERE seq <= :seq ORDER BY seq DESC LIMIT 1), 0)
     WHERE only = 1 AND through_seq > :seq`,
  );
  const after = sql.prepare<[number, number], Row>('SELECT * FROM journal WHERE seq > ? ORDER BY seq LIMIT ?');
  const waiting = sql.prepare<[], { bills: number; since: Instant | null }>(
    `SELECT count(*) FILTER (WHERE kind IN ('bill', 'creditNote')) AS bills, min(at_ms) AS since FROM journal
     WHERE seq > (SELECT through_seq FROM journal_sent WHERE only = 1)`,
  );
  const kindOf = sql.prepare<[number], string>('SELECT kind FROM journal WHERE seq = ?').pluck();
  const at = sql.prepare<[number], Row>('SELECT * FROM journal WHERE seq = ?');
  const all = sql.prepare<[], Row>('SELECT * FROM journal ORDER BY seq');

  const append: Journal['append'] = (kind, refId, atMs, payload) => {
    const before = last.get();
    const seq = (before?.seq ?? 0) + 1;
    const ref = uuidToBytes(refId);
    const contentHash = sha256(payload);
    const hash = entryHash(before?.hash ?? genesis, seq, kind, ref, atMs, contentHash);
    const pushCount = (before?.push_count ?? 0) + (localKinds.has(kind) ? 0 : 1);
    const stored = documentEntryKinds.has(kind)
      ? null
      : typeof payload === 'string'
        ? payload
        : Buffer.from(payload).toString('utf8');
    insert.run(seq, kind, ref, atMs, pushCount, stored, contentHash, hash);
    return { seq, hash };
  };

  const unsent = (limit: number): JournalEntry[] => {
    const entries: JournalEntry[] = [];
    let from = sent.get()?.through_seq ?? 0;
    while (entries.length < limit) {
      const rows = after.all(from, limit);
      for (const row of rows) {
        from = row.seq;
        if (localKinds.has(row.kind) || entries.length >= limit) continue;
        entries.push(entryOf(row));
      }
      if (rows.length < limit) break;
    }
    return entries;
  };

  const verify: Journal['verify'] = (contentOf) => {
    let before: Uint8Array = genesis;
    let entries = 0;
    for (const row of all.iterate()) {
      entries += 1;
      const hash = entryHash(before, row.seq, row.kind, row.ref_id, row.at_ms, row.content_hash);
      const content =
        row.payload ?? (contentOf !== undefined ? (contentOf(row.kind, bytesToUuid(row.ref_id)) ?? '') : null);
      const isContentRight = content === null || sha256(content).equals(row.content_hash);
      if (row.seq !== entries || !hash.equals(row.hash) || !isContentRight) return { entries, firstBroken: row.seq };
      before = row.hash;
    }
    return { entries, firstBroken: null };
  };

  return {
    append: (...entry) => shop.transact(() => append(...entry)),
    unsentCount: () => (last.get()?.push_count ?? 0) - (sent.get()?.push_count ?? 0),
    unsent,
    markSent: (seq) => void markSent.run({ seq }),
    sentThrough: () => sent.get()?.through_seq ?? 0,
    sendAgainAfter: (seq) => void sendAgain.run({ seq }),
    waiting: () => {
      const row = waiting.get();
      return { billsToSend: row?.bills ?? 0, waitsSinceMs: row?.since ?? null };
    },
    kindOf: (seq) => kindOf.get(seq) ?? null,
    entryAt: (seq) => {
      const row = at.get(seq);
      return row === undefined ? null : entryOf(row);
    },
    head: () => {
      const row = last.get();
      return row === undefined ? null : { seq: row.seq, hash: row.hash };
    },
    verify,
  };
}
