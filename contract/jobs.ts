/**
 * How the server's own nightly jobs went for an organisation, as data: when one last held, when it last failed, how
 * much it did. Rule kept: head office's people alone; a failure is told as a time, its inner words stay in the server's
 * log. Called as contract/server.ts says.
 */
import { z } from 'zod';
import { officeGet } from './server.ts';

export type JobName =
  | 'exportBills'
  | 'proveBackups'
  | 'tidyBackups'
  | 'tidyPublications'
  | 'tidyExports'
  | 'forecastIngest'
  | 'forecastClean'
  | 'forecastFeatures'
  | 'forecastTrain'
  | 'forecastPredict'
  | 'forecastStore';
export type JobView = {
  readonly name: JobName;
  /** null: never yet. */
  readonly okAtMs: number | null;
  /** When the last run failed; null where the last run held. */
  readonly failedAtMs: number | null;
  /** Of the last run that held: bills kept, backups that hold, files cleared away, items forecast. */
  readonly done: number;
  /** Backups that could not be used, in the last run that held. */
  readonly broken: number;
  /** There is too little yet to do it with: no failure. */
  readonly isWaiting: boolean;
  /** It runs now; `of` 0: how far it is, is not known. null: it does not run. */
  readonly running: { readonly sinceMs: number; readonly done: number; readonly of: number } | null;
};

export const jobsApi = {
  /** In the order in which they matter; one that has not run yet is there too. */
  jobs: officeGet<readonly JobView[]>()('/v1/office/jobs', ['chain'], z.object({})),
} as const;
