import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '#tests/property-runs.ts';
import type { RateRow } from '../gst/rates.ts';
import { basisPoints } from '../money.ts';
import type { BusinessDate } from '../time.ts';
import { findDuplicate, readImportRow, type RowFacts } from './import-row.ts';
import { type DraftItem, type ImportDefaults, type ImportField, importFields } from './import-types.ts';
import {
  readAmount,
  readBarcode,
  readHsn,
  readInclusive,
  readRateClass,
  readStock,
  readUnit,
} from './import-values.ts';

const rateRow = (classKey: string, hsn: string, rateBp: number, condition = ''): RateRow => ({
  classKey,
  hsn,
  description: classKey,
  condition,
  from: '2025-09-22' as BusinessDate,
  to: null,
  rate: {
    rateBp: basisPoints(rateBp),
    cess: null,
    treatment: rateBp === 0 ? 'nilRated' : 'taxable',
    valuation: 'transactionValue',
  },
});
const table = [
  rateRow('3402-detergent', '3402', 1800),
  rateRow('0713-loose', '0713', 0, 'sold loose'),
  rateRow('0713-packed', '0713', 500, 'pre-packed'),
  rateRow('21050000-ice', '21050000', 500),
  rateRow('plain-1800', '', 1800),
];
const facts: RowFacts = {
  date: '2026-11-20' as BusinessDate,
  ratesByHsn: (hsn) => table.filter((row) => row.hsn !== '' && (hsn.startsWith(row.hsn) || row.hsn.startsWith(hsn))),
  ratesOfClass: (key) => table.filter((row) => row.classKey === key),
};
const defaults: ImportDefaults = { unit: 'pc', isInclusive: true, taxClassKey: null, taxClassByCategory: {} };
type Cells = Partial<Record<ImportField, string>>;
const good: Cells = { name: 'Tata Salt 1 kg', sellingPrice: '27', mrp: '28' };
const read = (cells: Cells, given: Partial<ImportDefaults> = {}) =>
  readImportRow((field) => cells[field] ?? '', { ...defaults, ...given }, facts);
const item = (cells: Cells, given: Partial<ImportDefaults> = {}): DraftItem => {
  const result = read({ ...good, ...cells }, given);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};

describe('a row that is refused', () => {
  const cases: readonly (readonly [string, Cells, string, ImportField, string])[] = [
    ['no name', { name: ' ' }, 'NAME_MISSING', 'name', ''],
    ['a name of 121 letters', { name: 'x'.repeat(121) }, 'NAME_TOO_LONG', 'name', 'x'.repeat(121)],
    ['a Hindi name too long', { nameHi: 'न'.repeat(121) }, 'NAME_TOO_LONG', 'nameHi', 'न'.repeat(121)],
    ['no price at all', { sellingPrice: '', mrp: '-' }, 'PRICE_MISSING', 'sellingPrice', ''],
    ['a price that is a word', { sellingPrice: 'call' }, 'PRICE_INVALID', 'sellingPrice', 'call'],
    ['a price that may be two', { sellingPrice: '26,50' }, 'PRICE_INVALID', 'sellingPrice', '26,50'],
    ['a price above ₹10 crore', { sellingPrice: '100000001' }, 'PRICE_INVALID', 'sellingPrice', '100000001'],
    ['a price of nought', { sellingPrice: '0.00' }, 'PRICE_NOT_POSITIVE', 'sellingPrice', '0.00'],
    ['a price below nought', { sellingPrice: '-5' }, 'PRICE_NOT_POSITIVE', 'sellingPrice', '-5'],
    ['a price above MRP', { sellingPrice: '28.01' }, 'PRICE_ABOVE_MRP', 'sellingPrice', '28.01'],
    [
      'a price that tax lifts above MRP',
      { sellingPrice: '27', isInclusive: 'Exclusive', rate: '18' },
      'PRICE_ABOVE_MRP',
      'sellingPrice',
      '27',
    ],
    ['an MRP that is no amount', { mrp: '28 or 30' }, 'MRP_INVALID', 'mrp', '28 or 30'],
    ['a cost below nought', { costPrice: '-3' }, 'COST_INVALID', 'costPrice', '-3'],
    ['a wrong check digit', { barcode: '8901719100018' }, 'BARCODE_CHECK_DIGIT', 'barcode', '8901719100018'],
    ['a barcode that a spreadsheet ruined', { barcode: '8.90172E+12' }, 'BARCODE_INVALID', 'barcode', '8.90172E+12'],
    ['a payment QR as barcode', { barcode: 'upi://pay?pa=x@y' }, 'BARCODE_INVALID', 'barcode', 'upi://pay?pa=x@y'],
    ['an HSN of letters', { hsn: 'SOAP' }, 'HSN_INVALID', 'hsn', 'SOAP'],
    ['an HSN of chapter 77', { hsn: '7701' }, 'HSN_INVALID', 'hsn', '7701'],
    ['an HSN outside the table', { hsn: '9306' }, 'HSN_UNKNOWN', 'hsn', '9306'],
    ['a rate that is none of GST', { rate: '7%' }, 'RATE_INVALID', 'rate', '7%'],
    ['a rate with cess', { rate: '28% + cess 12%' }, 'RATE_INVALID', 'rate', '28% + cess 12%'],
    ['an unknown class', { taxClass: 'nope' }, 'RATE_INVALID', 'taxClass', 'nope'],
    ['an unknown unit', { unit: 'quintal' }, 'UNIT_UNKNOWN', 'unit', 'quintal'],
    ['a stock below nought', { openingStock: '-4' }, 'STOCK_INVALID', 'openingStock', '-4'],
    ['a stock of 10⁹', { openingStock: '1000000000' }, 'STOCK_INVALID', 'openingStock', '1000000000'],
  ];
  it.each(cases)('%s', (_, cells, reason, field, value) => {
    expect(read({ ...good, ...cells })).toEqual({ ok: false, error: { reason, field, value } });
  });
});

