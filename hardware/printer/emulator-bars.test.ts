import { describe, expect, it } from 'vitest';
import bwip from 'bwip-js/node';
import { isBlack } from '../text/bitmap.ts';
import { readBarcode } from './emulator-bars.ts';

/** Runs of black and white of our one-dot-a-module bars. */
function runsOf(type: number, data: string): string | null {
  const code = readBarcode(type, Buffer.from(data, 'latin1'));
  if (code === null) return null;
  let runs = '';
  let length = 0;
  for (let x = 0; x <= code.bars.width; x++) {
    const isEnd = x === code.bars.width || isBlack(code.bars, x, 0) !== isBlack(code.bars, x - 1, 0);
    if (x > 0 && isEnd) {
      runs += length;
      length = 0;
    }
    length++;
  }
  return runs;
}

/** The same from another's encoder; `wide`: it draws wide elements at 2 modules where we take 3. */
function theirs(kind: string, data: string, wide?: true): string {
  const [symbol] = bwip.raw(kind, data, '') as readonly { readonly sbs?: readonly number[] }[];
  const widths = symbol?.sbs ?? [];
  // It may end with the space behind the last bar.
  const runs = widths.slice(0, widths.length - (widths.length % 2 === 0 ? 1 : 0)).join('');
  return wide ? runs.replaceAll('2', '3') : runs;
}

describe('bars as another encoder draws them', () => {
  it.each([
    [65, 'upca', '01234567890'],
    [66, 'upce', '0123456'],
    [67, 'ean13', '890123456789'],
    [2, 'ean13', '012345678901'],
    [68, 'ean8', '0123456'],
  ] as const)('GS k %i: %s %s', (type, kind, data) => {
    expect(runsOf(type, data)).toBe(theirs(kind, data));
  });

  it.each([
    [4, 'code39', 'ABC 012', undefined],
    [69, 'code39', 'Z-9$/+%.', undefined],
    [70, 'interleaved2of5', '0123456789', true],
    [71, 'rationalizedCodabar', 'A012345A', undefined],
    [71, 'rationalizedCodabar', 'B$+-./:9D', undefined],
  ] as const)('GS k %i: %s %s', (type, kind, data, wide) => {
    const own = runsOf(type, data);
    expect(wide ? own?.replaceAll('3', '2').replaceAll('2', '3') : own).toBe(theirs(kind, data, wide));
  });
});

describe('data that is no such code', () => {
  it.each([
    [67, '12345'],
    [68, 'ABCDEFG'],
    [66, '98765432109'],
    [70, '123'],
    [71, '0123'],
    [69, 'abc'],
    [73, '{Bé'],
  ] as const)('GS k %i %s prints nothing', (type, data) => {
    expect(readBarcode(type, Buffer.from(data, 'latin1'))).toBeNull();
  });

  it('a wrong check digit is made right, a six-digit UPC-E is stretched', () => {
    expect(readBarcode(67, Buffer.from('8901234567899'))?.text).toBe('8901234567890');
    expect(readBarcode(66, Buffer.from('042100005264'))?.text).toBe('04252614');
  });
});
