/**
 * What becomes of a batch: for each entry the stored answer, a refusal, or that it is new. Rule kept: pure, so that
 * the simulator runs the very code that the server runs; who stores promises to do so in one transaction with what it
 * read.
 */
import type { PushAnswer, Rejection } from '#contract/sync.ts';
import type { JudgedEntry } from './judge-entry.ts';

/** What is stored of an entry: by its id and kind. */
export type StoredEntry = { readonly hash: string; readonly rejection: Rejection | null };
export type FreshEntry = { readonly judged: JudgedEntry; readonly rejection: Rejection | null };
export type Decision = {
  /** In the entries' order. */
  readonly answers: readonly PushAnswer[];
  /** To be stored, refused ones too: asked again they get the same answer. */
  readonly fresh: readonly FreshEntry[];
};

/** Of a bill, a credit note or a delivery challan; null where an entry has none. */
export const numberOf = ({ document, transfer }: Pick<JudgedEntry, 'document' | 'transfer'>): string | null =>
  document?.number ?? (transfer?.type === 'transferDispatched' ? transfer.number : null);

export const entryKey = (kind: string, id: string): string => `${kind} ${id}`;

const answerOf = (judged: JudgedEntry, rejection: Rejection | null): PushAnswer => {
  const { id, seq } = judged.entry;
  return rejection === null ? { id, seq, outcome: 'accepted' } : { id, seq, outcome: 'rejected', ...rejection };
};

/**
 * `stored` holds what is known of any of these entries, `taken` which of their numbers the store has given already.
 */
export function decideBatch(
  judged: readonly JudgedEntry[],
  stored: ReadonlyMap<string, StoredEntry>,
  taken: ReadonlySet<string>,
): Decision {
  const known = new Map(stored);
  const numbers = new Set(taken);
  const fresh: FreshEntry[] = [];
  const answers = judged.map((one): PushAnswer => {
    const key = entryKey(one.entry.kind, one.entry.id);
    const before = known.get(key);
    if (before !== undefined) {
      const isSame = before.hash === one.hash;
      return answerOf(one, isSame ? before.rejection : { reason: 'changed', detail: `seq ${one.entry.seq}` });
    }
    const number = numberOf(one);
    const isTaken = number !== null && numbers.has(number);
    const rejection: Rejection | null = isTaken ? { reason: 'numberTaken', detail: number } : one.rejection;
    if (number !== null && rejection === null) numbers.add(number);
    known.set(key, { hash: one.hash, rejection });
    fresh.push({ judged: one, rejection });
    return answerOf(one, rejection);
  });
  return { answers, fresh };
}
