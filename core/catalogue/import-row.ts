/**
 * One row of a file becomes a draft of an item, or is refused with the one field to mend. Rule kept: a row is
 * never half taken, and nothing is filled in that would change what a customer pays. What is only missing
 * (barcode, HSN, rate) is no reason to refuse. Never writes, never looks a database up: facts are handed in.
 *
 * Decided: an HSN is known when the shop's rate table has a row at, above or below it, on any date; a valid
 * code outside the table is refused as HSN_UNKNOWN, to be mended or emptied. A price of nought is refused, an
 * MRP or cost of nought means none. Without a selling price goods are sold at MRP, tax inside.
 */
import { plainRateRows, type RateRow } from '../gst/rates.ts';
import { addPaise, type Paise, shareOf, zeroPaise } from '../money.ts';
import { err, ok, type Result } from '../result.ts';
import type { BusinessDate } from '../time.ts';
import type { DraftItem, ImportDefaults, ImportField, ImportRefusal, RowRefusal } from './import-types.ts';
import {
  cleanCell,
  isBlank,
  readAmount,
  readBarcode,
  readHsn,
  readInclusive,
  readRateClass,
  readStock,
  readUnit,
  splitCodes,
} from './import-values.ts';

/** The cell of a field as the file has it; '' where no column is mapped to it. */
export type CellReader = (field: ImportField) => string;

/** What the shop knows, asked while a row is read. */
export type RowFacts = {
  /** The day for which rates are looked up. */
  readonly date: BusinessDate;
  /** Rows of the rate table at, above or below a code, on any date; empty = the code is unknown. */
  readonly ratesByHsn: (hsn: string) => readonly RateRow[];
  /** Rows of a class; empty = no such class. */
  readonly ratesOfClass: (classKey: string) => readonly RateRow[];
};

export const maxNameLength = 120;
export const maxCodeLength = 24;

type Read<T> = Result<T, RowRefusal>;
const refuseRow = (reason: ImportRefusal, field: ImportField, value: string): Read<never> =>
  err({ reason, field, value });

/** Reads one row. Fields in the order a person mends them: name, prices, codes, tax, unit, stock. */
export function readImportRow(cell: CellReader, defaults: ImportDefaults, facts: RowFacts): Read<DraftItem> {
  const names = readNames(cell);
  if (!names.ok) return names;
  const prices = readPrices(cell, defaults);
  if (!prices.ok) return prices;
  const codes = readCodes(cell);
  if (!codes.ok) return codes;
  const tax = readTax(cell, names.value.category, defaults, facts);
  if (!tax.ok) return tax;
  const above = checkMrp(prices.value, tax.value.taxClassKey, cell, facts);
  if (above !== null) return err(above);
  const unitText = cleanCell(cell('unit'));
  const unit = isBlank(unitText) ? defaults.unit : readUnit(unitText);
  if (unit === null) return refuseRow('UNIT_UNKNOWN', 'unit', unitText);
  const stockText = cleanCell(cell('openingStock'));
  const stock = isBlank(stockText) ? null : readStock(stockText);
  if (stock === null && !isBlank(stockText)) return refuseRow('STOCK_INVALID', 'openingStock', stockText);
  return ok({
    ...names.value,
    ...codes.value,
    ...tax.value,
    ...prices.value,
    unit,
    openingStockMilli: stock === 0 ? null : stock,
  });
}

function readNames(cell: CellReader): Read<Pick<DraftItem, 'name' | 'nameHi' | 'brand' | 'category'>> {
  const read = (field: ImportField): string | null => {
    const text = cleanCell(cell(field));
    return isBlank(text) ? null : text;
  };
  const name = read('name');
  if (name === null) return refuseRow('NAME_MISSING', 'name', cleanCell(cell('name')));
  const texts = { name, nameHi: read('nameHi'), brand: read('brand'), category: read('category') };
  for (const field of ['name', 'nameHi', 'brand', 'category'] as const) {
    const text = texts[field];
    if (text !== null && text.length > maxNameLength) return refuseRow('NAME_TOO_LONG', field, text);
  }
  return ok(texts);
}

