import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '#tests/property-runs.ts';
import { inkOf, isBlack } from '../text/bitmap.ts';
import { code128Bars, code128Modules, code128Values, qrModules } from './bars.ts';

/** Reads the bars of a symbol back: values by their widths, then the text, as a scanner does. */
function readBars(text: string): string {
  const bars = code128Bars(text, 1);
  if (bars === null) throw new Error('no bars');
  const runs: number[] = [];
  let last: boolean | null = null;
  for (let x = 0; x < bars.width; x++) {
    const isBar = isBlack(bars, x, 0);
    if (isBar === last) runs[runs.length - 1] = (runs.at(-1) ?? 0) + 1;
    else runs.push(1);
    last = isBar;
  }
  const patterns: string[] = [];
  for (let i = 0; i < runs.length - 7; i += 6) patterns.push(runs.slice(i, i + 6).join(''));
  // Each value's widths come to 11 modules with an even sum of bars (ISO/IEC 15417); the stop has 7 runs.
  for (const pattern of patterns) expect([...pattern].reduce((sum, d) => sum + Number(d), 0)).toBe(11);
  expect(runs.slice(-7).join('')).toBe('2331112');
  return patterns.join(' ');
}

describe('Code 128', () => {
  it('of "PJJ123C" has check value 55, the example of the literature', () => {
    // Set A's example weighs alike in set B but for the start: 103 → 104 moves the check by one.
    expect(code128Values('PJJ123C')).toEqual([104, 48, 42, 42, 17, 18, 19, 35, 55, 106]);
  });

  it('draws what it says: 11 modules a value, 13 the stop, every pattern its own', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\x20-\x7e]{1,40}$/), (text) => {
        const values = code128Values(text) ?? [];
        const patterns = readBars(text).split(' ');
        expect(patterns).toHaveLength(values.length - 1);
        const byPattern = new Map(patterns.map((pattern, i) => [pattern, values[i]]));
        expect(patterns.map((pattern) => byPattern.get(pattern))).toEqual(values.slice(0, -1));
        expect(code128Bars(text, 1)?.width).toBe(code128Modules(text));
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('does not draw what it cannot', () => {
    expect(code128Bars('₹', 10)).toBeNull();
    expect(code128Bars('', 10)).toBeNull();
  });
});

describe('QR', () => {
  it('has its three eyes, and says no to a text too long', () => {
    const qr = qrModules('K3T1/2627/00123', 'M');
    expect(qr?.width).toBe(25);
    if (qr)
      for (const [x, y] of [
        [0, 0],
        [18, 0],
        [0, 18],
      ] as const)
        expect(isBlack(qr, x, y) && isBlack(qr, x + 6, y + 6)).toBe(true);
    expect(qr && inkOf(qr) > 200).toBe(true);
    expect(qrModules('x'.repeat(3_000), 'M')).toBeNull();
  });
});
