/** A restored till's series is never one that was used. */
import { expect, it } from 'vitest';
import { documentNumber, creditNoteSeries, isSeriesCode } from './bill-number.ts';
import { seriesAfter } from './next-series.ts';

it('goes on from the old code, never to one that was used or is somebody’s credit notes', () => {
  const first = (series: string, ...used: string[]): string | undefined => seriesAfter(series, new Set(used))[0];
  expect([first('T1'), first('T1A'), first('T1A', 'T1', 'T1B'), first('K3T1'), first('K3TA')]).toEqual([
    'T1A',
    'T1B',
    'T1D',
    'K3TA',
    'K3TB',
  ]);
  for (const series of ['T1', 'T1Z', 'K3T1', 'AB']) {
    const all = seriesAfter(series, new Set(['T1', 'T1D']));
    expect(all.length).toBeGreaterThan(15);
    for (const code of all) {
      expect(isSeriesCode(code)).toBe(true);
      expect(code).not.toBe(series);
      expect(documentNumber(creditNoteSeries(code), '2026-27' as never, 99_999).ok).toBe(true);
    }
    expect(all.some((code) => code.endsWith('C'))).toBe(false);
  }
});
