import { describe, expect, it } from 'vitest';
import { paise } from '#core/money.ts';
import { milli } from '#core/quantity.ts';
import { clockTime, longDate, monthOf, nameIn, offText, qtyText, shortRupees, sizeText } from './formats.ts';
import type { Say } from './words.ts';

const say: Say = (word) => ({ u_kg: 'kg', u_pc: 'pc' })[word as string] ?? word;

describe('as a shop reads it', () => {
  it('says the time', () => {
    const evening = Date.parse('2026-11-20T13:11:00Z');
    expect(clockTime(evening, 'en')).toBe('6:41 pm');
    expect(clockTime(evening, 'hi')).toBe('शाम 6:41');
  });
  it('keeps digits 0–9 in Hindi dates', () => {
    expect(longDate('2026-11-12', 'en')).toBe('12 Nov 2026');
    expect(longDate('2026-11-12', 'hi')).toMatch(/^12 .* 2026$/);
    expect(monthOf('2027-08-01', 'en')).toBe('Aug 2027');
  });
  it('shows pieces without a unit and kilograms with one', () => {
    expect(qtyText(milli(2000), 'pc', say)).toBe('2');
    expect(qtyText(milli(1240), 'kg', say)).toBe('1.240 kg');
  });
  it('shows amounts off with a minus, sizes without, notes without paise', () => {
    expect(offText(paise(900))).toBe('−9.00');
    expect(offText(paise(0))).toBe('0.00');
    expect(sizeText(paise(-2000))).toBe('20.00');
    expect(shortRupees(paise(160_000))).toBe('1,600');
  });
  it('takes the Hindi name where there is one', () => {
    expect(nameIn({ name: 'Sugar', nameHi: 'चीनी' }, 'hi')).toBe('चीनी');
    expect(nameIn({ name: 'Sugar', nameHi: null }, 'hi')).toBe('Sugar');
  });
});
