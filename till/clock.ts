/**
 * The time a document gets. Rule kept: documents of a till never go back in time; a PC clock that is
 * plainly wrong stops billing with a sentence (ClockWrong) instead of putting bills into the wrong year,
 * until it is set right or the owner vouches for it.
 */
import type { Clock, Instant } from '#core/time.ts';
import { refuse } from './refusal.ts';

/** Before it this program did not exist, so a PC that says so has a dead clock battery. */
const earliest = Date.UTC(2025, 3, 1);
const latest = Date.UTC(2100, 0, 1);
/** A clock corrected by a few minutes is no trouble: documents then wait at the last one's time. */
const tolerance = 10 * 60_000;

export type BillingClock = {
  readonly now: () => Instant;
  readonly told: (occurredAtMs: Instant) => void;
  readonly vouch: (nowMs: Instant) => void;
};

export function makeBillingClock(clock: Clock, lastMs: Instant | null): BillingClock {
  let last = lastMs;
  return {
    now: () => {
      const now = clock.now();
      const isBack = last !== null && now < last - tolerance;
      if (now < earliest || now >= latest || isBack)
        refuse({ type: 'ClockWrong', nowMs: now, lastBillMs: isBack ? last : null });
      return last !== null && now < last ? last : now;
    },
    told: (occurredAtMs) => {
      last = last === null || occurredAtMs > last ? occurredAtMs : last;
    },
    vouch: (nowMs) => {
      last = nowMs;
    },
  };
}
