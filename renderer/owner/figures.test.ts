import { describe, expect, it } from 'vitest';
import { en } from '../words/en.ts';
import type { Say } from '../words/words.ts';
import { axisRupees, axisTop, percent, plainQty, roundQty, signedQty } from './figures.ts';
import { milli } from '#core/quantity.ts';

const say: Say = (word, values) =>
  String((en as Readonly<Record<string, string>>)[word]).replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) =>
    String(values?.[name]),
  );

describe('figures of the desk', () => {
  it('a forecast is written no finer than it is known', () => {
    expect(roundQty(128_734, 'pc')).toBe('129');
    expect(roundQty(1_234_567_000, 'pc')).toBe('12,34,567');
    expect(roundQty(12_350, 'kg')).toBe('12.4');
    expect(roundQty(245_600, 'kg')).toBe('246');
    expect(roundQty(-400, 'pc')).toBe('0');
  });
  it('effects carry their sign, nought has none', () => {
    expect(signedQty(18_000, 'pc')).toBe('+18');
    expect(signedQty(-9_000, 'pc')).toBe('−9');
    expect(signedQty(400, 'pc')).toBe('0');
  });
  it('a pack has no noughts behind it', () => {
    expect(plainQty(milli(10_000), 'kg')).toBe('10');
    expect(plainQty(milli(2_500), 'kg')).toBe('2.5');
    expect(plainQty(milli(12_000), 'pc')).toBe('12');
  });
  it('the axis ends above the greatest, in four equal whole steps', () => {
    for (const greatest of [0, 0.4, 1, 3, 9, 35, 36, 37, 999, 1_000, 51_234, 123_456]) {
      const top = axisTop(greatest);
      expect(top, `${greatest}`).toBeGreaterThanOrEqual(greatest * 0.999);
      expect(Number.isInteger(top / 4), `${greatest}: ${top}`).toBe(true);
      expect(top, `${greatest}`).toBeLessThanOrEqual(Math.max(4, greatest * 2.1));
    }
  });
  it('rupees on an axis are short', () => {
    expect([0, 750, 15_000, 22_500, 225_000, 440_000, 12_000_000].map((rupees) => axisRupees(rupees, say))).toEqual([
      '₹0',
      '₹750',
      '₹15k',
      '₹22.5k',
      '₹2.25 L',
      '₹4.4 L',
      '₹1.2 cr',
    ]);
    expect(percent(1_120)).toBe('11\u00A0%');
  });
});
