/**
 * What a mutant is and the ways to make one: the product's protocol with one function bent or one mistake switched on.
 * Rule kept: everything that is not bent is the product's own.
 */
import type { JudgedEntry } from '#sync-server/ingest/judge-entry.ts';
import { type Mistake, product, type Protocol } from './protocol.ts';

export type Mutant = { readonly name: string; readonly protocol: Protocol; readonly isEquivalent?: string | undefined };

export const bent = (name: string, change: Partial<Protocol>, isEquivalent?: string): Mutant => ({
  name,
  protocol: { ...product, ...change },
  isEquivalent,
});
export const flag = (mistake: Mistake, name: string, isEquivalent?: string): Mutant =>
  bent(name, { [mistake]: true }, isEquivalent);
const { afterAnswer, decideBatch, judgeEntry } = product;

type Decide = Protocol['decideBatch'];
type Answer = Protocol['afterAnswer'];
/** Bends what is decided. */
export const deciding = (
  name: string,
  bend: (decision: ReturnType<Decide>) => ReturnType<Decide>,
  why?: string,
): Mutant => bent(name, { decideBatch: (...of) => bend(decideBatch(...of)) }, why);
type Sent = Extract<ReturnType<Answer>, { readonly kind: 'sent' }>;
/** Bends what an answer means. */
export const answering = (
  name: string,
  bend: (means: Sent, of: Parameters<Answer>) => ReturnType<Answer>,
  why?: string,
): Mutant =>
  bent(
    name,
    {
      afterAnswer: (...of) => {
        const means = afterAnswer(...of);
        return means.kind === 'sent' ? bend(means, of) : means;
      },
    },
    why,
  );
/** Believes what the product refuses for this reason. */
export const believing = (name: string, reason: string): Mutant =>
  bent(name, {
    judgeEntry: (entry, pusher, now): JudgedEntry => {
      const judged = judgeEntry(entry, pusher, now);
      if (judged.rejection?.reason !== reason) return judged;
      const document = JSON.parse(entry.content) as NonNullable<JudgedEntry['document']>;
      return { ...judged, rejection: null, document, number: document.number };
    },
  });
