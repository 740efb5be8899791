import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../tests/property-runs.ts';
import { checkGstin, type Gstin, gstinCheckDigit, panOfGstin, stateOfGstin } from './gstin.ts';
import { states } from './place.ts';

const reasonOf = (text: string): string => {
  const result = checkGstin(text);
  return result.ok ? 'ok' : result.error.reason;
};
const letters = (length: number) => fc.stringMatching(new RegExp(`^[A-Z]{${length}}$`));
const gstin = fc
  .tuple(fc.constantFrom(...states.map((s) => s.code)), letters(5), fc.integer({ min: 0, max: 9999 }), letters(1))
  .map(([state, a, digits, b]) => {
    const first14 = `${state}${a}${String(digits).padStart(4, '0')}${b}1Z`;
    return `${first14}${gstinCheckDigit(first14)}`;
  });

describe('checkGstin', () => {
  it('accepts GSTINs that are printed in public', () => {
    // Widely published samples; the first is the usual documentation example.
    for (const text of ['27AAPFU0939F1ZV', '29AAGCB7383J1Z4', '24AAACC4175D1Z4']) expect(reasonOf(text)).toBe('ok');
    expect(reasonOf(' 27aapfu0939f1zv ')).toBe('ok');
  });

  it('says what is wrong', () => {
    expect(reasonOf('27AAPFU0939F1Z')).toBe('length');
    expect(reasonOf('')).toBe('length');
    expect(reasonOf('27AAPFU0939F1ZVX'.repeat(625))).toBe('length');
    expect(reasonOf('27AAPFUO939F1ZV')).toBe('characters');
    expect(reasonOf('२७AAPFU0939F1ZV')).toBe('characters');
    expect(reasonOf('99AAPFU0939F1ZV')).toBe('state');
    expect(reasonOf('27AAPFU0939F1ZW')).toBe('checkDigit');
  });

  it('finds every single wrong character', () => {
    const place = fc.integer({ min: 0, max: 14 });
    const other = fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ');
    fc.assert(
      fc.property(gstin, place, other, (text, at, character) => {
        expect(reasonOf(text)).toBe('ok');
        fc.pre(text.charAt(at) !== character);
        expect(reasonOf(`${text.slice(0, at)}${character}${text.slice(at + 1)}`)).not.toBe('ok');
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('carries the State and the PAN', () => {
    expect(stateOfGstin('27AAPFU0939F1ZV' as Gstin)).toBe('27');
    expect(panOfGstin('27AAPFU0939F1ZV' as Gstin)).toBe('AAPFU0939F');
  });
});
