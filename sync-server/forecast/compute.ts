/**
 * Runs a step in a process of its own. Rule kept: the server's own process never trains: the child has a lower priority, its
 * own heap, a limit of memory and of time, no database and no key but the object store's; it is told to stop when the
 * server stops, and what it left half done is done again.
 */
import { fork } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { logEvent } from '../http/log.ts';
import type { S3Options } from '../objects/s3-store.ts';
import type { ForecastSettings, Progress, StepReport } from './step.ts';

export type ObjectsAt =
  | { readonly kind: 'folder'; readonly dir: string }
  | { readonly kind: 's3'; readonly options: S3Options };
/** The steps that need no database. */
export type ComputedStep = 'clean' | 'features' | 'train' | 'predict';
export type StepOrder = {
  readonly step: ComputedStep;
  readonly tenantId: string;
  readonly settings: ForecastSettings;
  /** Of train: a shop asks for it. */
  readonly isAsked: boolean;
  readonly objectsAt: ObjectsAt;
  readonly mostRssBytes: number;
};
export type StepWord =
  | { readonly progress: Progress }
  | { readonly report: StepReport }
  | { readonly failure: string; readonly isTooEarly: boolean };

/** Too little is known yet for the step; no fault of anybody's. */
export class NothingYet extends Error {}

export type ComputeLimits = { readonly mostMs: number; readonly mostRssBytes: number };
export const usualLimits: ComputeLimits = { mostMs: 2 * 3_600_000, mostRssBytes: 2 * 1024 ** 3 };

export type Compute = (
  order: Pick<StepOrder, 'step' | 'tenantId' | 'isAsked'>,
  hooks: { readonly signal: AbortSignal; readonly tell: (progress: Progress) => void },
) => Promise<StepReport>;

function lower(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch (error) {
    // A system that does not let us, or a child that is gone: it runs as it is, in its limits.
    logEvent('jobPriority', { message: error instanceof Error ? error.message : String(error) });
  }
}

export const makeCompute =
  (objectsAt: ObjectsAt, settings: ForecastSettings, limits: ComputeLimits = usualLimits): Compute =>
  (order, { signal, tell }) =>
    new Promise((done, fail) => {
      signal.throwIfAborted();
      const child = fork(new URL('./step-process.ts', import.meta.url), {
        execArgv: [`--max-old-space-size=${Math.floor(limits.mostRssBytes / 2 ** 20)}`],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      lower(child.pid);
      let said: Exclude<StepWord, { readonly progress: Progress }> | null = null;
      let why = 'the step ended without a word';
      const stop = (reason: string): void => {
        why = reason;
        child.kill('SIGKILL');
      };
      const timer = setTimeout(() => stop(`the step took longer than ${limits.mostMs} ms`), limits.mostMs);
      const onAbort = (): void => stop('the server stops');
      signal.addEventListener('abort', onAbort, { once: true });
      child.on('message', (word: StepWord) => {
        if ('progress' in word) tell(word.progress);
        else said = word;
      });
      child.once('error', (error) => stop(error.message));
      child.once('close', () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        if (said === null) fail(new Error(why));
        else if ('report' in said) done(said.report);
        else fail(said.isTooEarly ? new NothingYet(said.failure) : new Error(said.failure));
      });
      child.send({ ...order, settings, objectsAt, mostRssBytes: limits.mostRssBytes } satisfies StepOrder);
    });
