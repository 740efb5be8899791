import { describe, expect, it } from 'vitest';
import { enOffice } from './en-office.ts';
import { hiOffice } from './hi-office.ts';

type Key = keyof typeof enOffice;
const keys = Object.keys(enOffice) as Key[];
const holes = (text: string): readonly string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1] ?? '').sort();

describe('head office in two languages', () => {
  it('leaves the same holes to fill', () => {
    expect(keys.filter((key) => holes(enOffice[key]).join() !== holes(hiOffice[key]).join())).toEqual([]);
  });
  it('has no empty sentence, and Hindi writes digits 0–9', () => {
    expect(keys.filter((key) => enOffice[key].trim() === '' || hiOffice[key].trim() === '')).toEqual([]);
    expect(keys.filter((key) => /[०-९]/.test(hiOffice[key]))).toEqual([]);
  });
  it('says of an unheard store what screens.md §6 says', () => {
    expect(enOffice.unheard.replace('{{when}}', 'yesterday, 8:12 pm')).toBe(
      'Not known. Last heard yesterday, 8:12 pm.',
    );
    expect(enOffice.nothingNeeds).toBe('Nothing needs you today.');
    expect(hiOffice.nothingNeeds).toBe('आज कोई काम बाक़ी नहीं।');
  });
});
