/**
 * The server put together: Postgres (given or embedded), its schema, HTTP. Rule kept: it is ready only when all of it
 * is, and it stops in order: no request is cut, then the pool, then an embedded Postgres.
 */
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Client, type Pool } from 'pg';
import { Registry } from 'prom-client';
import { addDays, type BusinessDate, businessDateOf, type Clock, type Instant, instant } from '#core/time.ts';
import { makeCompute } from './forecast/compute.ts';
import { type ForecastSettings, usualSettings } from './forecast/step.ts';
import { logEvent, logFault } from './http/log.ts';
import { servePage } from './http/page.ts';
import type { RateLimit } from './http/rate-limit.ts';
import { makeServer } from './http/server.ts';
import { loadSealer } from './identity/seal.ts';
import { countUnreadable } from './identity/second-factor.ts';
import { countUnderWay } from './http/under-way.ts';
import { openFolderStore } from './objects/folder-store.ts';
import { openS3Store, type S3Options } from './objects/s3-store.ts';
import { changeEpochs } from './ingest/epoch.ts';
import { type Jobs, startJobs } from './jobs/run-jobs.ts';
import { allTasks } from './jobs/tasks.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './postgres/embedded.ts';
import { startTelling } from './master/tell-rollups.ts';
import { migrate } from './postgres/migrate.ts';
import { makeMonths } from './postgres/months.ts';
import { makePool } from './postgres/pool.ts';
import { type ElectricOptions, makeElectricAnswer } from './shapes/electric-proxy.ts';
import { publishToElectric } from './shapes/electric-publication.ts';
import { startShapeEngine } from './shapes/engine.ts';
import { makeMendDesk, startMendRound } from './shapes/mend-desk.ts';
import { makeShapeAnswer } from './shapes/shape-answer.ts';
import { shapeNameOf } from './shapes/sync-shapes.ts';

export type ServerOptions = {
  /** A Postgres ≥ 15; null starts one in `dataDir`. */
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  /** A real Electric on the same Postgres; without it shapes are served from here. */
  readonly electric?: ElectricOptions | undefined;
  readonly host?: string | undefined;
  /** 0: any free one. */
  readonly port: number;
  readonly clock?: Clock | undefined;
  /** Keys that seal phones' secrets (BILLMITRA_KEY); without it a file of `dataDir`, made at the first start. */
  readonly secondFactorKey?: string | undefined;
  /** Proxies before this server whose word on the caller's address counts. */
  readonly proxies?: number | undefined;
  /** The built screens (dist/renderer), for browsers; without it there is no page. */
  readonly rendererDir?: string | undefined;
  /** A bucket for backups and exports; without it a folder in `dataDir`. */
  readonly s3?: S3Options | null | undefined;
  /** How often stock and day sums are told to tills; 15 s where nothing is said. */
  readonly tellEveryMs?: number | undefined;
  /** The database was brought back from an older copy: tills are told, and send again what it lacks. */
  readonly isRestored?: boolean | undefined;
  /** Runs the nightly work too (jobs/tasks.ts). */
  readonly jobs?: boolean | undefined;
  /** How large its models are; as forecast/step.ts has it where nothing is said. */
  readonly forecast?: ForecastSettings | undefined;
  /** How often one till may push; as makeServer has it where nothing is said. */
  readonly pushLimit?: RateLimit | undefined;
  /** Hears Postgres' own log. */
  readonly say?: ((line: string) => void) | undefined;
};

