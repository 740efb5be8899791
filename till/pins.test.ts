/** How many PINs somebody can try who does nothing else, and that no lock outlasts a quarter of an hour. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '#tests/property-runs.ts';
import { afterWrongPin, noLockout, settleLockout } from './pins.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Wrong PINs taken in a time by somebody who waits `pauseMs` after each, or the lock if it is longer. */
function guessesIn(ms: number, pauseMs: () => number): number {
  let [lockout, now, guesses] = [noLockout, 0, 0];
  while (now < ms) {
    lockout = afterWrongPin(lockout, now);
    guesses += 1;
    const wait = Math.max(lockout.lockLeftMs, pauseMs(), 1);
    lockout = settleLockout(lockout, now + wait, wait);
    now += wait;
  }
  return guesses;
}

describe('guessing PINs', () => {
  it('takes at most 106 tries the first day, then 96 a day, whatever the pace', () => {
    expect(guessesIn(dayMs, () => 0)).toBe(104);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 * minuteMs }), { minLength: 1, maxLength: 30 }), (pauses) => {
        let at = 0;
        const pause = (): number => pauses[(at += 1) % pauses.length] ?? 0;
        expect(guessesIn(dayMs, pause)).toBeLessThanOrEqual(106);
        at = 0;
        expect(guessesIn(3 * dayMs, pause)).toBeLessThanOrEqual(106 + 2 * 96);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('a lock is a quarter of an hour at most, also one kept by an older version', () => {
    expect(settleLockout({ failures: 40, lockLeftMs: dayMs, lastSeenMs: 0 }, 1, 1).lockLeftMs).toBe(15 * minuteMs - 1);
  });
});
