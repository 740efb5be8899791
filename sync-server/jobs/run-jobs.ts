/**
 * Runs the jobs on Postgres' own queue (graphile-worker, in a schema of its own that the application's role can't reach).
 * Rule kept: however many servers there are, a job runs once; how it went is written down for its organisation; at the
 * stop the job under way is told and waited for.
 */
import { Logger, parseCronItems, run, type TaskList } from 'graphile-worker';
import type { Pool } from 'pg';
import { Counter, Gauge, type Registry } from 'prom-client';
import { logEvent } from '../http/log.ts';
import { asJob, inTenant } from '../postgres/in-tenant.ts';
import { begin } from './job-progress.ts';
import type { JobDeps, Task } from './task.ts';

export type Jobs = {
  /** Puts it into the queue now; it is run soon, by whichever server. */
  readonly start: (name: string) => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** One task for every organisation; what one's trouble is stops no other's. */
export async function runTask(task: Task, deps: JobDeps, signal: AbortSignal): Promise<number> {
  const tenants = await asJob(deps.pool, (on) => on.query<{ tenant_id: string }>('SELECT tenant_id FROM tenant'));
  let failed = 0;
  for (const { tenant_id: tenantId } of tenants.rows) {
    signal.throwIfAborted();
    const progress = await begin(deps, tenantId, task.name);
    const told = await task.run(deps, tenantId, signal, progress.tell).then(
      (detail) => ({ detail, failure: null }),
      (error: unknown) => ({ detail: null, failure: error instanceof Error ? error.message : String(error) }),
    );
    await progress.end();
    if (told.failure !== null) {
      failed += 1;
      logEvent('jobFailed', { job: task.name, tenantId, failure: told.failure });
    }
    await inTenant(deps.pool, tenantId, (on) =>
      on.query(
        `INSERT INTO job_result AS r (tenant_id, name, ok_at_ms, failed_at_ms, failure, detail)
         VALUES ($1, $2, $3, $4, $5, coalesce($6::jsonb, '{}')) ON CONFLICT (tenant_id, name) DO UPDATE SET
           ok_at_ms = coalesce(excluded.ok_at_ms, r.ok_at_ms), failed_at_ms = excluded.failed_at_ms,
           failure = excluded.failure, detail = coalesce($6::jsonb, r.detail)`,
        [
          tenantId,
          task.name,
          told.failure === null ? deps.clock.now() : null,
          told.failure === null ? null : deps.clock.now(),
          told.failure,
          told.detail === null ? null : JSON.stringify(told.detail),
        ],
      ),
    );
  }
  return failed;
}

/** `pool` is the jobs' own: one connection of it listens. */
export async function startJobs(pool: Pool, tasks: readonly Task[], deps: JobDeps, register: Registry): Promise<Jobs> {
  const runs = new Counter({
    name: 'billmitra_jobs_total',
    help: 'Jobs that were run, by how they ended',
    labelNames: ['job', 'outcome'],
    registers: [register],
  });
  const seconds = new Gauge({
    name: 'billmitra_job_seconds',
    help: 'How long the last run of a job took, all organisations together',
    labelNames: ['job'],
    registers: [register],
  });
  const taskList: TaskList = Object.fromEntries(
    tasks.map((task) => [
      task.name,
      async (_payload, { abortSignal, addJob }) => {
        const stop = seconds.startTimer({ job: task.name });
        const failed = await runTask(task, deps, abortSignal ?? new AbortController().signal);
        stop();
        runs.inc({ job: task.name, outcome: failed === 0 ? 'ok' : 'failed' });
        if (task.next !== undefined) await addJob(task.next, {}, { jobKey: task.next, maxAttempts: 3 });
      },
    ]),
  );
  const logger = new Logger(() => (level, message) => {
    if (level === 'error') logEvent('jobQueue', { message });
  });
  const runner = await run({
    pgPool: pool,
    concurrency: 1,
    noHandleSignals: true,
    gracefulShutdownAbortTimeout: 1_000,
    logger,
    taskList,
    parsedCronItems: parseCronItems(
      tasks.flatMap(({ name, cron }) =>
        // A server that stood still at that moment does it when it is back.
        cron === null
          ? []
          : [{ task: name, match: cron, options: { backfillPeriod: 24 * 3_600_000, maxAttempts: 3, jobKey: name } }],
      ),
    ),
  });
  return {
    start: async (name) => void (await runner.addJob(name, {}, { jobKey: name })),
    stop: () => runner.stop(),
  };
}
