/**
 * How far a job is, written down while it runs. Rule kept: a word every two seconds at most, in a transaction of its own;
 * a job whose server died is known by its silence (office/job-results.ts).
 */
import { inTenant } from '../postgres/in-tenant.ts';
import type { JobDeps } from './task.ts';

const everyMs = 2_000;

export type JobProgress = {
  readonly tell: (progress: { readonly done: number; readonly of: number }) => void;
  readonly end: () => Promise<void>;
};

export async function begin(
  deps: Pick<JobDeps, 'pool' | 'clock'>,
  tenantId: string,
  name: string,
): Promise<JobProgress> {
  await inTenant(deps.pool, tenantId, (on) =>
    on.query(
      `INSERT INTO job_result (tenant_id, name, started_at_ms, heard_at_ms, progress_done, progress_of)
       VALUES ($1, $2, $3, $3, 0, 0) ON CONFLICT (tenant_id, name) DO UPDATE SET
         started_at_ms = excluded.started_at_ms, heard_at_ms = excluded.heard_at_ms, progress_done = 0, progress_of = 0`,
      [tenantId, name, deps.clock.now()],
    ),
  );
  let latest: { readonly done: number; readonly of: number } | null = null;
  let writing: Promise<unknown> = Promise.resolve();
  const write = (): void => {
    const { done, of } = latest ?? { done: 0, of: 0 };
    writing = writing
      .then(() =>
        inTenant(deps.pool, tenantId, (on) =>
          on.query(
            `UPDATE job_result SET heard_at_ms = $3, progress_done = $4, progress_of = $5
             WHERE tenant_id = $1 AND name = $2`,
            [tenantId, name, deps.clock.now(), done, of],
          ),
        ),
      )
      // That it could not be said stops no job; its outcome is written by whoever runs it.
      .catch(() => undefined);
  };
  const timer = setInterval(write, everyMs);
  return {
    tell: (progress) => {
      latest = progress;
    },
    end: async () => {
      clearInterval(timer);
      await writing;
      await inTenant(deps.pool, tenantId, (on) =>
        on.query('UPDATE job_result SET started_at_ms = NULL WHERE tenant_id = $1 AND name = $2', [tenantId, name]),
      );
    },
  };
}