export type SyncServer = {
  readonly url: string;
  readonly pool: Pool;
  /** Of the Postgres behind it, given or embedded. */
  readonly databaseUrl: string;
  /** `GET /health`: each call that it answers. */
  readonly routes: readonly string[];
  /** A job of jobs/tasks.ts, now and not at its hour. */
  readonly startJob: (name: string) => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** A request that takes longer after the stop is cut; a till sends it again. */
const lastRequestMs = 15_000;

/** This month and the next two: no bill waits for its part to be made. */
const monthsAhead = (at: Instant): readonly BusinessDate[] =>
  [0, 31, 62].map((days) => addDays(businessDateOf(at), days));

const publication = 'billmitra_shapes';

type ShapeParts = {
  readonly dataDir: string;
  readonly connectionString: string;
  readonly pool: Pool;
  readonly say: (line: string) => void;
  readonly clock: Clock;
};

/** The embedded shape server. */
async function startShapes({ dataDir, connectionString, pool, say, clock }: ShapeParts) {
  const nowMs = clock.now;
  const dir = join(dataDir, 'shapes');
  const bytes = 4 * 1024 * 1024;
  const slot = 'billmitra_shapes';
  const engine = await startShapeEngine({
    connectionString,
    pool,
    dir,
    slot,
    publication,
    nowMs,
    chunkBytes: bytes,
    say,
  });
  const answerShape = makeShapeAnswer({ engine, liveMs: 20_000, responseBytes: bytes, isPrivate: true, nowMs });
  const mends = makeMendDesk({ pool, clock, mend: engine.mend });
  const stopRound = startMendRound({
    definitions: engine.definitions,
    nameOf: shapeNameOf,
    desk: mends,
    nowMs,
    onFault: (error) => logFault('mend-round', error),
  });
  const stop = async (): Promise<void> => {
    const rounded = stopRound();
    await engine.stop();
    await rounded;
  };
  return { answerShape, mends, isActive: engine.isActive, stop };
}

const systemClock: Clock = { now: () => instant(Date.now()) };

export async function startSyncServer(options: ServerOptions): Promise<SyncServer> {
  const say = options.say ?? (() => undefined);
  const embedded: EmbeddedPostgres | null =
    options.databaseUrl === null ? await startEmbeddedPostgres(options.dataDir, say) : null;
  const connectionString = options.databaseUrl ?? embedded?.url ?? '';
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await migrate(client);
    if (options.electric !== undefined) await publishToElectric(client, publication);
  } finally {
    await client.end();
  }
  const sealer = loadSealer(options.dataDir, options.secondFactorKey);
  const pool = makePool(connectionString, 16, say);
  // As the owner of the tables: a number over all organisations, nobody's row.
  const unreadable = await countUnreadable(pool, sealer);
  if (unreadable > 0) logEvent('secondFactorKeyMissing', { accounts: unreadable });
  if (options.isRestored === true) await changeEpochs(pool);
  const clock = options.clock ?? systemClock;
  const stopping = new AbortController();
  const shapes =
    options.electric === undefined
      ? await startShapes({ ...options, connectionString, pool, say, clock })
      : {
          answerShape: makeElectricAnswer(options.electric, stopping.signal),
          isActive: () => true,
          stop: async () => undefined,
        };
  const months = makeMonths(pool);
  await months.ensure(monthsAhead(clock.now()));
  const objectsDir = join(options.dataDir, 'objects');
  const objects = options.s3 == null ? await openFolderStore(objectsDir, clock.now) : openS3Store(options.s3);
  const compute = makeCompute(
    options.s3 == null ? { kind: 'folder', dir: objectsDir } : { kind: 's3', options: options.s3 },
    options.forecast ?? usualSettings,
  );
  const register = new Registry();
  const routes: string[] = [];
  const app = makeServer({
    pool,
    months,
    clock,
    answerShape: shapes.answerShape,
    mends: 'mends' in shapes ? shapes.mends : undefined,
    isFollowing: shapes.isActive,
    sealer,
    objects,
    register,
    proxies: options.proxies,
    onRoute: (method, path) => void routes.push(`${method} ${path}`),
    pushLimit: options.pushLimit,
    // The whole chain of steps: what came in since last night counts too.
    onDrift: () => void jobs?.start('forecastIngest').catch((error: unknown) => logFault('forecast-drift', error)),
  });
  const underWay = countUnderWay(app.server);
  if (options.rendererDir !== undefined) servePage(app, options.rendererDir);
  await app.listen({ host: options.host ?? '127.0.0.1', port: options.port });
  const stopTelling = startTelling({
    pool,
    nowMs: clock.now,
    everyMs: options.tellEveryMs ?? 15_000,
    onFault: (error) => logFault('tell-rollups', error),
  });
  const { address, port } = app.server.address() as AddressInfo;
  const jobPool = options.jobs === true ? makePool(connectionString, 4, say) : null;
  const jobs: Jobs | null =
    jobPool === null
      ? null
      : await startJobs(jobPool, allTasks(compute), { pool: jobPool, store: objects, sealer, clock }, register);
  logEvent('started', { port });
  return {
    url: `http://${address}:${port}`,
    pool,
    databaseUrl: connectionString,
    routes,
    startJob: async (name) => jobs?.start(name),
    stop: async () => {
      logEvent('stopping');
      await jobs?.stop();
      await jobPool?.end();
      // Long polls are answered by the engine's end (a real Electric's by the word), feeds by the server's; the rest is
      // waited for, but not for ever.
      await shapes.stop();
      stopping.abort();
      const closed = app.close();
      await underWay.none(lastRequestMs);
      app.server.closeAllConnections();
      await closed;
      await stopTelling();
      await pool.end();
      await embedded?.stop();
    },
  };
}
