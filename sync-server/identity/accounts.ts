/**
 * People's accounts: invited with a code that lives some days and is used once, so nobody ever sets another's
 * password. Rule kept: the first owner comes in by the same door, with a code that `npm run cloud` prints.
 */
import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { minPasswordLength, type OfficeError, type OfficeRole } from '#contract/server.ts';
import type { NewId } from '#core/ids.ts';
import { err, ok, type Result } from '#core/result.ts';
import { asCode, inTenant } from '../postgres/in-tenant.ts';
import { type Opened, openLogin } from './login.ts';
import { hashPassword } from './password.ts';
import { hashSecret } from './till-key.ts';

export const inviteLivesMs = 7 * 24 * 60 * 60_000;

export type Place = { readonly role: OfficeRole; readonly region: string | null; readonly storeId: string | null };

export const isWeak = (password: string): boolean => [...password].length < minPasswordLength;

/** Answers the code; it is not kept. */
export async function makeInvite(
  pool: Pool,
  tenantId: string,
  place: Place,
  expiresAtMs: number,
  /** Names it where head office lists those that are open. */
  inviteId: string | null = null,
): Promise<string> {
  const code = randomBytes(18).toString('base64url');
  await inTenant(pool, tenantId, (on) =>
    on.query(
      `INSERT INTO account_invite (tenant_id, code_hash, role, region, store_id, expires_at_ms, invite_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [tenantId, hashSecret(code), place.role, place.region, place.storeId, expiresAtMs, inviteId],
    ),
  );
  return code;
}

/** Answers null where this organisation has somebody with this e-mail. */
export async function makeAccount(
  pool: Pool,
  tenantId: string,
  place: Place,
  person: { readonly email: string; readonly password: string },
  newId: NewId,
  nowMs: number,
): Promise<string | null> {
  const passwordHash = await hashPassword(person.password);
  const accountId = newId();
  const made = await inTenant(pool, tenantId, (on) =>
    on.query(
      `INSERT INTO account (tenant_id, account_id, email, password_hash, role, region, store_id, made_at_ms)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (tenant_id, email) DO NOTHING`,
      [tenantId, accountId, person.email, passwordHash, place.role, place.region, place.storeId, nowMs],
    ),
  );
  return made.rowCount === 1 ? accountId : null;
}

type InviteRow = {
  readonly tenant_id: string;
  readonly role: OfficeRole;
  readonly region: string | null;
  readonly store_id: string | null;
};

export async function acceptInvite(
  pool: Pool,
  request: { readonly code: string; readonly email: string; readonly password: string },
  newId: NewId,
  nowMs: number,
): Promise<Result<Opened, OfficeError>> {
  if (isWeak(request.password)) return err({ type: 'PasswordWeak', minLength: minPasswordLength });
  const codeHash = hashSecret(request.code);
  const invite = await asCode(pool, codeHash, async (on) => {
    const found = await on.query<InviteRow>(
      `SELECT tenant_id, role, region, store_id FROM account_invite
       WHERE code_hash = $1 AND used_at_ms IS NULL AND cancelled_at_ms IS NULL AND expires_at_ms > $2`,
      [codeHash, nowMs],
    );
    return found.rows[0];
  });
  if (invite === undefined) return err({ type: 'InviteInvalid' });
  const passwordHash = await hashPassword(request.password);
  const tenantId = invite.tenant_id;
  return inTenant(pool, tenantId, async (on): Promise<Result<Opened, OfficeError>> => {
    const taken = await on.query('SELECT 1 FROM account WHERE email = $1', [request.email]);
    if (taken.rows.length > 0) return err({ type: 'EmailTaken' });
    const used = await on.query(
      'UPDATE account_invite SET used_at_ms = $2 WHERE code_hash = $1 AND used_at_ms IS NULL AND cancelled_at_ms IS NULL',
      [codeHash, nowMs],
    );
    if (used.rowCount !== 1) return err({ type: 'InviteInvalid' });
    const accountId = newId();
    await on.query(
      `INSERT INTO account (tenant_id, account_id, email, password_hash, role, region, store_id, made_at_ms)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [tenantId, accountId, request.email, passwordHash, invite.role, invite.region, invite.store_id, nowMs],
    );
    return ok(await openLogin(on, { tenantId, accountId }, newId, nowMs));
  });
}
