/**
 * Schedules whose head office is the product's push on a real Postgres, one tenant each, some of them side by side.
 * Rule kept: a schedule waits for each answer before its next step, so that it goes the same way each time; a second
 * run of it is another tenant.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '#sync-server/postgres/embedded.ts';
import { migrate } from '#sync-server/postgres/migrate.ts';
import { makeMonths } from '#sync-server/postgres/months.ts';
import { makePool } from '#sync-server/postgres/pool.ts';
import { memoryDisk } from './memory-disk.ts';
import { postgresServer } from './postgres-server.ts';
import { product } from './protocol.ts';
import { addResult, memoryRunner, noTally, type Tally } from './run.ts';
import { runAwaited, runSteps, type ScheduleResult } from './schedule.ts';
import { simFeed } from './sim-feed.ts';

/** Schedules side by side: two tills' transactions then really meet. */
const lanes = 8;

export async function runOnPostgres(options: {
  readonly seed: number;
  readonly from: number;
  readonly schedules: number;
  readonly say: (line: string) => void;
}): Promise<Tally> {
  const { seed, from, schedules, say } = options;
  const dir = mkdtempSync(join(tmpdir(), 'billmitra-sim-'));
  const postgres = await startEmbeddedPostgres(dir, () => undefined);
  const pool = makePool(postgres.url, lanes + 2, () => undefined);
  const tally = noTally();
  try {
    const owner = new pg.Client({ connectionString: postgres.url });
    await owner.connect();
    await migrate(owner);
    // What is durable is asked by other rigs; here a crash is a transaction that never commits.
    await owner.query('ALTER SYSTEM SET synchronous_commit = off');
    await owner.query('SELECT pg_reload_conf()');
    await owner.end();
    const months = makeMonths(pool);
    let tenants = 0;
    const run = async (n: number): Promise<ScheduleResult> => {
      tenants += 1;
      const server = postgresServer(pool, months, tenants);
      const parts = { disk: () => memoryDisk(product), server, feed: () => simFeed(product) };
      const result = await runAwaited(runSteps(seed, n, product, parts));
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
        if (n % 10 === 0) {
          tally.replayed += 1;
          // The same steps, over maps: head office's tables must have gone the same way.
          if (inMemory(n).trace !== result.trace) tally.unsteady += 1;
        }
        if ((n - from) % 100 === 99) say(`${n - from + 1} of ${schedules} schedules`);
      }
    };
    await Promise.all(Array.from({ length: Math.min(lanes, schedules) }, lane));
  } finally {
    await pool.end();
    await postgres.stop();
    rmSync(dir, { recursive: true, force: true });
  }
  return tally;
}
