/**
 * The replay in bounded form: the first real invoices through the till's commands, every paisa worked out
 * again; and the control, which must find the paisa that it changed itself.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { deriveLine, deriveReturn, deriveSale, nearest } from '#tools/replay/rederive.ts';
import { invoicesOf } from '#tools/replay/read-invoices.ts';
import { runReplay } from '#tools/replay/run-replay.ts';
import { dataPath, noData } from '../data.ts';

const path = dataPath('transactions/online_retail_to_2011-09-30.csv.gz');
const title = (text: string): string => (path === null ? `${text} (${noData})` : text);
const folders: string[] = [];
const folder = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'billmitra-replay-'));
  folders.push(dir);
  return dir;
};
const say = (): undefined => undefined;
afterEach(() => {
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true, force: true });
});

describe('replay of real invoices', () => {
  it.skipIf(path === null)(title('bills the first 400 without a paisa of difference, and only once'), async () => {
    const shopDir = folder();
    const done = await runReplay({ shopDir, file: path ?? '', limit: 400, say });
    expect(done.examples).toEqual([]);
    expect(done.mismatches).toBe(0);
    expect(done.bills).toBeGreaterThan(300);
    expect(done.creditNotes).toBeGreaterThan(20);
    expect(done.payablePaise).toBeGreaterThan(0);
    await expect(runReplay({ shopDir, file: path ?? '', limit: 400, say })).rejects.toThrow('has bills already');
  });

  it.skipIf(path === null)(title('finds the paisa that its control changes'), async () => {
    const done = await runReplay({ shopDir: folder(), file: path ?? '', limit: 20, isControl: true, say });
    expect(done.mismatches).toBeGreaterThan(0);
  });

  it('puts every row into a document or into the list of skipped ones', () => {
    const row = (number: string, code: string, pieces: string, price: string): readonly string[] => {
      return [number, code, 'NAME', pieces, '2010-12-01 08:26:00', price, '17850', 'India'];
    };
    const read = invoicesOf([
      row('536365', '85123a', '6', '2.55'),
      row('536365', 'POST', '1', '18'),
      row('536366', '22752', '-3', '1.25'),
      row('536367', '22752', '3', '0'),
      row('536368', '', '3', '1'),
      row('C536369', '85123A', '-2', '2.55'),
      row('A563185', 'B', '1', '11062.06'),
      ['536370', '22752', 'SHORT'],
    ]);
    expect(read.invoices.map((i) => [i.number, i.rows.map((r) => [r.code, r.pieces, r.pricePaise])])).toEqual([
      [
        '536365',
        [
          ['85123A', 6, 255],
          ['POST', 1, 1800],
        ],
      ],
      ['C536369', [['85123A', 2, 255]]],
    ]);
    const reasons = ['qtyNotPositive', 'priceNotPositive', 'noCode', 'adjustment', 'columns'];
    expect(read.skipped.map((s) => s.reason)).toEqual(reasons);
    // 1 December 2010 was a Wednesday, and so is the day it moves to.
    expect(new Date(read.invoices[0]?.atMs ?? 0).toISOString()).toBe('2025-12-03T02:56:00.000Z');
  });
});

describe('the second opinion on a bill', () => {
  it('follows the worked examples of the law', () => {
    // Rule 35 at 18 %: ₹100 with tax inside is 84.74 + 7.63 + 7.63.
    expect(deriveLine({ pricePaise: 100_00, qtyMilli: 1000, rateBp: 1800, isInclusive: true })).toEqual({
      net: 100_00n,
      taxable: 84_74n,
      cgst: 7_63n,
      sgst: 7_63n,
      total: 100_00n,
    });
    const sale = deriveSale([{ pricePaise: 99_99, qtyMilli: 3000, rateBp: 500, isInclusive: false }]);
    expect([sale.taxable, sale.cgst, sale.total, sale.payable, sale.roundOff]).toEqual([
      299_97n,
      7_50n,
      314_97n,
      315_00n,
      3n,
    ]);
    expect([nearest(5n, 10n), nearest(-5n, 10n), nearest(4n, 10n)]).toEqual([1n, -1n, 0n]);
  });

  it('gives all back in the end, in whatever parts', () => {
    const sold = [{ pricePaise: 33_33, qtyMilli: 3000, rateBp: 1800, isInclusive: true }];
    const bill = deriveSale(sold);
    const soFar = { qtyByLine: new Map<number, bigint>(), refunded: 0n };
    const parts = [1, 2, 3].map(() => deriveReturn(bill, sold, [{ billLineNo: 1, qtyMilli: 1000 }], soFar));
    const sum = (head: 'payable' | 'cgst' | 'taxable'): bigint => parts.reduce((s, p) => s + p[head], 0n);
    expect([sum('payable'), sum('cgst'), sum('taxable')]).toEqual([bill.payable, bill.cgst, bill.taxable]);
  });
});
