/**
 * What a label can say of goods, as text in the shop's language: prices, dates, weight, words of the law. Rule kept:
 * a fact that is not known is null and never made up; money is printed by core/money alone. Net quantity is read
 * from the item's name ("Toor dal 500 g"), for an item has no field of its own for it.
 */
import type { Batch, Item } from '../catalogue/item.ts';
import type { InStoreMask } from '../catalogue/in-store-code.ts';
import { amountOf, divideHalfUp, formatRupees, type Paise, paise, subtractPaise } from '../money.ts';
import { formatQty, type Milli, milli } from '../quantity.ts';
import type { BusinessDate } from '../time.ts';
import type { LabelField } from './label-design.ts';

export type LabelLanguage = 'en' | 'hi';

export type LabelShop = {
  readonly name: string;
  readonly address: string;
  readonly phone: string;
  readonly fssai: string | null;
  readonly masks: readonly InStoreMask[];
};

export type LabelFacts = {
  readonly item: Pick<
    Item,
    'name' | 'nameHi' | 'brand' | 'code' | 'unit' | 'mrpPaise' | 'sellingPricePaise' | 'barcodes'
  >;
  /** The lot whose MRP, price and dates are printed. */
  readonly batch: Batch | null;
  /** Of a weighed pack, milli-kg. */
  readonly weightMilli: Milli | null;
  /** Today at the shop: the day a weighed pack is packed, and what "expired" is judged by. */
  readonly today: BusinessDate;
  readonly shop: LabelShop;
};

export const mrpOf = ({ item, batch }: LabelFacts): Paise | null => batch?.mrpPaise ?? item.mrpPaise;
export const sellingPriceOf = ({ item, batch }: LabelFacts): Paise =>
  batch?.sellingPricePaise ?? item.sellingPricePaise;
/** Price of a weighed pack: rate × weight, half up to the paisa. */
export const weightPriceOf = (facts: LabelFacts): Paise | null =>
  facts.weightMilli === null ? null : amountOf(sellingPriceOf(facts), facts.weightMilli);

type Net = { readonly milli: Milli; readonly base: 'kg' | 'l' };
const netUnits: Readonly<Record<string, Net['base'] | 'g' | 'ml'>> = {
  kg: 'kg',
  kgs: 'kg',
  g: 'g',
  gm: 'g',
  gms: 'g',
  gram: 'g',
  ml: 'ml',
  l: 'l',
  lt: 'l',
  ltr: 'l',
  litre: 'l',
};

/** "Toor dal 500 g" → 0.500 kg; the last such figure counts. Null when the name says none. */
export function netOf(name: string): Net | null {
  const found = [...name.slice(0, 400).matchAll(/(\d{1,6})(?:\.(\d{1,3}))?\s*([a-z]+)\b/gi)]
    .map(([, whole = '', part = '', unit = '']) => ({ whole, part, base: netUnits[unit.toLowerCase()] }))
    .findLast((one) => one.base !== undefined);
  if (found?.base === undefined) return null;
  const thousandths = Number(found.whole) * 1_000 + Number(found.part.padEnd(3, '0'));
  const isSmall = found.base === 'g' || found.base === 'ml';
  const value = isSmall ? divideHalfUp(thousandths, 1_000) : thousandths;
  if (value <= 0) return null;
  return { milli: milli(value), base: found.base === 'g' || found.base === 'kg' ? 'kg' : 'l' };
}

const netNow = (facts: LabelFacts): Net | null =>
  facts.weightMilli === null ? netOf(facts.item.name) : { milli: facts.weightMilli, base: 'kg' };

/** 500 → "500 g"; 1500 → "1.5 kg". */
function netText(net: Net): string {
  if (net.milli < 1_000) return `${net.milli} ${net.base === 'kg' ? 'g' : 'ml'}`;
  return `${formatQty(net.milli, 'pc')} ${net.base}`;
}

/** Price for so much of it, half up: `perMilli` 1000 = a kilogram, 100 = 100 g, 1 = a gram. */
const pricePer = (price: Paise, net: Milli, perMilli: number): Paise =>
  paise(divideHalfUp(BigInt(price) * BigInt(perMilli), BigInt(net)));

function unitPriceText(facts: LabelFacts, isLaw: boolean): string | null {
  const { unit } = facts.item;
  const price = sellingPriceOf(facts);
  if (unit === 'kg' || unit === 'l' || unit === 'm') return `${formatRupees(price)}/${unit}`;
  const net = netNow(facts);
  if (net === null) return null;
  const small = net.base === 'kg' ? 'g' : 'ml';
  if (net.milli >= 1_000) return `${formatRupees(pricePer(price, net.milli, 1_000))}/${net.base}`;
  // Rule 6(1)(da), amended from 1 Oct 2022: per gram or millilitre below 1 kg or 1 l. A shelf says per 100 g.
  return isLaw
    ? `${formatRupees(pricePer(price, net.milli, 1))}/${small}`
    : `${formatRupees(pricePer(price, net.milli, 100))}/100 ${small}`;
}

