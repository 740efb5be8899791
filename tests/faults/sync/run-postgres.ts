/**
 * Schedules whose head office is the product's push on a real Postgres, one tenant each, some of them side by side.
 * Rule kept: a schedule waits for each answer before its next step, so that it goes the same way each time; a second
 * run of it is another tenant.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import pg, { type Pool } from 'pg';
import { instant } from '#core/time.ts';
import { startEmbeddedPostgres } from '#sync-server/postgres/embedded.ts';
import { migrate } from '#sync-server/postgres/migrate.ts';
import { makeMonths } from '#sync-server/postgres/months.ts';
import { makePool } from '#sync-server/postgres/pool.ts';
import { startShapeEngine } from '#sync-server/shapes/engine.ts';
import { makeShapeAnswer } from '#sync-server/shapes/shape-answer.ts';
import { makeMendDesk } from '#sync-server/shapes/mend-desk.ts';
import { serveSyncShapes } from '#sync-server/shapes/sync-shapes.ts';
import { memoryDisk } from './memory-disk.ts';
import { feedOnPostgres, type FeedOnPostgres, type RealShapes } from './postgres-feed.ts';
import { postgresServer } from './postgres-server.ts';
import { product } from './protocol.ts';
import { addResult, memoryRunner, noTally, type Tally } from './run.ts';
import { firstMs } from './world.ts';
import { runAwaited, runSteps, type ScheduleResult } from './schedule.ts';
import { type SimFeed, simFeed } from './sim-feed.ts';
import { simId } from './sim-goods.ts';

/** Every second one follows the shape server itself; the others the model, whose trace memory must share. */
const hasShapes = (n: number): boolean => n % 2 === 0;

async function startShapes(connectionString: string, pool: Pool, dir: string): Promise<RealShapes> {
  const engine = await startShapeEngine({
    connectionString,
    pool,
    dir,
    slot: 'billmitra_sim',
    publication: 'billmitra_shapes',
    nowMs: Date.now,
    chunkBytes: 400,
    say: () => undefined,
  });
  const app = Fastify();
  // Small answers: a shape comes in pieces.
  const answer = makeShapeAnswer({ engine, liveMs: 1_000, responseBytes: 400, isPrivate: true, nowMs: Date.now });
  const clock = { now: () => instant(firstMs) };
  // Each look is a new one: what the log has lost since is not covered by the last.
  let looks = 0;
  const always = { now: () => instant(firstMs + 3_600_000 * looks++) };
  const mends = makeMendDesk({ pool, clock: always, mend: engine.mend });
  serveSyncShapes(app, { pool, answerShape: answer, clock, mends });
  return { app, engine, dir };
}

/** Schedules side by side: two tills' transactions then really meet. */
const lanes = 8;

export async function runOnPostgres(options: {
  readonly seed: number;
  readonly from: number;
  readonly schedules: number;
  readonly say: (line: string) => void;
}): Promise<Tally & { readonly shapes: number }> {
  const { seed, from, schedules, say } = options;
  const dir = mkdtempSync(join(tmpdir(), 'billmitra-sim-'));
  const postgres = await startEmbeddedPostgres(dir, () => undefined);
  const pool = makePool(postgres.url, lanes + 2, () => undefined);
  const tally = { ...noTally(), shapes: 0 };
  let followed: RealShapes | null = null;
  try {
    const owner = new pg.Client({ connectionString: postgres.url });
    await owner.connect();
    await migrate(owner);
    // What is durable is asked by other rigs; here a crash is a transaction that never commits.
    await owner.query('ALTER SYSTEM SET synchronous_commit = off');
    await owner.query('SELECT pg_reload_conf()');
    await owner.end();
    const months = makeMonths(pool);
    const shapes = await startShapes(postgres.url, pool, join(dir, 'shapes'));
    followed = shapes;
    let tenants = 0;
    const run = async (n: number): Promise<ScheduleResult> => {
      tenants += 1;
      const first = 16 * tenants;
      // Tills name themselves, and these are all of one head office.
      const tillId = (no: number) => simId('7', first + no);
      const server = postgresServer(pool, months, tenants);
      const ends: FeedOnPostgres[] = [];
      const feed = (storeId: string): SimFeed => {
        if (!hasShapes(n)) return simFeed(product, server.isRevoked);
        const one = feedOnPostgres({ ...server, shapes, pool, storeId });
        ends.push(one);
        return one;
      };
      const result = await runAwaited(
        runSteps(seed, n, product, { disk: () => memoryDisk(product), server, feed, tillId }),
      );
      for (const one of ends) await one.end();
      tally.shapes += ends.length > 0 ? 1 : 0;
      return result;
    };
    const inMemory = memoryRunner(seed);
    let next = from;
    const lane = async (): Promise<void> => {
      while (next < from + schedules) {
        const n = next;
        next += 1;
        const result = await run(n);
        addResult(tally, n, result);
        if (n % 10 === 1) {
          tally.replayed += 1;
          // The same steps, over maps: head office's tables must have gone the same way.
          if (inMemory(n).trace !== result.trace) tally.unsteady += 1;
        }
        if ((n - from) % 100 === 99) say(`${n - from + 1} of ${schedules} schedules`);
      }
    };
    await Promise.all(Array.from({ length: Math.min(lanes, schedules) }, lane));
  } finally {
    await followed?.app.close();
    await followed?.engine.stop();
    await pool.end();
    await postgres.stop();
    rmSync(dir, { recursive: true, force: true });
  }
  return tally;
}
