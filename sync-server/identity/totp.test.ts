/** Against the vectors of RFC 4226 (appendix D), RFC 6238 (appendix B) and RFC 4648 (§10). */
import { describe, expect, it } from 'vitest';
import { base32, hotp, stepOf, stepOfCode } from './totp.ts';

const secret = Buffer.from('12345678901234567890');

describe('one-time codes', () => {
  it('are those of RFC 4226', () => {
    const told = ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489'];
    expect(told.map((_, counter) => hotp(secret, counter))).toEqual(told);
  });

  it('are those of RFC 6238', () => {
    const told: readonly (readonly [number, string])[] = [
      [59, '94287082'],
      [1_111_111_109, '07081804'],
      [1_111_111_111, '14050471'],
      [1_234_567_890, '89005924'],
      [2_000_000_000, '69279037'],
      [20_000_000_000, '65353130'],
    ];
    for (const [seconds, code] of told) expect(hotp(secret, stepOf(seconds * 1_000), 8)).toBe(code);
  });

  it('open once, and only near their time', () => {
    const code = hotp(secret, 100);
    expect(stepOfCode(secret, code, 100 * 30_000, 0)).toBe(100);
    expect(stepOfCode(secret, code, 101 * 30_000, 0)).toBe(100);
    expect(stepOfCode(secret, code, 102 * 30_000, 0)).toBeNull();
    expect(stepOfCode(secret, code, 100 * 30_000, 100)).toBeNull();
    expect(stepOfCode(secret, '1234567', 100 * 30_000, 0)).toBeNull();
  });

  it('travel in base 32', () => {
    expect(['f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map((text) => base32(Buffer.from(text)))).toEqual([
      'MY',
      'MZXQ',
      'MZXW6',
      'MZXW6YQ',
      'MZXW6YTB',
      'MZXW6YTBOI',
    ]);
  });
});