/** "12-11-2026", as bills print it. */
const dateText = (date: BusinessDate | null): string | null =>
  date === null ? null : `${date.slice(8, 10)}-${date.slice(5, 7)}-${date.slice(0, 4)}`;
const monthText = (date: BusinessDate | null): string | null =>
  date === null ? null : `${date.slice(5, 7)}/${date.slice(0, 4)}`;

const captions: Readonly<Record<LabelLanguage, Readonly<Partial<Record<LabelField, string>>>>> = {
  en: {
    mrp: 'MRP',
    sellingPrice: 'Our price',
    saving: 'You save',
    netQty: 'Net qty:',
    weight: 'Net wt:',
    weightPrice: 'Price',
    unitSalePrice: 'USP',
    packedOn: 'Packed',
    packedMonth: 'Pkd',
    expiresOn: 'Use by',
    batchCode: 'Batch',
    itemCode: 'Code',
    shopName: 'Packed by:',
    shopPhone: 'Consumer care:',
    fssai: 'FSSAI',
  },
  hi: {
    mrp: 'MRP',
    sellingPrice: 'हमारा भाव',
    saving: 'बचत',
    netQty: 'वज़न/मात्रा:',
    weight: 'वज़न:',
    weightPrice: 'दाम',
    unitSalePrice: 'USP',
    packedOn: 'पैक',
    packedMonth: 'पैक',
    expiresOn: 'इस्तेमाल तक',
    batchCode: 'बैच',
    itemCode: 'कोड',
    shopName: 'पैक करने वाले:',
    shopPhone: 'शिकायत के लिए:',
    fssai: 'FSSAI',
  },
};

const known = (text: string | null | undefined): string | null =>
  text === null || text === undefined || text.trim() === '' ? null : text;

function bareText(field: LabelField, facts: LabelFacts, language: LabelLanguage): string | null {
  const { item, batch, shop } = facts;
  const mrp = mrpOf(facts);
  const price = sellingPriceOf(facts);
  switch (field) {
    case 'name':
      return language === 'hi' ? (known(item.nameHi) ?? item.name) : item.name;
    case 'nameEn':
      return item.name;
    case 'nameHi':
      return known(item.nameHi);
    case 'brand':
      return known(item.brand);
    case 'mrp':
      return mrp === null ? null : formatRupees(mrp);
    case 'sellingPrice':
      return formatRupees(price);
    case 'saving':
      return mrp === null || mrp <= price ? null : formatRupees(subtractPaise(mrp, price));
    case 'unitPrice':
      return unitPriceText(facts, false);
    case 'unitSalePrice':
      return unitPriceText(facts, true);
    case 'netQty': {
      const net = netNow(facts);
      return net === null ? null : netText(net);
    }
    case 'weight':
      return facts.weightMilli === null ? null : `${formatQty(facts.weightMilli, 'kg')} kg`;
    case 'weightPrice': {
      const amount = weightPriceOf(facts);
      return amount === null ? null : formatRupees(amount);
    }
    case 'packedOn':
      return dateText(batch?.packedOn ?? (facts.weightMilli === null ? null : facts.today));
    case 'packedMonth':
      return monthText(batch?.packedOn ?? (facts.weightMilli === null ? null : facts.today));
    case 'expiresOn':
      return dateText(batch?.expiresOn ?? null);
    case 'batchCode':
      return known(batch?.code);
    case 'itemCode':
      return item.code;
    case 'codeText':
      return known(item.barcodes[0]?.code);
    case 'inclusiveOfTaxes':
      return language === 'hi' ? '(सभी कर सहित)' : '(incl. of all taxes)';
    case 'shopName':
      return known(shop.name);
    case 'shopAddress':
      return known(shop.address);
    case 'shopPhone':
      return known(shop.phone);
    case 'fssai':
      return known(shop.fssai);
    case 'free':
      return null;
  }
}

/** Spaces for whatever breaks a line or can't be printed: a label's text is words, never commands. */
export const plainText = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Co}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffd]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** The text of a field, with its word before it where asked; null when the fact is not known. */
export function fieldText(
  field: LabelField,
  facts: LabelFacts,
  language: LabelLanguage,
  hasCaption: boolean,
): string | null {
  const bare = bareText(field, facts, language);
  if (bare === null) return null;
  const caption = hasCaption ? captions[language][field] : undefined;
  const text = plainText(caption === undefined ? bare : `${caption} ${bare}`);
  return text === '' ? null : text;
}
