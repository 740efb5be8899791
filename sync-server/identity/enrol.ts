/**
 * A till becomes one of an organisation's: a person types a short code at it, once. Rule kept: a code is used up in
 * the transaction that enrols (the same till asking again with the same key gets the same answer: an answer may be lost);
 * bills that a till made before keep their store, so such a till opens a store of its own and never slips into another's.
 */
import { randomBytes, randomInt } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { makeIds } from '#core/ids.ts';
import { instant } from '#core/time.ts';
import { asCode, inTenant } from '../postgres/in-tenant.ts';
import type { enrolmentCode } from '../postgres/schema-identity.ts';
import { replaceTill, type Restored } from './replace-till.ts';
import { hashCode, signTillAccess, tillAccessLivesMs, type TillFamily } from './till-key.ts';
import { openFamily } from './till-tokens.ts';

export type EnrolRequest = {
  readonly code: string;
  readonly tillId: string;
  readonly storeId: string;
  readonly tillName: string;
  /** Bills were made under this storeId. */
  readonly hasDocuments: boolean;
  /** SHA-256 (hex) of the first refresh token, which the till made and keeps. */
  readonly tokenHash: string;
  /** Brought back from a backup of another till. */
  readonly restored?: Restored | undefined;
};
export type EnrolReply =
  | {
      readonly ok: true;
      readonly storeId: string;
      readonly storeName: string;
      readonly access: string;
      readonly livesMs: number;
    }
  | { readonly ok: false; readonly reason: 'codeUnknown' | 'codeUsed' | 'codeExpired' | 'otherStore' };

type CodeRow = Readonly<typeof enrolmentCode.$inferSelect>;

/** No I, O, 0, 1: read aloud over a phone. 32^8 of them, and each lives some minutes. */
const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
export const newCode = (): string => Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join('');

export type NewCode = {
  readonly tenantId: string;
  readonly storeId: string;
  readonly isNewStore: boolean;
  readonly storeName: string;
  readonly region: string;
  readonly expiresAtMs: number;
  /** Names it where head office lists its codes. */
  readonly codeId?: string;
  /** Brings this till back: its code alone opens its backups. */
  readonly replacesTillId?: string | undefined;
};

/** Answers the code, which is not kept and can't be shown again. */
export async function makeCode(pool: Pool, wanted: NewCode): Promise<string> {
  const code = newCode();
  await inTenant(pool, wanted.tenantId, (on) =>
    on.query(
      `INSERT INTO enrolment_code (tenant_id, store_id, code_hash, is_new_store, store_name, region, expires_at_ms,
         code_id, replaces_till_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        wanted.tenantId,
        wanted.storeId,
        hashCode(code),
        wanted.isNewStore,
        wanted.storeName,
        wanted.region,
        wanted.expiresAtMs,
        wanted.codeId ?? null,
        wanted.replacesTillId ?? null,
      ],
    ),
  );
  return code;
}

export async function enrol(pool: Pool, request: EnrolRequest, nowMs: number): Promise<EnrolReply> {
  const codeHash = hashCode(request.code);
  const code = await asCode(pool, codeHash, async (on) => {
    const found = await on.query<CodeRow>('SELECT * FROM enrolment_code WHERE code_hash = $1', [codeHash]);
    return found.rows[0];
  });
  if (code === undefined) return { ok: false, reason: 'codeUnknown' };
  if (Number(code.expires_at_ms) < nowMs) return { ok: false, reason: 'codeExpired' };
  const isOwnStore = code.is_new_store;
  if (!isOwnStore && request.hasDocuments && request.storeId !== code.store_id) {
    return { ok: false, reason: 'otherStore' };
  }
  const storeId = isOwnStore ? request.storeId : code.store_id;
  const tokenHash = Buffer.from(request.tokenHash, 'hex');
  const till: TillFamily = {
    tenantId: code.tenant_id,
    storeId,
    tillId: request.tillId,
    familyId: makeIds({ now: () => instant(nowMs) }, randomBytes)(),
  };
  const enrolIn = async (on: PoolClient): Promise<TillFamily | 'otherStore' | 'codeUsed'> => {
    if (isOwnStore && !(await isItsStore(on, storeId, request.tillId))) return 'otherStore';
    const used = await on.query(
      `UPDATE enrolment_code SET used_at_ms = $3, used_by_till_id = $4, used_by_token_hash = $5
       WHERE tenant_id = $1 AND code_hash = $2 AND used_at_ms IS NULL`,
      [code.tenant_id, codeHash, nowMs, request.tillId, tokenHash],
    );
    if (used.rowCount !== 1) return (await familyOfRetry(on, till, codeHash, tokenHash)) ?? 'codeUsed';
    if (isOwnStore) {
      await on.query(
        'INSERT INTO store (tenant_id, store_id, region, name) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
        [code.tenant_id, storeId, code.region, code.store_name],
      );
    }
    await on.query(
      `INSERT INTO till (tenant_id, store_id, till_id, name, last_seen_ms) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (tenant_id, store_id, till_id) DO UPDATE SET last_seen_ms = excluded.last_seen_ms`,
      [code.tenant_id, storeId, request.tillId, request.tillName, nowMs],
    );
    if (request.restored !== undefined && !(await replaceTill(on, till, request.restored, nowMs)))
      throw new OtherTill();
    await openFamily(on, till, tokenHash, nowMs);
    return till;
  };
  const done = await inTenant(pool, code.tenant_id, enrolIn).catch((error: unknown) => {
    if (error instanceof OtherTill) return 'otherStore' as const;
    throw error;
  });
  if (typeof done === 'string') return { ok: false, reason: done };
  const access = await signTillAccess(pool, done, nowMs);
  return { ok: true, storeId, storeName: code.store_name, access, livesMs: tillAccessLivesMs };
}

/** The till that it says it replaces is none of this store's, or was replaced by another: the code stays good. */
class OtherTill extends Error {}

/** The answer did not reach the till, or the till died over it: the same code, till and key once more. */
async function familyOfRetry(
  on: PoolClient,
  till: TillFamily,
  codeHash: Buffer,
  tokenHash: Buffer,
): Promise<TillFamily | null> {
  const found = await on.query<{ family_id: string }>(
    `SELECT t.family_id FROM enrolment_code c
     JOIN till_token k ON k.tenant_id = c.tenant_id AND k.till_id = c.used_by_till_id AND k.token_hash = c.used_by_token_hash
     JOIN till t ON t.tenant_id = k.tenant_id AND t.store_id = k.store_id AND t.till_id = k.till_id
     WHERE c.tenant_id = $1 AND c.code_hash = $2 AND c.used_by_till_id = $3 AND c.used_by_token_hash = $4
       AND t.store_id = $5 AND k.family_id = t.family_id AND k.used_at_ms IS NULL AND t.revoked_at_ms IS NULL`,
    [till.tenantId, codeHash, till.tillId, tokenHash, till.storeId],
  );
  const familyId = found.rows[0]?.family_id;
  return familyId === undefined ? null : { ...till, familyId };
}

/** A code for a new store opens none that is there, but for the till that it already belongs to. */
async function isItsStore(on: PoolClient, storeId: string, tillId: string): Promise<boolean> {
  const found = await on.query<{ has_till: boolean }>(
    `SELECT EXISTS (SELECT FROM till t WHERE t.tenant_id = s.tenant_id AND t.store_id = s.store_id AND t.till_id = $2)
       AS has_till FROM store s WHERE s.store_id = $1`,
    [storeId, tillId],
  );
  return found.rows[0]?.has_till ?? true;
}
