/**
 * What the next training of head office's model waits for: days, a week, a shop that asks. Rule kept: told from what the
 * jobs have written and from the days that there are; it starts nothing and promises no hour.
 */
import type { PoolClient } from 'pg';
import type { TrainingView } from '#contract/releases.ts';
import { addDays, type BusinessDate, businessDateOf, type Instant } from '#core/time.ts';
import { leastDays, retrainDays } from '../forecast/step.ts';
import { whyTraining } from '../forecast/verdicts.ts';
import { type JobRow, runningOf } from './job-results.ts';

/** Of forecast/release.ts; "there already" is what every night says of last week's release. */
const outcomes: Readonly<Record<string, TrainingView['outcome']>> = {
  released: 'released',
  thereAlready: 'released',
  worseThanPlain: 'worseThanPlain',
};
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export async function readTraining(on: PoolClient, nowMs: Instant): Promise<TrainingView> {
  const job = await on.query<JobRow>(
    `SELECT name, ok_at_ms, failed_at_ms, detail, started_at_ms, heard_at_ms, progress_done, progress_of
     FROM job_result WHERE name = 'forecastTrain'`,
  );
  // From the first day with a bill to yesterday: a day that is not over is nobody's.
  const days = await on.query<{ days: number }>(
    `SELECT coalesce(max(business_date) - min(business_date) + 1, 0)::int AS days FROM store_day
     WHERE business_date < $1`,
    [businessDateOf(nowMs)],
  );
  const row = job.rows[0];
  const outcome = textOf(row?.detail['outcome']);
  const through = textOf(row?.detail['trainedThrough']) as BusinessDate | null;
  return {
    running: runningOf(row, nowMs),
    failedAtMs: row?.failed_at_ms == null ? null : Number(row.failed_at_ms),
    lookedAtMs: row?.ok_at_ms == null ? null : Number(row.ok_at_ms),
    asked: await whyTraining(on),
    daysKnown: days.rows[0]?.days ?? 0,
    daysNeeded: leastDays,
    learntThrough: through,
    nextFrom: through === null ? null : addDays(through, retrainDays),
    outcome: outcome === null || through === null ? null : (outcomes[outcome] ?? null),
  };
}
