/**
 * A till's refresh tokens: 30 days, each good for one use. The till makes the next one itself and sends only its hash
 * with the one it uses up. Rule kept: the same pair sent again (the answer was lost, the till died) gets the same answer
 * and locks nobody out; a used one with ANOTHER successor, or one whose successor is used up too, means that two hold
 * the key: the till is shut out in that transaction, whoever of them it was, until a person gives a new code.
 */
import type { Pool, PoolClient } from 'pg';
import type { TokenReply } from '#contract/sync.ts';
import type { PushingTill } from '../ingest/stored-entries.ts';
import { asTill, inTenant } from '../postgres/in-tenant.ts';
import type { tillToken } from '../postgres/schema-identity.ts';
import { judgeRotation } from './judge-rotation.ts';
import {
  hashSecret,
  lapsesAfterMs,
  refusalOf,
  signTillAccess,
  tillAccessLivesMs,
  type TillFamily,
} from './till-key.ts';

/** In the transaction that enrols: what the till held before opens nothing any more. */
export async function openFamily(on: PoolClient, till: TillFamily, tokenHash: Buffer, nowMs: number): Promise<void> {
  const key = [till.tenantId, till.storeId, till.tillId];
  await on.query('DELETE FROM till_token WHERE tenant_id = $1 AND store_id = $2 AND till_id = $3', key);
  await on.query(
    `UPDATE till SET family_id = $4, revoked_at_ms = NULL, revoke_reason = NULL
     WHERE tenant_id = $1 AND store_id = $2 AND till_id = $3`,
    [...key, till.familyId],
  );
  await addToken(on, till, tokenHash, nowMs);
}

