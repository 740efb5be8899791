/**
 * In-store codes: EAN-13 numbers that a scale or label printer of the shop prints with a weight, price,
 * discount or count inside, read by masks that the shop defines. Rule kept: a mask never matches a code
 * whose check digit is wrong. Never looks an item up: it yields the base code that the item carries.
 * Notation as in Odoo's barcode nomenclature: digits match themselves, '.' any digit, {NNDDD} the value (N
 * whole, D decimal digits); ours besides: V, a digit that is passed over (a verifier of some scales).
 */
import { basisPoints, paise } from '../money.ts';
import type { BasisPoints, Paise } from '../money.ts';
import { milli } from '../quantity.ts';
import type { Milli } from '../quantity.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { withCheckDigit } from './check-digit.ts';
import { isGtin } from './ean.ts';

export type InStoreMask = {
  readonly kind: 'weight' | 'price' | 'discount' | 'quantity';
  readonly pattern: string;
};

/** A pattern taken apart. `valueStart`..`valueEnd` index the code's digits. */
export type Mask = {
  readonly pattern: string;
  /** One entry per digit of the code: a digit, '.', 'V', 'N' or 'D'. */
  readonly places: string;
  readonly wholeDigits: number;
  readonly decimals: number;
};

export type MaskInvalid = {
  readonly type: 'MaskInvalid';
  readonly reason: 'Empty' | 'BadCharacter' | 'NoValue' | 'TwoValues' | 'EmptyValue' | 'TooLong' | 'NoFixedDigit';
};

/** What ships: weight in kg, price in ₹, discount in percent (rules-gst-retail §3.8). */
export const defaultMasks: readonly InStoreMask[] = [
  { kind: 'weight', pattern: '21.....{NNDDD}' },
  { kind: 'price', pattern: '23.....{NNNDD}' },
  { kind: 'discount', pattern: '22{NN}' },
];

/**
 * Takes a pattern apart. It may be shorter than the code (the rest is free), never longer than 13. In a shop's
 * own mask a fixed first digit is asked for, so that it can't swallow every goods barcode; `free` allows it.
 */
export function parseMask(pattern: string, options: { readonly free?: boolean } = {}): Result<Mask, MaskInvalid> {
  const refuse = (reason: MaskInvalid['reason']): Result<Mask, MaskInvalid> => err({ type: 'MaskInvalid', reason });
  const text = pattern.trim();
  if (text === '') return refuse('Empty');
  if (text.length > 40) return refuse('TooLong');
  if (/\{\}/.test(text)) return refuse('EmptyValue');
  const groups = text.match(/\{N*D*\}/g) ?? [];
  if (/[^\d.V]/.test(text.replace(/\{N*D*\}/g, ''))) return refuse('BadCharacter');
  if (groups.length > 1) return refuse('TwoValues');
  const group = groups[0];
  if (group === undefined && options.free !== true) return refuse('NoValue');
  const places = text.replace(/[{}]/g, '');
  if (places.length > 13) return refuse('TooLong');
  if (options.free !== true && !/^\d/.test(places)) return refuse('NoFixedDigit');
  return ok({
    pattern: text,
    places,
    wholeDigits: (group?.match(/N/g) ?? []).length,
    decimals: (group?.match(/D/g) ?? []).length,
  });
}

/**
 * Lays a mask on a code. `digits` is the value as a whole number scaled by 10^decimals; `baseCode` is the
 * code with value and verifier digits zeroed, and, for 12 and 13 digits, its check digit computed anew (as
 * Odoo does, so an item carries one fixed code for all weights). Null: no match or a wrong check digit.
 */
export function matchPattern(mask: Mask, code: string): { readonly baseCode: string; readonly digits: number } | null {
  if (!isGtin(code) || mask.places.length > code.length) return null;
  let value = '';
  let base = '';
  for (let i = 0; i < mask.places.length; i += 1) {
    const place = mask.places.charAt(i);
    const digit = code.charAt(i);
    if (place === 'N' || place === 'D') value += digit;
    else if (place !== '.' && place !== 'V' && place !== digit) return null;
    base += place === '.' || place === digit ? digit : '0';
  }
  base += code.slice(mask.places.length);
  const baseCode = base.length === 13 || base.length === 12 ? withCheckDigit(base.slice(0, -1)) : base;
  return { baseCode, digits: value === '' ? 0 : Number(value) };
}

/** What an in-store code says of its item; weight in milli-kg, quantity in milli-units. */
export type InStoreMeasure =
  | { readonly kind: 'weight'; readonly weightMilli: Milli }
  | { readonly kind: 'quantity'; readonly qtyMilli: Milli }
  | { readonly kind: 'price'; readonly pricePaise: Paise }
  | { readonly kind: 'discount'; readonly discountBp: BasisPoints };

/** digits / 10^decimals in units of 10^-places, half up. */
const scaled = (digits: number, decimals: number, places: number): number =>
  decimals <= places ? digits * 10 ** (places - decimals) : Math.floor(digits / 10 ** (decimals - places) + 0.5);

/** Reads a code by one mask: base code and measure, or null. A discount above 100 % is no discount: null. */
export function matchMask(
  mask: Mask,
  kind: InStoreMask['kind'],
  code: string,
): { readonly baseCode: string; readonly measure: InStoreMeasure } | null {
  const match = matchPattern(mask, code);
  if (!match) return null;
  const { baseCode, digits } = match;
  switch (kind) {
    case 'weight':
      return { baseCode, measure: { kind, weightMilli: milli(scaled(digits, mask.decimals, 3)) } };
    case 'quantity':
      return { baseCode, measure: { kind, qtyMilli: milli(scaled(digits, mask.decimals, 3)) } };
    case 'price':
      return { baseCode, measure: { kind, pricePaise: paise(scaled(digits, mask.decimals, 2)) } };
    case 'discount': {
      const bp = scaled(digits, mask.decimals, 2);
      return bp > 10_000 ? null : { baseCode, measure: { kind, discountBp: basisPoints(bp) } };
    }
  }
}

/** The prefix of codes that the shop makes itself; no shipped mask begins with it. */
const ownPrefix = '20';
export const maxInStoreNumber = 9_999_999_999;

/**
 * The in-store EAN-13 for an item without a barcode: 20 + ten digits of a counter + check digit. The counter
 * is the caller's (1…9,999,999,999). GS1 keeps 20–29 free for use inside a shop, so it meets no maker's code.
 */
export function makeInStoreCode(n: number): string {
  if (!Number.isSafeInteger(n) || n < 1 || n > maxInStoreNumber) throw new RangeError(`not an in-store number: ${n}`);
  return withCheckDigit(ownPrefix + String(n).padStart(10, '0'));
}
