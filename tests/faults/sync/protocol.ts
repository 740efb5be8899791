/**
 * The steps of the protocol that the simulator drives: the product's own, or a mutant's with one of them bent. Rule
 * kept: a mutant changes one step and nothing of the world, so that what is caught is that step.
 */
import { decideBatch } from '#sync-server/ingest/decide-batch.ts';
import { judgeEntry } from '#sync-server/ingest/judge-entry.ts';
import { afterAnswer, afterFailure } from '#till/sync/push-steps.ts';

export type Protocol = {
  readonly judgeEntry: typeof judgeEntry;
  readonly decideBatch: typeof decideBatch;
  readonly afterAnswer: typeof afterAnswer;
  readonly afterFailure: typeof afterFailure;
  /** The server answers before its transaction is on disk. */
  readonly acksBeforeCommit: boolean;
  /** The till takes a batch for sent when it has been handed to the network. */
  readonly marksWhenSent: boolean;
  /** The till takes a batch for sent when no answer came in time. */
  readonly marksWhenLate: boolean;
  /** What was sent is kept in memory and written to disk some time later. */
  readonly forgetsSent: boolean;
  /** Entries and sums of a batch go into two transactions. */
  readonly sumsApart: boolean;
  /** Sums count refused bills too. */
  readonly countsRefused: boolean;
  /** A till restored from a backup goes on in the same series. */
  readonly keepsSeries: boolean;
  /** An answer to a request that the till has given up still counts. */
  readonly takesLateAnswers: boolean;
};

export const product: Protocol = {
  judgeEntry,
  decideBatch,
  afterAnswer,
  afterFailure,
  acksBeforeCommit: false,
  marksWhenSent: false,
  marksWhenLate: false,
  forgetsSent: false,
  sumsApart: false,
  countsRefused: false,
  keepsSeries: false,
  takesLateAnswers: false,
};
