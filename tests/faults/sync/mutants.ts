/**
 * The protocol with one mistake in it, one mistake each: what the simulator is there to find. Rule kept: each is a
 * mistake that somebody could make; one that changes nothing is listed as equivalent, with the reason.
 */
import type { PushAnswer, PushEntry } from '#contract/sync.ts';
import { product, type Protocol } from './protocol.ts';

export type Mutant = { readonly name: string; readonly protocol: Protocol; readonly isEquivalent?: string | undefined };

const bent = (name: string, change: Partial<Protocol>, isEquivalent?: string): Mutant => ({
  name,
  protocol: { ...product, ...change },
  isEquivalent,
});
const { afterAnswer, decideBatch, judgeEntry, afterFailure } = product;

export const mutants: readonly Mutant[] = [
  bent('the server answers before it commits', { acksBeforeCommit: true }),
  bent('the till counts a batch as sent when it leaves', { marksWhenSent: true }),
  bent('the till counts everything as sent when no answer comes', { marksWhenLate: true }),
  bent('entries and sums in two transactions', { sumsApart: true }),
  bent('sums count refused bills', { countsRefused: true }),
  bent('a restored till goes on in its series', { keepsSeries: true }),
  bent('the server forgets what it has stored', {
    decideBatch: (judged, _, taken) => decideBatch(judged, new Map(), taken),
  }),
  bent(
    'the same id with other content is believed to be the same',
    {
      decideBatch: (judged, stored, taken) =>
        decideBatch(
          judged.map((one) => ({ ...one, hash: stored.get(`${one.entry.kind} ${one.entry.id}`)?.hash ?? one.hash })),
          stored,
          taken,
        ),
    },
    'no till here changes a document under its id; the fuzzer of pushes is who does',
  ),
  bent('totals are believed', {
    judgeEntry: (entry, pusher) => {
      const judged = judgeEntry(entry, pusher);
      const isWrong = judged.rejection?.reason === 'doesNotAddUp';
      return isWrong
        ? { ...judged, rejection: null, document: JSON.parse(entry.content) as typeof judged.document }
        : judged;
    },
  }),
  bent('a refused entry is not stored', {
    decideBatch: (judged, stored, taken) => {
      const decision = decideBatch(judged, stored, taken);
      return { ...decision, fresh: decision.fresh.filter((one) => one.rejection === null) };
    },
  }),
  bent('the server drops the last of a batch', {
    decideBatch: (judged, stored, taken) => {
      const decision = decideBatch(judged, stored, taken);
      return { ...decision, fresh: decision.fresh.slice(0, Math.max(1, decision.fresh.length - 1)) };
    },
  }),
  bent('a refusal stops the queue', {
    afterAnswer: (progress, entries, answers) => {
      const means = afterAnswer(progress, entries, answers);
      return means.kind === 'sent' && means.refused.length > 0 ? { kind: 'failed', next: progress } : means;
    },
  }),
  bent('a refusal is not kept aside', {
    afterAnswer: (progress, entries, answers) => {
      const means = afterAnswer(progress, entries, answers);
      return means.kind === 'sent' ? { ...means, refused: [] } : means;
    },
  }),
  bent('one entry too many counts as sent', {
    afterAnswer: (progress, entries, answers) => {
      const means = afterAnswer(progress, entries, answers);
      return means.kind === 'sent' ? { ...means, throughSeq: means.throughSeq + 1 } : means;
    },
  }),
  bent('one entry too few counts as sent', {
    afterAnswer: (progress, entries: readonly PushEntry[], answers: readonly PushAnswer[]) => {
      const means = afterAnswer(progress, entries, answers);
      return means.kind === 'sent' ? { ...means, throughSeq: means.throughSeq - 1 } : means;
    },
  }),
  bent('a batch shrinks to nothing after failures', {
    afterFailure: (progress) => ({ ...afterFailure(progress), batch: Math.floor(progress.batch / 2) }),
  }),
  bent(
    'what was sent is written to disk late',
    { forgetsSent: true },
    'the server answers the same again: more is sent, nothing else changes',
  ),
  bent('a late answer counts', { takesLateAnswers: true }),
];
