/** What a customer may hand over: exact first, then round sums of Indian notes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../tests/property-runs.ts';
import { paise } from '../money.ts';
import { likelyCash } from './likely-cash.ts';

describe('likelyCash', () => {
  it('offers the exact sum and the next round ones', () => {
    expect(likelyCash(paise(437_00))).toEqual([437_00, 440_00, 450_00, 500_00, 600_00].map(paise));
    expect(likelyCash(paise(500_00))[0]).toBe(500_00);
    expect(likelyCash(paise(0))).toEqual([]);
    expect(likelyCash(paise(-5))).toEqual([]);
  });

  it('counts on no note of ₹2,000', () => {
    expect(likelyCash(paise(60_00))).toEqual([60_00, 100_00, 200_00, 500_00].map(paise));
    expect(likelyCash(paise(1_240_00))).toEqual([1_240_00, 1_250_00, 1_300_00, 1_400_00, 1_500_00].map(paise));
  });

  it('never too little, exact first, rising, none twice, at most six', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000_00 }), (due) => {
        const sums = likelyCash(paise(due));
        expect(sums[0]).toBe(due);
        expect(sums.length).toBeLessThanOrEqual(6);
        for (const [i, sum] of sums.entries()) {
          if (i > 0) expect(sum).toBeGreaterThan(sums[i - 1] ?? 0);
          if (i > 0) expect(sum % 10_00).toBe(0);
        }
      }),
      { numRuns: propertyRuns() },
    );
  });
});
