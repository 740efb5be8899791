import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../tests/property-runs.ts';
import { basisPoints, type Paise, paise } from '../money.ts';
import { apportionBillDiscount, billDiscountAmount, discountedValues, discountRateBp } from './bill-discount.ts';

describe('bill discount', () => {
  it('goes by value, the odd paisa to the largest line', () => {
    expect(apportionBillDiscount(paise(100), [paise(1000), paise(1000), paise(1001)])).toEqual([33, 33, 34]);
    expect(apportionBillDiscount(paise(0), [])).toEqual([]);
  });

  it('sums to the discount exactly and never takes more than a line is worth', () => {
    const bill = fc
      .array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 30 })
      .chain((values) => fc.tuple(fc.constant(values), fc.integer({ min: 0, max: values.reduce((a, b) => a + b, 0) })));
    const small = fc
      .array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 30 })
      .chain((values) => fc.tuple(fc.constant(values), fc.integer({ min: 0, max: values.reduce((a, b) => a + b, 0) })));
    fc.assert(
      fc.property(fc.oneof(bill, small), ([values, discount]) => {
        const lineValues = values.map(paise);
        const shares = apportionBillDiscount(paise(discount), lineValues);
        expect(shares.reduce<number>((s, x) => s + x, 0)).toBe(discount);
        for (const left of discountedValues(lineValues, shares)) expect(left).toBeGreaterThanOrEqual(0);
        for (const share of shares) expect(share).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('is a percentage or an amount, never above the value', () => {
    const value = paise(9995);
    expect(billDiscountAmount({ kind: 'percent', rateBp: basisPoints(1000) }, value)).toBe(1000);
    expect(billDiscountAmount({ kind: 'amount', amountPaise: paise(500) }, value)).toBe(500);
    expect(billDiscountAmount({ kind: 'amount', amountPaise: paise(50_000) }, value)).toBe(value);
    expect(discountRateBp(paise(1000), value)).toBe(1001);
    expect(discountRateBp(paise(0), paise(0))).toBe(0);
  });

  it('refuses a discount that no bill can carry', () => {
    expect(() => apportionBillDiscount(-1 as Paise, [paise(10)])).toThrow(RangeError);
    expect(() => apportionBillDiscount(paise(11), [paise(10)])).toThrow(RangeError);
  });
});