describe('a row that is taken', () => {
  it('takes what is there and leaves the rest open', () => {
    expect(read(good)).toEqual({
      ok: true,
      value: {
        name: 'Tata Salt 1 kg',
        nameHi: null,
        code: null,
        brand: null,
        category: null,
        unit: 'pc',
        hsn: null,
        taxClassKey: null,
        isInclusive: true,
        mrpPaise: 2800,
        sellingPricePaise: 2700,
        costPricePaise: null,
        openingStockMilli: null,
        barcodes: [],
      },
    });
  });

  it('sells at MRP, tax inside, where no selling price is given', () => {
    expect(item({ sellingPrice: '', isInclusive: 'No' })).toMatchObject({ sellingPricePaise: 2800, isInclusive: true });
  });

  it('takes an MRP, cost or stock of nought for none', () => {
    expect(item({ mrp: '0', costPrice: '0', openingStock: '0' })).toMatchObject({
      mrpPaise: null,
      costPricePaise: null,
      openingStockMilli: null,
    });
  });

  it('chooses the tax class: the file’s, its rate, the only one of the code, the category’s, the default', () => {
    expect(item({ taxClass: '0713-loose', rate: '18' }).taxClassKey).toBe('0713-loose');
    expect(item({ rate: '18%', hsn: '3402' }).taxClassKey).toBe('3402-detergent');
    expect(item({ rate: '5%', hsn: '3402' }).taxClassKey).toBe('plain-500');
    expect(item({ hsn: '34025000' }).taxClassKey).toBe('3402-detergent');
    expect(item({ hsn: '2105' }).taxClassKey).toBeNull();
    const byCategory = { taxClassByCategory: { Pulses: '0713-packed' }, taxClassKey: 'plain-1800' };
    expect(item({ hsn: '0713', category: 'Pulses' }, byCategory).taxClassKey).toBe('0713-packed');
    expect(item({ hsn: '0713', category: 'toString' }, byCategory).taxClassKey).toBe('plain-1800');
  });

  it('never chooses between several classes of a code', () => {
    expect(item({ hsn: '0713' }).taxClassKey).toBeNull();
  });

  it('keeps several barcodes, canonical, each once', () => {
    expect(item({ barcode: '8901719100017; 036000291452 | 0036000291452' }).barcodes).toEqual([
      '8901719100017',
      '0036000291452',
    ]);
  });

  it('cleans names of what spreadsheets leave in them', () => {
    expect(item({ name: '\ufeff  Surf\u00a0Excel\r\n 1kg ' }).name).toBe('Surf Excel 1kg');
  });
});

