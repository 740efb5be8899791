/**
 * Who asks at head office, from the access token in a cookie: signed by the organisation's own key, one hour. Rule
 * kept: the token only names a login; what a person may see is read from the rows with each call, so a sign-out, a
 * disabled account, a changed role count at once.
 */
import type { Pool, PoolClient } from 'pg';
import type { Me, OfficeRole } from '#contract/server.ts';
import { isUuid } from '#core/ids.ts';
import { inOffice, inTenant } from '../postgres/in-tenant.ts';
import { readToken, signToken } from './signing-keys.ts';

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

export type Keys = {
  readonly sign: (tenantId: string, accountId: string, loginId: string, nowMs: number) => Promise<string>;
  readonly read: (token: string, nowMs: number) => Promise<Read | null>;
};
type Read = { readonly tenantId: string; readonly loginId: string; readonly untilMs: number };

export const makeKeys = (pool: Pool): Keys => ({
  sign: (tenantId, accountId, login, nowMs) =>
    signToken(
      pool,
      { tenantId, audience: 'office', subject: accountId, claims: { login }, livesMs: accessLivesMs },
      nowMs,
    ),
  read: async (token, nowMs) => {
    const signed = await readToken(pool, token, 'office', nowMs);
    if (signed === null || signed === 'expired') return null;
    const login = signed.claims['login'];
    if (typeof login !== 'string' || !isUuid(login)) return null;
    return { tenantId: signed.tenantId, loginId: login, untilMs: signed.untilMs };
  },
});

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
