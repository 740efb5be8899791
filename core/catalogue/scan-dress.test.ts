import { describe, expect, it } from 'vitest';
import { learnDress, noDress, undress } from './scan-dress.ts';

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
