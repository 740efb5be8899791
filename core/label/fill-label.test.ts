import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../tests/property-runs.ts';
import { withCheckDigit } from '../catalogue/check-digit.ts';
import { readScan } from '../catalogue/scan-code.ts';
import type { Batch } from '../catalogue/item.ts';
import type { Uuid } from '../ids.ts';
import type { Paise } from '../money.ts';
import { type Milli, onePiece } from '../quantity.ts';
import type { BusinessDate } from '../time.ts';
import { arrangeRows, labelsOn } from './arrange-rows.ts';
import { fillLabel, type LabelNotice } from './fill-label.ts';
import { fitText, type MeasureLabelText } from './fit-text.ts';
import { checkDesign } from './label-design.ts';
import { fieldText, type LabelFacts, netOf } from './label-facts.ts';
import { codeItem, findPreset, labelPresets, textItem } from './label-presets.ts';

function presetOf(id: string) {
  const found = findPreset(id);
  if (found === null) throw new Error(`no preset ${id}`);
  return found;
}

/** Half an em a letter: plain, and wider than most. */
const measure: MeasureLabelText = (text, em) => [...text].length * em * 0.5;
const barcode = (code: string) => ({
  code,
  packQtyMilli: onePiece,
  packName: null,
  sellingPricePaise: null,
  mrpPaise: null,
});
const batch: Batch = {
  id: 'b' as Uuid,
  code: 'AB-12/7',
  mrpPaise: 145_00 as Paise,
  sellingPricePaise: 139_00 as Paise,
  packedOn: '2026-10-04' as BusinessDate,
  expiresOn: '2027-04-03' as BusinessDate,
};
const goods: LabelFacts = {
  item: {
    name: 'Toor dal 500 g',
    nameHi: 'तूर दाल 500 ग्राम',
    brand: 'Mitra',
    code: '10023',
    unit: 'pc',
    mrpPaise: 150_00 as Paise,
    sellingPricePaise: 140_00 as Paise,
    barcodes: [barcode('8901030865275')],
  },
  batch,
  weightMilli: null,
  today: '2026-11-21' as BusinessDate,
  shop: {
    name: 'Mitra Kirana',
    address: '12, Station Road, Dadar West, Mumbai 400028',
    phone: '98200 12345',
    fssai: '11521998000123',
    masks: [{ kind: 'weight', pattern: '21.....{NNDDD}' }],
  },
};
const loose: LabelFacts = {
  ...goods,
  item: { ...goods.item, name: 'Toor dal loose', unit: 'kg', barcodes: [barcode(withCheckDigit('210000500000'))] },
  batch: null,
  weightMilli: 1235 as Milli,
};
const options = { language: 'en', dpi: 203, measure } as const;
const stops = (notices: readonly LabelNotice[]) => notices.filter((one) => one.isStop).map((one) => one.kind);
const design = (...items: Parameters<typeof fillLabel>[0]['items']) => ({
  ...presetOf('shelf-38x25'),
  items,
});

describe('presets', () => {
  for (const dpi of [203, 300] as const) {
    it.each(labelPresets.map((one) => [one.id, one] as const))(
      `%s at ${dpi} dpi fills, whole and on its paper`,
      (id, one) => {
        expect(checkDesign(one).ok).toBe(true);
        for (const language of ['en', 'hi'] as const) {
          const filled = fillLabel(one, id.startsWith('weighed') ? loose : goods, { ...options, dpi, language });
          expect(stops(filled.notices)).toEqual([]);
          expect(filled.layout.parts.length).toBeGreaterThan(4);
        }
      },
    );
  }
  it('packed goods say what the law asks', () => {
    const packed = fillLabel(presetOf('packed-60x40'), goods, options);
    const text = packed.layout.parts.map((part) => (part.kind === 'text' ? part.text : '')).join('\n');
    for (const said of ['Net qty: 500 g', 'MRP ₹145.00', '(incl. of all taxes)', 'Pkd 10/2026', 'USP ₹0.28/g']) {
      expect(text).toContain(said);
    }
    expect(text).toContain('Packed by: Mitra Kirana');
    expect(text).toContain('Consumer care:');
  });
});

