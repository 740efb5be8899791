/**
 * Head office's own calls: who I am, organisation, accounts, tills and codes, today's sums and their feed. Rule kept:
 * each reads and writes in a transaction of the person who asks; what a region's or a store's person may name is
 * proved by finding it there.
 */
import type { FastifyInstance } from 'fastify';
import { minPasswordLength, officeApi, todayFeedPath } from '#contract/server.ts';
import type { NewId } from '#core/ids.ts';
import { err, ok } from '#core/result.ts';
import { inviteLivesMs, isWeak, makeInvite } from '../identity/accounts.ts';
import { type Caller, inCaller, meOf } from '../identity/caller.ts';
import { makeCode } from '../identity/enrol.ts';
import { hashPassword, isPassword } from '../identity/password.ts';
import { beginTotp, confirmTotp, removeTotp, takeSecondFactor } from '../identity/second-factor.ts';
import { base32, totpUrl } from '../identity/totp.ts';
import type { DayFeed } from '../office/day-feed.ts';
import { readAccounts, readCodes, readOrg, readStore, readTills, revokeTill } from '../office/organisation.ts';
import { readToday } from '../office/today.ts';
import { inTenant } from '../postgres/in-tenant.ts';
import { type Handlers, type OfficeDeps, serveCalls } from './serve-calls.ts';
import { serveSession } from './session-routes.ts';
import { serveTodayFeed } from './today-feed.ts';

/** Read aloud over a phone and typed at once. */
const codeLivesMs = 15 * 60_000;

const { signIn: _in, refresh: _refresh, signOut: _out, acceptInvite: _accept, ...ownApi } = officeApi;

function makeHandlers(deps: OfficeDeps, newId: NewId): Handlers<typeof ownApi> {
  const { pool, clock } = deps;
  const isOwnPassword = async (caller: Caller, password: string): Promise<boolean> => {
    const found = await inTenant(pool, caller.tenantId, (on) =>
      on.query<{ password_hash: string }>('SELECT password_hash FROM account WHERE account_id = $1', [
        caller.accountId,
      ]),
    );
    return isPassword(found.rows[0]?.password_hash ?? null, password);
  };
  const mayRegion = (caller: Caller, region: string): boolean => caller.region === null || caller.region === region;
  const hasRegion = async (caller: Caller, region: string): Promise<boolean> =>
    mayRegion(caller, region) &&
    (await inCaller(pool, caller, (on) => on.query('SELECT 1 FROM region WHERE name = $1', [region]))).rows.length > 0;

  return {
    me: async (caller) => ok(meOf(caller)),
    changePassword: async (caller, { password, newPassword }) => {
      if (isWeak(newPassword)) return err({ type: 'PasswordWeak', minLength: minPasswordLength });
      if (!(await isOwnPassword(caller, password))) return err({ type: 'SignInWrong' });
      const hashed = await hashPassword(newPassword);
      await inTenant(pool, caller.tenantId, async (on) => {
        await on.query('UPDATE account SET password_hash = $2 WHERE account_id = $1', [caller.accountId, hashed]);
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
      if (!(await isOwnPassword(caller, password))) return err({ type: 'SignInWrong' });
      const secret = await inTenant(pool, caller.tenantId, (on) => beginTotp(on, caller.accountId));
      if (secret === null) return err({ type: 'NotAllowed' });
      return ok({ secret: base32(secret), url: totpUrl(secret, caller.email) });
    },
    confirmTotp: async (caller, { code }) => {
      const recoveryCodes = await inTenant(pool, caller.tenantId, (on) =>
        confirmTotp(on, caller.tenantId, caller.accountId, code, clock.now()),
      );
      return recoveryCodes === null ? err({ type: 'SignInWrong' }) : ok({ recoveryCodes });
    },
    removeTotp: async (caller, { password, code }) => {
      if (!(await isOwnPassword(caller, password))) return err({ type: 'SignInWrong' });
      return inTenant(pool, caller.tenantId, async (on) => {
        const second = await takeSecondFactor(on, caller.accountId, code, clock.now());
        if (second !== 'right') return err({ type: 'SignInWrong' });
        await removeTotp(on, caller.accountId);
        return ok(null);
      });
    },

    org: async (caller) =>
      ok(await inCaller(pool, caller, (on) => readOrg(on, caller.organisation, caller.role === 'chain'))),
    addRegion: async (caller, { name }) => {
      await inCaller(pool, caller, (on) =>
        on.query('INSERT INTO region (tenant_id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
          caller.tenantId,
          name,
        ]),
      );
      return ok(null);
    },
    addStore: async (caller, { name, region }) => {
      if (!(await hasRegion(caller, region))) return err({ type: 'NotFound' });
      const storeId = newId();
      // As the organisation: a store that is not there yet is in nobody's list.
      await inTenant(pool, caller.tenantId, (on) =>
        on.query('INSERT INTO store (tenant_id, store_id, region, name) VALUES ($1, $2, $3, $4)', [
          caller.tenantId,
          storeId,
          region,
          name,
        ]),
      );
      return ok({ storeId, name, region });
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
      return ok({
        code: await makeInvite(pool, caller.tenantId, { role, region, storeId }, expiresAtMs),
        expiresAtMs,
      });
    },
    disableAccount: async (caller, { accountId }) => {
      if (accountId === caller.accountId) return err({ type: 'NotAllowed' });
      const done = await inCaller(pool, caller, (on) =>
        on.query('UPDATE account SET disabled_at_ms = coalesce(disabled_at_ms, $2) WHERE account_id = $1', [
          accountId,
          clock.now(),
        ]),
      );
      return done.rowCount === 1 ? ok(null) : err({ type: 'NotFound' });
    },

    tills: async (caller) => ok(await inCaller(pool, caller, (on) => readTills(on, clock.now()))),
    revokeTill: async (caller, { storeId, tillId }) => {
      const isDone = await inCaller(pool, caller, (on) => revokeTill(on, storeId, tillId, clock.now()));
      return isDone ? ok(null) : err({ type: 'NotFound' });
    },
    codes: async (caller) => ok(await inTenant(pool, caller.tenantId, (on) => readCodes(on, caller.region))),
    makeCode: async (caller, { storeId }) => {
      const store = await inCaller(pool, caller, (on) => readStore(on, storeId));
      if (store === null) return err({ type: 'NotFound' });
      const expiresAtMs = clock.now() + codeLivesMs;
      const asked = { tenantId: caller.tenantId, storeId, isNewStore: false, storeName: store.name };
      return ok({
        code: await makeCode(pool, { ...asked, region: store.region, expiresAtMs, codeId: newId() }),
        expiresAtMs,
      });
    },
    makeNewStoreCode: async (caller, { storeName, region }) => {
      if (!(await hasRegion(caller, region))) return err({ type: 'NotFound' });
      const expiresAtMs = clock.now() + codeLivesMs;
      const asked = { tenantId: caller.tenantId, storeId: newId(), isNewStore: true, storeName, region };
      return ok({ code: await makeCode(pool, { ...asked, expiresAtMs, codeId: newId() }), expiresAtMs });
    },

    today: async (caller) => ok(await inCaller(pool, caller, (on) => readToday(on, clock.now()))),
  };
}

export function serveOwner(app: FastifyInstance, deps: OfficeDeps, newId: NewId, dayFeed: DayFeed): void {
  serveSession(app, deps, newId);
  serveCalls(app, deps, ownApi, makeHandlers(deps, newId));
  serveTodayFeed(app, deps, dayFeed, todayFeedPath);
}
