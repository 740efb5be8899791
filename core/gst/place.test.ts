import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../tests/property-runs.ts';
import { findState, states, supplyOf } from './place.ts';

describe('place of supply', () => {
  it('levies UTGST in the territories without a legislature, SGST in Delhi, Puducherry, Jammu and Kashmir', () => {
    const territories = states.filter((s) => s.isUnionTerritory).map((s) => s.code);
    expect(territories).toEqual(['04', '26', '31', '35', '38', '97']);
    expect(['07', '34', '01'].map((code) => supplyOf(code, code))).toEqual(Array(3).fill('intraState'));
    expect(supplyOf('04', '04')).toBe('intraUt');
  });

  it('is inter-State between any two different codes and intra within one', () => {
    const code = fc.constantFrom(...states.map((s) => s.code));
    fc.assert(
      fc.property(code, code, (shop, place) => {
        expect(supplyOf(shop, place) === 'interState').toBe(shop !== place);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('knows each code once and no other', () => {
    expect(new Set(states.map((s) => s.code)).size).toBe(states.length);
    expect(findState('27')?.name).toBe('Maharashtra');
    expect(findState('25')).toBeNull();
    expect(() => supplyOf('27', '99')).toThrow(RangeError);
  });
});
