/**
 * The key that signs an organisation's models (Ed25519). Rule kept: made once, when the first model is released; it lies
 * sealed with a key that is not in the database and never leaves the server; tills get its public half.
 */
import { randomBytes } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { keyIdOf, publicKeyOf } from '#ml/registry/signature.ts';
import type { Sealer } from '../identity/seal.ts';
import { inTenant } from '../postgres/in-tenant.ts';

type Row = { readonly key_id: string; readonly seal_id: string; readonly sealed: Buffer };

/** The private half: 32 bytes. Throws where the key that sealed it is not here (BILLMITRA_KEY). */
async function readKey(on: PoolClient, sealer: Sealer, tenantId: string): Promise<Buffer | null> {
  const found = await on.query<Row>('SELECT key_id, seal_id, sealed FROM model_key ORDER BY made_at_ms DESC LIMIT 1');
  const row = found.rows[0];
  if (row === undefined) return null;
  const seed = sealer.open({ keyId: row.seal_id, bytes: row.sealed }, tenantId);
  if (seed === null)
    throw new Error(`the model key ${row.key_id} is sealed with a key that is not here (BILLMITRA_KEY)`);
  return seed;
}

export const signingSeed = (pool: Pool, sealer: Sealer, tenantId: string, nowMs: number): Promise<Buffer> =>
  inTenant(pool, tenantId, async (on) => {
    // Two servers, one key.
    await on.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`model key ${tenantId}`]);
    const there = await readKey(on, sealer, tenantId);
    if (there !== null) return there;
    const seed = randomBytes(32);
    const sealed = sealer.seal(seed, tenantId);
    await on.query(
      'INSERT INTO model_key (tenant_id, key_id, seal_id, sealed, made_at_ms) VALUES ($1, $2, $3, $4, $5)',
      [tenantId, keyIdOf(publicKeyOf(seed)), sealed.keyId, sealed.bytes, nowMs],
    );
    return seed;
  });
