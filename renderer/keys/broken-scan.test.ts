import { describe, expect, it } from 'vitest';
import { endsItsCodes, isRest, judgeScan } from './broken-scan.ts';

const ended = (code: string, atMs: number) => ({ code, isEnded: true, atMs });
const paused = (code: string, atMs: number) => ({ code, isEnded: false, atMs });

describe('judgeScan', () => {
  it('drops the second half of a GTIN that broke in two', () => {
    const first = judgeScan(null, paused('890123', 1_000), false);
    expect(first.isWhole).toBe(true);
    expect(judgeScan(first.broken, ended('4567890', 1_300), false)).toEqual({ isWhole: false, broken: null });
  });
  it('of a scanner that is known to end its codes, the second half of any code', () => {
    const first = judgeScan(null, paused('47', 1_000), true);
    expect(judgeScan(first.broken, ended('1122', 1_300), true).isWhole).toBe(false);
    expect(judgeScan(first.broken, ended('8901234567890', 1_300), true).isWhole).toBe(true);
  });
  it('two short codes of a scanner without an end stand alone', () => {
    const first = judgeScan(null, paused('4711', 1_000), endsItsCodes({ terminator: 'none' }, true));
    expect(judgeScan(first.broken, paused('5237', 1_400), endsItsCodes({ terminator: 'none' }, true)).isWhole).toBe(
      true,
    );
    expect(judgeScan(first.broken, paused('5237', 1_400), false).isWhole).toBe(true);
  });
  it('of a scanner that is known to end its codes, the first half too, unless it is a GTIN', () => {
    expect(judgeScan(null, paused('4711', 1_000), true).isWhole).toBe(false);
    expect(judgeScan(null, paused(']E08901234567890', 1_000), true).isWhole).toBe(true);
  });
  it('later than a tail can come, everything stands alone', () => {
    const first = judgeScan(null, paused('890123', 1_000), true);
    expect(judgeScan(first.broken, ended('4567890', 2_100), true).isWhole).toBe(true);
  });
});

describe('isRest', () => {
  const broken = { code: '89010', atMs: 1_000 };
  it('a few keys at a scanner’s pace with an end, soon after', () => {
    expect(isRest(broken, { count: 3, hasEnd: true, atMs: 1_400 }, false)).toBe(true);
    expect(isRest(broken, { count: 3, hasEnd: true, atMs: 2_400 }, false)).toBe(false);
    expect(isRest(null, { count: 3, hasEnd: true, atMs: 1_400 }, true)).toBe(false);
    expect(isRest(broken, { count: 2, hasEnd: false, atMs: 1_400 }, true)).toBe(false);
  });
  it('an Enter alone only of a scanner that is known to send one', () => {
    expect(isRest(broken, { count: 1, hasEnd: true, atMs: 1_400 }, false)).toBe(false);
    expect(isRest(broken, { count: 1, hasEnd: true, atMs: 1_400 }, true)).toBe(true);
  });
});