type Prices = Pick<DraftItem, 'mrpPaise' | 'sellingPricePaise' | 'costPricePaise' | 'isInclusive'>;

function readPrices(cell: CellReader, defaults: ImportDefaults): Read<Prices> {
  const texts = {
    sellingPrice: cleanCell(cell('sellingPrice')),
    mrp: cleanCell(cell('mrp')),
    costPrice: cleanCell(cell('costPrice')),
  };
  const optional = (field: 'mrp' | 'costPrice', reason: ImportRefusal): Read<Paise | null> => {
    if (isBlank(texts[field])) return ok(null);
    const amount = readAmount(texts[field]);
    if (amount === null || amount < 0) return refuseRow(reason, field, texts[field]);
    return ok(amount === 0 ? null : amount);
  };
  const mrp = optional('mrp', 'MRP_INVALID');
  if (!mrp.ok) return mrp;
  const cost = optional('costPrice', 'COST_INVALID');
  if (!cost.ok) return cost;
  const isInclusive = readInclusive(cleanCell(cell('isInclusive'))) ?? defaults.isInclusive;
  if (isBlank(texts.sellingPrice)) {
    if (mrp.value === null) return refuseRow('PRICE_MISSING', 'sellingPrice', texts.sellingPrice);
    return ok({ mrpPaise: mrp.value, sellingPricePaise: mrp.value, costPricePaise: cost.value, isInclusive: true });
  }
  const selling = readAmount(texts.sellingPrice);
  if (selling === null) return refuseRow('PRICE_INVALID', 'sellingPrice', texts.sellingPrice);
  if (selling <= 0) return refuseRow('PRICE_NOT_POSITIVE', 'sellingPrice', texts.sellingPrice);
  return ok({ mrpPaise: mrp.value, sellingPricePaise: selling, costPricePaise: cost.value, isInclusive });
}

