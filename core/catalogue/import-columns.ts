/**
 * Guesses which column of a stranger's file fills which field: headings as Vyapar, Marg, Tally, Busy, web
 * shops and shopkeepers write them, in English and Hindi. Rule kept: a guess is only a proposal that a
 * person sees and changes; one column fills one field. Never reads more than the heading and a few samples.
 */
import type { ImportField, ImportMapping } from './import-types.ts';
import { importFields } from './import-types.ts';
import { gtinOf } from './ean.ts';

/**
 * Headings per field, best first, in the form of `headingKey`. A heading equal to one of them is a sure hit;
 * one that only contains the words of one of them is a weaker hit and yields to any sure one.
 */
const headings: Readonly<Record<ImportField, readonly string[]>> = {
  name: [
    'item name',
    'product name',
    'name of item',
    'name of product',
    'product',
    'item',
    'name',
    'particulars',
    'stock item',
    'item description',
    'product description',
    'product title',
    'title',
    'description of goods',
    'goods',
    'article',
    'वस्तु का नाम',
    'सामान का नाम',
    'उत्पाद का नाम',
    'आइटम का नाम',
    'वस्तु',
    'सामान',
    'उत्पाद',
    'नाम',
    'description',
  ],
  nameHi: [
    'hindi name',
    'name hindi',
    'item name hindi',
    'name hi',
    'local name',
    'regional name',
    'हिंदी नाम',
    'हिन्दी नाम',
  ],
  barcode: [
    'barcode',
    'bar code',
    'ean',
    'ean 13',
    'ean13',
    'ean8',
    'upca',
    'ean code',
    'upc',
    'upc code',
    'gtin',
    'barcode no',
    'barcode number',
    'scan code',
    'बारकोड',
    'बार कोड',
  ],
  code: [
    'item code',
    'product code',
    'sku',
    'sku code',
    'code',
    'short code',
    'alias',
    'item no',
    'item number',
    'stock code',
    'article code',
    'plu',
    'आइटम कोड',
    'वस्तु कोड',
    'कोड',
  ],
  brand: [
    'brand',
    'brand name',
    'company',
    'company name',
    'manufacturer',
    'mfg',
    'mfr',
    'make',
    'ब्रांड',
    'ब्राण्ड',
    'कंपनी',
  ],
  category: [
    'category',
    'item category',
    'product category',
    'category name',
    'group',
    'item group',
    'stock group',
    'product group',
    'department',
    'sub category',
    'subcategory',
    'श्रेणी',
    'वर्ग',
    'समूह',
  ],
  unit: [
    'unit',
    'base unit',
    'uom',
    'uqc',
    'unit of measure',
    'unit of measurement',
    'units',
    'primary unit',
    'sale unit',
    'stock unit',
    'इकाई',
    'यूनिट',
  ],
  hsn: ['hsn', 'hsn code', 'hsn sac', 'hsn sac code', 'hsncode', 'hsn no', 'sac', 'hsn number', 'एचएसएन', 'एचएसएन कोड'],
  rate: [
    'gst',
    'gst rate',
    'tax rate',
    'rate of tax',
    'gst percent',
    'tax percent',
    'tax',
    'gst slab',
    'igst',
    'igst rate',
    'integrated tax rate',
    'tax slab',
    'vat',
    'जीएसटी',
    'जीएसटी दर',
    'कर दर',
    'कर',
  ],
  taxClass: ['tax class', 'tax class key', 'taxclass'],
  isInclusive: [
    'inclusive of tax',
    'inclusive',
    'tax inclusive',
    'price inclusive',
    'is inclusive',
    'tax type',
    'incl tax',
    'sale price type',
    'कर सहित',
  ],
  mrp: [
    'mrp',
    'm r p',
    'maximum retail price',
    'max retail price',
    'market price',
    'list price',
    'printed price',
    'retail price',
    'एमआरपी',
    'एम आर पी',
    'अधिकतम खुदरा मूल्य',
  ],
  sellingPrice: [
    'selling price',
    'sale price',
    'sales price',
    'discounted selling price',
    'our price',
    'sell price',
    'retail rate',
    'sale rate',
    'selling rate',
    'sales rate',
    'rate',
    'unit price',
    'price',
    'offer price',
    's rate',
    's price',
    'standard price',
    'बिक्री मूल्य',
    'विक्रय मूल्य',
    'बिक्री दर',
    'मूल्य',
    'कीमत',
    'दाम',
    'भाव',
    'दर',
  ],
  costPrice: [
    'purchase price',
    'cost price',
    'purchase rate',
    'cost',
    'landed cost',
    'landing price',
    'buying price',
    'buy price',
    'p rate',
    'pur rate',
    'standard cost',
    'unit cost',
    'क्रय मूल्य',
    'खरीद मूल्य',
    'ख़रीद मूल्य',
    'खरीद दर',
    'लागत',
  ],
  openingStock: [
    'opening stock',
    'opening stock quantity',
    'opening quantity',
    'opening qty',
    'op stock',
    'op qty',
    'opening balance',
    'current stock',
    'current stock quantity',
    'closing stock',
    'closing quantity',
    'closing qty',
    'stock quantity',
    'stock qty',
    'available quantity',
    'available qty',
    'stock on hand',
    'on hand',
    'stock in hand',
    'in stock',
    'stock',
    'quantity',
    'qty',
    'प्रारंभिक स्टॉक',
    'स्टॉक',
    'मात्रा',
  ],
};

