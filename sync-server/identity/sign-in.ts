/**
 * Signing in: e-mail, password and, where the person has set it up, a code of the phone. Rule kept: a try is counted
 * before it is judged, so that guesses sent together count each; a lock survives a restart, is told with its end, and
 * doubles. What was wrong is not said, nor whether somebody has this e-mail.
 */
import type { Pool } from 'pg';
import type { OfficeError } from '#contract/server.ts';
import type { NewId } from '#core/ids.ts';
import { err, ok, type Result } from '#core/result.ts';
import { makeRateLimit } from '../http/rate-limit.ts';
import { asEmail, inTenant } from '../postgres/in-tenant.ts';
import { type Opened, openLogin } from './login.ts';
import { isPassword } from './password.ts';
import { takeSecondFactor } from './second-factor.ts';

export type SignInRequest = { readonly email: string; readonly password: string; readonly code?: string | undefined };

/** From the fifth wrong try on: 30 s, then twice as long each time, an hour at most. */
const freeTries = 5;
const firstLockMs = 30_000;
const longestLockMs = 60 * 60_000;

/** Of one e-mail in several organisations the password says which; more than this is nobody's. */
const mostOrganisations = 5;

type Found = { readonly tenant_id: string; readonly account_id: string };
type Reserved = {
  readonly password_hash: string;
  readonly locked_until_ms: string;
  readonly is_locked: boolean;
};

const reserve = `
  WITH asked AS (SELECT account_id, locked_until_ms > $2 AS is_locked FROM account WHERE account_id = $1 FOR UPDATE)
  UPDATE account a SET
    failures = CASE WHEN q.is_locked THEN a.failures ELSE a.failures + 1 END,
    locked_until_ms = CASE WHEN q.is_locked OR a.failures + 1 < ${freeTries} THEN a.locked_until_ms
      ELSE $2 + least(${firstLockMs} * power(2, least(a.failures + 1 - ${freeTries}, 20)), ${longestLockMs})::bigint END
  FROM asked q WHERE a.account_id = q.account_id
  RETURNING a.password_hash, a.locked_until_ms, q.is_locked`;

export type SignIn = (request: SignInRequest, address: string, nowMs: number) => Promise<Result<Opened, OfficeError>>;

export function makeSignIn(pool: Pool, newId: NewId): SignIn {
  /** Many people of a shop may share an address, so it is wider than an account's. */
  const ofAddress = makeRateLimit(30, 10_000);
  const ofUnknown = makeRateLimit(freeTries, firstLockMs);

  async function tryAccount(found: Found, request: SignInRequest, nowMs: number): Promise<Result<Opened, OfficeError>> {
    const { tenant_id: tenantId, account_id: accountId } = found;
    const row = await inTenant(pool, tenantId, async (on) => {
      const reserved = await on.query<Reserved>(reserve, [accountId, nowMs]);
      return reserved.rows[0];
    });
    if (row === undefined) return err({ type: 'SignInWrong' });
    if (row.is_locked) return err({ type: 'LockedOut', untilMs: Number(row.locked_until_ms) });
    if (!(await isPassword(row.password_hash, request.password))) return err({ type: 'SignInWrong' });
    return inTenant(pool, tenantId, async (on): Promise<Result<Opened, OfficeError>> => {
      const second = await takeSecondFactor(on, accountId, request.code ?? null, nowMs);
      if (second === 'wrong') return err({ type: 'SignInWrong' });
      if (second === 'needed') {
        // The password was right: this was no guess, and it opens nothing either.
        await on.query(
          'UPDATE account SET failures = greatest(failures - 1, 0), locked_until_ms = 0 WHERE account_id = $1',
          [accountId],
        );
        return err({ type: 'CodeNeeded' });
      }
      await on.query('UPDATE account SET failures = 0, locked_until_ms = 0 WHERE account_id = $1', [accountId]);
      return ok(await openLogin(on, { tenantId, accountId }, newId, nowMs));
    });
  }

  return async (request, address, nowMs) => {
    const waitMs = ofAddress.take(address, nowMs);
    if (waitMs > 0) return err({ type: 'TooMany', afterMs: waitMs });
    const found = await asEmail(pool, request.email, async (on) => {
      const rows = await on.query<Found>(
        'SELECT tenant_id, account_id FROM account WHERE email = $1 AND disabled_at_ms IS NULL LIMIT $2',
        [request.email, mostOrganisations],
      );
      return rows.rows;
    });
    if (found.length === 0) {
      const lockedMs = ofUnknown.take(request.email, nowMs);
      if (lockedMs > 0) return err({ type: 'LockedOut', untilMs: nowMs + lockedMs });
      await isPassword(null, request.password);
      return err({ type: 'SignInWrong' });
    }
    let answer: Result<Opened, OfficeError> = err({ type: 'SignInWrong' });
    for (const one of found) {
      const tried = await tryAccount(one, request, nowMs);
      if (tried.ok || tried.error.type === 'CodeNeeded') return tried;
      if (tried.error.type === 'LockedOut') answer = tried;
    }
    return answer;
  };
}