function readCodes(cell: CellReader): Read<Pick<DraftItem, 'code' | 'barcodes'>> {
  const codeText = cleanCell(cell('code')).replace(/^'/, '');
  const code = isBlank(codeText) ? null : codeText.replace(/^(\d+)\.0+$/, '$1');
  if (code !== null && code.length > maxCodeLength) return refuseRow('BARCODE_INVALID', 'code', code);
  const text = cleanCell(cell('barcode'));
  if (isBlank(text)) return ok({ code, barcodes: [] });
  const barcodes: string[] = [];
  for (const part of splitCodes(text)) {
    const reading = readBarcode(part);
    if (reading.kind === 'checkDigit') return refuseRow('BARCODE_CHECK_DIGIT', 'barcode', part);
    if (reading.kind === 'invalid') return refuseRow('BARCODE_INVALID', 'barcode', part);
    if (!barcodes.includes(reading.code)) barcodes.push(reading.code);
  }
  return barcodes.length > 20 ? refuseRow('BARCODE_INVALID', 'barcode', text) : ok({ code, barcodes });
}

/**
 * Tax class, first that is there: the file's class, its rate, the one class that the code leaves open, the
 * category's default, the default of all. A rate and a code that agree on one unconditional class give that
 * class, which follows the law when it changes; else the rate stays the plain percentage the file says.
 */
function readTax(
  cell: CellReader,
  category: string | null,
  defaults: ImportDefaults,
  facts: RowFacts,
): Read<Pick<DraftItem, 'hsn' | 'taxClassKey'>> {
  const hsnText = cleanCell(cell('hsn'));
  const isNoHsn = isBlank(hsnText) || /^0+$/.test(hsnText);
  const hsn = isNoHsn ? null : readHsn(hsnText);
  if (hsn === null && !isNoHsn) return refuseRow('HSN_INVALID', 'hsn', hsnText);
  const rows = hsn === null ? [] : facts.ratesByHsn(hsn);
  if (hsn !== null && rows.length === 0) return refuseRow('HSN_UNKNOWN', 'hsn', hsnText);
  const classText = cleanCell(cell('taxClass'));
  if (!isBlank(classText)) {
    if (facts.ratesOfClass(classText).length === 0) return refuseRow('RATE_INVALID', 'taxClass', classText);
    return ok({ hsn, taxClassKey: classText });
  }
  const only = hsn === null ? null : onlyClass(rows, hsn, facts.date);
  const rateText = cleanCell(cell('rate'));
  if (!isBlank(rateText)) {
    const plainKey = readRateClass(rateText);
    if (plainKey === null) return refuseRow('RATE_INVALID', 'rate', rateText);
    return ok({ hsn, taxClassKey: only !== null && isSameRate(only, plainKey) ? only.classKey : plainKey });
  }
  if (only !== null) return ok({ hsn, taxClassKey: only.classKey });
  const ofCategory = category === null ? undefined : categoryClass(defaults, category);
  return ok({ hsn, taxClassKey: ofCategory ?? defaults.taxClassKey });
}

function categoryClass(defaults: ImportDefaults, category: string): string | undefined {
  return Object.hasOwn(defaults.taxClassByCategory, category) ? defaults.taxClassByCategory[category] : undefined;
}

/** The row in force when it is alone for the code, asks for nothing more, and is not narrower than the code. */
function onlyClass(rows: readonly RateRow[], hsn: string, date: BusinessDate): RateRow | null {
  const open = rows.filter((row) => row.from <= date && (row.to === null || date <= row.to));
  const [row] = open;
  return open.length === 1 && row !== undefined && row.condition === '' && hsn.startsWith(row.hsn) ? row : null;
}

const plainRate = (classKey: string): RateRow | undefined => plainRateRows().find((row) => row.classKey === classKey);

function isSameRate(row: RateRow, plainKey: string): boolean {
  const plain = plainRate(plainKey)?.rate;
  return plain !== undefined && plain.rateBp === row.rate.rateBp && plain.treatment === row.rate.treatment;
}

/** Nobody may charge above the printed MRP, tax included (Legal Metrology (Packaged Commodities) Rules 2011, r. 18(2)). */
function checkMrp(prices: Prices, classKey: string | null, cell: CellReader, facts: RowFacts): RowRefusal | null {
  if (prices.mrpPaise === null) return null;
  const rows = classKey === null ? [] : facts.ratesOfClass(classKey);
  const rate = rows.find((row) => row.from <= facts.date && (row.to === null || facts.date <= row.to))?.rate;
  const tax = prices.isInclusive || rate === undefined ? zeroPaise : shareOf(prices.sellingPricePaise, rate.rateBp);
  const charged = addPaise(prices.sellingPricePaise, tax);
  // Two separately rounded halves of the tax may be a paisa above MRP without anybody overcharging.
  if (charged <= prices.mrpPaise + (prices.isInclusive ? 0 : 1)) return null;
  return { reason: 'PRICE_ABOVE_MRP', field: 'sellingPrice', value: cleanCell(cell('sellingPrice')) };
}

/** Codes taken by rows before this one, and by the shop. Fill it by `findDuplicate`. */
export type SeenCodes = { readonly barcodes: Set<string>; readonly codes: Set<string> };

/**
 * A code that stood in an earlier row of the file or belongs to an item of the shop; null = none, and the
 * row's codes are now taken. The first row keeps its code, later ones are refused.
 */
export function findDuplicate(draft: DraftItem, seen: SeenCodes, shop: SeenCodes): RowRefusal | null {
  for (const code of draft.barcodes) {
    if (seen.barcodes.has(code) || shop.barcodes.has(code)) {
      return { reason: 'BARCODE_DUPLICATE', field: 'barcode', value: code };
    }
  }
  const { code } = draft;
  if (code !== null && (seen.codes.has(code) || shop.codes.has(code))) {
    return { reason: 'CODE_DUPLICATE', field: 'code', value: code };
  }
  for (const barcode of draft.barcodes) seen.barcodes.add(barcode);
  if (code !== null) seen.codes.add(code);
  return null;
}
