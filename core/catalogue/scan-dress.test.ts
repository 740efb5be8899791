import { describe, expect, it } from 'vitest';
import { isTail, learnDress, noDress, undress } from './scan-dress.ts';

const ean = '8901234567890';

describe('undress', () => {
  it('takes one prefix, the longest that fits, and the suffix', () => {
    const dress = { prefixes: ['P', 'P00'], suffix: '#' };
    expect(undress('P00123#', dress)).toBe('123');
    expect(undress('PP1', dress)).toBe('P1');
    expect(undress('123', dress)).toBe('123');
  });
  it('never leaves nothing', () => {
    expect(undress('P', { prefixes: ['P'], suffix: '' })).toBe('P');
    expect(undress('P#', { prefixes: ['P'], suffix: '#' })).toBe('P#');
  });
});

describe('learnDress', () => {
  it('finds prefix and suffix around a GTIN', () => {
    expect(learnDress([`*${ean}!`, `*${ean}!`], null)).toEqual({ prefixes: ['*'], suffix: '!' });
    expect(learnDress([ean], null)).toEqual(noDress);
  });
  it('leaves the AIM identifier to the reader of codes', () => {
    expect(learnDress([`]E0${ean}`], null)).toEqual(noDress);
  });
  it('knows a family of code letters by the one of EAN-13', () => {
    const dress = learnDress([`A${ean}`], null) ?? noDress;
    expect(undress('D8901-X', dress)).toBe('8901-X');
    expect(undress('P01upi://pay', dress)).toBe('upi://pay');
  });
  it('a letter before another length is only itself', () => {
    expect(learnDress(['A96385074'], null)).toEqual({ prefixes: ['A'], suffix: '' });
  });
  it('learns nothing from a code without a check digit, unless a person says what is printed', () => {
    expect(learnDress(['99ABC123'], null)).toBeNull();
    expect(learnDress(['99ABC123'], 'abc123')).toEqual({ prefixes: ['99'], suffix: '' });
  });
  it('learns nothing from scans that differ', () => {
    expect(learnDress([`*${ean}`, `+${ean}`], null)).toBeNull();
  });
});

describe('isTail', () => {
  it('the other half of a broken code is one, also where it is a short code of the shop', () => {
    expect(isTail('890123', '4567890', true)).toBe(true);
    expect(isTail(']E0890123', '4567890', false)).toBe(true);
    expect(isTail('47', '1122', true)).toBe(true);
  });
  it('a code with its own check digit stands alone', () => {
    expect(isTail('890123', ean, true)).toBe(false);
    expect(isTail('890123', `]E0${ean}`, true)).toBe(false);
  });
  it('after a code that may have been whole only what makes a GTIN of both', () => {
    expect(isTail('4711', '5237', false)).toBe(false);
    expect(isTail(ean, '5237', false)).toBe(false);
    expect(isTail('89041918', '10139', false)).toBe(true);
  });
});
