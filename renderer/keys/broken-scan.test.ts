import { describe, expect, it } from 'vitest';
import { judgeScan } from './broken-scan.ts';

const ended = (code: string, atMs: number) => ({ code, isEnded: true, atMs });
const paused = (code: string, atMs: number) => ({ code, isEnded: false, atMs });
const wedge = { terminator: 'enter' } as const;

describe('judgeScan', () => {
  it('drops the second half of a GTIN that broke in two', () => {
    const first = judgeScan(null, paused('890123', 1_000), wedge, false);
    expect(first.isWhole).toBe(true);
    expect(judgeScan(first.broken, ended('4567890', 1_300), wedge, false)).toEqual({ isWhole: false, broken: null });
  });
  it('of a scanner that is known to end its codes, the second half of any code', () => {
    const first = judgeScan(null, paused('47', 1_000), wedge, true);
    expect(judgeScan(first.broken, ended('1122', 1_300), wedge, true).isWhole).toBe(false);
    expect(judgeScan(first.broken, ended('8901234567890', 1_300), wedge, true).isWhole).toBe(true);
  });
  it('two short codes of a scanner without an end stand alone', () => {
    const first = judgeScan(null, paused('4711', 1_000), { terminator: 'none' }, true);
    expect(judgeScan(first.broken, paused('5237', 1_400), { terminator: 'none' }, true).isWhole).toBe(true);
    expect(judgeScan(first.broken, paused('5237', 1_400), wedge, false).isWhole).toBe(true);
  });
  it('later than a tail can come, everything stands alone', () => {
    const first = judgeScan(null, paused('890123', 1_000), wedge, true);
    expect(judgeScan(first.broken, ended('4567890', 2_100), wedge, true).isWhole).toBe(true);
  });
});
