/**
 * An entry that was refused and that its till sends again by hand, after an update of till or server: judged anew. Rule
 * kept: only the very content that was refused can become accepted, once, in the transaction that counts it; what it was
 * told before becomes history. Other content under the same id stays refused whatever is pressed.
 */
import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { PushAnswer, Rejection } from '#contract/sync.ts';
import { decideBatch, keyOf, numberOf } from './decide-batch.ts';
import { packTexts } from './document-pack.ts';
import { idAside, type JudgedEntry } from './judge-entry.ts';
import { type PushingTill, readStored } from './stored-entries.ts';
import type { Batch, Written } from './write-batch.ts';
import { writeBills } from './write-bills.ts';

type Refused = {
  readonly document_id: string;
  readonly rejection: Rejection;
  readonly is_settled: boolean;
  readonly is_alone: boolean;
  readonly till_id: string;
};

/** The till's row is locked: nobody else judges it. */
async function findRefused(on: PoolClient, till: PushingTill, { entry }: JudgedEntry): Promise<Refused | undefined> {
  const found = await on.query<Refused>(
    `SELECT document_id, till_id, rejection, is_settled, content IS NOT NULL AS is_alone FROM document
     WHERE tenant_id = $1 AND store_id = $2 AND kind = $3 AND document_id = ANY($4::uuid[]) AND till_id = ANY($5::uuid[])
       AND rejection IS NOT NULL ORDER BY document_id <> $6 LIMIT 1 FOR UPDATE`,
    [
      till.tenantId,
      till.storeId,
      entry.kind,
      [entry.id, idAside(entry, till.tillId)],
      [till.tillId, ...(till.replaces ?? [])],
      entry.id,
    ],
  );
  return found.rows[0];
}

/** What it was told becomes history; `rejection` is what it is told now. */
async function change(
  on: PoolClient,
  till: PushingTill,
  was: Refused,
  one: JudgedEntry,
  rejection: Rejection | null,
  nowMs: number,
): Promise<void> {
  const { kind } = one.entry;
  const of = [till.tenantId, till.storeId, was.document_id, kind];
  const id = rejection === null ? one.entry.id : was.document_id;
  await on.query(
    `UPDATE document SET document_id = $5, rejection = $6, number = $7
     WHERE tenant_id = $1 AND store_id = $2 AND document_id = $3 AND kind = $4`,
    [...of, id, rejection === null ? null : JSON.stringify(rejection), rejection === null ? numberOf(one) : null],
  );
  await on.query(
    `INSERT INTO document_refusal (tenant_id, store_id, document_id, kind, refusal_no, till_id, rejection, ended_at_ms)
     SELECT $1, $2, $3, $4, 1 + count(*), $5, $6, $7 FROM document_refusal
     WHERE tenant_id = $1 AND store_id = $2 AND document_id = $3 AND kind = $4`,
    [till.tenantId, till.storeId, id, kind, was.till_id, JSON.stringify(was.rejection), nowMs],
  );
}

/** What was stored alone, with a character that Postgres' text can't hold put aside, is stored as it came. */
async function storeText(on: PoolClient, till: PushingTill, one: JudgedEntry, text: Buffer, nowMs: number) {
  const { packed, places } = packTexts([text]);
  const packId = randomUUID();
  await on.query(
    `INSERT INTO document_pack (tenant_id, store_id, till_id, received_at_ms, pack_id, packed)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [till.tenantId, till.storeId, till.tillId, nowMs, packId, packed],
  );
  await on.query(
    `UPDATE document SET content = NULL, pack_id = $5, pack_from = $6, pack_bytes = $7
     WHERE tenant_id = $1 AND store_id = $2 AND document_id = $3 AND kind = $4`,
    [till.tenantId, till.storeId, one.entry.id, one.entry.kind, packId, places[0]?.from ?? 0, places[0]?.bytes ?? 0],
  );
}

/** Another document has its number or its id: Postgres says so when it is written. */
const isTaken = (error: unknown): error is Error & { readonly constraint?: string } =>
  error instanceof Error && 'code' in error && error.code === '23505';

/** Answers why it can not be accepted after all; null: it is. */
async function accept(on: PoolClient, till: PushingTill, was: Refused, one: JudgedEntry, nowMs: number) {
  await on.query('SAVEPOINT judged');
  try {
    await change(on, till, was, one, null, nowMs);
    return null;
  } catch (error) {
    if (!isTaken(error)) throw error;
    await on.query('ROLLBACK TO SAVEPOINT judged');
    const number = numberOf(one);
    const hasNumber = was.document_id === one.entry.id && number !== null;
    return (hasNumber ? { reason: 'numberTaken', detail: number } : was.rejection) satisfies Rejection;
  }
}

/**
 * Of a batch of one entry, in the caller's transaction, after the till's row was locked. Null where nothing refused of
 * it is stored: then it is pushed as any other (what was accepted meanwhile gets its stored answer).
 */
export async function writeAgain(on: PoolClient, till: PushingTill, batch: Batch): Promise<Written | null> {
  const [one] = batch.judged;
  const [text] = batch.texts;
  if (one === undefined || text === undefined) return null;
  const was = await findRefused(on, till, one);
  if (was === undefined) return null;
  const asKept = { ...one, keptAs: was.document_id === one.entry.id ? null : was.document_id };
  const answer = (rejection: Rejection | null): Written => {
    const { id, seq } = one.entry;
    const told: PushAnswer =
      rejection === null ? { id, seq, outcome: 'accepted' } : { id, seq, outcome: 'rejected', ...rejection };
    return { answers: [told], fresh: [] };
  };
  const stored = (await readStored(on, till, [asKept], [text])).get(keyOf(asKept));
  if (stored?.hash !== one.hash) return answer({ reason: 'changed', detail: `seq ${one.entry.seq}` });
  const decided = decideBatch([one], new Map(), new Set(), batch.foreign).fresh[0]?.rejection ?? null;
  const rejection = decided ?? (await accept(on, till, was, one, batch.nowMs));
  if (rejection !== null) {
    const isSame = rejection.reason === was.rejection.reason && rejection.detail === was.rejection.detail;
    if (!isSame) await change(on, till, was, one, rejection, batch.nowMs);
    return answer(rejection);
  }
  if (was.is_alone) await storeText(on, till, one, text, batch.nowMs);
  const moves = await batch.moves([{ judged: one, rejection: null, at: 0 }]);
  await writeBills(on, till, batch.rows, moves);
  if (!was.is_settled) {
    await on.query('UPDATE till SET refused = refused - 1 WHERE tenant_id = $1 AND store_id = $2 AND till_id = $3', [
      till.tenantId,
      till.storeId,
      was.till_id,
    ]);
  }
  return answer(null);
}
