/**
 * PINs: six digits, kept as scrypt hashes with a salt each, and the arithmetic of wrong tries: five lock for
 * 30 s, doubling up to a quarter of an hour. Rule kept: a lock is counted in time the till has seen pass, so a
 * restart or a clock set on or back never shortens it by more than what really passed while the till ran.
 * A lock never ends a day's trade: it only makes guessing hopeless (decision 0086).
 */
import { scryptSync, timingSafeEqual } from 'node:crypto';
import type { RandomBytes } from '#core/ids.ts';

export const isPin = (text: string): boolean => /^\d{6}$/.test(text);

export type PinHash = { readonly hash: string; readonly salt: string };

/** N = 2^14, r = 8 (RFC 7914): about 30 ms a guess on a shop PC, once per sign-in. */
const scrypt = (pin: string, salt: string): Buffer =>
  scryptSync(pin.normalize('NFKC'), Buffer.from(salt, 'base64'), 32, { N: 16_384, r: 8, p: 1 });

export function hashPin(pin: string, randomBytes: RandomBytes): PinHash {
  const salt = Buffer.from(randomBytes(16)).toString('base64');
  return { salt, hash: scrypt(pin, salt).toString('base64') };
}

export const isPinRight = (pin: string, stored: PinHash): boolean =>
  timingSafeEqual(scrypt(pin, stored.salt), Buffer.from(stored.hash, 'base64'));

export type Lockout = {
  readonly failures: number;
  /** Milliseconds of lock still to sit out, counted down by time seen passing. */
  readonly lockLeftMs: number;
  readonly lastSeenMs: number;
};
export const noLockout: Lockout = { failures: 0, lockLeftMs: 0, lastSeenMs: 0 };

const triesBeforeLock = 5;
const firstLockMs = 30_000;
/** The longest lock, and the time after which one wrong try is forgiven: about a hundred guesses a day. */
const quarterHourMs = 15 * 60_000;

/**
 * Counts the lock down and forgives. A clock that went back counts as no time passed; one that jumped ahead by more
 * than `monotonicSinceSeenMs` (how long this till has run since, by a monotonic clock) counts only that, so setting
 * the PC's date to tomorrow doesn't open the lock.
 */
export function settleLockout(lockout: Lockout, nowMs: number, monotonicSinceSeenMs: number): Lockout {
  const passed = Math.max(0, Math.min(nowMs - lockout.lastSeenMs, monotonicSinceSeenMs));
  return {
    failures: Math.max(0, lockout.failures - Math.floor(passed / quarterHourMs)),
    lockLeftMs: Math.max(0, Math.min(lockout.lockLeftMs, quarterHourMs) - passed),
    lastSeenMs: nowMs,
  };
}

export function afterWrongPin(lockout: Lockout, nowMs: number): Lockout {
  const failures = lockout.failures + 1;
  const locks = failures - triesBeforeLock;
  return {
    failures,
    lockLeftMs: locks < 0 ? 0 : Math.min(quarterHourMs, firstLockMs * 2 ** locks),
    lastSeenMs: nowMs,
  };
}

export const triesLeft = (lockout: Lockout): number => Math.max(0, triesBeforeLock - lockout.failures);
