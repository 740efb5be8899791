/**
 * The till's key to head office, as it is kept: the refresh token in force and, while it is being changed, its successor.
 * Rule kept: a successor is made and written down BEFORE it is offered, and the same one is offered until head office has
 * answered, so that neither a lost answer nor a crash between receiving and writing makes two of them. Pure.
 */
import { createHash } from 'node:crypto';

export type KeyRing = {
  /** base64url of 32 random bytes, as all of these. */
  readonly refresh: string;
  /** Offered, or about to be; head office may already wait for it. */
  readonly next: string | null;
  /** Used up, newest first: a server that came back from a copy still waits for one of them. */
  readonly earlier: readonly string[];
};

/** One an hour for 35 days, as long as entries are kept to be sent again. */
const mostEarlier = 35 * 24;

export const hashOfKey = (secret: string): string => createHash('sha256').update(secret).digest('hex');

export const firstRing = (secret: string): KeyRing => ({ refresh: secret, next: null, earlier: [] });

export const withSuccessor = (ring: KeyRing, makeSecret: () => string): KeyRing & { readonly next: string } => ({
  ...ring,
  next: ring.next ?? makeSecret(),
});

/** Head office has taken it. */
export const turned = ({ refresh, next, earlier }: KeyRing & { readonly next: string }): KeyRing => ({
  refresh: next,
  next: null,
  earlier: [refresh, ...earlier].slice(0, mostEarlier),
});
