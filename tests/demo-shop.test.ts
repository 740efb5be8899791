/**
 * The demo shop's catalogue keeps what the till asks of any: check digits, prices under the MRP, rates as the
 * rate table says, Hindi for every item. It reads the two files and nothing else of the shop.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isVpa } from '../core/billing/upi.ts';
import { gtinOf } from '../core/catalogue/ean.ts';
import { defaultMasks } from '../core/catalogue/in-store-code.ts';
import { readScan } from '../core/catalogue/scan-code.ts';
import { isFoundBy, searchQuery, searchTerms } from '../core/catalogue/search-text.ts';
import { checkGstin } from '../core/gst/gstin.ts';
import { parsePaise } from '../core/money.ts';
import { isUnit, parseQty } from '../core/quantity.ts';

const read = (name: string): string =>
  readFileSync(join(import.meta.dirname, '..', 'assets', 'demo-shop', name), 'utf8');
/** The files hold no quoted fields (a test says so), so a comma is always a border. */
const table = (text: string): readonly Readonly<Record<string, string>>[] => {
  const [head = '', ...lines] = text.trimEnd().split('\n');
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i] ?? '?', cell])));
};
const items = table(read('items.csv'));
const cell = (row: Readonly<Record<string, string>>, name: string): string => row[name] ?? '';
const amount = (text: string): number => {
  const value = parsePaise(text);
  if (value === null) throw new Error(`no amount: ${text}`);
  return value;
};
const parts = (text: string): readonly (readonly string[])[] =>
  text === '' ? [] : text.split(';').map((part) => part.split('@'));

