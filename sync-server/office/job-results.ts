/**
 * How the nightly jobs went, read for head office's people. Rule kept: row-level security says whose they are; the
 * failure's inner words are not sent.
 */
import type { FastifyInstance } from 'fastify';
import type { PoolClient } from 'pg';
import { type JobName, type JobView, jobsApi } from '#contract/jobs.ts';
import { ok } from '#core/result.ts';
import { type OfficeDeps, serveCalls } from '../http/serve-calls.ts';
import { inCaller } from '../identity/caller.ts';

type Running = {
  readonly started_at_ms: string | null;
  readonly heard_at_ms: string | null;
  readonly progress_done: number | null;
  readonly progress_of: number | null;
};
export type JobRow = Running & {
  readonly name: string;
  readonly ok_at_ms: string | null;
  readonly failed_at_ms: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
};

/** What each counts in its detail (sync-server/jobs). */
const counted: readonly (readonly [JobName, string])[] = [
  ['exportBills', 'documents'],
  ['proveBackups', 'proved'],
  ['tidyBackups', 'removed'],
  ['tidyExports', 'removed'],
  ['tidyPublications', 'removed'],
  ['forecastIngest', 'days'],
  ['forecastClean', 'days'],
  ['forecastFeatures', 'series'],
  ['forecastTrain', 'rows'],
  ['forecastPredict', 'series'],
  ['forecastStore', 'written'],
];
/** A job that has said nothing for so long died with its server; the queue starts it again. */
const silentMs = 60_000;
const count = (value: unknown): number => (typeof value === 'number' ? value : 0);
const time = (value: string | null | undefined): number | null => (value == null ? null : Number(value));

export function runningOf(row: Running | undefined, nowMs: number): JobView['running'] {
  const [sinceMs, heardMs] = [time(row?.started_at_ms), time(row?.heard_at_ms)];
  if (sinceMs === null || heardMs === null || nowMs - heardMs > silentMs) return null;
  return { sinceMs, done: row?.progress_done ?? 0, of: row?.progress_of ?? 0 };
}

async function readJobs(on: PoolClient, nowMs: number): Promise<readonly JobView[]> {
  const found = await on.query<JobRow>(
    `SELECT name, ok_at_ms, failed_at_ms, detail, started_at_ms, heard_at_ms, progress_done, progress_of
     FROM job_result`,
  );
  return counted.map(([name, field]): JobView => {
    const row = found.rows.find((one) => one.name === name);
    return {
      name,
      okAtMs: time(row?.ok_at_ms),
      failedAtMs: time(row?.failed_at_ms),
      done: count(row?.detail[field]),
      broken: count(row?.detail['broken']),
      isWaiting: row?.detail['waits'] !== undefined,
      running: runningOf(row, nowMs),
    };
  });
}

export function serveJobs(app: FastifyInstance, deps: OfficeDeps): void {
  serveCalls(app, deps, jobsApi, {
    jobs: async (caller) => ok(await inCaller(deps.pool, caller, (on) => readJobs(on, deps.clock.now()))),
  });
}
