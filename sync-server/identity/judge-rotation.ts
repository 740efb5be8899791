/**
 * What a till's refresh token opens when it is shown with the hash of its successor. Rule kept: pure, so that the
 * simulator runs the very code that the server runs; the same pair again is the same rotation, and a used token with
 * ANOTHER successor, or one whose successor is used up too, means that two hold the key. Who asks locks the till's row.
 */
import type { TillShutOut } from '#contract/sync.ts';

/** Of a refresh token nobody says `expired`. */
type Refusal = Exclude<TillShutOut, 'expired'>;

export type HeldToken = {
  /** Milliseconds of the server's clock. */
  readonly expiresAtMs: number;
  readonly isUsed: boolean;
  /** SHA-256 in hex of the one that it was used up for; null: it is not used. */
  readonly successor: string | null;
  readonly isSuccessorUsed: boolean;
  /** As expiresAtMs, of its successor; null: there is none, or it is gone. */
  readonly successorExpiresAtMs: number | null;
};
export type Shown = {
  /** Why the till is let in no more; null: it is. */
  readonly refusal: Refusal | null;
  readonly token: HeldToken;
  /** SHA-256 in hex of the successor that is offered. */
  readonly nextHash: string;
  /** It was shown here before: it is no secret any more. */
  readonly isNextKnown: boolean;
  readonly nowMs: number;
};
export type RotationJudgement =
  /** Used up now, for this successor. */
  | 'turns'
  /** It was, for this successor, whose answer may have been lost. */
  | 'turned'
  /** Whoever of them it was: the till is shut out. */
  | 'twoHold'
  | Refusal;

export function judgeRotation({ refusal, token, nextHash, isNextKnown, nowMs }: Shown): RotationJudgement {
  if (refusal !== null) return refusal;
  if (token.isUsed) {
    if (token.successor !== nextHash || token.isSuccessorUsed) return 'twoHold';
    // Sent again after a month it would open for an hour more.
    return (token.successorExpiresAtMs ?? 0) > nowMs ? 'turned' : 'lapsed';
  }
  if (token.expiresAtMs <= nowMs) return 'lapsed';
  // No till sends one that was shown before.
  return isNextKnown ? 'unknown' : 'turns';
}
