/**
 * A till takes the place of one that was lost. Rule kept: in the transaction that enrols the new one the old one is shut
 * out; from then on the old one's documents that never arrived are the new one's to bring, and nobody else's.
 */
import type { Pool, PoolClient } from 'pg';
import { asCode, inTenant } from '../postgres/in-tenant.ts';
import type { PushingTill } from '../ingest/stored-entries.ts';
import { hashCode } from './till-key.ts';

/** What the new till says: whom it replaces, and how far that one's journal reached in the backup. */
export type Restored = { readonly tillId: string; readonly throughSeq: number; readonly series: string };

/** False: there is no such till in the store, or another has replaced it. The new till's row is there. */
export async function replaceTill(
  on: PoolClient,
  till: PushingTill,
  restored: Restored,
  nowMs: number,
): Promise<boolean> {
  const old = await on.query<{ replaces: string[]; through_seq: string }>(
    `UPDATE till SET replaced_by = $4, revoked_at_ms = coalesce(revoked_at_ms, $5), revoke_reason = NULL
     WHERE tenant_id = $1 AND store_id = $2 AND till_id = $3 AND till_id <> $4 AND coalesce(replaced_by, $4) = $4
     RETURNING replaces, through_seq`,
    [till.tenantId, till.storeId, restored.tillId, till.tillId, nowMs],
  );
  const row = old.rows[0];
  if (row === undefined) return false;
  // What it holds before the backup's end and head office has not: it sends from there.
  await on.query(
    `UPDATE till SET replaces = $4, series = $5, through_seq = greatest(through_seq, $6)
     WHERE tenant_id = $1 AND store_id = $2 AND till_id = $3`,
    [
      till.tenantId,
      till.storeId,
      till.tillId,
      [...row.replaces, restored.tillId],
      restored.series,
      Math.min(restored.throughSeq, Number(row.through_seq)),
    ],
  );
  return true;
}

export type RestorePlace = { readonly tenantId: string; readonly storeId: string; readonly tillId: string };
export type RestoreCodeFault = 'codeUnknown' | 'codeUsed' | 'codeExpired';

/** Which till a code brings back. Asking does not use it up. */
export async function placeOfRestoreCode(
  pool: Pool,
  code: string,
  nowMs: number,
): Promise<RestorePlace | RestoreCodeFault> {
  const codeHash = hashCode(code);
  const row = await asCode(pool, codeHash, async (on) => {
    const found = await on.query<{
      tenant_id: string;
      store_id: string;
      replaces_till_id: string | null;
      expires_at_ms: string;
      used_at_ms: string | null;
    }>(
      'SELECT tenant_id, store_id, replaces_till_id, expires_at_ms, used_at_ms FROM enrolment_code WHERE code_hash = $1',
      [codeHash],
    );
    return found.rows[0];
  });
  if (row === undefined || row.replaces_till_id === null) return 'codeUnknown';
  if (row.used_at_ms !== null) return 'codeUsed';
  if (Number(row.expires_at_ms) < nowMs) return 'codeExpired';
  return { tenantId: row.tenant_id, storeId: row.store_id, tillId: row.replaces_till_id };
}

/** The first that no till of the organisation carries and no document's number begins with. */
export async function freeSeries(pool: Pool, tenantId: string, candidates: readonly string[]): Promise<string | null> {
  return inTenant(pool, tenantId, async (on) => {
    const found = await on.query<{ series: string }>(
      `SELECT c.series FROM unnest($1::text[]) WITH ORDINALITY AS c(series, n)
       WHERE NOT EXISTS (SELECT FROM till t WHERE t.series = c.series)
         AND NOT EXISTS (SELECT FROM document d WHERE d.number LIKE c.series || '/%') ORDER BY c.n LIMIT 1`,
      [candidates],
    );
    return found.rows[0]?.series ?? null;
  });
}
