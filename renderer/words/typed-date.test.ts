import { describe, expect, it } from 'vitest';
import type { BusinessDate } from '#core/time.ts';
import { parseTypedDate, typedDate } from './typed-date.ts';

const today = '2026-11-21' as BusinessDate;
const read = (text: string): string | null => parseTypedDate(text, today);

describe('a typed date', () => {
  it('is read with its day first, in every way that people write it', () => {
    for (const text of ['5/12/2026', '05-12-26', '5.12.2026', '05122026', '051226', '5 Dec 2026', '5 december 2026'])
      expect(read(text)).toBe('2026-12-05');
    for (const text of ['5 दिसंबर 2026', '5 दिसम्बर', '५/१२/२०२६', '2026-12-05', ' 5/12 '])
      expect(read(text)).toBe('2026-12-05');
  });
  it('without its year is the nearest one', () => {
    expect([read('1/11'), read('3 Jan'), read('29/2')]).toEqual(['2026-11-01', '2027-01-03', null]);
    expect(parseTypedDate('31/12', '2027-01-02' as BusinessDate)).toBe('2026-12-31');
  });
  it('that is none is none', () => {
    for (const text of ['', '31/02/2026', '12/21/2026', '5', '5/12/2026/1', '5 ja 2026', 'tomorrow', '5/12/026'])
      expect(read(text)).toBeNull();
  });
  it('is written as it is read', () => {
    expect(typedDate('2026-12-05')).toBe('05/12/2026');
    expect(read(typedDate('2026-12-05'))).toBe('2026-12-05');
  });
});
