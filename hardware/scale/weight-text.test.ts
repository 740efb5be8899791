/** Weights as scales write them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '#tests/property-runs.ts';
import { readWeight, unitOf } from './weight-text.ts';

describe('readWeight', () => {
  it('reads what scales write', () => {
    expect(readWeight('+  4.876', 'kg')).toBe(4876);
    expect(readWeight('.5', 'kg')).toBe(500);
    expect(readWeight('1,250', 'kg')).toBe(1250);
    expect(readWeight('-0.020', 'kg')).toBe(-20);
    expect(readWeight('1250.4', 'g')).toBe(1250);
    expect(readWeight('1250.5', 'g')).toBe(1251);
    expect(readWeight('-0', 'kg')).toBe(0);
  });
  it('refuses what is no weight', () => {
    for (const text of ['', '+', '.', '1.2.3', '12a', '1e3', '--1', '200000'])
      expect(readWeight(text, 'kg')).toBeNull();
  });
  it('keeps grams exact however they are written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999 }), (grams) => {
        expect(readWeight(String(grams), 'g')).toBe(grams);
        const text = String(grams).padStart(4, '0');
        expect(readWeight(`${text.slice(0, -3)}.${text.slice(-3)}`, 'kg')).toBe(grams);
      }),
      { numRuns: propertyRuns() },
    );
  });
  it('knows pounds and ounces', () => {
    expect(readWeight('1', 'lb')).toBe(454);
    expect(readWeight('10', 'lb')).toBe(4536);
    expect(readWeight('1', 'oz')).toBe(28);
    expect(unitOf(' Gms')).toBe('g');
    expect(unitOf('pcs')).toBeNull();
  });
});
