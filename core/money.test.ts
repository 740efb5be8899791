/** Money's law: exact, half up, parts that add up, printed and read back without loss. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '#tests/property-runs.ts';
import {
  addPaise,
  allocate,
  amountOf,
  basisPoints,
  divideHalfUp,
  formatDeskRupees,
  formatPaise,
  formatRupees,
  maxPaise,
  multiplyDivide,
  negatePaise,
  paise,
  paiseToDecimal,
  parsePaise,
  roundToStep,
  shareOf,
  subtractPaise,
  zeroPaise,
} from './money.ts';
import { milli } from './quantity.ts';

const runs = { numRuns: propertyRuns() };
const amounts = fc.integer({ min: -9_000_000_000_000, max: 9_000_000_000_000 }).map(paise);

describe('an amount on a desk', () => {
  it('has no paise from ₹100 on, half up, and keeps them below', () => {
    expect([45_250_350, 45_250_349, -1_234_550, 10_000, 9_999, 0].map((n) => formatDeskRupees(paise(n)))).toEqual([
      '₹4,52,504',
      '₹4,52,503',
      '−₹12,346',
      '₹100',
      '₹99.99',
      '₹0.00',
    ]);
  });
});

describe('paise', () => {
  it('refuses fractions, NaN and what floats cannot hold', () => {
    for (const bad of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])
      expect(() => paise(bad)).toThrow(RangeError);
  });
  it('has no minus zero', () => {
    expect(Object.is(paise(-0), 0)).toBe(true);
    expect(Object.is(negatePaise(zeroPaise), 0)).toBe(true);
  });
  it('adds and subtracts without leaving whole paise', () => {
    expect(addPaise(paise(1), paise(2), paise(-4))).toBe(-1);
    expect(addPaise()).toBe(0);
    expect(subtractPaise(paise(5), paise(7))).toBe(-2);
    expect(() => addPaise(paise(Number.MAX_SAFE_INTEGER), paise(1))).toThrow(RangeError);
  });
  it('keeps the sum of two largest amounts exact', () => {
    expect(addPaise(maxPaise, maxPaise)).toBe(2 * maxPaise);
  });
  it('refuses basis points that are negative or not whole', () => {
    for (const bad of [-1, 0.1, Number.NaN]) expect(() => basisPoints(bad)).toThrow(RangeError);
  });
});

describe('divideHalfUp', () => {
  it.each([
    [5, 2, 3],
    [-5, 2, -3],
    [4, 3, 1],
    [-4, 3, -1],
    [1, 3, 0],
    [-1, 3, 0],
    [0, 7, 0],
    [7, 7, 1],
  ])('%i ÷ %i → %i', (n, d, expected) => {
    expect(Object.is(divideHalfUp(n, d), expected)).toBe(true);
  });
  it('is the same by numbers and by BigInt, and within half a unit of the true quotient', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1 }), (n, d) => {
        const byNumber = divideHalfUp(n, d);
        expect(byNumber).toBe(divideHalfUp(BigInt(n), BigInt(d)));
        const twiceError = 2n * (BigInt(byNumber) * BigInt(d) - BigInt(n));
        expect(twiceError <= BigInt(d) && twiceError >= -BigInt(d)).toBe(true);
      }),
      runs,
    );
  });
  it('is odd: −n rounds as n does, mirrored', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1 }), (n, d) => {
        expect(divideHalfUp(-n, d) + divideHalfUp(n, d)).toBe(0);
      }),
      runs,
    );
  });
  it('refuses to divide by zero or less', () => {
    for (const d of [0, -1]) {
      expect(() => divideHalfUp(1, d)).toThrow(RangeError);
      expect(() => divideHalfUp(1n, BigInt(d))).toThrow(RangeError);
    }
  });
  it('multiplies past 2^53 without losing a digit', () => {
    expect(multiplyDivide(9_007_199_254_740_991, 10_000, 10_000)).toBe(9_007_199_254_740_991);
    expect(multiplyDivide(999_999_999_999, 1_000_000_007, 1_000_000_007)).toBe(999_999_999_999);
  });
});

describe('rates', () => {
  it('prices a weight to the paisa: ₹45.00/kg × 0.333 kg = ₹14.99', () => {
    expect(amountOf(paise(4500), milli(333))).toBe(1499);
    expect(amountOf(paise(4500), milli(-333))).toBe(-1499);
  });
  it('takes a share: 2.5 % of ₹0.20 is half a paisa, which rounds up', () => {
    expect(shareOf(paise(20), basisPoints(250))).toBe(1);
    expect(shareOf(paise(19), basisPoints(250))).toBe(0);
  });
  it('rounds to a step half up, mirrored below zero', () => {
    expect(roundToStep(paise(12_350), paise(100))).toBe(12_400);
    expect(roundToStep(paise(12_349), paise(100))).toBe(12_300);
    expect(roundToStep(paise(-12_350), paise(100))).toBe(-12_400);
    expect(roundToStep(paise(123), paise(1))).toBe(123);
  });
});

describe('allocate', () => {
  const weights = fc.array(fc.integer({ min: 0, max: 1_000_000_000 }), { minLength: 1, maxLength: 60 });
  it('gives parts that add up to the total, whatever the weights', () => {
    fc.assert(
      fc.property(amounts, weights, (total, list) => {
        const parts = allocate(total, list);
        expect(parts).toHaveLength(list.length);
        expect(addPaise(...parts)).toBe(total);
      }),
      runs,
    );
  });
  it('leaves every part but the largest within half a paisa of its true share', () => {
    fc.assert(
      fc.property(amounts, weights, (total, list) => {
        const sum = list.reduce((s, w) => s + w, 0);
        fc.pre(sum > 0);
        const largest = list.indexOf(Math.max(...list));
        allocate(total, list).forEach((part, i) => {
          if (i === largest) return;
          const twiceError = 2n * (BigInt(part) * BigInt(sum) - BigInt(total) * BigInt(list[i] ?? 0));
          expect(twiceError <= BigInt(sum) && twiceError >= -BigInt(sum)).toBe(true);
        });
      }),
      runs,
    );
  });
  it('puts the residual paisa on the largest, the first of equals', () => {
    expect(allocate(paise(100), [1, 1, 1])).toEqual([34, 33, 33]);
    expect(allocate(paise(100), [1, 2, 2, 1, 1])).toEqual([14, 29, 29, 14, 14]);
    expect(allocate(paise(-100), [1, 1, 1])).toEqual([-34, -33, -33]);
  });
  it('puts everything on the first when no weight counts, and refuses the impossible', () => {
    expect(allocate(paise(7), [0, 0])).toEqual([7, 0]);
    expect(allocate(zeroPaise, [])).toEqual([]);
    expect(() => allocate(paise(1), [])).toThrow(RangeError);
    expect(() => allocate(paise(1), [2, -1])).toThrow(RangeError);
  });
});

describe('printing and reading', () => {
  it.each([
    [0, '0.00'],
    [5, '0.05'],
    [99_999, '999.99'],
    [100_000, '1,000.00'],
    [12_345_650, '1,23,456.50'],
    [12_345_678_900, '12,34,56,789.00'],
    [-12_345_650, '−1,23,456.50'],
  ])('%i → %s', (n, text) => {
    expect(formatPaise(paise(n))).toBe(text);
  });
  it('puts the sign before the rupee', () => {
    expect(formatRupees(paise(-150))).toBe('−₹1.50');
    expect(formatRupees(paise(150))).toBe('₹1.50');
  });
  it('reads back every amount it prints, in each of its three forms', () => {
    fc.assert(
      fc.property(amounts, (amount) => {
        expect(parsePaise(formatPaise(amount))).toBe(amount);
        expect(parsePaise(paiseToDecimal(amount))).toBe(amount);
        if (amount >= 0) expect(parsePaise(formatRupees(amount))).toBe(amount);
      }),
      runs,
    );
  });
  it.each([
    ['45', 4500],
    ['45.5', 4550],
    ['.5', 50],
    ['5.', 500],
    [' ₹ 1,23,456.50 ', 12_345_650],
    ['Rs. 45', 4500],
    ['INR45', 4500],
    ['45.500', 4550],
    ['-3.20', -320],
    ['−3.20', -320],
    ['-0', 0],
  ])('reads %j', (text, expected) => {
    expect(Object.is(parsePaise(text), expected)).toBe(true);
  });
  it.each([
    '',
    ' ',
    '.',
    '-',
    '₹',
    'abc',
    '1.2.3',
    '1e5',
    '0x10',
    '45.505',
    '4 5',
    '12,50',
    '1,23',
    '0,350',
    ',100',
    '1,0000',
    '1'.repeat(10_000),
  ])('refuses %j', (text) => {
    expect(parsePaise(text)).toBeNull();
  });
  it('rounds long decimals half up when a file is allowed them', () => {
    expect(parsePaise('2.675', { excess: 'round' })).toBe(268);
    expect(parsePaise('2.6749999999999998', { excess: 'round' })).toBe(267);
    expect(parsePaise('-2.675', { excess: 'round' })).toBe(-268);
    expect(parsePaise('0.999', { excess: 'round' })).toBe(100);
  });
});
