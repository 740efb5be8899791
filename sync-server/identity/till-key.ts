/**
 * A till's key: a secret that is shown to the till once and kept here as its hash. Rule kept: a revoked till is
 * refused by its next call; comparing takes the same time whatever was sent.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Pool } from 'pg';
import type { PushingTill } from '../ingest/write-batch.ts';
import { asTill } from '../postgres/in-tenant.ts';

export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();

type Row = {
  readonly tenant_id: string;
  readonly store_id: string;
  readonly key_hash: Buffer;
  readonly revoked_at_ms: string | null;
};

/** `Bearer TILL.SECRET`; null for anybody else. */
export async function tillOfHeader(pool: Pool, header: string | undefined): Promise<PushingTill | null> {
  const said = /^Bearer ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([A-Za-z0-9_-]{20,100})$/.exec(header ?? '');
  if (said === null) return null;
  const [, tillId = '', secret = ''] = said;
  const row = await asTill(pool, tillId, async (on) => {
    const found = await on.query<Row>({
      name: 'till-key',
      text: 'SELECT tenant_id, store_id, key_hash, revoked_at_ms FROM till WHERE till_id = $1',
      values: [tillId],
    });
    return found.rows[0];
  });
  if (row === undefined || row.revoked_at_ms !== null) return null;
  if (!timingSafeEqual(hashSecret(secret), row.key_hash)) return null;
  return { tenantId: row.tenant_id, storeId: row.store_id, tillId };
}