describe('what is wrong is said', () => {
  it('missing code, missing date, expired, above MRP', () => {
    const noCode = { ...goods, item: { ...goods.item, barcodes: [] } };
    expect(stops(fillLabel(presetOf('item-50x25'), noCode, options).notices)).toEqual(['noBarcode']);
    const noDate = { ...goods, batch: { ...batch, expiresOn: null } };
    expect(fillLabel(presetOf('matrix-50x25'), noDate, options).notices).toContainEqual({
      kind: 'missing',
      itemIndex: 4,
      field: 'expiresOn',
      isStop: true,
    });
    const old = { ...goods, batch: { ...batch, expiresOn: '2026-11-20' as BusinessDate } };
    expect(stops(fillLabel(presetOf('shelf-38x25'), old, options).notices)).toEqual(['expired']);
    const dear = { ...goods, batch: { ...batch, sellingPricePaise: 145_01 as Paise } };
    expect(stops(fillLabel(presetOf('shelf-38x25'), dear, options).notices)).toEqual(['aboveMrp']);
  });
  it('a name is shortened, a price never', () => {
    const long = { ...goods, item: { ...goods.item, name: 'x'.repeat(10_000) } };
    const shown = fillLabel(design(textItem('name', [0, 0, 20, 3])), long, options);
    expect(shown.notices.map((one) => [one.kind, one.isStop])).toEqual([['shortened', false]]);
    const price = fillLabel(design(textItem('sellingPrice', [0, 0, 4, 6])), goods, options);
    expect(stops(price.notices)).toEqual(['doesNotFit']);
  });
  it('a code too wide, too low, off the paper', () => {
    expect(stops(fillLabel(design(codeItem('auto', [0, 0, 20, 8])), goods, options).notices)).toContain('codeTooWide');
    expect(stops(fillLabel(design(codeItem('auto', [0, 0, 36, 4])), goods, options).notices)).toEqual(['codeTooLow']);
    expect(stops(fillLabel(design(codeItem('auto', [5, 0, 36, 8])), goods, options).notices)).toEqual(['offPaper']);
    expect(stops(fillLabel(design(codeItem('auto', [1, 0, 36, 8])), goods, options).notices)).toEqual([]);
    expect(stops(fillLabel(design(textItem('name', [30, 0, 20, 3])), goods, options).notices)).toEqual(['offPaper']);
  });
  it('loose goods without a code of the shop’s mask, too heavy for it, without a weight', () => {
    const weighed = presetOf('weighed-50x40');
    const plain = { ...loose, item: { ...loose.item, barcodes: goods.item.barcodes } };
    expect(stops(fillLabel(weighed, plain, options).notices)).toEqual(['noWeighedCode']);
    const heavy = { ...loose, weightMilli: 100_000 as Milli };
    expect(stops(fillLabel(weighed, heavy, options).notices)).toEqual(['doesNotFitMask']);
    expect(stops(fillLabel(weighed, { ...loose, weightMilli: null }, options).notices)).toContain('noWeight');
  });
});

describe('codes read back as the same goods', () => {
  const read = (code: string) => readScan(code, { masks: goods.shop.masks, year: 2026 });
  const codeFor = (facts: LabelFacts, symbology: Parameters<typeof codeItem>[0]) => {
    const { layout } = fillLabel(design(codeItem(symbology, [0, 0, 100, 20])), facts, options);
    const part = layout.parts.find((one) => one.kind === 'bars' || one.kind === 'matrix');
    if (part?.kind !== 'bars' && part?.kind !== 'matrix') throw new Error('no code');
    return part;
  };
  it('the weight inside an in-store code', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999 }), (weight) => {
        const part = codeFor({ ...loose, weightMilli: weight as Milli }, 'weighed');
        const reading = read(part.data);
        expect(reading).toMatchObject({
          kind: 'inStore',
          baseCode: loose.item.barcodes[0]?.code,
          measure: { kind: 'weight', weightMilli: weight },
        });
      }),
      { numRuns: propertyRuns() },
    );
  });
  it('GTIN, lot and dates of a GS1 symbol', () => {
    for (const symbology of ['gs1-128', 'gs1-datamatrix'] as const) {
      const part = codeFor(goods, symbology);
      expect(read(`]d2${part.data}`)).toMatchObject({
        kind: 'gs1',
        gtin: '8901030865275',
        batch: 'AB-12/7',
        expiry: '2027-04-03',
      });
    }
  });
  it('UPC-A, EAN-8, a case’s GTIN-14 and the shop’s own code', () => {
    const of = (code: string) => codeFor({ ...goods, item: { ...goods.item, barcodes: [barcode(code)] } }, 'auto');
    expect(of('0036000291452')).toMatchObject({ code: 'upca', data: '036000291452' });
    expect(of('96385074')).toMatchObject({ code: 'ean8' });
    expect(of('15400141288763')).toMatchObject({ code: 'gs1-128', data: '0115400141288763' });
    expect(of('RICE-5')).toMatchObject({ code: 'code128', data: 'RICE-5' });
  });
});