/** Fields whose words must not be found inside a longer heading: "tax" in "price before tax", "name" in "tax name". */
const wholeOnly: ReadonlySet<string> = new Set([
  'name',
  'item',
  'goods',
  'title',
  'code',
  'group',
  'unit',
  'units',
  'make',
  'mfg',
  'mfr',
  'company',
  'tax',
  'gst',
  'igst',
  'cost',
  'rate',
  'price',
  'stock',
  'quantity',
  'qty',
  'product',
  'description',
  'particulars',
  'alias',
  'inclusive',
  'article',
  'sac',
  'vat',
  'नाम',
  'कोड',
  'कर',
  'दर',
  'मूल्य',
  'वस्तु',
  'सामान',
  'उत्पाद',
  'वर्ग',
]);
/** Headings that belong to no field although they sound like one. */
const misleading =
  /\b(conversion|secondary|alternate|discount(?! ?ed)|total|amount|value|min(imum)?|max(imum)? stock|reorder|wholesale|gst ?in|tax amount|exempt|cess|date|expiry|batch|image|url|rating|weight|location|id|ok|check|valid)\b/;

/** The till's own columns in a file of refused rows; passed over when it is imported again. */
export const reasonPrefix = 'BillMitra:';

/** "Item name*" → "item name"; "salePrice (₹)" → "sale price"; "HSN/SAC" → "hsn sac". */
export const headingKey = (heading: string): string =>
  heading
    .normalize('NFKC')
    .replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ')
    .toLowerCase()
    .replaceAll(/\((?:x|y|n|₹|rs\.?|inr|%|in rs\.?)\)/g, ' ')
    .replaceAll('%', ' percent ')
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();

/** 0 = no hit; sure hits from 1000 down by place in the list, weaker ones from 500 down. */
function scoreOf(key: string, field: ImportField): number {
  const forms = [key, key.replace(/ percent$/, '')];
  let best = 0;
  for (const [place, known] of headings[field].entries()) {
    if (forms.includes(known)) return 1000 - place;
    if (best > 0 || wholeOnly.has(known) || misleading.test(key)) continue;
    if (` ${key} `.includes(` ${known} `)) best = 500 - place;
  }
  return best;
}

const samplesOf = (rows: readonly (readonly string[])[], column: number): readonly string[] =>
  rows.map((row) => (row[column] ?? '').trim()).filter((text) => text !== '');

const holdsGtins = (samples: readonly string[]): boolean =>
  samples.filter((text) => text.length >= 12 && gtinOf(text) !== null).length * 2 > samples.length;

/**
 * A proposal: field → heading. Best hits first, each column and each field once. Where no heading says barcode,
 * a column of item codes, or a free one, that holds trade item numbers is it (Vyapar's "Item code").
 * @param rows a few rows below the heading, to look at; may be empty.
 */
export function guessMapping(columns: readonly string[], rows: readonly (readonly string[])[]): ImportMapping {
  const hits: { readonly field: ImportField; readonly column: number; readonly score: number }[] = [];
  for (const [column, heading] of columns.entries()) {
    if (heading.startsWith(reasonPrefix)) continue;
    const key = headingKey(heading);
    for (const field of importFields) {
      const score = scoreOf(key, field);
      if (score > 0) hits.push({ field, column, score });
    }
  }
  hits.sort((a, b) => b.score - a.score || a.column - b.column);
  const chosen = new Map<ImportField, number>();
  const taken = new Set<number>();
  for (const { field, column } of hits) {
    if (chosen.has(field) || taken.has(column)) continue;
    chosen.set(field, column);
    taken.add(column);
  }
  if (!chosen.has('barcode')) {
    const free = columns.findIndex(
      (heading, column) =>
        !heading.startsWith(reasonPrefix) &&
        (!taken.has(column) || chosen.get('code') === column) &&
        holdsGtins(samplesOf(rows, column)),
    );
    if (free >= 0) {
      if (chosen.get('code') === free) chosen.delete('code');
      chosen.set('barcode', free);
    }
  }
  const mapping: Partial<Record<ImportField, string>> = {};
  for (const field of importFields) {
    const column = chosen.get(field);
    const heading = column === undefined ? undefined : columns[column];
    if (heading !== undefined) mapping[field] = heading;
  }
  return mapping;
}

/** How many fields a row of texts would name if it were the heading; to find the heading below a title. */
export const countHeadings = (cells: readonly string[]): number =>
  importFields.filter((field) => cells.some((cell) => scoreOf(headingKey(cell), field) > 500)).length;

/** Fields without which nothing can be imported: a name, and a selling price or an MRP to sell at. */
export const missingFields = (mapping: ImportMapping): readonly ImportField[] => [
  ...(mapping.name === undefined ? (['name'] as const) : []),
  ...(mapping.sellingPrice === undefined && mapping.mrp === undefined ? (['sellingPrice'] as const) : []),
];
