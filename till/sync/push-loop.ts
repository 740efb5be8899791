/**
 * Brings the journal's entries to head office: in order, in batches, again and again until each is answered. Rule
 * kept: billing never waits for it and it never gives up; an entry that was refused is kept aside and told, and the
 * next one goes on. It changes nothing in a document.
 */
import type { PushAnswer, PushEntry } from '#contract/sync.ts';
import {
  afterAnswer,
  afterFailure,
  delayOf,
  faultDelayOf,
  firstProgress,
  placeAfter,
  type Refused,
  type ToldPlace,
} from './push-steps.ts';

/** What a call to the server came to. */
export type SendOutcome =
  | { readonly kind: 'answered'; readonly answers: readonly PushAnswer[]; readonly place: ToldPlace | null }
  /** No network, a fault over there, an answer that is none: the same batch again later. */
  | { readonly kind: 'retry'; readonly afterMs: number | null }
  /** The server is there and faulted over this batch: one of it may be to blame. */
  | { readonly kind: 'fault' }
  /** This till is not, or no longer, enrolled. */
  | { readonly kind: 'notEnrolled' };

export type PushState = 'idle' | 'sending' | 'waiting' | 'notEnrolled';

export type PushLoopDeps = {
  readonly unsent: (limit: number) => readonly PushEntry[];
  readonly markSent: (throughSeq: number) => void;
  /** The server was restored, or lacks something: everything after it goes again. */
  readonly sendAgainAfter: (throughSeq: number) => void;
  /** The server's epoch as last heard. */
  readonly keptEpoch: () => string | null;
  /** An answer came: what the server says of itself. */
  readonly heard: (place: ToldPlace | null) => void;
  /** Milliseconds of a clock that never steps. */
  readonly uptimeMs: () => number;
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
    const fromMs = deps.uptimeMs();
    const outcome = await deps.send(entries);
    if (isStopped) return false;
    if (outcome.kind === 'notEnrolled') {
      deps.onState('notEnrolled');
      return false;
    }
    const means =
      outcome.kind === 'answered'
        ? afterAnswer(progress, entries, outcome.answers, deps.uptimeMs() - fromMs)
        : ({ kind: 'failed', next: afterFailure(progress) } as const);
    progress = means.next;
    if (means.kind === 'failed') {
      deps.onState('waiting');
      const delay = outcome.kind === 'fault' ? faultDelayOf : delayOf;
      again((outcome.kind === 'retry' ? outcome.afterMs : null) ?? delay(progress.failures, deps.random));
      return false;
    }
    if (means.refused.length > 0) deps.keepAside(means.refused);
    const told = outcome.kind === 'answered' ? outcome.place : null;
    const reached = placeAfter(means.throughSeq, told, deps.keptEpoch());
    // Died between, it only asks again: a new epoch is kept after what it asks for, the first one before anything counts.
    if (reached < means.throughSeq) {
      deps.sendAgainAfter(reached);
      deps.heard(told);
    } else {
      deps.heard(told);
      deps.markSent(reached);
    }
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
