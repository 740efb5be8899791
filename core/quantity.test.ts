/** Quantity's law: whole milli-units, printed and read back without loss. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '#tests/property-runs.ts';
import { formatQty, isMeasured, isUnit, maxQty, milli, onePiece, parseQty, type Unit, units } from './quantity.ts';

const unitNames = Object.keys(units).filter(isUnit);

describe('milli', () => {
  it('refuses fractions and has no minus zero', () => {
    for (const bad of [0.5, Number.NaN, 2 ** 53]) expect(() => milli(bad)).toThrow(RangeError);
    expect(Object.is(milli(-0), 0)).toBe(true);
  });
});

describe('units', () => {
  it('each has a UQC of three capitals, no two the same', () => {
    const codes = unitNames.map((u) => units[u].uqc);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of codes) expect(code).toMatch(/^[A-Z]{3}$/);
  });
  it('knows its own names only', () => {
    expect(isUnit('kg')).toBe(true);
    for (const bad of ['KG', '', 'toString', '__proto__']) expect(isUnit(bad)).toBe(false);
  });
  it('weighs what is weighed and counts what is counted', () => {
    expect(unitNames.filter(isMeasured)).toEqual(['kg', 'g', 'l', 'ml', 'm']);
  });
});

describe('formatQty', () => {
  it.each<[number, Unit, string]>([
    [2350, 'kg', '2.350'],
    [5, 'kg', '0.005'],
    [2000, 'pc', '2'],
    [1500, 'box', '1.5'],
    [1050, 'box', '1.05'],
    [-2350, 'kg', '−2.350'],
    [-1000, 'pc', '−1'],
    [0, 'pc', '0'],
  ])('%i %s → %s', (n, unit, text) => {
    expect(formatQty(milli(n), unit)).toBe(text);
  });
});

describe('parseQty', () => {
  it.each([
    ['2.35', 2350],
    ['.5', 500],
    ['3.', 3000],
    ['1,000', 1_000_000],
    ['1,00,000.5', 100_000_500],
    ['-2', -2000],
    [' 7 ', 7000],
    ['-0', 0],
  ])('reads %j', (text, expected) => {
    expect(Object.is(parseQty(text), expected)).toBe(true);
  });
  it.each(['', '.', '-', 'x', '1.2345', '1e3', '1 2', '1,5', '0,350', '12,34', '9'.repeat(10), '9'.repeat(10_000)])(
    'refuses %j',
    (text) => {
      expect(parseQty(text)).toBeNull();
    },
  );
  it('reads back what formatQty prints, for each unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: maxQty }), fc.constantFrom(...unitNames), (n, unit) => {
        expect(parseQty(formatQty(milli(n), unit))).toBe(n);
      }),
      { numRuns: propertyRuns() },
    );
  });
  it('says one piece as 1', () => {
    expect(formatQty(onePiece, 'pc')).toBe('1');
    expect(parseQty('1')).toBe(onePiece);
  });
});
