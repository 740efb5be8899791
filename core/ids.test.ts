/** Ids' law: UUIDv7 by form, unique, and never going backwards, whatever the clock does. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '#tests/property-runs.ts';
import { incidentId, isUuid, makeIds, type RandomBytes } from './ids.ts';
import { instant } from './time.ts';

const bytesOf =
  (fill: number): RandomBytes =>
  (n) =>
    new Uint8Array(n).fill(fill);

describe('makeIds', () => {
  it('writes the time, the version and the variant where RFC 9562 §5.7 has them', () => {
    const id = makeIds({ now: () => instant(0x0123_4567_89ab) }, bytesOf(0xff))();
    expect(id).toBe('01234567-89ab-77ff-bfff-ffffffffffff');
    expect(makeIds({ now: () => instant(0) }, bytesOf(0))()).toBe('00000000-0000-7000-8000-000000000000');
  });
  it('rises strictly though the clock stands still, jumps or is set back', () => {
    const steps = fc.array(fc.integer({ min: -5_000, max: 5_000 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 255 }), (moves, fill) => {
        let now = 1_700_000_000_000;
        const newId = makeIds({ now: () => instant(now) }, bytesOf(fill));
        const ids = moves.map((move) => {
          now += move;
          return newId();
        });
        expect(ids.every(isUuid)).toBe(true);
        expect([...ids].sort()).toEqual(ids);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: propertyRuns() },
    );
  });
  it('rises past the end of its counter within one millisecond', () => {
    const newId = makeIds({ now: () => instant(1_700_000_000_000) }, bytesOf(0xff));
    const ids = Array.from({ length: 10_000 }, () => newId());
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('isUuid', () => {
  it.each(['', 'x', '01234567-89AB-77ff-bfff-ffffffffffff', '0123456789ab77ffbfffffffffffffff'])(
    'refuses %j',
    (text) => {
      expect(isUuid(text)).toBe(false);
    },
  );
});

describe('incidentId', () => {
  it('is four letters a person can read aloud, none of I L O U', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), (bytes) => {
        expect(incidentId(() => bytes)).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}$/);
      }),
      { numRuns: propertyRuns() },
    );
  });
});
