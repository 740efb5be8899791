/**
 * Who I am, my password and my phone; and for the owner: who comes in, invited, shut out, let in again. Rule kept: a
 * change of one's own takes the password, counted as a guess like at the door; nobody ever sees or sets another's; who is
 * shut out is out everywhere at once.
 */
import { minPasswordLength, type OfficeApi, type OfficeError } from '#contract/server.ts';
import type { NewId } from '#core/ids.ts';
import { err, ok, type Result } from '#core/result.ts';
import { inviteLivesMs, isWeak, makeInvite } from '../identity/accounts.ts';
import { type Caller, inCaller, meOf } from '../identity/caller.ts';
import { hashPassword, isPassword } from '../identity/password.ts';
import { beginTotp, confirmTotp, removeTotp, takeSecondFactor } from '../identity/second-factor.ts';
import { base32, totpUrl } from '../identity/totp.ts';
import { forgiveOne, forgiveTries, reserveTry } from '../identity/tries.ts';
import { readAccounts, readInvites, readStore } from '../office/organisation.ts';
import { inTenant } from '../postgres/in-tenant.ts';
import type { Handlers, OfficeDeps } from './serve-calls.ts';

type PeopleApi = Pick<
  OfficeApi,
  | 'me'
  | 'changePassword'
  | 'beginTotp'
  | 'confirmTotp'
  | 'removeTotp'
  | 'accounts'
  | 'invite'
  | 'invites'
  | 'cancelInvite'
  | 'disableAccount'
  | 'enableAccount'
>;

export function makePeopleHandlers(
  { pool, clock, sealer }: OfficeDeps,
  newId: NewId,
  hasRegion: (caller: Caller, region: string) => Promise<boolean>,
): Handlers<PeopleApi> {
  /** A stolen cookie is no way to try passwords without end. */
  async function provePassword(caller: Caller, password: string): Promise<Result<null, OfficeError>> {
    const row = await reserveTry(pool, caller.tenantId, caller.accountId, clock.now());
    if (row?.isLocked === true) return err({ type: 'LockedOut', untilMs: row.lockedUntilMs });
    if (!(await isPassword(row?.passwordHash ?? null, password))) return err({ type: 'SignInWrong' });
    return ok(null);
  }
  const forgive = (caller: Caller): Promise<unknown> =>
    inTenant(pool, caller.tenantId, (on) => forgiveTries(on, caller.accountId));

  const setDisabled = async (caller: Caller, accountId: string, isDisabled: boolean) => {
    if (accountId === caller.accountId) return err({ type: 'NotAllowed' } as const);
    const isDone = await inCaller(pool, caller, async (on) => {
      const done = await on.query(
        `UPDATE account SET disabled_at_ms = CASE WHEN $3 THEN coalesce(disabled_at_ms, $2) END
         WHERE account_id = $1`,
        [accountId, clock.now(), isDisabled],
      );
      if (isDisabled) {
        await on.query(
          `UPDATE login SET ended_at_ms = $2, end_reason = 'disabled' WHERE account_id = $1 AND ended_at_ms IS NULL`,
          [accountId, clock.now()],
        );
      }
      return done.rowCount === 1;
    });
    return isDone ? ok(null) : err({ type: 'NotFound' } as const);
  };

  return {
    me: async (caller) => ok(meOf(caller)),
    changePassword: async (caller, { password, newPassword }) => {
      if (isWeak(newPassword)) return err({ type: 'PasswordWeak', minLength: minPasswordLength });
      const proved = await provePassword(caller, password);
      if (!proved.ok) return proved;
      const hashed = await hashPassword(newPassword);
      await inTenant(pool, caller.tenantId, async (on) => {
        await on.query('UPDATE account SET password_hash = $2 WHERE account_id = $1', [caller.accountId, hashed]);
        await forgiveTries(on, caller.accountId);
        // Whoever else is signed in with the old one is not any more.
        await on.query(
          `UPDATE login SET ended_at_ms = $3, end_reason = 'passwordChanged'
           WHERE account_id = $1 AND login_id <> $2 AND ended_at_ms IS NULL`,
          [caller.accountId, caller.loginId, clock.now()],
        );
      });
      return ok(null);
    },
    beginTotp: async (caller, { password }) => {
      const proved = await provePassword(caller, password);
      if (!proved.ok) return proved;
      await forgive(caller);
      const secret = await inTenant(pool, caller.tenantId, (on) => beginTotp(on, caller.accountId, sealer));
      if (secret === null) return err({ type: 'NotAllowed' });
      return ok({ secret: base32(secret), url: totpUrl(secret, caller.email) });
    },
    confirmTotp: async (caller, { code }) => {
      const recoveryCodes = await inTenant(pool, caller.tenantId, (on) =>
        confirmTotp(on, caller.tenantId, caller.accountId, code, clock.now(), sealer),
      );
      return recoveryCodes === null ? err({ type: 'SignInWrong' }) : ok({ recoveryCodes });
    },
    removeTotp: async (caller, { password, code }) => {
      const proved = await provePassword(caller, password);
      if (!proved.ok) return proved;
      return inTenant(pool, caller.tenantId, async (on): Promise<Result<null, OfficeError>> => {
        const second = await takeSecondFactor(on, caller.accountId, code, clock.now(), sealer);
        if (second === 'keyMissing') {
          await forgiveOne(on, caller.accountId);
          return err({ type: 'CodeUnreadable' });
        }
        // The try stays counted: six digits are few.
        if (second !== 'right') return err({ type: 'SignInWrong' });
        await forgiveTries(on, caller.accountId);
        await removeTotp(on, caller.accountId);
        return ok(null);
      });
    },

    accounts: async (caller) => ok(await inCaller(pool, caller, readAccounts)),
    invite: async (caller, { role, region, storeId }) => {
      if ((role === 'region') !== (region !== null)) return err({ type: 'InputInvalid', field: 'region' });
      if ((role === 'store') !== (storeId !== null)) return err({ type: 'InputInvalid', field: 'storeId' });
      if (region !== null && !(await hasRegion(caller, region))) return err({ type: 'NotFound' });
      if (storeId !== null && (await inCaller(pool, caller, (on) => readStore(on, storeId))) === null) {
        return err({ type: 'NotFound' });
      }
      const expiresAtMs = clock.now() + inviteLivesMs;
      const place = { role, region, storeId };
      return ok({ code: await makeInvite(pool, caller.tenantId, place, expiresAtMs, newId()), expiresAtMs });
    },
    invites: async (caller) => ok(await inCaller(pool, caller, (on) => readInvites(on, clock.now()))),
    cancelInvite: async (caller, { inviteId }) => {
      const done = await inCaller(pool, caller, (on) =>
        on.query('UPDATE account_invite SET cancelled_at_ms = $2 WHERE invite_id = $1 AND used_at_ms IS NULL', [
          inviteId,
          clock.now(),
        ]),
      );
      return done.rowCount === 1 ? ok(null) : err({ type: 'NotFound' });
    },
    disableAccount: (caller, { accountId }) => setDisabled(caller, accountId, true),
    enableAccount: (caller, { accountId }) => setDisabled(caller, accountId, false),
  };
}
