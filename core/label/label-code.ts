/**
 * Which code a label bears: the item's own number as EAN, UPC or Code 128, a GS1 element string with lot and dates,
 * or the shop's in-store code with a weight or price inside. Rule kept: what is printed reads back, through
 * scan-code.ts, as the same item, lot and weight (tested). It never invents a number for an item that has none.
 */
import { withCheckDigit } from '../catalogue/check-digit.ts';
import { gtin14Of, gtinOf, isGtin } from '../catalogue/ean.ts';
import { type Gs1Element, parseGs1, writeGs1 } from '../catalogue/gs1.ts';
import { type InStoreMask, matchPattern, type Mask, parseMask } from '../catalogue/in-store-code.ts';
import { divideHalfUp } from '../money.ts';
import { err, ok, type Result } from '../result.ts';
import type { BusinessDate } from '../time.ts';
import type { LabelSymbology } from './label-design.ts';
import { type LabelFacts, mrpOf, sellingPriceOf, weightPriceOf } from './label-facts.ts';
import type { LinearKind } from './linear-code.ts';

/** `data`: digits or text as encoded; of the GS1 kinds the element string. `text`: what stands below for people. */
export type LabelCode = {
  readonly kind: LinearKind | 'gs1-datamatrix';
  readonly data: string;
  readonly text: string;
};
export type LabelCodeTrouble =
  /** The item has no barcode. */
  | 'noBarcode'
  /** GS1 wants a GTIN, and the item has only a code of the shop's. */
  | 'noGtin'
  /** No barcode of the item fits a weight or price mask of the shop. */
  | 'noWeighedCode'
  | 'noWeight'
  /** Heavier or dearer than the mask has digits for. */
  | 'doesNotFitMask'
  /** A character the symbol can't hold. */
  | 'codeNotPossible';

const yymmdd = (date: BusinessDate): string => date.slice(2).replaceAll('-', '');

/** (01) GTIN, (13) packed, (17) use by, (10) lot, (3103) kg, (392x) price of a weighed pack; in the shortest order. */
function gs1Elements(facts: LabelFacts, gtin14: string): readonly Gs1Element[] {
  const { batch, weightMilli } = facts;
  const elements: Gs1Element[] = [{ ai: '01', value: gtin14 }];
  if (batch?.packedOn != null) elements.push({ ai: '13', value: yymmdd(batch.packedOn) });
  if (batch?.expiresOn != null) elements.push({ ai: '17', value: yymmdd(batch.expiresOn) });
  if (weightMilli !== null) elements.push({ ai: '3103', value: String(weightMilli).padStart(6, '0') });
  const price = weightPriceOf(facts);
  if (price !== null) elements.push({ ai: '3922', value: String(price) });
  // Last, for its length is not known beforehand: no separator after it.
  if (batch?.code != null && batch.code !== '') elements.push({ ai: '10', value: batch.code });
  return elements;
}

const bracketed = (elements: readonly Gs1Element[]): string =>
  elements.map(({ ai, value }) => `(${ai})${value}`).join('');

function gs1Code(kind: 'gs1-128' | 'gs1-datamatrix', facts: LabelFacts): Result<LabelCode, LabelCodeTrouble> {
  const gtin = facts.item.barcodes.map(({ code }) => gtinOf(code)).find((one) => one !== null);
  if (gtin === undefined) return err(facts.item.barcodes.length === 0 ? 'noBarcode' : 'noGtin');
  const elements = gs1Elements(facts, gtin14Of(gtin as NonNullable<typeof gtin>));
  const data = writeGs1(elements);
  // A lot's code may hold what GS1's 82 characters don't.
  return parseGs1(data).ok ? ok({ kind, data, text: bracketed(elements) }) : err('codeNotPossible');
}

function plainCode(code: string): Result<LabelCode, LabelCodeTrouble> {
  if (isGtin(code)) {
    if (code.length === 8) return ok({ kind: 'ean8', data: code, text: code });
    if (code.length === 13) {
      return code.startsWith('0')
        ? ok({ kind: 'upca', data: code.slice(1), text: code.slice(1) })
        : ok({ kind: 'ean13', data: code, text: code });
    }
    if (code.length === 12) return ok({ kind: 'upca', data: code, text: code });
    return ok({ kind: 'gs1-128', data: `01${code}`, text: `(01)${code}` });
  }
  return /^[ -~]{1,48}$/.test(code) ? ok({ kind: 'code128', data: code, text: code }) : err('codeNotPossible');
}

/**
 * The in-store code of `baseCode` with a value inside: digits of the value as a whole number scaled by the mask's
 * decimals. Null when it has more digits than the mask, or the code does not fit the mask.
 */
export function codeWithMeasure(mask: Mask, baseCode: string, digits: number): string | null {
  const valueDigits = [...mask.places].filter((place) => place === 'N' || place === 'D').length;
  const value = String(digits).padStart(valueDigits, '0');
  if (valueDigits === 0 || value.length > valueDigits || digits < 0) return null;
  // A verifier digit of some scales is passed over by the reader: zero.
  let next = 0;
  let body = '';
  for (let i = 0; i < baseCode.length - 1; i += 1) {
    const place = mask.places.charAt(i);
    if (place === 'N' || place === 'D') {
      body += value.charAt(next);
      next += 1;
    } else body += baseCode.charAt(i);
  }
  if (next !== valueDigits || !/^\d+$/.test(body)) return null;
  return withCheckDigit(body);
}

/** value in thousandths or hundredths → a whole number with the mask's decimals. */
const toDecimals = (value: number, places: number, decimals: number): number =>
  decimals >= places ? value * 10 ** (decimals - places) : divideHalfUp(value, 10 ** (places - decimals));

function weighedCode(facts: LabelFacts): Result<LabelCode, LabelCodeTrouble> {
  const { weightMilli } = facts;
  if (weightMilli === null) return err('noWeight');
  const price = weightPriceOf(facts) ?? 0;
  let trouble: LabelCodeTrouble = facts.item.barcodes.length === 0 ? 'noBarcode' : 'noWeighedCode';
  for (const { kind, pattern } of facts.shop.masks as readonly InStoreMask[]) {
    if (kind !== 'weight' && kind !== 'price') continue;
    const mask = parseMask(pattern);
    if (!mask.ok) continue;
    for (const { code } of facts.item.barcodes) {
      const base = matchPattern(mask.value, code);
      if (base === null || base.baseCode !== code) continue;
      const digits = toDecimals(
        kind === 'weight' ? weightMilli : price,
        kind === 'weight' ? 3 : 2,
        mask.value.decimals,
      );
      const made = codeWithMeasure(mask.value, code, digits);
      if (made !== null) return plainCode(made);
      trouble = 'doesNotFitMask';
    }
  }
  return err(trouble);
}

/** The code that a label of these goods bears. */
export function codeOf(symbology: LabelSymbology, facts: LabelFacts): Result<LabelCode, LabelCodeTrouble> {
  if (symbology === 'weighed') return weighedCode(facts);
  if (symbology === 'gs1-128' || symbology === 'gs1-datamatrix') return gs1Code(symbology, facts);
  const code = facts.item.barcodes[0]?.code;
  if (code === undefined || code === '') return err('noBarcode');
  if (symbology === 'auto') return plainCode(code);
  return /^[ -~]{1,48}$/.test(code) ? ok({ kind: 'code128', data: code, text: code }) : err('codeNotPossible');
}

/** A price label that would offend: sold above the MRP. */
export const isAboveMrp = (facts: LabelFacts): boolean => {
  const mrp = mrpOf(facts);
  return mrp !== null && sellingPriceOf(facts) > mrp;
};