describe('texts', () => {
  it('wrap at spaces, keep a figure with its unit, shrink before they are cut', () => {
    const room = { widthDots: 100, emDots: 20, minEmDots: 10, maxLines: 2, isBold: false };
    expect(fitText('Toor dal 5 kg', room, measure)).toEqual({ lines: ['Toor dal', '5 kg'], emDots: 20, isCut: false });
    expect(fitText('Toor dalda 15 kg', room, measure).lines).toEqual(['Toor dalda', '15 kg']);
    expect(fitText('Aashirvaad atta', room, measure)).toMatchObject({ emDots: 20, isCut: false });
    expect(fitText('Aashirvaadaatta', room, measure)).toMatchObject({ emDots: 13, isCut: false });
    expect(fitText('x'.repeat(60), room, measure)).toMatchObject({ emDots: 10, isCut: true });
  });
  it('are never wider than their room, nor too many lines, whatever they say', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.integer({ min: 30, max: 300 }), (text, width) => {
        const room = { widthDots: width, emDots: 24, minEmDots: 12, maxLines: 3, isBold: false };
        const fitted = fitText(text, room, measure);
        expect(fitted.lines.length).toBeLessThanOrEqual(3);
        for (const line of fitted.lines) expect(measure(line, fitted.emDots, false)).toBeLessThanOrEqual(width);
      }),
      { numRuns: propertyRuns() },
    );
  });
  it('fields in both languages', () => {
    expect(fieldText('expiresOn', goods, 'en', true)).toBe('Use by 03-04-2027');
    expect(fieldText('name', goods, 'hi', false)).toBe('तूर दाल 500 ग्राम');
    expect(fieldText('unitPrice', goods, 'en', false)).toBe('₹27.80/100 g');
    expect(fieldText('saving', goods, 'hi', true)).toBe('बचत ₹6.00');
    expect(fieldText('weightPrice', loose, 'en', false)).toBe('₹172.90');
    expect(fieldText('brand', { ...goods, item: { ...goods.item, brand: ' ' } }, 'en', false)).toBeNull();
  });
  it('net quantity out of a name', () => {
    expect(netOf('Atta 5kg')).toEqual({ milli: 5000, base: 'kg' });
    expect(netOf('Oil 1.5 L pouch')).toEqual({ milli: 1500, base: 'l' });
    expect(netOf('Soap 4 x 100 g')).toEqual({ milli: 100, base: 'kg' });
    expect(netOf('Pen 0.7 mm')).toBeNull();
  });
});

describe('rows of the roll', () => {
  it('hold every label once, in order, from where it stopped', () => {
    const count = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(fc.array(count, { maxLength: 6 }), fc.constantFrom(1, 2, 3), fc.nat(30), (counts, across, skip) => {
        const all = counts.flatMap((n, line) => Array.from({ length: n }, () => line));
        const rows = arrangeRows(counts, across, skip, 10);
        const printed = rows.flatMap((row) => Array.from({ length: row.copies }, () => row.lines).flat());
        expect(printed.filter((line) => line !== null)).toEqual(all.slice(skip));
        for (const row of rows) expect(labelsOn(row)).toBeLessThanOrEqual(Math.max(10, across));
        expect(rows.slice(0, -1).every((row) => !row.lines.includes(null))).toBe(true);
      }),
      { numRuns: propertyRuns() },
    );
  });
});