/** class_key → rate in force on 20 November 2026, by the columns class_key, hsn, from, to, rate_bp. */
function ratesToday(): ReadonlyMap<string, { readonly hsn: string; readonly rateBp: number }> {
  const rates = new Map<string, { readonly hsn: string; readonly rateBp: number }>();
  for (const line of read('../gst/rates.csv').trimEnd().split('\n').slice(1)) {
    const cells = (line.match(/("([^"]|"")*"|[^,]*)(,|$)/g) ?? []).map((text) => text.replace(/,$/, ''));
    const [classKey = '', hsn = '', , , from = '', to = '', rate = ''] = cells;
    if (from <= '2026-11-20' && (to === '' || to >= '2026-11-20')) rates.set(classKey, { hsn, rateBp: Number(rate) });
  }
  return rates;
}

describe('items.csv', () => {
  it('is a plain table of 400 items or more', () => {
    const lines = read('items.csv').trimEnd().split('\n');
    expect(read('items.csv')).not.toContain('"');
    expect(new Set(lines.map((line) => line.split(',').length)).size).toBe(1);
    expect(items.length).toBeGreaterThanOrEqual(400);
  });

  it('names every item once, in English and in Devanagari', () => {
    expect(new Set(items.map((row) => cell(row, 'name'))).size).toBe(items.length);
    expect(new Set(items.map((row) => cell(row, 'code'))).size).toBe(items.length);
    for (const row of items) {
      expect(cell(row, 'name')).toMatch(/^[A-Z][A-Za-z0-9 ()]+$/);
      expect(cell(row, 'name_hi'), cell(row, 'name')).toMatch(/^[\u0900-\u097F0-9 ]{2,}$/);
      // A matra or virama with no letter before it is a typing mistake.
      expect(cell(row, 'name_hi')).not.toMatch(/(^| )[\u093E-\u094D\u0901-\u0903]|[\u093E-\u094C]{2}/);
      expect(cell(row, 'category')).not.toBe('');
    }
  });

  it('has right barcodes, none twice, each read by a till as what it is', () => {
    const seen = new Set<string>();
    for (const row of items) {
      const codes = [cell(row, 'barcode'), ...parts(cell(row, 'extra_barcodes')).map((part) => part[0] ?? '')];
      for (const code of codes.filter((text) => text !== '')) {
        expect(gtinOf(code), `${cell(row, 'name')}: ${code}`).toBe(code);
        expect(seen.has(code), code).toBe(false);
        seen.add(code);
        const reading = readScan(code, { masks: defaultMasks, year: 2026 });
        if (code.startsWith('2')) {
          expect(reading).toMatchObject({
            kind: 'inStore',
            baseCode: code,
            measure: { kind: 'weight', weightMilli: 0 },
          });
          expect(cell(row, 'unit')).toBe('kg');
        } else {
          expect(code).toMatch(/^1?8900000/);
          expect(reading.kind).toBe('gtin');
        }
      }
    }
  });

  it('prices every item at or under its MRP, tax and all, and above its cost', () => {
    for (const row of items) {
      const selling = amount(cell(row, 'selling_price'));
      const cost = amount(cell(row, 'cost_price'));
      const gross =
        cell(row, 'is_inclusive') === 'yes' ? selling : selling * (1 + Number(cell(row, 'rate_bp')) / 10_000);
      expect(['yes', 'no']).toContain(cell(row, 'is_inclusive'));
      expect(selling).toBeGreaterThan(0);
      expect(cost, cell(row, 'name')).toBeLessThan(selling);
      expect(cost).toBeGreaterThan(0);
      if (cell(row, 'mrp') !== '') expect(gross, cell(row, 'name')).toBeLessThanOrEqual(amount(cell(row, 'mrp')));
      else expect(cell(row, 'brand')).toBe('');
      for (const [, pieces = '', name = '', price = '', mrp = ''] of parts(cell(row, 'extra_barcodes'))) {
        expect(Number(pieces)).toBeGreaterThan(0);
        if (Number(pieces) > 1) {
          expect(name).not.toBe('');
          expect(amount(price)).toBeLessThanOrEqual(amount(mrp));
          expect(amount(price)).toBeGreaterThan(cost * Number(pieces));
        }
      }
    }
    expect(items.some((row) => cell(row, 'is_inclusive') === 'no')).toBe(true);
  });

  it('has packs with two MRPs in stock, cases, and loose goods', () => {
    const twoMrps = items.filter((row) => cell(row, 'extra_mrps') !== '');
    expect(twoMrps.length).toBeGreaterThanOrEqual(12);
    for (const row of twoMrps) {
      for (const [mrp = '', price = '', stock = ''] of parts(cell(row, 'extra_mrps'))) {
        expect(amount(mrp)).not.toBe(amount(cell(row, 'mrp')));
        expect(amount(price)).toBeLessThanOrEqual(amount(mrp));
        expect(Number(stock)).toBeGreaterThan(0);
      }
    }
    expect(items.filter((row) => /@([2-9]|\d\d)@/.test(cell(row, 'extra_barcodes'))).length).toBeGreaterThanOrEqual(10);
    expect(items.filter((row) => cell(row, 'mrp') === '').length).toBeGreaterThanOrEqual(50);
  });

  it('gives each item a class of the rate table, with the rate of November 2026', () => {
    const rates = ratesToday();
    for (const row of items) {
      const rate = rates.get(cell(row, 'gst_class_hint'));
      const hsn = cell(row, 'hsn');
      expect(rate, `${cell(row, 'name')}: ${cell(row, 'gst_class_hint')}`).toBeDefined();
      expect(rate?.rateBp, cell(row, 'name')).toBe(Number(cell(row, 'rate_bp')));
      expect(hsn).toMatch(/^(\d{4}|\d{6}|\d{8})$/);
      expect(hsn.startsWith(rate?.hsn ?? '?') || rate?.hsn.startsWith(hsn), `${cell(row, 'name')}: ${hsn}`).toBe(true);
    }
    const rateOf = (name: string) => Number(items.find((row) => cell(row, 'name').includes(name))?.['rate_bp']);
    expect(
      ['Glucose Biscuits', 'Detergent Powder', 'Cola', 'Potato', 'Toor Dal Loose', 'Notebook'].map(rateOf),
    ).toEqual([500, 1800, 4000, 500, 0, 0]);
  });

  it('fills the quick board without a slot twice', () => {
    const slots = items.map((row) => cell(row, 'loose_board')).filter((text) => text !== '');
    expect(slots.length).toBeGreaterThanOrEqual(27);
    expect(new Set(slots).size).toBe(slots.length);
    for (const slot of slots) expect(slot).toMatch(/^[1-9]\/[1-9]$/);
  });

  it('counts stock in units of the till, whole where pieces are sold', () => {
    for (const row of items) {
      expect(isUnit(cell(row, 'unit')), cell(row, 'unit')).toBe(true);
      expect(parseQty(cell(row, 'opening_stock'))).toBeGreaterThan(0);
      expect(cell(row, 'opening_stock')).toMatch(/^\d+$/);
      expect(cell(row, 'expiry_days')).toMatch(/^[1-9]?\d*$/);
    }
  });

  it('is found as an Indian shopper types', () => {
    const terms = items.map((row) => ({
      name: cell(row, 'name'),
      terms: searchTerms({
        name: cell(row, 'name'),
        nameHi: cell(row, 'name_hi'),
        brand: cell(row, 'brand'),
        code: cell(row, 'code'),
      }),
    }));
    const found = (typed: string) =>
      terms.filter((item) => isFoundBy(item.terms, searchQuery(typed))).map((item) => item.name);
    expect(found('chini')).toContain('Sugar Loose');
    expect(found('cheeni 5')).toContain('Sona Khalihan Refined Sugar 5 kg');
    expect(found('atta khula')).toContain('Wheat Atta Loose');
    expect(found('aloo')).toContain('Potato');
    expect(found('sarson tel')).toContain('Ghani Gaon Kachchi Ghani Mustard Oil 1 L');
    expect(found('sabun').every((name) => /Soap/.test(name))).toBe(true);
    expect(found('चीनी')).toContain('Sugar Loose');
    expect(found('chini')).not.toContain('Chana Dal Loose');
  });
});

describe('shop.json', () => {
  it('is a shop that the till would take', () => {
    const shop: unknown = JSON.parse(read('shop.json'));
    expect(shop).toMatchObject({ name: 'Sharma Kirana', stateCode: '08', series: 'K3T1' });
    const { gstin, upiAddress, fssai, staff } = shop as Readonly<Record<string, string>> & {
      readonly staff: readonly { readonly name: string; readonly pin: string }[];
    };
    expect(checkGstin(gstin ?? '')).toMatchObject({ ok: true });
    expect(isVpa(upiAddress ?? '')).toBe(true);
    expect(fssai).toMatch(/^\d{14}$/);
    expect(staff.map((person) => person.name)).toEqual(['Ravi Kumar', 'Sita Devi', 'Meena Sharma']);
    expect(new Set(staff.map((person) => person.pin)).size).toBe(3);
    for (const person of staff) expect(person.pin).toMatch(/^\d{6}$/);
  });
});
