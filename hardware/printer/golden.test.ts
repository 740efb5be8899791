/**
 * Golden receipts: layout → bytes → emulator → picture and text, against the kept PNGs and texts. To keep new
 * ones (after looking at each): BILLMITRA_GOLDEN=keep vitest run hardware/printer/golden.test.ts
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { receiptCases } from '#tests/fixtures/receipt-cases.ts';
import { type Bitmap, bitmapToPng, inkOf } from '../text/bitmap.ts';
import { openTextRaster } from '../text/raster.ts';
import { makeEmulator } from './emulator.ts';
import { type PrintedReceipt, printedText } from './emulator-paper.ts';
import { drawReceipt } from './emulator-picture.ts';
import { encodeReceipt, measureFor } from './escpos-encode.ts';
import { findModel } from './models.ts';
import { drawLayout } from './preview.ts';

const folder = join(import.meta.dirname, '..', '..', 'tests', 'fixtures', 'receipts');
const isKeeping = process.env['BILLMITRA_GOLDEN'] === 'keep';
const raster = await openTextRaster();

function printed(layout: Parameters<typeof encodeReceipt>[0], model: ReturnType<typeof findModel>): PrintedReceipt {
  const emulator = makeEmulator({ widthDots: layout.widthDots });
  emulator.feed(encodeReceipt(layout, model, raster));
  return emulator.receipts().at(-1) ?? emulator.current();
}

/** What a picture is known by: size, ink, and the ink of each row in short. */
const describePicture = (picture: Bitmap): string => `${picture.width}x${picture.height} ink ${inkOf(picture)}`;

describe('golden receipts', () => {
  it('have a font engine to be drawn with', () => expect(raster).not.toBeNull());

  for (const widthMm of [80, 58] as const) {
    const model = findModel('', widthMm);
    for (const { name, layout: layOut } of receiptCases) {
      it(`${name}, ${widthMm} mm`, () => {
        const layout = layOut(widthMm, measureFor(model, raster));
        const receipt = printed(layout, model);
        const picture = drawReceipt(receipt, raster);
        const text = [...printedText(receipt), describePicture(picture), ''].join('\n');
        const file = join(folder, `${name}-${widthMm}`);
        if (isKeeping) {
          mkdirSync(folder, { recursive: true });
          writeFileSync(`${file}.png`, bitmapToPng(picture));
          writeFileSync(`${file}.txt`, text);
        }
        expect(existsSync(`${file}.txt`), 'no golden text: keep one').toBe(true);
        expect(text).toBe(readFileSync(`${file}.txt`, 'utf8'));
        expect(Buffer.from(bitmapToPng(picture)).equals(readFileSync(`${file}.png`)), 'the picture changed').toBe(true);
        // What the screen shows is what prints.
        expect(Buffer.from(drawLayout(layout, model, raster).bits).equals(Buffer.from(picture.bits))).toBe(true);
        expect(receipt.unknown).toEqual([]);
      });

      it(`${name}, ${widthMm} mm: no '?', nothing past the edges, every amount at its own right edge`, () => {
        const layout = layOut(widthMm, measureFor(model, raster));
        const receipt = printed(layout, model);
        expect(
          printedText(receipt)
            .filter((line) => !line.startsWith('['))
            .join(''),
        ).not.toMatch(/[?\uFFFD]/);
        for (const item of receipt.items) {
          if (item.kind === 'line') {
            for (const run of item.runs) {
              expect(run.x + [...run.text].length * 12 * run.style.width).toBeLessThanOrEqual(layout.widthDots);
            }
          } else expect(item.x + item.bitmap.width).toBeLessThanOrEqual(layout.widthDots);
        }
      });
    }
  }
});
