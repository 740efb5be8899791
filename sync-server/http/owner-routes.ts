/**
 * Head office's own calls: organisation, tills and codes, today's sums and their feed; people's are in people-routes.ts. Rule kept:
 * each reads and writes in a transaction of the person who asks; what a region's or a store's person may name is
 * proved by finding it there.
 */
import type { FastifyInstance } from 'fastify';
import { officeApi, todayFeedPath } from '#contract/server.ts';
import type { NewId } from '#core/ids.ts';
import { err, ok } from '#core/result.ts';
import { type Caller, inCaller } from '../identity/caller.ts';
import { makeCode } from '../identity/enrol.ts';
import type { DayFeed } from '../office/day-feed.ts';
import { readCodes, readOrg, readStore, readTills, revokeTill } from '../office/organisation.ts';
import { readToday } from '../office/today.ts';
import { inTenant } from '../postgres/in-tenant.ts';
import { makePeopleHandlers } from './people-routes.ts';
import { type Handlers, type OfficeDeps, serveCalls } from './serve-calls.ts';
import { serveSession } from './session-routes.ts';
import { serveTodayFeed } from './today-feed.ts';

/** Read aloud over a phone and typed at once. */
const codeLivesMs = 15 * 60_000;

const { signIn: _in, refresh: _refresh, signOut: _out, acceptInvite: _accept, ...ownApi } = officeApi;

function makeHandlers(deps: OfficeDeps, newId: NewId): Handlers<typeof ownApi> {
  const { pool, clock } = deps;
  const mayRegion = (caller: Caller, region: string): boolean => caller.region === null || caller.region === region;
  const hasRegion = async (caller: Caller, region: string): Promise<boolean> =>
    mayRegion(caller, region) &&
    (await inCaller(pool, caller, (on) => on.query('SELECT 1 FROM region WHERE name = $1', [region]))).rows.length > 0;

  return {
    ...makePeopleHandlers(deps, newId, hasRegion),
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
    tills: async (caller) => ok(await inCaller(pool, caller, (on) => readTills(on, clock.now()))),
    revokeTill: async (caller, { storeId, tillId }) => {
      const isDone = await inCaller(pool, caller, (on) => revokeTill(on, storeId, tillId, clock.now()));
      return isDone ? ok(null) : err({ type: 'NotFound' });
    },
    codes: async (caller) => ok(await inTenant(pool, caller.tenantId, (on) => readCodes(on, caller.region))),
    makeCode: async (caller, { storeId, replacesTillId }) => {
      const store = await inCaller(pool, caller, (on) => readStore(on, storeId));
      if (store === null) return err({ type: 'NotFound' });
      const expiresAtMs = clock.now() + codeLivesMs;
      const asked = { tenantId: caller.tenantId, storeId, isNewStore: false, storeName: store.name, replacesTillId };
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
