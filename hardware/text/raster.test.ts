import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { plainStyle } from '#core/billing/receipt-layout.ts';
import { inkOf, isBlack } from './bitmap.ts';
import { openTextRaster } from './raster.ts';
import { cellDots, lineDots, type TextRaster } from './text-raster.ts';

const opened = await openTextRaster();
if (opened === null) throw new Error('no font engine');
const raster: TextRaster = opened;
const row = (text: string, width = 576, align: 'left' | 'right' = 'left') =>
  raster.drawRow([{ text, x: 0, width, align, style: plainStyle }], 576);
const dotsOf = (text: string): string => Buffer.from(row(text).bits).toString('base64');

/** A word of each script, and the same word with its conjunct taken apart by a zero-width non-joiner. */
const shaped = [
  ['Devanagari', 'क्ष', 'क्\u200cष'],
  ['Bengali', 'ক্ষ', 'ক্\u200cষ'],
  ['Gujarati', 'ક્ષ', 'ક્\u200cષ'],
  ['Odia', 'କ୍ଷ', 'କ୍\u200cଷ'],
  ['Telugu', 'క్ష', 'క్\u200cష'],
  ['Kannada', 'ಕ್ಷ', 'ಕ್\u200cಷ'],
  ['Malayalam', 'ക്ഷ', 'ക്\u200cഷ'],
  ['Tamil', 'க்ஷ', 'க்\u200cஷ'],
] as const;

describe('shaping', () => {
  it.each(shaped)('%s: a conjunct is one shape, not its letters side by side', (_, joined, apart) => {
    expect(dotsOf(joined)).not.toBe(dotsOf(apart));
    expect(raster.measure(joined, plainStyle)).toBeLessThan(raster.measure(apart, plainStyle));
  });

  it('Gurmukhi: the vowel sign hangs below its letter and takes no room', () => {
    expect(raster.measure('ਗੁ', plainStyle)).toBeCloseTo(raster.measure('ਗ', plainStyle), 0);
    expect(dotsOf('ਗੁ')).not.toBe(dotsOf('ਗ'));
  });

  it('a short i stands before its consonant', () => {
    const firstInk = (text: string): number => {
      const picture = row(text);
      for (let x = 0; x < 576; x++) for (let y = 0; y < picture.height; y++) if (isBlack(picture, x, y)) return x;
      return -1;
    };
    expect(raster.measure('कि', plainStyle)).toBeGreaterThan(raster.measure('क', plainStyle));
    expect(firstInk('कि')).toBeGreaterThanOrEqual(0);
  });

  it('no script comes out as boxes: two different letters never look the same', () => {
    for (const pair of ['कख', 'কখ', 'ਕਖ', 'કખ', 'କଖ', 'கச', 'కఖ', 'ಕಖ', 'കഖ', '₹€']) {
      const [a = '', b = ''] = [...pair];
      expect(inkOf(row(a)), a).toBeGreaterThan(10);
      expect(dotsOf(a), pair).not.toBe(dotsOf(b));
    }
  });
});

describe('rows', () => {
  it('are a line high, higher only where marks need it, and nothing is cut at top or bottom', () => {
    for (const text of ['Toor dal ₹10', 'ट्रॉली', 'తెలుగు క్షీరం స్త్రీ', 'ക്ഷീരം', 'ଓଡ଼ିଆ କ୍ଷୀର']) {
      const picture = row(text);
      expect(picture.height).toBeGreaterThanOrEqual(lineDots);
      expect(picture.height).toBeLessThan(lineDots * 1.5);
      for (let x = 0; x < 576; x++) expect(isBlack(picture, x, picture.height - 1), text).toBe(false);
    }
  });

  it('draw a text wider than its part narrower, within it, with all of its ink', () => {
    const picture = row('अत्यंत लंबा नाम जो कहीं नहीं समाता', 120);
    for (let y = 0; y < picture.height; y++) for (let x = 124; x < 576; x++) expect(isBlack(picture, x, y)).toBe(false);
    expect(inkOf(picture)).toBeGreaterThan(300);
  });

  it('right-aligned end at the right edge, not beyond', () => {
    const picture = row('₹1,23,456.50', 576, 'right');
    let last = 0;
    for (let y = 0; y < picture.height; y++)
      for (let x = 0; x < 576; x++) if (isBlack(picture, x, y)) last = Math.max(last, x);
    expect(last).toBeGreaterThan(565);
    expect(inkOf(picture)).toBe(inkOf(row('₹1,23,456.50')));
  });

  it('a letter in the printer’s own cell stays in it', () => {
    for (const char of 'Wm@%g₹') {
      const cell = raster.drawGlyph(char, true);
      expect([cell.width, cell.height]).toEqual([cellDots, 24]);
      expect(inkOf(cell)).toBeGreaterThan(10);
    }
  });

  it('40 Hindi rows take well under 1.5 s, again under a tenth of it', async () => {
    const fresh = await openTextRaster();
    const draw = (): number => {
      const from = performance.now();
      for (let i = 0; i < 40; i++) {
        fresh?.drawRow(
          [
            { text: `आशीर्वाद आटा ${i} किलो`, x: 0, width: 360, align: 'left', style: plainStyle },
            { text: `₹${i}45.00`, x: 360, width: 216, align: 'right', style: plainStyle },
          ],
          576,
        );
      }
      return performance.now() - from;
    };
    expect(draw()).toBeLessThan(1_500);
    expect(draw()).toBeLessThan(150);
  });
});

it('a folder without fonts falls back to the packages', async () => {
  expect(await openTextRaster({ fontsFolder: mkdtempSync(join(tmpdir(), 'billmitra-fonts-')) })).not.toBeNull();
});
