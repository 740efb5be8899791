/**
 * A batch as it came over the wire. Rule kept: an entry is known by the hash of its text before that text is unpacked;
 * texts stay the bytes that the till sent, and are a string only while somebody reads them.
 */
import type { PushBatch } from '#contract/sync.ts';
import { type EntryHead, sha256 } from './judge-entry.ts';

/** `hash`: SHA-256 of its text, in hex. */
export type ReceivedEntry = EntryHead & { readonly hash: string };
export type ReceivedBatch = {
  readonly entries: readonly ReceivedEntry[];
  readonly afterSeq?: number | undefined;
  /** Its only entry is judged anew if it was refused. */
  readonly isAgain?: boolean | undefined;
  /** Of each entry, in UTF-8. Rejects with an Error that has a statusCode when they are not what the head says. */
  readonly texts: () => Promise<readonly Buffer[]>;
};

export function receivedOf({ entries, afterSeq, isAgain }: PushBatch): ReceivedBatch {
  const texts = entries.map(({ content }) => Buffer.from(content));
  return {
    entries: entries.map(({ seq, kind, id, atMs }, i) => ({ seq, kind, id, atMs, hash: sha256(texts[i] ?? '') })),
    afterSeq,
    isAgain: isAgain === true && entries.length === 1,
    texts: async () => texts,
  };
}
