import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BusinessDate } from '../time.ts';
import { isHsnShape } from './hsn.ts';
import { parseRateTable, rateTableHeader } from './rate-table.ts';
import { candidatesFor, findOverlap, groupByClass, plainRateRows, type RateRow, rateOn } from './rates.ts';

const text = readFileSync(join(import.meta.dirname, '..', '..', 'assets', 'gst', 'rates.csv'), 'utf8');
const parsed = parseRateTable(text);
const table: readonly RateRow[] = parsed.ok ? parsed.value : [];
const classes = groupByClass(table);
const on = (date: string): BusinessDate => date as BusinessDate;
const [before, after, today] = [on('2025-09-21'), on('2025-09-22'), on('2026-11-20')];
const bpOn = (classKey: string, date: BusinessDate): number | null =>
  rateOn(classes.get(classKey) ?? [], date)?.rateBp ?? null;

describe('the rate table', () => {
  it('parses, has no overlapping dates within a class, and fits its header', () => {
    expect(parsed.ok).toBe(true);
    expect(table.length).toBeGreaterThan(600);
    expect(classes.size).toBeGreaterThan(400);
    expect(findOverlap(table)).toBeNull();
  });

  it('keeps to the slabs of its day', () => {
    for (const row of table) {
      const slabs = row.from >= after ? [0, 300, 500, 1800, 4000] : [0, 300, 500, 1200, 1800, 2800];
      const isTobacco = row.hsn.startsWith('24') && row.to === '2026-01-31';
      expect(isTobacco ? [2800] : slabs, row.classKey).toContain(row.rate.rateBp);
      expect(row.description.length, row.classKey).toBeLessThanOrEqual(60);
    }
  });

  it('leaves no class of before 22 Sep 2025 at 12 or 28 % today', () => {
    for (const row of table) if (row.to === null) expect([1200, 2800], row.classKey).not.toContain(row.rate.rateBp);
  });

  it('has no cess from 1 Feb 2026 and values only tobacco and pan masala on the retail sale price, from that day', () => {
    for (const row of table) {
      if (row.to === null) expect(row.rate.cess, row.classKey).toBeNull();
      if (row.rate.valuation !== 'retailSalePrice') continue;
      expect(row.from).toBe('2026-02-01');
      expect(row.hsn.startsWith('24') || row.hsn === '21069020').toBe(true);
      expect(row.rate.rateBp).toBe(4000);
    }
  });

  it.each([
    ['UHT milk', '0401-milk-uht', 0, 500],
    ['Butter, ghee', '0405-butter-ghee', 500, 1200],
    ['Packed paneer', '0406-paneer-packed', 0, 500],
    ['Rice packed', '1006-rice-packed', 500, 500],
    ['Rice loose', '1006-rice-loose', 0, 0],
    ['Atta packed', '1101-atta-packed', 500, 500],
    ['Dal packed', '0713-pulses-packed', 500, 500],
    ['Dal loose', '0713-pulses-loose', 0, 0],
    ['Tea', '0902-tea', 500, 500],
    ['Biscuits', '1905-biscuits-cakes', 500, 1800],
    ['Paratha', '1905-paratha', 0, 1800],
    ['Namkeen packed', '210690-namkeen-packed', 500, 1200],
    ['Chocolate', '1806-chocolate', 500, 1800],
    ['Ketchup, sauces', '2103-sauce-ketchup', 500, 1200],
    ['Ice cream', '21050000-ice-cream', 500, 1800],
    ['Mineral water', '2201-water-bottle', 500, 1800],
    ['Cola', '220210-soft-drink', 4000, 2800],
    ['Toilet soap bar', '3401-soap-bar', 500, 1800],
    ['Detergent', '3402-detergent', 1800, 1800],
    ['Shampoo, hair oil', '3305-hair-oil-shampoo', 500, 1800],
    ['Toothpaste', '3306-toothpaste', 500, 1800],
    ['Baby diapers', '96190030-diaper-30', 500, 1200],
    ['Notebooks', '4820-notebook', 0, 1200],
    ['Geometry box', '7310-geometry-7310', 500, 1200],
    ['Shirt up to 2,500', '62-garment-1000-to-2500', 500, 1200],
    ['Shirt above 2,500', '62-garment-above-2500', 1800, 1200],
    ['Shoes up to 2,500', '6403-footwear-leather-1000-to-2500', 500, 1800],
    ['Shoes above 2,500', '6403-footwear-leather-above-2500', 1800, 1800],
    ['Mobile phone', '8517-mobile-phone', 1800, 1800],
    ['Air conditioner', '8415-air-conditioner', 1800, 2800],
    ['Cement', '2523-cement', 1800, 2800],
    ['Car tyre', '4011-tyre', 1800, 2800],
    ['Bicycle', '8712-bicycle', 500, 1200],
    ['Umbrella', '6601-umbrella', 500, 1200],
    ['Medicines', '3004-medicine', 500, 1200],
    ['Gold', '7108-gold', 300, 300],
    ['Salon', '999721-haircut', 500, 1800],
  ])('%s (%s): %i bp today, %i bp until 21 Sep 2025', (_, classKey, now, old) => {
    expect(bpOn(classKey, today)).toBe(now);
    expect(bpOn(classKey, after)).toBe(now);
    expect(bpOn(classKey, before)).toBe(old);
  });

  it('changes pan masala and bidis on 1 Feb 2026, with nothing guessed before', () => {
    expect(bpOn('21069020-pan-masala', on('2026-02-01'))).toBe(4000);
    expect(bpOn('21069020-pan-masala', on('2026-01-31'))).toBeNull();
    expect(bpOn('24031921-bidi-handmade', on('2026-01-31'))).toBe(2800);
    expect(bpOn('24031921-bidi-handmade', on('2026-02-01'))).toBe(1800);
    expect(rateOn(classes.get('24031921-bidi-handmade') ?? [], today)?.valuation).toBe('transactionValue');
    const cola = rateOn(classes.get('220210-soft-drink') ?? [], before);
    expect(cola?.cess).toEqual({ rateBp: 1200, perUnitMilliPaise: 0, rule: 'sum' });
  });

  it('renumbers heading 2202 on 1 May 2026', () => {
    const codes = (date: string) => new Set(candidatesFor(table, '220299', on(date)).map((row) => row.hsn));
    expect(codes('2026-04-30').has('22029920')).toBe(true);
    expect(codes('2026-04-30').has('22029921')).toBe(false);
    expect(codes('2026-05-01').has('22029920')).toBe(false);
    expect(codes('2026-05-01').has('22029921')).toBe(true);
  });
});

