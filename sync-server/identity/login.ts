/**
 * Logins and their refresh tokens: 30 days, each good for one use, its successor handed out with it. Rule kept: a
 * token that comes a second time means that two hold it, so the whole login ends, whoever of them it was; only hashes
 * are kept here.
 */
import { randomBytes } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { isUuid, type NewId } from '#core/ids.ts';
import { inTenant } from '../postgres/in-tenant.ts';
import { hashSecret } from './till-key.ts';

export const refreshLivesMs = 30 * 24 * 60 * 60_000;

export type Login = { readonly tenantId: string; readonly accountId: string; readonly loginId: string };
export type Opened = Login & { readonly refreshToken: string };

async function addToken(on: PoolClient, login: Login, nowMs: number): Promise<Opened> {
  const secret = randomBytes(32).toString('base64url');
  await on.query('INSERT INTO login_token (tenant_id, login_id, token_hash, expires_at_ms) VALUES ($1, $2, $3, $4)', [
    login.tenantId,
    login.loginId,
    hashSecret(secret),
    nowMs + refreshLivesMs,
  ]);
  return { ...login, refreshToken: `${login.tenantId}.${login.loginId}.${secret}` };
}

/** In the transaction that has found the person to be right. */
export async function openLogin(
  on: PoolClient,
  account: Omit<Login, 'loginId'>,
  newId: NewId,
  nowMs: number,
): Promise<Opened> {
  const login = { ...account, loginId: newId() };
  await on.query('INSERT INTO login (tenant_id, login_id, account_id, made_at_ms) VALUES ($1, $2, $3, $4)', [
    login.tenantId,
    login.loginId,
    login.accountId,
    nowMs,
  ]);
  return addToken(on, login, nowMs);
}

type Parts = { readonly tenantId: string; readonly loginId: string; readonly hash: Buffer };
function partsOf(token: string | null): Parts | null {
  const [tenantId = '', loginId = '', secret = '', ...more] = (token ?? '').split('.');
  if (more.length > 0 || !isUuid(tenantId) || !isUuid(loginId) || secret.length > 100) return null;
  return { tenantId, loginId, hash: hashSecret(secret) };
}

type TokenRow = {
  readonly account_id: string;
  readonly expires_at_ms: string;
  readonly used_at_ms: string | null;
};

/** null: not one of ours, too old, ended, or used before (then the login ends here and now). */
export async function refreshLogin(pool: Pool, token: string | null, nowMs: number): Promise<Opened | null> {
  const parts = partsOf(token);
  if (parts === null) return null;
  return inTenant(pool, parts.tenantId, async (on) => {
    // The login's row is locked: of two that come together with one token the second sees it used.
    const found = await on.query<TokenRow>(
      `SELECT l.account_id, k.expires_at_ms, k.used_at_ms
       FROM login l JOIN login_token k USING (tenant_id, login_id) JOIN account a USING (tenant_id, account_id)
       WHERE l.login_id = $1 AND k.token_hash = $2 AND l.ended_at_ms IS NULL AND a.disabled_at_ms IS NULL
       FOR UPDATE OF l, k`,
      [parts.loginId, parts.hash],
    );
    const row = found.rows[0];
    if (row === undefined) return null;
    if (row.used_at_ms !== null) {
      await endLogin(on, parts.loginId, 'tokenUsedTwice', nowMs);
      return null;
    }
    if (Number(row.expires_at_ms) <= nowMs) return null;
    await on.query('UPDATE login_token SET used_at_ms = $3 WHERE login_id = $1 AND token_hash = $2', [
      parts.loginId,
      parts.hash,
      nowMs,
    ]);
    await on.query('DELETE FROM login_token WHERE login_id = $1 AND expires_at_ms < $2', [parts.loginId, nowMs]);
    return addToken(on, { tenantId: parts.tenantId, accountId: row.account_id, loginId: parts.loginId }, nowMs);
  });
}

export async function endLogin(on: PoolClient, loginId: string, reason: string, nowMs: number): Promise<void> {
  await on.query('UPDATE login SET ended_at_ms = $2, end_reason = $3 WHERE login_id = $1 AND ended_at_ms IS NULL', [
    loginId,
    nowMs,
    reason,
  ]);
}

/** By whichever token is at hand; an unknown one ends nothing. */
export async function signOut(pool: Pool, token: string | null, nowMs: number): Promise<void> {
  const parts = partsOf(token);
  if (parts === null) return;
  await inTenant(pool, parts.tenantId, async (on) => {
    const known = await on.query('SELECT 1 FROM login_token WHERE login_id = $1 AND token_hash = $2', [
      parts.loginId,
      parts.hash,
    ]);
    if (known.rows.length === 1) await endLogin(on, parts.loginId, 'signedOut', nowMs);
  });
}
