/**
 * Golden receipts: layout → bytes → emulator → picture and text, against the kept PNGs and texts. To keep new
 * ones (after looking at each): BILLMITRA_GOLDEN=keep vitest run hardware/printer/golden.test.ts
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { modelCases, receiptCases } from '#tests/fixtures/receipt-cases.ts';
import { type Bitmap, bitmapToPng, inkOf, rowBytes } from '../text/bitmap.ts';
import { openTextRaster } from '../text/raster.ts';
import { makeEmulator } from './emulator.ts';
import { type PrintedReceipt, printedText } from './emulator-paper.ts';
import { drawReceipt } from './emulator-picture.ts';
import { encodeReceipt } from './encode-receipt.ts';
import { measureFor } from './escpos-encode.ts';
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

/** Dots of a PNG that bitmapToPng wrote: one bit, no filter. */
function pngDots(png: Buffer): Uint8Array {
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const stride = rowBytes(png.readUInt32BE(16)) + 1;
  return Buffer.from(inflateSync(Buffer.concat(parts)).filter((_, i) => i % stride !== 0)).map((byte) => ~byte & 0xff);
}

/** Dots that differ: another build of the font engine may round an edge another way, not more. */
function differingDots(a: Uint8Array, b: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < a.length; i++) for (let bits = (a[i] ?? 0) ^ (b[i] ?? 0); bits !== 0; bits &= bits - 1) count++;
  return count;
}

function keepPicture(file: string, picture: Bitmap): void {
  if (!isKeeping) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${file}.png`, bitmapToPng(picture));
}

function expectPicture(file: string, picture: Bitmap): void {
  const golden = pngDots(readFileSync(`${file}.png`));
  expect(golden.length).toBe(picture.bits.length);
  expect(differingDots(golden, picture.bits) / inkOf(picture), 'share of dots that changed').toBeLessThan(0.02);
}

describe('golden receipts of other heads and languages', () => {
  it.each(modelCases)('$name on $model', ({ name, model: id, layout: layOut }) => {
    const model = findModel(id);
    const picture = drawLayout(layOut(model.widthMm, measureFor(model, raster)), model, raster);
    expect(picture.width).toBe(model.dots);
    keepPicture(join(folder, name), picture);
    expectPicture(join(folder, name), picture);
  });
});

describe('golden receipts', () => {
  it('have a font engine to be drawn with', () => expect(raster).not.toBeNull());

  for (const widthMm of [80, 58] as const) {
    const model = findModel('', widthMm);
    for (const { name, layout: layOut } of receiptCases) {
      it(`${name}, ${widthMm} mm`, () => {
        const layout = layOut(widthMm, measureFor(model, raster));
        const receipt = printed(layout, model);
        const picture = drawReceipt(receipt, raster);
        const text = [...printedText(receipt), `${picture.width}x${picture.height} dots`, ''].join('\n');
        const file = join(folder, `${name}-${widthMm}`);
        keepPicture(file, picture);
        if (isKeeping) writeFileSync(`${file}.txt`, text);
        expect(existsSync(`${file}.txt`), 'no golden text: keep one').toBe(true);
        expect(text).toBe(readFileSync(`${file}.txt`, 'utf8'));
        expectPicture(file, picture);
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
