/**
 * The till's part of pushing as steps: how much to send, and what an answer means. Rule kept: pure, so that the
 * simulator runs the very code that the till runs; an entry counts as sent only when the server answered for it.
 */
import { maxBatchBytes, type PushAnswer, type PushEntry } from '#contract/sync.ts';

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

/** A server that faulted over a batch, not a line that is bad: look for the entry at once, the others shall not wait. */
export const faultDelayOf = (failures: number, random: () => number): number =>
  failures > quickLooks ? delayOf(failures - quickLooks, random) : Math.round(random() * 200) + 50;
/** Halving the largest batch down to one, and the times that one is tried before the server keeps it aside. */
const quickLooks = 13;

/** Half of what a server takes at once: it is not asked for what it must refuse for its size. */
const mostBytes = maxBatchBytes / 2;

/** As many of these as go together; one at least. */
export function fitting(entries: readonly PushEntry[], most: number = mostBytes): readonly PushEntry[] {
  let bytes = 0;
  const end = entries.findIndex(({ content }) => (bytes += Buffer.byteLength(content)) > most);
  return end < 0 ? entries : entries.slice(0, Math.max(1, end));
}

/** How long a batch may be under way before the next is smaller: other traffic of the shop's line goes on beside it. */
const goodMs = 3_000;
const slowMs = 10_000;

/** The next batch by how long this one took: a slow line gets small ones, so that little is sent again when it breaks. */
export const batchAfter = (batch: number, tookMs: number): number =>
  tookMs > slowMs
    ? Math.max(smallestBatch, Math.floor(batch / 2))
    : tookMs > goodMs
      ? batch
      : Math.min(largestBatch, batch * 2);

/** What the till remembers of the server's place. `epoch` null: never heard. */
export type KeptPlace = { readonly epoch: string | null; readonly throughSeq: number };
export type ToldPlace = { readonly epoch: string; readonly throughSeq: number };

/**
 * After a batch up to `lastSeq` was answered: what counts as sent. Less than before where the server was restored from a
 * copy (another epoch) or lacks something: everything after that goes again; what it has already it answers as before.
 */
export function placeAfter(lastSeq: number, told: ToldPlace | null, keptEpoch: string | null): number {
  if (told === null) return lastSeq;
  // Where this till's disk came from a backup too, the restored server's count is of other entries: none is believed.
  if (keptEpoch !== null && keptEpoch !== told.epoch) return 0;
  return Math.min(lastSeq, told.throughSeq);
}

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
  tookMs = 0,
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
    next: { failures: 0, batch: batchAfter(progress.batch, tookMs) },
  };
}