describe('cells', () => {
  it('reads money', () => {
    const amounts: Record<string, number | null> = {
      'Rs. 45': 4500,
      '₹1,234.50': 123450,
      '1,23,456': 12345600,
      '1,50.00': 15000,
      '45/-': 4500,
      '45.00 INR': 4500,
      '12.345678': 1235,
      '45.995': 4600,
      '१२.५०': 1250,
      '1.234,50': null,
      '45,50': null,
      '10-12': null,
      '₹': null,
      '': null,
    };
    for (const [text, paise] of Object.entries(amounts)) expect([text, readAmount(text)]).toEqual([text, paise]);
  });

  it('reads rates', () => {
    const rates: Record<string, string | null> = {
      '5%': 'plain-500',
      '5': 'plain-500',
      '18.00': 'plain-1800',
      'GST@5%': 'plain-500',
      'GST 18': 'plain-1800',
      'IGST@40%': 'plain-4000',
      '0.05': 'plain-500',
      '0.18': 'plain-1800',
      '0.25': 'plain-25',
      '0.25%': 'plain-25',
      '0.05%': null,
      '1.5': 'plain-150',
      '9+9': 'plain-1800',
      'CGST 2.5% SGST 2.5%': 'plain-500',
      '9+6': null,
      '0': 'plain-0',
      Nil: 'plain-0',
      Exempt: 'plain-exempt',
      'GST@Exempt': 'plain-exempt',
      'Non-GST': 'plain-nongst',
      'about 5': null,
      '-5': null,
      'GST-5': 'plain-500',
    };
    for (const [text, key] of Object.entries(rates)) expect([text, readRateClass(text)]).toEqual([text, key]);
  });

  it('reads units, stock, codes, yes and no', () => {
    expect(['PCS', 'Kgs.', 'PCS-PIECES', 'KGS (Kilograms)', 'किलो', 'BTL', '500 g', ''].map(readUnit)).toEqual([
      'pc',
      'kg',
      'pc',
      'kg',
      'kg',
      'pc',
      null,
      null,
    ]);
    expect(['75.500', '480 PCS', '12.0000', '1,200', '5.00/PCS', '.5', '0.1234', 'x'].map(readStock)).toEqual([
      75_500,
      480_000,
      12_000,
      1_200_000,
      5_000,
      500,
      null,
      null,
    ]);
    expect(['19053100', '405', 'HSN: 3402', '1905.31.00', '3402.0', '12', ''].map(readHsn)).toEqual([
      '19053100',
      '0405',
      '3402',
      '19053100',
      '3402',
      null,
      null,
    ]);
    expect(['Inclusive', 'exclusive', 'Yes', 'N', 'हाँ', 'maybe'].map(readInclusive)).toEqual([
      true,
      false,
      true,
      false,
      true,
      null,
    ]);
    expect(readBarcode('8.901719100017E+12')).toEqual({ kind: 'code', code: '8901719100017' });
    expect(readBarcode('8901719100017.0')).toEqual({ kind: 'code', code: '8901719100017' });
    expect(readBarcode("'1017")).toEqual({ kind: 'code', code: '1017' });
  });
});

describe('duplicates', () => {
  const none = { barcodes: new Set<string>(), codes: new Set<string>() };
  it('lets the first row keep its code', () => {
    const seen = { barcodes: new Set<string>(), codes: new Set<string>() };
    const first = item({ barcode: '8901719100017', code: 'A1' });
    expect(findDuplicate(first, seen, none)).toBeNull();
    expect(findDuplicate(first, seen, none)).toMatchObject({ reason: 'BARCODE_DUPLICATE', field: 'barcode' });
    expect(findDuplicate(item({ code: 'A1' }), seen, none)).toEqual({
      reason: 'CODE_DUPLICATE',
      field: 'code',
      value: 'A1',
    });
  });

  it('takes nothing for a refused row: its other codes stay free', () => {
    const seen = { barcodes: new Set<string>(), codes: new Set<string>() };
    const shop = { barcodes: new Set(['8901719100017']), codes: new Set<string>() };
    expect(findDuplicate(item({ barcode: '8901719100017;8901262010016' }), seen, shop)).not.toBeNull();
    expect(findDuplicate(item({ barcode: '8901262010016' }), seen, shop)).toBeNull();
  });
});

describe('property', () => {
  it('any cells give an item within bounds or one refusal, and never throw', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({ maxLength: 200 }),
      fc.double().map(String),
      fc.bigInt({ min: 0n, max: 10n ** 20n }).map(String),
      fc.constantFrom('', '-', '5%', 'GST@18%', '0405', 'PCS', '8901719100017', '₹1,234.50', 'Inclusive', '०.५'),
    );
    const cells = fc.record(Object.fromEntries(importFields.map((field) => [field, cell])), { requiredKeys: [] });
    fc.assert(
      fc.property(cells, (row) => {
        const result = read(row as Cells);
        if (!result.ok) {
          expect(result.error.field).not.toBeNull();
          return;
        }
        const made = result.value;
        expect(made.name.length).toBeGreaterThan(0);
        expect(made.name.length).toBeLessThanOrEqual(120);
        expect(Number.isSafeInteger(made.sellingPricePaise)).toBe(true);
        expect(made.sellingPricePaise).toBeGreaterThan(0);
        if (made.mrpPaise !== null && made.isInclusive)
          expect(made.sellingPricePaise).toBeLessThanOrEqual(made.mrpPaise);
      }),
      { numRuns: propertyRuns() },
    );
  });
});
