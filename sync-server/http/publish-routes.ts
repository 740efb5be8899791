/**
 * Head office's calls of catalogue, publishing and proposals (contract/publish.ts). Rule kept: nothing is decided here;
 * who may and what they see comes from serve-calls.ts and the rows.
 */
import type { FastifyInstance } from 'fastify';
import { publishApi } from '#contract/publish.ts';
import { proposalApi } from '#contract/proposals.ts';
import { ok } from '#core/result.ts';
import { listItems, saveItem } from '../catalogue/items.ts';
import { decideCase, listDecided, listOpen } from '../catalogue/proposals.ts';
import { takeBack } from '../catalogue/take-back.ts';
import { listPublications, preview, publish, readPublication } from '../catalogue/publication.ts';
import { type OfficeDeps, serveCalls } from './serve-calls.ts';

export function servePublishing(app: FastifyInstance, deps: OfficeDeps): void {
  const { pool, clock } = deps;
  serveCalls(app, deps, publishApi, {
    items: async (caller, input) => ok(await listItems(pool, caller, input)),
    saveItem: async (caller, input) => ok(await saveItem(pool, caller, input, clock.now())),
    preview: async (caller, { lines, scope }) => ok(await preview(pool, caller, lines, scope)),
    publish: async (caller, input) => ok(await publish(pool, caller, clock.now(), input)),
    takeBack: async (caller, input) => ok(await takeBack(pool, caller, clock.now(), input)),
    publications: async (caller, { limit }) => ok({ publications: await listPublications(pool, caller, limit) }),
    publication: async (caller, { publicationId }) => ok(await readPublication(pool, caller, publicationId)),
  });
  serveCalls(app, deps, proposalApi, {
    cases: async (caller) => ok(await listOpen(pool, caller)),
    decided: async (caller) => ok(await listDecided(pool, caller)),
    decide: async (caller, input) => ok(await decideCase(pool, caller, input, clock.now())),
  });
}
