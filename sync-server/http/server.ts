/**
 * The server's HTTP: what a till and a browser may ask. Rule kept: who asks is found before anything is read; a body
 * is bounded before and after unpacking; a fault answers an incident id and no inner word.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { maxBatchBytes } from '#contract/sync.ts';
import { makeIds } from '#core/ids.ts';
import type { PushDeps } from '../ingest/push.ts';
import { makeSealer, type Sealer } from '../identity/seal.ts';
import { makeKeys } from '../identity/caller.ts';
import { serveTillKeys } from './till-key-routes.ts';
import { makeDayFeed } from '../office/day-feed.ts';
import { serveJobs } from '../office/job-results.ts';
import { serveReleases } from '../office/releases.ts';
import { serveMends } from '../office/mends.ts';
import { serveRefused } from '../office/refused.ts';
import type { FolderStore } from '../objects/folder-store.ts';
import type { ObjectStore } from '../objects/port.ts';
import type { AnswerShape } from '../shapes/shape-answer.ts';
import type { MendDesk } from '../shapes/mend-desk.ts';
import { serveSyncShapes } from '../shapes/sync-shapes.ts';
import { serveBackups } from './backup-routes.ts';
import { serveObjects } from './object-routes.ts';
import { serveBeat } from './beat-routes.ts';
import { serveOwner } from './owner-routes.ts';
import { serveTransfers } from '../transfers/office-transfers.ts';
import { servePublishing } from './publish-routes.ts';
import { servePush } from './push-route.ts';
import { serveHealth } from './health.ts';
import { logFault } from './log.ts';
import { serveMaster } from './master-routes.ts';
import { serveModels } from './model-routes.ts';
import { makeMetrics } from './metrics.ts';
import { makeRateLimit, type RateLimit } from './rate-limit.ts';
import type { OfficeDeps } from './serve-calls.ts';

export type ServerDeps = PushDeps & {
  readonly answerShape: AnswerShape;
  /** Mends what tills are sent; without it a till that differs reads all anew, as if it had lost it. */
  readonly mends?: MendDesk | undefined;
  /** For /ready; where nothing is said there are no shapes to wait for. */
  readonly isFollowing?: (() => boolean | Promise<boolean>) | undefined;
  /** Hears of each call that is served (the isolation rig asks them all). */
  readonly onRoute?: ((method: string, path: string) => void) | undefined;
  /** Seals phones' secrets; where nothing is said a key that dies with this process. */
  readonly sealer?: Sealer;
  /** Where others count too (jobs). */
  readonly register?: Registry | undefined;
  /** For backups; without it there are none. */
  readonly objects?: ObjectStore | FolderStore | undefined;
  /** Shops ask for a new model of demand. */
  readonly onDrift?: (() => void) | undefined;
  /** Proxies before this server whose word on the caller's address counts. */
  readonly proxies?: number | undefined;
  /** How often one account of head office may ask; 100 a minute where nothing is said. */
  readonly officeLimit?: RateLimit;
  /** How often one till may push; 300 at once and 50 a second where nothing is said. */
  readonly pushLimit?: RateLimit | undefined;
};

export function makeServer(deps: ServerDeps): FastifyInstance {
  const app = Fastify({
    bodyLimit: maxBatchBytes,
    logger: false,
    forceCloseConnections: 'idle',
    trustProxy: (_address, hop) => hop < (deps.proxies ?? 0),
  });
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) deps.onRoute?.(one, url);
  });
  let isStopping = false;
  app.addHook('preClose', async () => {
    isStopping = true;
  });
  const metrics = makeMetrics(deps.pool, deps.register);
  metrics.serve(app);
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.status(status).send({ message: error.message });
    const incidentId = randomUUID().slice(0, 8);
    logFault(incidentId, error);
    return reply.status(500).send({ incidentId });
  });
  const newId = makeIds(deps.clock, randomBytes);
  const dayFeed = makeDayFeed(deps.pool);
  // Before connections are waited for: a feed would never end by itself.
  app.addHook('preClose', async () => dayFeed.close());
  const office: OfficeDeps = {
    pool: deps.pool,
    clock: deps.clock,
    keys: makeKeys(deps.pool),
    sealer: deps.sealer ?? makeSealer([randomBytes(32)]),
    limit: deps.officeLimit ?? makeRateLimit(100, 600),
  };
  serveHealth(app, { pool: deps.pool, isFollowing: deps.isFollowing ?? (() => true), isStopping: () => isStopping });
  servePush(app, { deps, metrics, dayFeed, limit: deps.pushLimit ?? makeRateLimit(300, 20) });
  serveTillKeys(app, deps, dayFeed);
  serveBeat(app, deps);
  serveOwner(app, office, newId, dayFeed);
  if (deps.objects !== undefined) {
    serveBackups(app, { ...deps, sealer: office.sealer, objects: deps.objects });
    serveModels(app, { ...deps, sealer: office.sealer, objects: deps.objects });
    if ('readSigned' in deps.objects) serveObjects(app, deps.objects);
  }
  serveRefused(app, office);
  serveJobs(app, office);
  serveReleases(app, office);
  serveMends(app, office);
  servePublishing(app, office);
  serveTransfers(app, office, newId);
  serveMaster(app, office);
  serveSyncShapes(app, deps);
  return app;
}
