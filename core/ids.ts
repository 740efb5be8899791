/**
 * Ids: UUIDv7 (RFC 9562 §5.7), made where the row is made, so that ids sort by time. Rule kept: the clock
 * and the random bytes are handed in. Within one generator ids never go backwards: the 12-bit counter in
 * rand_a is stepped when the clock stands still or is set back (RFC 9562 §6.2, method 1).
 */
import type { Clock } from './time.ts';

export type Uuid = string & { readonly __kind: 'uuid' };
export type RandomBytes = (n: number) => Uint8Array;
export type NewId = () => Uuid;

export const isUuid = (text: string): text is Uuid =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);

const hexOfByte: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function makeIds(clock: Clock, randomBytes: RandomBytes): NewId {
  let lastMs = -1;
  let counter = 0;
  /** The first 48 bits as they are written: a bill makes fifteen ids in one millisecond. */
  let time = '';
  const moveTo = (ms: number): void => {
    lastMs = ms;
    const hex = ms.toString(16).padStart(12, '0');
    time = `${hex.slice(0, 8)}-${hex.slice(8)}`;
  };
  return () => {
    const now = Math.max(0, clock.now());
    if (now > lastMs) {
      moveTo(now);
      const seed = randomBytes(2);
      counter = (((seed[0] ?? 0) << 8) | (seed[1] ?? 0)) & 0x7ff;
    } else if (counter === 0xfff) {
      moveTo(lastMs + 1);
      counter = 0;
    } else {
      counter += 1;
    }
    const tail = randomBytes(8);
    const variant = hexOfByte[((tail[0] ?? 0) & 0x3f) | 0x80] ?? '';
    let rest = '';
    for (let i = 2; i < 8; i += 1) rest += hexOfByte[tail[i] ?? 0] ?? '';
    return `${time}-${(0x7000 | counter).toString(16)}-${variant}${hexOfByte[tail[1] ?? 0] ?? ''}-${rest}` as Uuid;
  };
}

/**
 * Short code for an incident that a person reads aloud ("7K2Q"): Crockford base 32 without I L O U.
 */
export function incidentId(randomBytes: RandomBytes): string {
  const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  return Array.from(randomBytes(4), (b) => letters[b & 31]).join('');
}
