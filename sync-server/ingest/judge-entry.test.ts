/** What is judged without a database. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PushEntry } from '#contract/sync.ts';
import { financialYearCode, financialYearOf, type BusinessDate, instant } from '#core/time.ts';
import { judgeEntry } from './judge-entry.ts';

const bill = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../tests/fixtures/documents/v1-bill-mixed.json'), 'utf8'),
);
const pusher = { storeId: bill.storeId, tillId: bill.tillId };
const on = (businessDate: string) => {
  const financialYear = financialYearOf(businessDate as BusinessDate);
  const number = `K3T1/${financialYearCode(financialYear)}/00001`;
  const content = JSON.stringify({ ...bill, businessDate, financialYear, number });
  const entry = { seq: 1, kind: 'bill', id: bill.id, atMs: 1, content } as PushEntry;
  return judgeEntry(entry, pusher, instant(Date.UTC(2027, 5, 1)))?.rejection?.reason ?? null;
};

describe('the day of a bill', () => {
  it('is taken back to the years before GST and up to two days ahead', () => {
    expect(['2015-01-01', '2027-06-01', '2027-06-03'].map(on)).toEqual([null, null, null]);
  });

  it('is refused by name beyond: no part of a table is made for it', () => {
    expect(['2014-12-31', '2027-06-04', '2099-01-01', '1970-01-01'].map(on)).toEqual(
      Array.from({ length: 4 }, () => 'dateOutOfRange'),
    );
  });
});
