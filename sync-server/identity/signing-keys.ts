/**
 * What head office signs, for people and for tills: short tokens (JWT, HS256) with the organisation's own key, which is
 * a row so that any server reads what another has signed. Rule kept: a token says what it is for (`aud`) and opens
 * nothing else; reading one makes no key, whatever stands in it.
 */
import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose';
import type { Pool } from 'pg';
import { isUuid, makeIds } from '#core/ids.ts';
import { instant } from '#core/time.ts';
import { inTenant } from '../postgres/in-tenant.ts';

export type Audience = 'office' | 'till';
export type SignedToken = {
  readonly tenantId: string;
  readonly subject: string;
  /** As it was signed. */
  readonly claims: Readonly<Record<string, unknown>>;
  readonly untilMs: number;
};

type Key = { readonly keyId: string; readonly key: KeyObject };
/** Of organisations that have one: what strangers write into a token's head is not remembered. */
const known = new WeakMap<Pool, Map<string, readonly Key[]>>();

async function load(pool: Pool, tenantId: string, makeAtMs: number | null): Promise<readonly Key[]> {
  const keys = await inTenant(pool, tenantId, async (on) => {
    const found = await on.query<{ key_id: string; secret: Buffer }>(
      'SELECT key_id, secret FROM signing_key ORDER BY made_at_ms DESC',
    );
    const has = found.rows.map((row): Key => ({ keyId: row.key_id, key: createSecretKey(row.secret) }));
    if (has.length > 0 || makeAtMs === null) return has;
    const keyId = makeIds({ now: () => instant(makeAtMs) }, randomBytes)();
    const secret = randomBytes(32);
    await on.query('INSERT INTO signing_key (tenant_id, key_id, secret, made_at_ms) VALUES ($1, $2, $3, $4)', [
      tenantId,
      keyId,
      secret,
      makeAtMs,
    ]);
    return [{ keyId, key: createSecretKey(secret) }];
  });
  if (keys.length > 0) {
    const ofPool = known.get(pool) ?? new Map<string, readonly Key[]>();
    known.set(pool, ofPool.set(tenantId, keys));
  }
  return keys;
}

export async function signToken(
  pool: Pool,
  what: {
    readonly tenantId: string;
    readonly audience: Audience;
    readonly subject: string;
    readonly claims: Readonly<Record<string, string>>;
    readonly livesMs: number;
  },
  nowMs: number,
): Promise<string> {
  const [newest] = known.get(pool)?.get(what.tenantId) ?? (await load(pool, what.tenantId, nowMs));
  if (newest === undefined) throw new Error('an organisation without a signing key');
  return new SignJWT({ ...what.claims })
    .setProtectedHeader({ alg: 'HS256', kid: `${what.tenantId}.${newest.keyId}` })
    .setAudience(what.audience)
    .setSubject(what.subject)
    .setIssuedAt(Math.floor(nowMs / 1_000))
    .setExpirationTime(Math.floor((nowMs + what.livesMs) / 1_000))
    .sign(newest.key);
}

/** Tokens that were verified, by their text: a till sends the same one for an hour. Bounded; the oldest is forgotten. */
const verified = new WeakMap<Pool, Map<string, SignedToken & { readonly audience: Audience }>>();
const mostVerified = 20_000;

/** null: none of ours, or for something else. Expiry is by the server's clock alone. */
export async function readToken(
  pool: Pool,
  token: string,
  audience: Audience,
  nowMs: number,
): Promise<SignedToken | 'expired' | null> {
  const before = verified.get(pool)?.get(token);
  if (before !== undefined) {
    if (before.audience !== audience) return null;
    return before.untilMs > nowMs ? before : 'expired';
  }
  const signed = await verify(pool, token, audience, nowMs);
  if (signed === null || signed === 'expired') return signed;
  const ofPool = verified.get(pool) ?? new Map<string, SignedToken & { readonly audience: Audience }>();
  verified.set(pool, ofPool.set(token, { ...signed, audience }));
  if (ofPool.size > mostVerified) ofPool.delete(ofPool.keys().next().value ?? '');
  return signed;
}

async function verify(
  pool: Pool,
  token: string,
  audience: Audience,
  nowMs: number,
): Promise<SignedToken | 'expired' | null> {
  try {
    const [tenantId = '', keyId = '', ...more] = (decodeProtectedHeader(token).kid ?? '').split('.');
    if (!isUuid(tenantId) || !isUuid(keyId) || more.length > 0) return null;
    const ofId = (keys: readonly Key[] | undefined) => keys?.find((one) => one.keyId === keyId)?.key;
    const key = ofId(known.get(pool)?.get(tenantId)) ?? ofId(await load(pool, tenantId, null));
    if (key === undefined) return null;
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      audience,
      requiredClaims: ['exp', 'sub'],
      currentDate: new Date(nowMs),
    });
    return { tenantId, subject: payload.sub ?? '', claims: payload, untilMs: (payload.exp ?? 0) * 1_000 };
  } catch (error) {
    if (error instanceof errors.JWTExpired) return 'expired';
    // jose throws on whatever is not a token of ours; a database that is away is no matter of tokens.
    if (error instanceof errors.JOSEError || error instanceof TypeError) return null;
    throw error;
  }
}