const addToken = (on: PoolClient, till: TillFamily, tokenHash: Buffer, nowMs: number): Promise<unknown> =>
  on.query(
    `INSERT INTO till_token (tenant_id, store_id, till_id, token_hash, family_id, expires_at_ms)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [till.tenantId, till.storeId, till.tillId, tokenHash, till.familyId, nowMs + lapsesAfterMs],
  );

export type Rotation = {
  readonly tillId: string;
  readonly refresh: string;
  /** SHA-256 of its successor, 32 bytes. */
  readonly nextHash: Buffer;
  /**
   * What the till used up before, newest first. Only asked where `refresh` is not known: a server that came back from a
   * copy has forgotten the last of them, and the one that it still waits for is as good a proof as on that day.
   */
  readonly earlier: readonly string[];
};
export type Rotated = { readonly reply: TokenReply /** Shut out just now. */; readonly alarm: PushingTill | null };

type Refusal = Extract<TokenReply, { readonly ok: false }>['reason'];

/** A till makes its own id: two organisations may hold the same one, more than this is nobody's doing but a forger's. */
const mostOrganisations = 5;

export async function rotateTillKey(pool: Pool, asked: Rotation, nowMs: number): Promise<Rotated> {
  const places = await asTill(pool, asked.tillId, (on) =>
    on.query<{ tenant_id: string; store_id: string }>(
      'SELECT tenant_id, store_id FROM till WHERE till_id = $1 LIMIT $2',
      [asked.tillId, mostOrganisations],
    ),
  );
  for (const { tenant_id: tenantId, store_id: storeId } of places.rows) {
    const till = { tenantId, storeId, tillId: asked.tillId };
    const turned = await inTenant(pool, tenantId, (on) => turnIn(on, till, asked, nowMs));
    if (turned.kind === 'notHere') continue;
    if (turned.kind === 'refused') return { reply: { ok: false, reason: turned.reason }, alarm: turned.alarm };
    const access = await signTillAccess(pool, turned.family, nowMs);
    return { reply: { ok: true, access, livesMs: tillAccessLivesMs }, alarm: null };
  }
  return { reply: { ok: false, reason: 'unknown' }, alarm: null };
}

type TokenRow = Readonly<
  Pick<typeof tillToken.$inferSelect, 'token_hash' | 'expires_at_ms' | 'used_at_ms' | 'successor_hash'>
> & {
  readonly is_successor_used: boolean | null;
  readonly successor_expires_at_ms: string | null;
  readonly is_next_known: boolean;
};

type Turned =
  /** This organisation's till of that id never had such a key. */
  | { readonly kind: 'notHere' }
  | { readonly kind: 'refused'; readonly reason: Refusal; readonly alarm: PushingTill | null }
  | { readonly kind: 'turned'; readonly family: TillFamily };

async function turnIn(on: PoolClient, till: PushingTill, asked: Rotation, nowMs: number): Promise<Turned> {
  const key = [till.tenantId, till.storeId, till.tillId];
  // Of two that come together the second waits here and sees what the first has done. A batch of bills is not held up.
  const found = await on.query<{
    family_id: string | null;
    revoked_at_ms: string | null;
    revoke_reason: string | null;
  }>(
    `SELECT family_id, revoked_at_ms, revoke_reason FROM till
     WHERE tenant_id = $1 AND store_id = $2 AND till_id = $3 FOR NO KEY UPDATE`,
    key,
  );
  const row = found.rows[0];
  const token = await findToken(on, till, asked);
  if (row === undefined || row.family_id === null || token === undefined) return { kind: 'notHere' };
  const family = { ...till, familyId: row.family_id };
  const judgement = judgeRotation({
    refusal: refusalOf(row),
    token: {
      expiresAtMs: Number(token.expires_at_ms),
      isUsed: token.used_at_ms !== null,
      successor: token.successor_hash?.toString('hex') ?? null,
      isSuccessorUsed: token.is_successor_used === true,
      successorExpiresAtMs: token.successor_expires_at_ms === null ? null : Number(token.successor_expires_at_ms),
    },
    nextHash: asked.nextHash.toString('hex'),
    isNextKnown: token.is_next_known,
    nowMs,
  });
  if (judgement === 'turned') return { kind: 'turned', family };
  if (judgement === 'twoHold') {
    await on.query(
      `UPDATE till SET revoked_at_ms = $4, revoke_reason = 'keyReused'
       WHERE tenant_id = $1 AND store_id = $2 AND till_id = $3`,
      [...key, nowMs],
    );
    return { kind: 'refused', reason: 'reused', alarm: till };
  }
  if (judgement !== 'turns') return { kind: 'refused', reason: judgement, alarm: null };
  await on.query(
    `UPDATE till_token SET used_at_ms = $5, successor_hash = $6
     WHERE tenant_id = $1 AND store_id = $2 AND till_id = $3 AND token_hash = $4`,
    [...key, token.token_hash, nowMs, asked.nextHash],
  );
  await addToken(on, family, asked.nextHash, nowMs);
  await on.query(
    'DELETE FROM till_token WHERE tenant_id = $1 AND store_id = $2 AND till_id = $3 AND expires_at_ms < $4',
    [...key, nowMs],
  );
  return { kind: 'turned', family };
}

async function findToken(on: PoolClient, till: PushingTill, asked: Rotation): Promise<TokenRow | undefined> {
  const select = `SELECT t.token_hash, t.expires_at_ms, t.used_at_ms, t.successor_hash,
      n.used_at_ms IS NOT NULL AS is_successor_used, n.expires_at_ms AS successor_expires_at_ms,
      EXISTS (SELECT FROM till_token k WHERE k.tenant_id = t.tenant_id AND k.store_id = t.store_id
        AND k.till_id = t.till_id AND k.token_hash = $4) AS is_next_known
    FROM till_token t LEFT JOIN till_token n ON n.tenant_id = t.tenant_id AND n.store_id = t.store_id
      AND n.till_id = t.till_id AND n.token_hash = t.successor_hash
    WHERE t.tenant_id = $1 AND t.store_id = $2 AND t.till_id = $3`;
  const key = [till.tenantId, till.storeId, till.tillId];
  const named = await on.query<TokenRow>(`${select} AND t.token_hash = $5`, [
    ...key,
    asked.nextHash,
    hashSecret(asked.refresh),
  ]);
  if (named.rows[0] !== undefined || asked.earlier.length === 0) return named.rows[0];
  // The second half: this very rotation, sent again.
  const waiting = await on.query<TokenRow>(
    `${select} AND t.token_hash = ANY ($5::bytea[]) AND (t.used_at_ms IS NULL OR t.successor_hash = $4)`,
    [...key, asked.nextHash, asked.earlier.map(hashSecret)],
  );
  return waiting.rows[0];
}
