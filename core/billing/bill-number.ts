/**
 * Bill numbers: `K3T1/2627/00123`, one series per till and financial year (CGST Rule 46(b): consecutive,
 * unique in the year, at most 16 characters of letters, digits, "-" and "/"). Rule kept: the number is made
 * from a sequence drawn in the commit transaction; this file only shapes and checks it.
 */
import { err, ok, type Result } from '../result.ts';
import { type FinancialYear, financialYearCode } from '../time.ts';

/** Two to four capital letters or digits, not beginning with 0: the till's series, unique within the GSTIN. */
export const isSeriesCode = (text: string): boolean => /^[A-Z1-9][A-Z0-9]{1,3}$/.test(text);

/** Credit notes have a series of their own: the till's code and "C". */
export const creditNoteSeries = (tillSeries: string): string => `${tillSeries}C`;

/** Delivery challans have a series of their own (CGST Rule 55(1)): the till's code and "D". */
export const challanSeries = (tillSeries: string): string => `${tillSeries}D`;

export type NumberError = { readonly type: 'SeriesFull' };

/** At least five digits; grows until the whole has 16 characters, then the series is full. */
export function documentNumber(series: string, fy: FinancialYear, sequence: number): Result<string, NumberError> {
  const number = `${series}/${financialYearCode(fy)}/${String(sequence).padStart(5, '0')}`;
  return number.length > 16 ? err({ type: 'SeriesFull' }) : ok(number);
}

/** India Compliance's and the IRP's rule together: first character not 0, "-" or "/". */
export const isDocumentNumber = (text: string): boolean => /^[A-Za-z1-9][A-Za-z0-9\-/]{0,15}$/.test(text);
