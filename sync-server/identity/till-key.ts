/**
 * Which till calls, from its access token (one hour, signed by the organisation's key). Rule kept: the token only names
 * a till and the family of its keys; whether it may is read from the till's row with each call, so that revoking it,
 * or enrolling it anew, counts at once. Time is the server's clock: a till's own may be years off.
 */
import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import type { TillShutOut } from '#contract/sync.ts';
import { isUuid } from '#core/ids.ts';
import type { PushingTill } from '../ingest/stored-entries.ts';
import { inTenant } from '../postgres/in-tenant.ts';
import type { till as tillTable } from '../postgres/schema-identity.ts';
import { readToken, signToken } from './signing-keys.ts';

export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();
/** A code as a person typed it: any case, with or without dashes. */
export const hashCode = (code: string): Buffer => hashSecret(code.toUpperCase().replaceAll(/[^A-Z0-9]/g, ''));

export const tillAccessLivesMs = 60 * 60_000;
/** Not heard for longer: its key no longer opens; it bills on and is asked to enrol again (design.md, 30 days). */
export const lapsesAfterMs = 30 * 24 * 60 * 60_000;

export type TillFamily = PushingTill & { readonly familyId: string };

export const signTillAccess = (pool: Pool, till: TillFamily, nowMs: number): Promise<string> =>
  signToken(
    pool,
    {
      tenantId: till.tenantId,
      audience: 'till',
      subject: till.tillId,
      claims: { store: till.storeId, family: till.familyId },
      livesMs: tillAccessLivesMs,
    },
    nowMs,
  );

type Row = Pick<
  Readonly<typeof tillTable.$inferSelect>,
  'family_id' | 'revoked_at_ms' | 'revoke_reason' | 'last_seen_ms' | 'replaces'
>;

export const refusalOf = (row: Pick<Row, 'revoked_at_ms' | 'revoke_reason'>): 'revoked' | 'reused' | null =>
  row.revoked_at_ms === null ? null : row.revoke_reason === 'keyReused' ? 'reused' : 'revoked';

/** `header`: `Bearer TOKEN`, as it came. */
export async function knowTill(
  pool: Pool,
  header: string | undefined,
  nowMs: number,
): Promise<{ readonly till: PushingTill } | { readonly refusal: TillShutOut }> {
  const token = /^Bearer ([\w.-]{20,2000})$/.exec(header ?? '')?.[1];
  const signed = token === undefined ? null : await readToken(pool, token, 'till', nowMs);
  if (signed === 'expired') return { refusal: 'expired' };
  const storeId = signed?.claims['store'];
  if (signed === null || typeof storeId !== 'string' || !isUuid(storeId)) return { refusal: 'unknown' };
  const till = { tenantId: signed.tenantId, storeId, tillId: signed.subject };
  return inTenant(pool, till.tenantId, async (on) => {
    const found = await on.query<Row>({
      name: 'till-of-token',
      text: `SELECT family_id, revoked_at_ms, revoke_reason, last_seen_ms, replaces FROM till
        WHERE tenant_id = $1 AND store_id = $2 AND till_id = $3`,
      values: [till.tenantId, till.storeId, till.tillId],
    });
    const row = found.rows[0];
    if (row === undefined || row.family_id !== signed.claims['family']) return { refusal: 'unknown' };
    const refusal = refusalOf(row);
    if (refusal !== null) return { refusal };
    // A shop that sells nothing for a month but asks for prices is heard all the same; not written with each call.
    if (nowMs - Number(row.last_seen_ms ?? 0) > heardEveryMs) {
      await on.query(
        `UPDATE till SET last_seen_ms = greatest(last_seen_ms, $4)
         WHERE tenant_id = $1 AND store_id = $2 AND till_id = $3`,
        [till.tenantId, till.storeId, till.tillId, nowMs],
      );
    }
    return { till: row.replaces.length === 0 ? till : { ...till, replaces: row.replaces } };
  });
}

const heardEveryMs = 60_000;
