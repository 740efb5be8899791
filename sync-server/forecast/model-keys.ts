/**
 * The keys that sign an organisation's models (Ed25519): the newest signs, each but the first was named by the one before
 * it. Rule kept: a key is made when the first model is released or when somebody rotates; it lies sealed with a key that is
 * not in the database and never leaves the server; tills get its public half and the successions.
 */
import { randomBytes } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { type KeySuccession, keyIdOf, keySuccession, publicKeyOf, signSuccession } from '#ml/registry/signature.ts';
import type { Sealer } from '../identity/seal.ts';
import { inTenant } from '../postgres/in-tenant.ts';

type Row = {
  readonly key_id: string;
  readonly seal_id: string;
  readonly sealed: Buffer;
  readonly made_at_ms: string;
  readonly succession: unknown;
};
/** `seed`: the private half, 32 bytes. `successions`: from the first key to this one, oldest first. */
export type SigningKey = {
  readonly keyId: string;
  readonly seed: Buffer;
  readonly successions: readonly KeySuccession[];
};
/** More would not fit into a manifest's signature (ml/registry/signature.ts). */
const mostSuccessions = 100;

/** Two servers, one key. */
const lock = (on: PoolClient, tenantId: string): Promise<unknown> =>
  on.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`model key ${tenantId}`]);

const readRows = async (on: PoolClient): Promise<readonly Row[]> =>
  (
    await on.query<Row>(
      'SELECT key_id, seal_id, sealed, made_at_ms, succession FROM model_key ORDER BY made_at_ms, key_id',
    )
  ).rows;

/** Throws where the key that sealed it is not here (BILLMITRA_KEY). */
function newestOf(rows: readonly Row[], sealer: Sealer, tenantId: string): SigningKey | null {
  const row = rows.at(-1);
  if (row === undefined) return null;
  const seed = sealer.open({ keyId: row.seal_id, bytes: row.sealed }, tenantId);
  if (seed === null)
    throw new Error(`the model key ${row.key_id} is sealed with a key that is not here (BILLMITRA_KEY)`);
  const successions = rows.flatMap(({ succession }) => (succession === null ? [] : [keySuccession.parse(succession)]));
  return { keyId: row.key_id, seed, successions };
}

async function makeKey(
  on: PoolClient,
  sealer: Sealer,
  tenantId: string,
  before: SigningKey | null,
  madeAtMs: number,
): Promise<SigningKey> {
  const seed = randomBytes(32);
  const publicKey = publicKeyOf(seed);
  const sealed = sealer.seal(seed, tenantId);
  const named = before === null ? null : signSuccession(before.seed, publicKey);
  await on.query(
    'INSERT INTO model_key (tenant_id, key_id, seal_id, sealed, made_at_ms, succession) VALUES ($1, $2, $3, $4, $5, $6)',
    [tenantId, keyIdOf(publicKey), sealed.keyId, sealed.bytes, madeAtMs, named === null ? null : JSON.stringify(named)],
  );
  const successions = [...(before?.successions ?? []), ...(named === null ? [] : [named])];
  return { keyId: keyIdOf(publicKey), seed, successions };
}

/** The newest; the first where there is none yet. */
export const signingKey = (pool: Pool, sealer: Sealer, tenantId: string, nowMs: number): Promise<SigningKey> =>
  inTenant(pool, tenantId, async (on) => {
    await lock(on, tenantId);
    return newestOf(await readRows(on), sealer, tenantId) ?? (await makeKey(on, sealer, tenantId, null, nowMs));
  });

/** A new key, named by the one before it. null: there is none yet, so there is nothing to rotate. */
export async function nextKey(
  on: PoolClient,
  sealer: Sealer,
  tenantId: string,
  nowMs: number,
): Promise<{ readonly before: string; readonly key: SigningKey } | null> {
  await lock(on, tenantId);
  const rows = await readRows(on);
  const before = newestOf(rows, sealer, tenantId);
  if (before === null) return null;
  if (before.successions.length >= mostSuccessions)
    throw new Error(`this organisation has rotated ${mostSuccessions} times; its tills must join anew`);
  // Later than the one before it, whatever this PC's clock says.
  const madeAtMs = Math.max(nowMs, Number(rows.at(-1)?.made_at_ms ?? 0) + 1);
  return { before: before.keyId, key: await makeKey(on, sealer, tenantId, before, madeAtMs) };
}

/** Oldest first; the last one signs. */
export const listKeys = (pool: Pool, tenantId: string) =>
  inTenant(pool, tenantId, async (on) =>
    (await readRows(on)).map(({ key_id: keyId, made_at_ms }) => ({ keyId, madeAtMs: Number(made_at_ms) })),
  );
