import { describe, expect, it } from 'vitest';
import { headingOf, hsnDigitsRequired, isHsnShape, isSac } from './hsn.ts';

describe('HSN shape', () => {
  it('is 4, 6 or 8 digits of a chapter in use', () => {
    for (const code of ['1006', '100630', '21069020', '9963']) expect(isHsnShape(code)).toBe(true);
    for (const code of ['', '10', '10063', '1006300', '0000', '7712', '10O6', '१००६', '1006 ', '9'.repeat(10_000)]) {
      expect(isHsnShape(code)).toBe(false);
    }
  });
  it('knows services, headings and the digits a turnover asks for', () => {
    expect(isSac('996331')).toBe(true);
    expect(isSac('3304')).toBe(false);
    expect(headingOf('21069020')).toBe('2106');
    expect([hsnDigitsRequired(50_000_000), hsnDigitsRequired(50_000_001)]).toEqual([4, 6]);
  });
});
