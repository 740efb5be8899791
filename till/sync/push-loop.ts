/**
 * Brings the journal's entries to head office: in order, in batches, again and again until each is answered. Rule
 * kept: billing never waits for it and it never gives up; an entry that was refused is kept aside and told, and the
 * next one goes on. It changes nothing in a document.
 */
import type { PushAnswer, PushEntry } from '#contract/sync.ts';
import { afterAnswer, afterFailure, delayOf, firstProgress, type Refused } from './push-steps.ts';

/** What a call to the server came to. */
export type SendOutcome =
  | { readonly kind: 'answered'; readonly answers: readonly PushAnswer[] }
  /** No network, a fault over there, an answer that is none: the same batch again later. */
  | { readonly kind: 'retry'; readonly afterMs: number | null }
  /** This till is not, or no longer, enrolled. */
  | { readonly kind: 'notEnrolled' };

export type PushState = 'idle' | 'sending' | 'waiting' | 'notEnrolled';

export type PushLoopDeps = {
  readonly unsent: (limit: number) => readonly PushEntry[];
  readonly markSent: (throughSeq: number) => void;
  /** Refused by the server: written down before it counts as sent. */
  readonly keepAside: (refused: readonly Refused[]) => void;
  readonly send: (entries: readonly PushEntry[]) => Promise<SendOutcome>;
  readonly onState: (state: PushState) => void;
  readonly onFault: (error: unknown) => void;
  /** Calls back after `ms`; answers how to forget it. */
  readonly later: (work: () => void, ms: number) => () => void;
  /** 0 ≤ x < 1, spreads the retries of many tills. */
  readonly random: () => number;
};

export type PushLoop = { readonly kick: () => void; readonly stop: () => Promise<void> };

export function makePushLoop(deps: PushLoopDeps): PushLoop {
  let running: Promise<void> | null = null;
  let forget: (() => void) | null = null;
  let progress = firstProgress;
  let isStopped = false;
  let isWanted = false;

  /** True when more may be sent at once. */
  async function sendOnce(): Promise<boolean> {
    const entries = deps.unsent(progress.batch);
    if (entries.length === 0) {
      deps.onState('idle');
      return false;
    }
    deps.onState('sending');
    const outcome = await deps.send(entries);
    if (isStopped) return false;
    if (outcome.kind === 'notEnrolled') {
      deps.onState('notEnrolled');
      return false;
    }
    const means =
      outcome.kind === 'answered'
        ? afterAnswer(progress, entries, outcome.answers)
        : ({ kind: 'failed', next: afterFailure(progress) } as const);
    progress = means.next;
    if (means.kind === 'failed') {
      deps.onState('waiting');
      again((outcome.kind === 'retry' ? outcome.afterMs : null) ?? delayOf(progress.failures, deps.random));
      return false;
    }
    if (means.refused.length > 0) deps.keepAside(means.refused);
    deps.markSent(means.throughSeq);
    return true;
  }

  async function run(): Promise<void> {
    do {
      isWanted = false;
      while (!isStopped && (await sendOnce())) {
        // The next batch at once: nothing waits for it but the backlog.
      }
    } while (isWanted && !isStopped && forget === null);
  }

  function again(ms: number): void {
    forget?.();
    forget = deps.later(() => {
      forget = null;
      kick();
    }, ms);
  }

  function kick(): void {
    // While it waits after a failure a new bill changes nothing: the server would be asked by every bill.
    if (isStopped || forget !== null) return;
    isWanted = true;
    running ??= run()
      .catch((error: unknown) => {
        deps.onFault(error);
        progress = afterFailure(progress);
        again(delayOf(progress.failures, deps.random));
      })
      .finally(() => {
        running = null;
        if (isWanted && !isStopped && forget === null) kick();
      });
  }

  return {
    kick,
    stop: async () => {
      isStopped = true;
      forget?.();
      await running;
    },
  };
}
