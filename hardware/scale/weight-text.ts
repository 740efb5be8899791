/**
 * Weights as scales write them, turned into whole milli-kilograms. Rule kept: no floats; kilograms and grams are
 * exact, pounds and ounces by their legal size (International Yard and Pound Agreement 1959: 0.45359237 kg), half up.
 */
import { type Milli, milli } from '#core/quantity.ts';

export type WeightUnit = 'kg' | 'g' | 'lb' | 'oz';

/** One unit in milli-kilograms as a fraction. */
const sizes: Readonly<Record<WeightUnit, readonly [bigint, bigint]>> = {
  kg: [1_000n, 1n],
  g: [1n, 1n],
  lb: [45_359_237n, 100_000n],
  oz: [45_359_237n, 1_600_000n],
};

const words: Readonly<Record<string, WeightUnit>> = {
  kg: 'kg',
  kgs: 'kg',
  k: 'kg',
  g: 'g',
  gm: 'g',
  gms: 'g',
  gr: 'g',
  lb: 'lb',
  lbs: 'lb',
  oz: 'oz',
};

/** "Kg", " gms" → unit; null when it is none. */
export const unitOf = (text: string): WeightUnit | null => words[text.trim().toLowerCase()] ?? null;

/** 100 tonnes in grams: a number beyond it is not a shop's scale. */
const maxMilli = 100_000_000n;

/** "+  4.876", kg → 4876; a comma is a decimal point; null when it is no number or beyond any shop's scale. */
export function readWeight(text: string, unit: WeightUnit): Milli | null {
  const match = /^([+-]?)(\d{0,9})(?:[.,](\d{0,6}))?$/.exec(text.replaceAll(/\s/g, ''));
  if (match === null) return null;
  const [, sign = '', whole = '', rest = ''] = match;
  if (whole === '' && rest === '') return null;
  const [times, per] = sizes[unit];
  const over = per * 10n ** BigInt(rest.length);
  const grams = (BigInt(`${whole}${rest}`) * times * 2n + over) / (2n * over);
  if (grams > maxMilli) return null;
  return milli(sign === '-' ? -Number(grams) : Number(grams));
}
