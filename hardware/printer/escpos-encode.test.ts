import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layoutBill } from '#core/billing/receipt.ts';
import { billOf, buyer, monthly, shop } from '#tests/fixtures/receipt-documents.ts';
import { propertyRuns } from '#tests/property-runs.ts';
import { openTextRaster } from '../text/raster.ts';
import { makeEmulator } from './emulator.ts';
import { printedText } from './emulator-paper.ts';
import { encodeEscPos, measureFor } from './escpos-encode.ts';
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
  const bytes = encodeEscPos(layout, generic, null);
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
    const after = encodeEscPos(layout, findModel('epson-tm-t88'), null);
    expect([...after.subarray(-9)]).toEqual([0x1d, 0x56, 66, 16, 0x1b, 0x70, 0, 60, 120]);
  });

  it('writes é in the page of the model', () => {
    expect(text).toContain('Nescaf\x82');
    expect(Buffer.from(encodeEscPos(layout, findModel('epson-tm-t82'), null)).toString('latin1')).toContain(
      'Nescaf\xe9',
    );
  });
});

const raster = await openTextRaster();
const printedWith = (model: PrinterModel, language: 'en' | 'hi', engine: typeof raster): string[] => {
  const receipt = layoutBill(billOf({ goods: monthly, upi: 'waiting' }), {
    widthMm: model.widthMm,
    widthDots: model.dots,
    language,
    shop,
    isDuplicate: false,
    measure: measureFor(model, engine),
  });
  const emulator = makeEmulator({ widthDots: model.dots });
  emulator.feed(encodeEscPos(receipt, model, engine));
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

describe('names in any scripts', () => {
  const words = fc.constantFrom(
    'Tea',
    'चाय',
    'क्षत्रिय',
    'தமிழ்',
    'ক্ষুদ্র',
    'ਗੁੜ',
    'ક્ષીર',
    'କ୍ଷୀର',
    'క్షీరం',
    'ಕ್ಷೀರ',
    'ക്ഷീരം',
    '₹10',
    'WWWWWWWWWW',
    '(5+1)',
    '茶',
    '🍵',
    'é',
    '‘x’',
  );
  it('never leave the paper, whatever the model', () => {
    fc.assert(
      fc.property(
        fc.array(words, { minLength: 1, maxLength: 12 }),
        fc.constantFrom(...printerModels),
        (list, model) => {
          const goods = [
            { name: list.join(' '), price: 45, mrp: 50 },
            { name: list.join(''), price: 4_500_000, qty: 3, rate: 18 },
          ];
          const bill = billOf({ goods, customer: { ...buyer, name: list.join('-') } });
          const measure = measureFor(model, raster);
          const receipt = layoutBill(bill, {
            widthMm: model.widthMm,
            widthDots: model.dots,
            language: 'hi',
            shop,
            isDuplicate: true,
            measure,
          });
          for (const block of receipt.blocks) {
            if (block.kind !== 'row') continue;
            for (const cell of block.cells) expect(measure(cell.text, cell.style)).toBeLessThanOrEqual(cell.chars * 12);
          }
          const emulator = makeEmulator({ widthDots: model.dots });
          emulator.feed(encodeEscPos(receipt, model, raster));
          const paper = emulator.receipts().at(-1) ?? emulator.current();
          expect(paper.unknown).toEqual([]);
          expect(
            printedText(paper)
              .filter((line) => !line.startsWith('['))
              .join(''),
          ).not.toContain('?');
          for (const item of paper.items) {
            const right =
              item.kind === 'line'
                ? Math.max(0, ...item.runs.map((run) => run.x + [...run.text].length * 12 * run.style.width))
                : item.x + item.bitmap.width;
            expect(right).toBeLessThanOrEqual(model.dots);
          }
        },
      ),
      { numRuns: propertyRuns() / 10 },
    );
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
