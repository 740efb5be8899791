/**
 * What becomes of a batch: for each entry the stored answer, a refusal, or that it is new. Rule kept: pure, so that
 * the simulator runs the very code that the server runs; who stores promises to do so in one transaction with what it
 * read.
 */
import type { PushAnswer, Rejection } from '#contract/sync.ts';
import type { JudgedEntry, SeriesClaim } from './judge-entry.ts';

/** What is stored of an entry: by its id and kind. */
export type StoredEntry = { readonly hash: string; readonly rejection: Rejection | null };
export type FreshEntry = {
  readonly judged: JudgedEntry;
  readonly rejection: Rejection | null;
  /** Its place in the batch, from 0. */
  readonly at: number;
};
export type Decision = {
  /** In the entries' order. */
  readonly answers: readonly PushAnswer[];
  /** To be stored, refused ones too: asked again they get the same answer. */
  readonly fresh: readonly FreshEntry[];
};

/** Of a bill, a credit note or a delivery challan; null where an entry has none. */
export const numberOf = ({ number, transfer }: Pick<JudgedEntry, 'number' | 'transfer'>): string | null =>
  number ?? (transfer?.type === 'transferDispatched' ? transfer.number : null);

export const claimKey = ({ code, tillId }: SeriesClaim): string => `${tillId} ${code}`;
export const entryKey = (kind: string, id: string): string => `${kind} ${id}`;
/** The key under which it is stored. */
export const keyOf = ({ entry, keptAs }: JudgedEntry): string => entryKey(entry.kind, keptAs ?? entry.id);

const answerOf = (judged: JudgedEntry, rejection: Rejection | null): PushAnswer => {
  const { id, seq } = judged.entry;
  return rejection === null ? { id, seq, outcome: 'accepted' } : { id, seq, outcome: 'rejected', ...rejection };
};

/**
 * `stored` holds what is known of any of these entries, `taken` which of their numbers the store has given already,
 * `foreign` which of their claims to a series (claimKey) are wrong: it is another till's.
 */
export function decideBatch(
  judged: readonly JudgedEntry[],
  stored: ReadonlyMap<string, StoredEntry>,
  taken: ReadonlySet<string>,
  foreign: ReadonlySet<string> = new Set(),
): Decision {
  const known = new Map(stored);
  const numbers = new Set(taken);
  const fresh: FreshEntry[] = [];
  const refusalOf = (one: JudgedEntry): Rejection | null => {
    const { series, rejection } = one;
    const number = numberOf(one);
    if (series !== null && foreign.has(claimKey(series)))
      return { reason: 'notYours', detail: `series ${series.code}` };
    return number !== null && numbers.has(number) ? { reason: 'numberTaken', detail: number } : rejection;
  };
  const answers = judged.map((one, at): PushAnswer => {
    const key = keyOf(one);
    const before = known.get(key);
    if (before !== undefined) {
      const isSame = before.hash === one.hash;
      return answerOf(one, isSame ? before.rejection : { reason: 'changed', detail: `seq ${one.entry.seq}` });
    }
    const rejection = refusalOf(one);
    const number = numberOf(one);
    if (number !== null && rejection === null) numbers.add(number);
    known.set(key, { hash: one.hash, rejection });
    fresh.push({ judged: one, rejection, at });
    return answerOf(one, rejection);
  });
  return { answers, fresh };
}
