/**
 * Writes one till's batch in one transaction: entries as they came, and what they become (write-bills.ts). Rule kept: an
 * id that is there already changes nothing (the stored answer is given again) and what is new is counted once, so a
 * batch may come any number of times. Arrays go to Postgres whole (unnest): a statement each, not a row.
 */
import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { PushAnswer, Rejection } from '#contract/sync.ts';
import { decideBatch, entryKey, type FreshEntry, numberOf, type StoredEntry } from './decide-batch.ts';
import { packTexts } from './document-pack.ts';
import type { JudgedEntry } from './judge-entry.ts';
import { writeBills } from './write-bills.ts';

export type PushingTill = {
  readonly tenantId: string;
  readonly storeId: string;
  readonly tillId: string;
  /** Lost tills that it carries on for: their documents are its to bring. */
  readonly replaces?: readonly string[];
};

type StoredRow = {
  readonly document_id: string;
  readonly kind: string;
  readonly content_hash: Buffer;
  readonly rejection: Rejection | null;
};

// A number that another document of the store has, or an id that came a moment ago from elsewhere: not inserted, told.
const insertDocuments = `
  WITH pack AS (
    INSERT INTO document_pack (tenant_id, store_id, till_id, received_at_ms, pack_id, packed)
    VALUES ($1, $2, $3, $4, $5, $6)
  )
  INSERT INTO document (tenant_id, store_id, till_id, received_at_ms, pack_id, document_id, kind, till_seq,
    occurred_at_ms, content_hash, pack_from, pack_bytes, number, rejection)
  SELECT $1, $2, $3, $4, $5, d.* FROM unnest($7::uuid[], $8::text[], $9::bigint[], $10::bigint[], $11::bytea[],
    $12::int[], $13::int[], $14::text[], $15::jsonb[]) AS d
  ON CONFLICT DO NOTHING RETURNING document_id, kind`;

type Stored = Map<string, StoredEntry>;

async function readStored(on: PoolClient, till: PushingTill, judged: readonly JudgedEntry[]): Promise<Stored> {
  const found = await on.query<StoredRow>({
    name: 'stored',
    text: `SELECT document_id, kind, content_hash, rejection FROM document
      WHERE tenant_id = $1 AND store_id = $2 AND document_id = ANY($3::uuid[])`,
    values: [till.tenantId, till.storeId, judged.map((one) => one.entry.id)],
  });
  return new Map(
    found.rows.map((row) => [
      entryKey(row.kind, row.document_id),
      { hash: row.content_hash.toString('hex'), rejection: row.rejection },
    ]),
  );
}

const keyOf = ({ entry }: JudgedEntry): string => entryKey(entry.kind, entry.id);

/** Answers the keys of those that are new in the table now. */
async function insertFresh(
  on: PoolClient,
  till: PushingTill,
  fresh: readonly FreshEntry[],
  nowMs: number,
): Promise<ReadonlySet<string>> {
  const of = <T>(pick: (row: FreshEntry) => T): T[] => fresh.map(pick);
  const { packed, places } = await packTexts(of((f) => f.judged.entry.content));
  const inserted = await on.query<Pick<StoredRow, 'document_id' | 'kind'>>({
    name: 'documents',
    text: insertDocuments,
    values: [
      till.tenantId,
      till.storeId,
      till.tillId,
      nowMs,
      randomUUID(),
      packed,
      of((f) => f.judged.entry.id),
      of((f) => f.judged.entry.kind),
      of((f) => f.judged.entry.seq),
      of((f) => f.judged.entry.atMs),
      of((f) => Buffer.from(f.judged.hash, 'hex')),
      places.map((place) => place.from),
      places.map((place) => place.bytes),
      of((f) => (f.rejection === null ? numberOf(f.judged) : null)),
      of((f) => (f.rejection === null ? null : JSON.stringify(f.rejection))),
    ],
  });
  return new Set(inserted.rows.map((row) => entryKey(row.kind, row.document_id)));
}

/**
 * In the caller's transaction. Answers in the entries' order. Only the till itself pushes its entries, one batch at a
 * time (its row is locked). The table's own unique keys say which number is taken, whoever draws it at this moment.
 */
export async function writeBatch(
  on: PoolClient,
  till: PushingTill,
  judged: readonly JudgedEntry[],
  nowMs: number,
): Promise<readonly PushAnswer[]> {
  const stored = await readStored(on, till, judged);
  const first = decideBatch(judged, stored, new Set());
  if (first.fresh.length === 0) return first.answers;
  const inserted = await insertFresh(on, till, first.fresh, nowMs);
  const isInserted = ({ judged: one }: FreshEntry): boolean => inserted.has(keyOf(one));
  await writeBills(
    on,
    till,
    first.fresh.flatMap((f) =>
      f.rejection === null && f.judged.document !== null && isInserted(f) ? [f.judged.document] : [],
    ),
  );
  if (inserted.size === first.fresh.length) return first.answers;
  // Decided again, with what stood in the way known.
  const missing = first.fresh.filter((f) => !isInserted(f)).map((f) => f.judged);
  const now = await readStored(on, till, missing);
  const taken = missing.flatMap((one) => {
    const number = numberOf(one);
    return number === null || now.has(keyOf(one)) ? [] : [number];
  });
  const written = first.fresh
    .filter(isInserted)
    .map((f): [string, StoredEntry] => [keyOf(f.judged), { hash: f.judged.hash, rejection: f.rejection }]);
  const second = decideBatch(judged, new Map([...stored, ...now, ...written]), new Set(taken));
  if (second.fresh.length > 0) await insertFresh(on, till, second.fresh, nowMs);
  return second.answers;
}
