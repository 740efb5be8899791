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
import type { Sealer } from './seal.ts';
import { takeSecondFactor } from './second-factor.ts';
import { forgiveOne, forgiveTries, makeUnknownTries, reserveTry } from './tries.ts';

export type SignInRequest = { readonly email: string; readonly password: string; readonly code?: string | undefined };

/** Of one e-mail in several organisations the password says which; more than this is nobody's. */
const mostOrganisations = 5;

type Found = { readonly tenant_id: string; readonly account_id: string };
export type SignIn = (request: SignInRequest, address: string, nowMs: number) => Promise<Result<Opened, OfficeError>>;

export function makeSignIn(pool: Pool, newId: NewId, sealer: Sealer): SignIn {
  /** Many people of a shop may share an address, so it is wider than an account's. */
  const ofAddress = makeRateLimit(30, 10_000);
  const triesAtNobody = makeUnknownTries();
  const nobody = newId();

  async function tryAccount(found: Found, request: SignInRequest, nowMs: number): Promise<Result<Opened, OfficeError>> {
    const { tenant_id: tenantId, account_id: accountId } = found;
    const row = await reserveTry(pool, tenantId, accountId, nowMs);
    if (row === null) return err({ type: 'SignInWrong' });
    if (row.isLocked) return err({ type: 'LockedOut', untilMs: row.lockedUntilMs });
    if (!(await isPassword(row.passwordHash, request.password))) return err({ type: 'SignInWrong' });
    return inTenant(pool, tenantId, async (on): Promise<Result<Opened, OfficeError>> => {
      const second = await takeSecondFactor(on, accountId, request.code ?? null, nowMs, sealer);
      if (second === 'wrong') return err({ type: 'SignInWrong' });
      if (second !== 'right') {
        // The password was right: this was no guess, and it opens nothing either.
        await forgiveOne(on, accountId);
        return err({ type: second === 'needed' ? 'CodeNeeded' : 'CodeUnreadable' });
      }
      await forgiveTries(on, accountId);
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
      const lockedUntilMs = triesAtNobody(request.email, nowMs);
      // The same ways to Postgres and the same argon2 as for somebody: time says nothing.
      await reserveTry(pool, nobody, nobody, nowMs);
      if (lockedUntilMs > 0) return err({ type: 'LockedOut', untilMs: lockedUntilMs });
      await isPassword(null, request.password);
      return err({ type: 'SignInWrong' });
    }
    let answer: Result<Opened, OfficeError> = err({ type: 'SignInWrong' });
    for (const one of found) {
      const tried = await tryAccount(one, request, nowMs);
      if (tried.ok || tried.error.type === 'CodeNeeded' || tried.error.type === 'CodeUnreadable') return tried;
      if (tried.error.type === 'LockedOut') answer = tried;
    }
    return answer;
  };
}
