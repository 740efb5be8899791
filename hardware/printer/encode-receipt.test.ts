import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layoutBill } from '#core/billing/receipt.ts';
import type { ReceiptLayout } from '#core/billing/receipt-layout.ts';
import { billOf, monthly, shop } from '#tests/fixtures/receipt-documents.ts';
import { propertyRuns } from '#tests/property-runs.ts';
import { blankBitmap, inkOf, setBlack } from '../text/bitmap.ts';
import { openTextRaster } from '../text/raster.ts';
import { drawerOnly, encodeReceipt, paperPicture } from './encode-receipt.ts';
import { makeEmulator } from './emulator.ts';
import { measureFor } from './escpos-encode.ts';
import { findModel, type PrinterModel, printerModels } from './models.ts';
import { drawLayout } from './preview.ts';
import { encodeStar, readStar } from './star-raster.ts';

const raster = await openTextRaster();
const layoutFor = (model: PrinterModel, upi = false): ReceiptLayout =>
  layoutBill(billOf(upi ? { goods: monthly, upi: 'received' } : { goods: monthly, cash: 2000 }), {
    widthMm: model.widthMm,
    widthDots: model.dots,
    language: 'hi',
    shop,
    isDuplicate: false,
    measure: measureFor(model, raster),
  });
const pulseOf = (bytes: Uint8Array, model: PrinterModel): readonly (string | number)[] => {
  if (model.prints === 'star') return readStar(bytes, model.dots).drawers;
  const emulator = makeEmulator({ widthDots: model.dots });
  emulator.feed(bytes);
  return [...emulator.receipts(), emulator.current()].flatMap((paper) => paper.pulses.map((pulse) => pulse.pin));
};

describe.each(printerModels)('$id', (model) => {
  it('prints the same paper as any other of its width, whatever its language', () => {
    const layout = layoutFor(model);
    const picture = drawLayout(layout, model, raster);
    expect(picture.width).toBe(model.dots);
    const plain = { ...model, prints: 'text', cutter: 'none' } as const;
    const text = paperPicture(encodeReceipt(layout, plain, raster), model.dots, raster);
    expect(inkOf(picture)).toBe(inkOf(text));
  });

  it('kicks the drawer for cash, once, and for nothing else', () => {
    const isWired = model.drawer !== null;
    expect(pulseOf(encodeReceipt(layoutFor(model), model, raster), model)).toHaveLength(isWired ? 1 : 0);
    expect(pulseOf(encodeReceipt(layoutFor(model, true), model, raster), model)).toEqual([]);
    expect(pulseOf(drawerOnly(model), model)).toHaveLength(isWired ? 1 : 0);
  });

  it('sends no band higher than it takes', () => {
    const bytes = encodeReceipt(layoutFor(model), { ...model, prints: 'picture' }, raster);
    const text = Buffer.from(bytes).toString('latin1');
    const heights: number[] = [];
    for (let at = text.indexOf('\x1dv0\0'); at >= 0; ) {
      const across = (bytes[at + 4] ?? 0) + (bytes[at + 5] ?? 0) * 256;
      const rows = (bytes[at + 6] ?? 0) + (bytes[at + 7] ?? 0) * 256;
      heights.push(rows);
      at = text.indexOf('\x1dv0\0', at + 8 + across * rows);
    }
    expect(heights.length).toBeGreaterThan(0);
    expect(Math.max(...heights)).toBeLessThanOrEqual(model.rasterBandRows);
    expect(model.rasterBandRows).toBeLessThanOrEqual(2303);
  });

  it('has as many columns as its head holds', () => {
    expect(model.columns.a).toBe(Math.floor(model.dots / 12));
    expect([Math.floor(model.dots / 9), Math.floor(model.dots / 9) - 1]).toContain(model.columns.b);
    expect(layoutFor(model).widthChars).toBe(model.columns.a);
  });

  it('prints something without a font engine too', () => {
    expect(encodeReceipt(layoutFor(model), model, null).length).toBeGreaterThan(500);
  });
});

describe('models', () => {
  it('have ids of their own and include the generic ones', () => {
    expect(new Set(printerModels.map(({ id }) => id)).size).toBe(printerModels.length);
    expect(findModel('gone', 58).id).toBe('generic-58');
    expect(findModel('gone').id).toBe('generic-80');
  });
});

describe('Star raster mode', () => {
  it('says what the specification says', () => {
    const picture = blankBitmap(24, 4);
    setBlack(picture, 0, 1);
    setBlack(picture, 9, 2);
    const hex = Buffer.from(encodeStar({ picture, cut: 'partial', drawer: 1, pulse: 'afterCut' })).toString('hex');
    expect(hex).toBe(
      [
        '1b2a7252',
        '1b2a7241',
        '1b2a72503000',
        '1b2a7245313300',
        '1b2a72593100',
        '62010080',
        '6202000040',
        '1b2a72593100',
        '1b0c04',
        '1b2a72443100',
        '1b2a7242',
      ].join(''),
    );
  });

  it('is read back dot for dot', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 3, maxLength: 3 }), { maxLength: 20 }), (rows) => {
        const picture = { width: 24, height: rows.length, bits: Uint8Array.from(rows.flatMap((row) => [...row])) };
        const paper = readStar(encodeStar({ picture, cut: 'full', drawer: null, pulse: 'afterCut' }), 24);
        expect(paper).toEqual({ picture, cut: 'full', drawers: [], unknown: 0 });
      }),
      { numRuns: propertyRuns() / 10 },
    );
  });

  it('any bytes are read', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(readStar(bytes, 24).picture.height).toBeLessThanOrEqual(20_000);
      }),
      { numRuns: propertyRuns() / 4 },
    );
  });
});
