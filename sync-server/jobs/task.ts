/**
 * What a job is: a name, a time, and work for one organisation. Rule kept: each can be run again at any moment (after a
 * crash it is) and then does only what is still to be done; it works as the application's role, one organisation at a
 * time. To add one: a file with a Task, and a line in tasks.ts.
 */
import type { Pool } from 'pg';
import type { Clock } from '#core/time.ts';
import type { Sealer } from '../identity/seal.ts';
import type { ObjectStore } from '../objects/port.ts';

export type JobDeps = {
  readonly pool: Pool;
  readonly store: ObjectStore;
  readonly sealer: Sealer;
  readonly clock: Clock;
};
export type Task = {
  readonly name: string;
  /** Of cron: minute hour day month weekday, UTC. */
  readonly cron: string | null;
  /** Run when this one is through, whatever came of it. null in `cron`: only so, or when asked for. */
  readonly next?: string;
  /** Answers what head office is told of it: small, no names, no secrets. Throws when it could not. */
  readonly run: (
    deps: JobDeps,
    tenantId: string,
    signal: AbortSignal,
    tell: (progress: { readonly done: number; readonly of: number }) => void,
  ) => Promise<Readonly<Record<string, number | string>>>;
};
