/**
 * Who asks at head office, from the access token in a cookie: signed by the organisation's own key, one hour. Rule
 * kept: the token only names a login; what a person may see is read from the rows with each call, so a sign-out, a
 * disabled account, a changed role count at once.
 */
import { randomBytes } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import type { Pool } from 'pg';
import type { Me, OfficeRole } from '#contract/server.ts';
import { isUuid, type NewId } from '#core/ids.ts';
import { inOffice, inTenant } from '../postgres/in-tenant.ts';
import type { PoolClient } from 'pg';

export const accessLivesMs = 60 * 60_000;

export type Caller = {
  readonly tenantId: string;
  readonly accountId: string;
  readonly loginId: string;
  readonly email: string;
  readonly role: OfficeRole;
  readonly region: string | null;
  readonly storeId: string | null;
  readonly organisation: string;
  readonly hasTotp: boolean;
  /** When the token that was shown ends; the next call needs a new one. */
  readonly untilMs: number;
};

export const meOf = (caller: Omit<Caller, 'untilMs' | 'loginId'>): Me => ({
  accountId: caller.accountId,
  email: caller.email,
  role: caller.role,
  region: caller.region,
  storeId: caller.storeId,
  organisation: caller.organisation,
  hasTotp: caller.hasTotp,
});

/** A transaction that sees what this person may see. */
export const inCaller = <T>(
  pool: Pool,
  caller: Pick<Caller, 'tenantId' | 'region' | 'storeId'>,
  work: (on: PoolClient) => Promise<T>,
): Promise<T> => inOffice(pool, caller.tenantId, caller, work);

type KeyRow = { readonly key_id: string; readonly secret: Buffer };
export type Keys = {
  readonly sign: (tenantId: string, accountId: string, loginId: string, nowMs: number) => Promise<string>;
  readonly read: (token: string, nowMs: number) => Promise<Read | null>;
};
type Read = { readonly tenantId: string; readonly loginId: string; readonly untilMs: number };

/** Keys are read once and kept; a key that another server has made is found when its first token comes. */
export function makeKeys(pool: Pool, newId: NewId): Keys {
  const known = new Map<string, readonly KeyRow[]>();
  const load = async (tenantId: string, nowMs: number): Promise<readonly KeyRow[]> => {
    const rows = await inTenant(pool, tenantId, async (on) => {
      const found = await on.query<KeyRow>('SELECT key_id, secret FROM signing_key ORDER BY made_at_ms DESC');
      if (found.rows.length > 0) return found.rows;
      const made = { key_id: newId(), secret: randomBytes(32) };
      await on.query('INSERT INTO signing_key (tenant_id, key_id, secret, made_at_ms) VALUES ($1, $2, $3, $4)', [
        tenantId,
        made.key_id,
        made.secret,
        nowMs,
      ]);
      return [made];
    });
    known.set(tenantId, rows);
    return rows;
  };
  return {
    sign: async (tenantId, accountId, loginId, nowMs) => {
      const key = (known.get(tenantId) ?? (await load(tenantId, nowMs)))[0];
      if (key === undefined) throw new Error('an organisation without a signing key');
      return new SignJWT({ login: loginId })
        .setProtectedHeader({ alg: 'HS256', kid: `${tenantId}.${key.key_id}` })
        .setSubject(accountId)
        .setIssuedAt(Math.floor(nowMs / 1_000))
        .setExpirationTime(Math.floor((nowMs + accessLivesMs) / 1_000))
        .sign(key.secret);
    },
    read: async (token, nowMs) => {
      try {
        const [tenantId = '', keyId = ''] = (decodeProtectedHeader(token).kid ?? '').split('.');
        if (!isUuid(tenantId) || !isUuid(keyId)) return null;
        const ofId = (rows: readonly KeyRow[] | undefined) => rows?.find((row) => row.key_id === keyId);
        const key = ofId(known.get(tenantId)) ?? ofId(await load(tenantId, nowMs));
        if (key === undefined) return null;
        const { payload } = await jwtVerify(token, key.secret, {
          algorithms: ['HS256'],
          currentDate: new Date(nowMs),
        });
        const login = payload['login'];
        if (typeof login !== 'string' || !isUuid(login)) return null;
        return { tenantId, loginId: login, untilMs: (payload.exp ?? 0) * 1_000 };
      } catch (error) {
        // jose throws on whatever is not a token of ours; a database that is away is no matter of tokens.
        if (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_J')) return null;
        if (error instanceof TypeError) return null;
        throw error;
      }
    },
  };
}

type Row = {
  readonly account_id: string;
  readonly email: string;
  readonly role: OfficeRole;
  readonly region: string | null;
  readonly store_id: string | null;
  readonly organisation: string;
  readonly has_totp: boolean;
};

/** null: no token, an old one, a login that has ended, an account that is disabled. */
export async function callerOf(pool: Pool, keys: Keys, token: string | null, nowMs: number): Promise<Caller | null> {
  const read = token === null ? null : await keys.read(token, nowMs);
  if (read === null) return null;
  const row = await inTenant(pool, read.tenantId, async (on) => {
    const found = await on.query<Row>({
      name: 'caller',
      text: `SELECT a.account_id, a.email, a.role, a.region, a.store_id, t.name AS organisation,
          a.totp_confirmed_at_ms IS NOT NULL AS has_totp
        FROM login l JOIN account a USING (tenant_id, account_id) JOIN tenant t USING (tenant_id)
        WHERE l.login_id = $1 AND l.ended_at_ms IS NULL AND a.disabled_at_ms IS NULL`,
      values: [read.loginId],
    });
    return found.rows[0];
  });
  if (row === undefined) return null;
  return {
    ...read,
    accountId: row.account_id,
    email: row.email,
    role: row.role,
    region: row.region,
    storeId: row.store_id,
    organisation: row.organisation,
    hasTotp: row.has_totp,
  };
}
