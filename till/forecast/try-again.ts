/**
 * How often a night is tried: once, and where it failed three times more, each after a longer wait. Rule kept: what a
 * failed night waits for is the shop's clock; what was called off by somebody is not tried again; it starts nothing.
 */
import type { BusinessDate, Instant } from '#core/time.ts';

const minuteMs = 60_000;
/** After the first, second and third failure. A disk that is full or a scan by a virus guard has an end. */
const waitsMs = [5 * minuteMs, 15 * minuteMs, 45 * minuteMs] as const;

export type NightTries = {
  /** Whether the night after `lastDay` may begin, for the first time or again. */
  readonly isFree: (lastDay: BusinessDate) => boolean;
  readonly began: (lastDay: BusinessDate) => void;
  readonly failed: () => void;
};

export function makeNightTries(now: () => Instant): NightTries {
  let night: BusinessDate | null = null;
  let failures = 0;
  /** null: the last try did not fail. */
  let failedAtMs: Instant | null = null;
  return {
    isFree: (lastDay) => {
      if (night !== lastDay) return true;
      const wait = waitsMs[failures - 1];
      // A clock that was set back is not waited for until it is where it was.
      return failedAtMs !== null && wait !== undefined && Math.abs(now() - failedAtMs) >= wait;
    },
    began: (lastDay) => {
      if (night !== lastDay) failures = 0;
      night = lastDay;
      failedAtMs = null;
    },
    failed: () => {
      failures += 1;
      failedAtMs = now();
    },
  };
}
