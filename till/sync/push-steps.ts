/**
 * The till's part of pushing as steps: how much to send, and what an answer means. Rule kept: pure, so that the
 * simulator runs the very code that the till runs; an entry counts as sent only when the server answered for it.
 */
import type { PushAnswer, PushEntry } from '#contract/sync.ts';

export type PushProgress = {
  /** In a row, since the last answer. */
  readonly failures: number;
  /** Entries in the next batch. */
  readonly batch: number;
};
export type Refused = Extract<PushAnswer, { readonly outcome: 'rejected' }>;

const smallestBatch = 20;
const largestBatch = 500;
const firstDelayMs = 1_000;
const longestDelayMs = 60_000;

export const firstProgress: PushProgress = { failures: 0, batch: smallestBatch };

/** "Full jitter" (Brooker 2015): anywhere up to a bound that doubles, so that many tills don't come back together. */
export const delayOf = (failures: number, random: () => number): number =>
  Math.round(random() * Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(failures - 1, 10))) + 100;

/** A batch that is too large for this line or this server: half of it next time. */
export const afterFailure = ({ failures, batch }: PushProgress): PushProgress => ({
  failures: failures + 1,
  batch: Math.max(1, Math.floor(batch / 2)),
});

export type AnswerMeans =
  | {
      readonly kind: 'sent';
      readonly throughSeq: number;
      readonly refused: readonly Refused[];
      readonly next: PushProgress;
    }
  /** It is not an answer to this batch: as if none had come. */
  | { readonly kind: 'failed'; readonly next: PushProgress };

export function afterAnswer(
  progress: PushProgress,
  entries: readonly PushEntry[],
  answers: readonly PushAnswer[],
): AnswerMeans {
  const last = entries.at(-1);
  const isOurs =
    answers.length === entries.length &&
    entries.every(({ id, seq }, i) => answers[i]?.id === id && answers[i].seq === seq);
  if (last === undefined || !isOurs) return { kind: 'failed', next: afterFailure(progress) };
  return {
    kind: 'sent',
    throughSeq: last.seq,
    refused: answers.filter((answer): answer is Refused => answer.outcome === 'rejected'),
    next: { failures: 0, batch: Math.min(largestBatch, progress.batch * 2) },
  };
}