describe('candidatesFor', () => {
  it('lists every rate of a heading, never one of them', () => {
    const rates = new Set(candidatesFor(table, '3304', today).map((row) => row.rate.rateBp));
    expect([...rates].sort((a, b) => a - b)).toEqual([0, 500, 1800]);
  });

  it('puts the longest prefix first and searches downward', () => {
    expect(candidatesFor(table, '21069020', today)[0]?.classKey).toBe('21069020-pan-masala');
    expect(candidatesFor(table, '2105', today).map((row) => row.classKey)).toEqual(['21050000-ice-cream']);
    expect(candidatesFor(table, '61091000', today).every((row) => row.hsn === '61')).toBe(true);
    expect(candidatesFor(table, '', today)).toEqual([]);
    expect(candidatesFor(table, '9999', today)).toEqual([]);
  });

  it('knows only bill codes of a right shape', () => {
    for (const row of table) if (row.hsn.length > 2) expect(isHsnShape(row.hsn), row.classKey).toBe(true);
  });
});

describe('plain classes', () => {
  it('are open ended and outside the table', () => {
    expect(plainRateRows().map((row) => [row.classKey, row.rate.rateBp, row.rate.treatment])).toEqual([
      ['plain-0', 0, 'nilRated'],
      ['plain-25', 25, 'taxable'],
      ['plain-150', 150, 'taxable'],
      ['plain-300', 300, 'taxable'],
      ['plain-500', 500, 'taxable'],
      ['plain-1200', 1200, 'taxable'],
      ['plain-1800', 1800, 'taxable'],
      ['plain-2800', 2800, 'taxable'],
      ['plain-4000', 4000, 'taxable'],
      ['plain-exempt', 0, 'exempt'],
      ['plain-nongst', 0, 'nonGst'],
    ]);
    expect(plainRateRows().every((row) => row.from === '2017-07-01' && row.to === null && row.hsn === '')).toBe(true);
  });
});

describe('parseRateTable', () => {
  const good = '1905-bread,1905,Bread,not pizza,2017-07-01,,0,,,,nilRated,transactionValue,high,no';
  const read = (...lines: string[]) => {
    const result = parseRateTable([rateTableHeader, ...lines, ''].join('\n'));
    return result.ok ? result.value.length : result.error;
  };
  const invalid = (line: number, reason: string) => ({ type: 'RateTableInvalid', line, reason });

  it('reads quoted fields, CRLF and a byte-order mark', () => {
    const quoted = good.replace('Bread,', '"Bread, ""white"" or brown",');
    const result = parseRateTable(`\uFEFF${rateTableHeader}\r\n${quoted}\r\n`);
    expect(result.ok && result.value[0]?.description).toBe('Bread, "white" or brown');
  });

  it.each([
    ['columns', `${good},more`],
    ['columns', good.replace('Bread', '"Bread')],
    ['classKey', good.replace('1905-bread', 'Bread')],
    ['classKey', good.replace('1905-bread', 'plain-500')],
    ['hsn', good.replace(',1905,', ',19x5,')],
    ['date', good.replace('2017-07-01', '2017-02-30')],
    ['date', good.replace('2017-07-01,', '2017-07-01,soon')],
    ['rate', good.replace(',0,', ',-5,')],
    ['rate', good.replace(',0,', ',10001,')],
    ['cess', good.replace(',0,,,,', ',0,1200,,,')],
    ['treatment', good.replace('nilRated', 'free')],
    ['treatment', good.replace(',0,', ',500,')],
    ['valuation', good.replace('transactionValue', 'cost')],
  ])('refuses the whole table for a bad %s', (reason, line) => {
    expect(read(good.replace('1905-bread', 'other'), line)).toEqual(invalid(3, reason));
  });

  it('refuses a strange header and overlapping dates', () => {
    expect(read(good)).toBe(1);
    expect(parseRateTable('hsn,rate\n')).toEqual({ ok: false, error: invalid(1, 'header') });
    expect(read(good, good.replace('2017-07-01', '2020-01-01'))).toEqual(invalid(0, 'overlap'));
    expect(read(good.replace('2017-07-01,', '2017-07-01,2016-01-01'))).toEqual(invalid(0, 'overlap'));
  });
});
