/**
 * Head office's calls of people, settings and tax rates (contract/master.ts). Rule kept: nothing is decided here; who may
 * and what they see comes from serve-calls.ts and the rows.
 */
import type { FastifyInstance } from 'fastify';
import { masterApi } from '#contract/master.ts';
import { ok } from '#core/result.ts';
import { listPeople, savePerson } from '../master/people.ts';
import { clearSetting, listRates, listSettings, saveRate, saveSetting } from '../master/rules.ts';
import { type OfficeDeps, serveCalls } from './serve-calls.ts';

export function serveMaster(app: FastifyInstance, deps: OfficeDeps): void {
  const { pool, clock } = deps;
  serveCalls(app, deps, masterApi, {
    people: async (caller) => ok(await listPeople(pool, caller)),
    savePerson: async (caller, input) => ok(await savePerson(pool, caller, input, clock.now())),
    settings: async (caller) => ok(await listSettings(pool, caller)),
    saveSetting: async (caller, input) => ok(await saveSetting(pool, caller, input, clock.now())),
    clearSetting: async (caller, input) => ok(await clearSetting(pool, caller, input)),
    rates: async (caller) => ok(await listRates(pool, caller)),
    saveRate: async (caller, input) => ok(await saveRate(pool, caller, input, clock.now())),
  });
}
