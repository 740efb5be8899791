/**
 * Writes one till's batch in one transaction: entries as they came, and what they become (write-bills.ts). Rule kept: an
 * id that is there already changes nothing (the stored answer is given again) and what is new is counted once, so a
 * batch may come any number of times. Arrays go to Postgres whole (unnest): a statement each, not a row.
 */
import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { PushAnswer } from '#contract/sync.ts';
import { readDocument } from '#core/sync/read-document.ts';
import { byteaColumn, int4Column, int8Column, jsonbColumn, textColumn, uuidColumn } from '../postgres/binary-array.ts';
import { type BillRows, makeBillRows, type StockMove } from './bill-rows.ts';
import {
  decideBatch,
  type Decision,
  entryKey,
  type FreshEntry,
  keyOf,
  numberOf,
  type StoredEntry,
} from './decide-batch.ts';
import { packTexts } from './document-pack.ts';
import type { JudgedEntry } from './judge-entry.ts';
import { type PushingTill, readStored } from './stored-entries.ts';
import { writeBills } from './write-bills.ts';

// A number that another document of the store has, or an id that came a moment ago from elsewhere: not inserted, told.
const insertDocuments = `
  WITH pack AS (
    INSERT INTO document_pack (tenant_id, store_id, till_id, received_at_ms, pack_id, packed)
    VALUES ($1, $2, $3, $4, $5, $6)
  )
  INSERT INTO document (tenant_id, store_id, till_id, received_at_ms, pack_id, document_id, kind, till_seq,
    occurred_at_ms, text_hash, pack_from, pack_bytes, number, rejection)
  SELECT $1, $2, $3, $4, $5, unnest($7::uuid[]), unnest($8::text[]), unnest($9::bigint[]), unnest($10::bigint[]),
    unnest($11::bytea[]), unnest($12::int[]), unnest($13::int[]), unnest($14::text[]), unnest($15::jsonb[])
  ON CONFLICT DO NOTHING RETURNING document_id, kind`;

/** A batch that was judged. Documents are not kept: `rows` holds what the believed ones become. */
export type Batch = {
  /** Of each entry, in UTF-8. */
  readonly texts: readonly Buffer[];
  /** Of each entry, in their order; without the document itself. */
  readonly judged: readonly JudgedEntry[];
  readonly rows: BillRows;
  /** What is known to be stored, by key. */
  readonly stored: ReadonlyMap<string, StoredEntry>;
  /** Claims to a series that is another till's. */
  readonly foreign: ReadonlySet<string>;
  /** Beside bills: what these, new and accepted, move. Asked once, before any sum is touched. */
  readonly moves: (accepted: readonly FreshEntry[]) => Promise<readonly StockMove[]>;
  readonly nowMs: number;
};
export type Written = { readonly answers: readonly PushAnswer[]; readonly fresh: readonly FreshEntry[] };

/** Of what was accepted: the documents. */
const isBelieved = ({ judged }: FreshEntry): boolean => judged.number !== null;

/** Answers the keys of those that are new in the table now. */
async function insertFresh(
  on: PoolClient,
  till: PushingTill,
  { texts, nowMs }: Batch,
  fresh: readonly FreshEntry[],
): Promise<ReadonlySet<string>> {
  const { packed, places } = packTexts(fresh.flatMap(({ at }) => texts[at] ?? []));
  const [ids, kinds, seqs, times, hashes] = [uuidColumn(), textColumn(), int8Column(), int8Column(), byteaColumn()];
  const [froms, sizes, numbers, rejections] = [int4Column(), int4Column(), textColumn(), jsonbColumn()];
  for (const [i, { judged, rejection }] of fresh.entries()) {
    const { entry } = judged;
    ids.add(judged.keptAs ?? entry.id);
    kinds.add(entry.kind);
    seqs.add(entry.seq);
    times.add(entry.atMs);
    hashes.add(Buffer.from(judged.hash, 'hex'));
    froms.add(places[i]?.from ?? 0);
    sizes.add(places[i]?.bytes ?? 0);
    numbers.add(rejection === null ? numberOf(judged) : null);
    rejections.add(rejection === null ? null : JSON.stringify(rejection));
  }
  const columns = [ids, kinds, seqs, times, hashes, froms, sizes, numbers, rejections].map((column) => column.taken());
  const inserted = await on.query<{ document_id: string; kind: string }>({
    name: 'documents',
    text: insertDocuments,
    values: [till.tenantId, till.storeId, till.tillId, nowMs, randomUUID(), packed, ...columns],
  });
  return new Set(inserted.rows.map((row) => entryKey(row.kind, row.document_id)));
}

/** Of these alone, where not all that was judged is new: their texts are read once more. */
function rowsOf(texts: readonly Buffer[], fresh: readonly FreshEntry[]): BillRows {
  const rows = makeBillRows();
  for (const { at } of fresh) {
    const read = readDocument(texts[at]?.toString('utf8') ?? '');
    if (read.ok) rows.add(read.value);
  }
  return rows;
}

/** Decided again, with what stood in the way known. */
async function decideAgain(
  on: PoolClient,
  till: PushingTill,
  batch: Batch,
  first: Decision,
  isInserted: (one: FreshEntry) => boolean,
): Promise<Decision> {
  const missing = first.fresh.filter((one) => !isInserted(one));
  const there = await readStored(
    on,
    till,
    missing.map((one) => one.judged),
    missing.flatMap((one) => batch.texts[one.at] ?? []),
  );
  const taken = missing.flatMap(({ judged }) => {
    const number = numberOf(judged);
    return number === null || there.has(keyOf(judged)) ? [] : [number];
  });
  const written = first.fresh
    .filter(isInserted)
    .map(({ judged, rejection }): [string, StoredEntry] => [keyOf(judged), { hash: judged.hash, rejection }]);
  const stored = new Map([...batch.stored, ...there, ...written]);
  return decideBatch(batch.judged, stored, new Set(taken), batch.foreign);
}

/**
 * In the caller's transaction. Answers in the entries' order. Only the till itself pushes its entries, one batch at a
 * time (its row is locked). The table's own unique keys say which number is taken, whoever draws it at this moment.
 */
export async function writeBatch(on: PoolClient, till: PushingTill, batch: Batch): Promise<Written> {
  const first = decideBatch(batch.judged, batch.stored, new Set(), batch.foreign);
  if (first.fresh.length === 0) return first;
  const inserted = await insertFresh(on, till, batch, first.fresh);
  const isInserted = ({ judged }: FreshEntry): boolean => inserted.has(keyOf(judged));
  const accepted = first.fresh.filter((one) => one.rejection === null && isInserted(one));
  const believed = accepted.filter(isBelieved);
  const moves = await batch.moves(accepted);
  const rows = believed.length === batch.rows.count() ? batch.rows : rowsOf(batch.texts, believed);
  await writeBills(on, till, rows, moves);
  if (inserted.size === first.fresh.length) return first;
  const second = await decideAgain(on, till, batch, first, isInserted);
  if (second.fresh.length > 0) await insertFresh(on, till, batch, second.fresh);
  return { answers: second.answers, fresh: [...first.fresh.filter(isInserted), ...second.fresh] };
}
