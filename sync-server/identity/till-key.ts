/**
 * A till's key: a secret that is shown to the till once and kept here as its hash. Rule kept: a revoked till is
 * refused by its next call; comparing takes the same time whatever was sent.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Pool } from 'pg';
import type { PushingTill } from '../ingest/write-batch.ts';
import { asTill, inTenant } from '../postgres/in-tenant.ts';

export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** Not heard for longer: its key no longer opens; it bills on and is asked to enrol again (design.md, 30 days). */
export const lapsesAfterMs = 30 * 24 * 60 * 60_000;

/** Why a till is not let in: told to it, so that it can tell a person. */
export type TillRefusal = 'unknown' | 'revoked' | 'lapsed';

type Row = {
  readonly tenant_id: string;
  readonly store_id: string;
  readonly key_hash: Buffer;
  readonly revoked_at_ms: string | null;
  readonly last_seen_ms: string | null;
};

/** `Bearer TILL.SECRET`. `nowMs` null: how long it was not heard is not asked. */
export async function knowTill(
  pool: Pool,
  header: string | undefined,
  nowMs: number | null,
): Promise<{ readonly till: PushingTill } | { readonly refusal: TillRefusal }> {
  const said = /^Bearer ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([A-Za-z0-9_-]{20,100})$/.exec(header ?? '');
  if (said === null) return { refusal: 'unknown' };
  const [, tillId = '', secret = ''] = said;
  const rows = await asTill(pool, tillId, async (on) => {
    const found = await on.query<Row>({
      name: 'till-key',
      text: 'SELECT tenant_id, store_id, key_hash, revoked_at_ms, last_seen_ms FROM till WHERE till_id = $1',
      values: [tillId],
    });
    return found.rows;
  });
  // A till makes its own id, so another organisation's may have the same one: the key says which row is meant.
  const hashed = hashSecret(secret);
  const row = rows.find((one) => timingSafeEqual(hashed, one.key_hash));
  if (row === undefined) return { refusal: 'unknown' };
  if (row.revoked_at_ms !== null) return { refusal: 'revoked' };
  if (nowMs !== null && nowMs - Number(row.last_seen_ms ?? nowMs) > lapsesAfterMs) return { refusal: 'lapsed' };
  const till = { tenantId: row.tenant_id, storeId: row.store_id, tillId };
  if (nowMs !== null && nowMs - Number(row.last_seen_ms ?? 0) > heardEveryMs) await markHeard(pool, till, nowMs);
  return { till };
}

/** A shop that sells nothing for a month but asks for prices is heard all the same; not written with each call. */
const heardEveryMs = 60_000;
const markHeard = (pool: Pool, till: PushingTill, nowMs: number): Promise<unknown> =>
  inTenant(pool, till.tenantId, (on) =>
    on.query(
      'UPDATE till SET last_seen_ms = greatest(last_seen_ms, $4) WHERE tenant_id = $1 AND store_id = $2 AND till_id = $3',
      [till.tenantId, till.storeId, till.tillId, nowMs],
    ),
  );
