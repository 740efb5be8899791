/**
 * Head office's side of tills' keys as the simulator uses it, and what a world and its tills remember of them. Rule kept:
 * types and first values alone; the steps are sim-keys.ts, the rows memory-keys.ts and the real tables.
 */
import type { TillShutOut } from '#contract/sync.ts';
import type { KeyRing } from '#till/sync/key-ring.ts';
import type { SimTillIds } from './sim-bill.ts';
import type { Maybe } from './sim-feed.ts';

/** 'early': it dies before the commit; 'late': after it, and no answer leaves. */
export type Crash = 'early' | 'late' | null;
export type Turn = { readonly refresh: string; readonly nextHash: string; readonly earlier: readonly string[] };
export type Turned =
  | { readonly ok: true; readonly access: string }
  | { readonly ok: false; readonly reason: TillShutOut };
/** Head office's side of keys. Times are of the server's clock. */
export type KeyServer = {
  /** A person's code was typed: what the till held before opens nothing any more. Answers an access token. */
  readonly enrol: (till: SimTillIds, keyHash: string, nowMs: number) => Maybe<string>;
  /** null: no answer leaves. */
  readonly turn: (till: SimTillIds, asked: Turn, nowMs: number, crash: Crash) => Maybe<Turned | null>;
};

/** Why a till may be refused: nobody else may lock a shop out. */
type Cause = 'copied' | 'revoked' | 'forgotten';
export type TillKeys = {
  access: { readonly token: string; readonly atMs: number } | null;
  waitsFor: number | null;
  /** What head office said last, where it lets the till in no more. */
  shutOut: TillShutOut | null;
  readonly causes: Set<Cause>;
  /** How often a person has typed a code; and then, at the server's copy. */
  enrolments: number;
  enrolmentsInCopy: number;
  turnedAtMs: number;
  /** As far as head office may know; no answer came. */
  mayHaveTurnedMs: number;
  turnedInCopyMs: number;
};
export type WorldKeys = {
  secrets: number;
  thief: { readonly till: number; readonly ring: KeyRing; readonly enrolment: number } | null;
  /** By refresh token that was used up: for which successor. Begun anew when a server forgets. */
  readonly successors: Map<string, string>;
  /** By refresh token: after how many enrolments it was drawn, and when. */
  readonly drawn: Map<string, { readonly enrolment: number; readonly atMs: number }>;
  /** By access token: of which till, after how many enrolments, when. */
  readonly issued: Map<string, { readonly till: number; readonly enrolment: number; readonly atMs: number }>;
  /** Found to be held by two: nobody comes in until a person has come. */
  readonly twoHeld: Set<number>;
};
export const firstKeys = (): WorldKeys => ({
  secrets: 0,
  thief: null,
  successors: new Map(),
  drawn: new Map(),
  issued: new Map(),
  twoHeld: new Set(),
});
export const noKeys = (): TillKeys => ({
  access: null,
  waitsFor: null,
  shutOut: null,
  causes: new Set(),
  enrolments: 0,
  enrolmentsInCopy: 0,
  turnedAtMs: 0,
  mayHaveTurnedMs: 0,
  turnedInCopyMs: 0,
});
