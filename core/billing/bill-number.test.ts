/** Bill numbers are what CGST Rule 46(b) and the invoice portal take, in order, until the series is full. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../tests/property-runs.ts';
import type { FinancialYear } from '../time.ts';
import { creditNoteSeries, documentNumber, isDocumentNumber, isSeriesCode } from './bill-number.ts';

const year = '2026-27' as FinancialYear;
const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'];
const series = fc
  .array(fc.constantFrom(...letters), { minLength: 2, maxLength: 4 })
  .map((l) => l.join(''))
  .filter(isSeriesCode);
const numberOf = (code: string, n: number): string => {
  const made = documentNumber(code, year, n);
  if (!made.ok) throw new Error('full');
  return made.value;
};

describe('documentNumber', () => {
  it('reads as the law shows it', () => {
    expect(documentNumber('K3T1', year, 123)).toEqual({ ok: true, value: 'K3T1/2627/00123' });
    expect(documentNumber('K3T1C', year, 1)).toEqual({ ok: true, value: 'K3T1C/2627/00001' });
    expect(documentNumber('K3T1', '1999-00' as FinancialYear, 1)).toEqual({ ok: true, value: 'K3T1/9900/00001' });
  });

  it('is at most 16 characters of the allowed kind, for bills and for credit notes', () => {
    fc.assert(
      fc.property(series, fc.boolean(), fc.integer({ min: 1, max: 99_999 }), (code, isNote, n) => {
        const text = numberOf(isNote ? creditNoteSeries(code) : code, n);
        expect(text.length).toBeLessThanOrEqual(16);
        expect(isDocumentNumber(text)).toBe(true);
        // India Compliance's and the invoice portal's own patterns.
        expect(text).toMatch(/^[^\W_][A-Za-z0-9\-/]{0,15}$/);
        expect(text).not.toMatch(/^[0\-/]/);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('the next number is one more and sorts after it; no two sequences share one', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 1, max: 99_998 }), (code, n) => {
        const [a, b] = [numberOf(code, n), numberOf(code, n + 1)];
        expect(Number(b.split('/')[2])).toBe(Number(a.split('/')[2]) + 1);
        expect(a < b).toBe(true);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('grows past five digits where there is room and is full where there is none', () => {
    expect(documentNumber('K3T1', year, 999_999)).toEqual({ ok: true, value: 'K3T1/2627/999999' });
    expect(documentNumber('K3T1', year, 1_000_000)).toEqual({ ok: false, error: { type: 'SeriesFull' } });
    expect(documentNumber('K3T1C', year, 99_999).ok).toBe(true);
    expect(documentNumber('K3T1C', year, 100_000)).toEqual({ ok: false, error: { type: 'SeriesFull' } });
    expect(documentNumber('T1', year, 1_000_000).ok).toBe(true);
  });
});

describe('series codes', () => {
  it.each(['K3T1', 'T1', 'AB', '9Z'])('takes %s', (code) => expect(isSeriesCode(code)).toBe(true));
  it.each(['', 'A', '0A', 'ABCDE', 'a1', 'A-1', 'A/1', 'A 1', 'क1'])('refuses "%s"', (code) => {
    expect(isSeriesCode(code)).toBe(false);
  });
  it.each(['', '0123', '-1', '/1', 'A_1', 'A'.repeat(17), 'A.1'])('"%s" is no document number', (text) => {
    expect(isDocumentNumber(text)).toBe(false);
  });
});
