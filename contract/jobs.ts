/**
 * How the server's own nightly jobs went for an organisation, as data: when one last held, when it last failed, how
 * much it did. Rule kept: head office's people alone; a failure is told as a time, its inner words stay in the server's
 * log. Called as contract/server.ts says.
 */
import { z } from 'zod';
import { officeGet } from './server.ts';

export type JobName = 'exportBills' | 'proveBackups' | 'tidyBackups' | 'tidyExports';
export type JobView = {
  readonly name: JobName;
  /** null: never yet. */
  readonly okAtMs: number | null;
  /** When the last run failed; null where the last run held. */
  readonly failedAtMs: number | null;
  /** Of the last run that held: bills kept, backups that hold, files cleared away. */
  readonly done: number;
  /** Backups that could not be used, in the last run that held. */
  readonly broken: number;
};

export const jobsApi = {
  /** In the order in which they matter; one that has not run yet is there too. */
  jobs: officeGet<readonly JobView[]>()('/v1/office/jobs', ['chain'], z.object({})),
} as const;
