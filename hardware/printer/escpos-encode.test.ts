import { describe, expect, it } from 'vitest';
import { layoutBill } from '#core/billing/receipt.ts';
import { billOf, monthly, shop } from '#tests/fixtures/receipt-documents.ts';
import { openTextRaster } from '../text/raster.ts';
import { makeEmulator } from './emulator.ts';
import { printedText } from './emulator-paper.ts';
import { encodeReceipt, measureFor } from './escpos-encode.ts';
import { findModel, type PrinterModel, printerModels } from './models.ts';

const generic = findModel('generic-80');
const layout = layoutBill(billOf({ goods: monthly, cash: 2000, billOff: 20 }), {
  widthMm: 80,
  language: 'en',
  shop,
  isDuplicate: false,
  measure: measureFor(generic, null),
});

describe('an English receipt of 12 lines', () => {
  const bytes = encodeReceipt(layout, generic, null);
  const text = Buffer.from(bytes).toString('latin1');

  it('is text, within 4 KB, and has no picture and no question mark in it', () => {
    expect(bytes.length).toBeLessThanOrEqual(4096);
    expect(text).not.toContain('\x1dv0');
    expect(text).not.toContain('?');
  });

  it('starts with ESC @ and ESC t, ends with the cut, the drawer just before it', () => {
    expect([...bytes.subarray(0, 5)]).toEqual([0x1b, 0x40, 0x1b, 0x74, 0]);
    expect([...bytes.subarray(-9)]).toEqual([0x1b, 0x70, 0, 60, 120, 0x1d, 0x56, 66, 16]);
  });

  it('kicks the drawer after the cut where the model wants it so', () => {
    const after = encodeReceipt(layout, findModel('epson-tm-t88'), null);
    expect([...after.subarray(-9)]).toEqual([0x1d, 0x56, 66, 16, 0x1b, 0x70, 0, 60, 120]);
  });

  it('writes é in the page of the model', () => {
    expect(text).toContain('Nescaf\x82');
    expect(Buffer.from(encodeReceipt(layout, findModel('epson-tm-t82'), null)).toString('latin1')).toContain(
      'Nescaf\xe9',
    );
  });
});

const raster = await openTextRaster();
const printedWith = (model: PrinterModel, language: 'en' | 'hi', engine: typeof raster): string[] => {
  const receipt = layoutBill(billOf({ goods: monthly, upi: 'waiting' }), {
    widthMm: model.widthMm,
    language,
    shop,
    isDuplicate: false,
    measure: measureFor(model, engine),
  });
  const emulator = makeEmulator({ widthDots: model.dots });
  emulator.feed(encodeReceipt(receipt, model, engine));
  const paper = emulator.receipts().at(-1) ?? emulator.current();
  expect(paper.unknown).toEqual([]);
  expect(paper.cut === null).toBe(model.cutter === 'none');
  return printedText(paper);
};

describe.each(printerModels)('$id', (model) => {
  it('prints English and Hindi with nothing unknown, no ?, and its codes as it can', () => {
    for (const language of ['en', 'hi'] as const) {
      const lines = printedWith(model, language, raster);
      expect(lines.filter((line) => !line.startsWith('[')).join('')).not.toContain('?');
      expect(lines.some((line) => line.startsWith('[qr upi://'))).toBe(model.hasQr);
      expect(lines.some((line) => line.startsWith('[picture'))).toBe(language === 'hi' || !model.hasQr);
    }
  });
});

describe('without a font engine', () => {
  it('₹ is "Rs " and English names stand; nothing crashes, nothing is wider than the paper', () => {
    const model = findModel('generic-58');
    const lines = printedWith(model, 'en', null);
    expect(lines.some((line) => line.includes('Toor dal'))).toBe(true);
    const hindi = printedWith(model, 'hi', null);
    expect(hindi.join('\n')).toContain('Rs ');
    for (const line of [...lines, ...hindi]) if (!line.startsWith('[')) expect(line.length).toBeLessThanOrEqual(32);
  });
});
