/**
 * Money: integer paise, and the only place where paise are parsed, printed, divided or shared out.
 * Rule kept: no float ever holds money; every division names its rounding (half up, away from zero on
 * a tie, as the GST portal rounds). Never formats for a locale other than India's 1,23,456.50 grouping.
 */
import { withoutGrouping } from './grouping.ts';
import type { Milli } from './quantity.ts';

/** A whole number of paise; 100 paise = ₹1. May be negative (a refund, a discount). */
export type Paise = number & { readonly __unit: 'paise' };
/** Hundredths of one percent: 1800 = 18 %. */
export type BasisPoints = number & { readonly __unit: 'basisPoints' };

export const zeroPaise = 0 as Paise;
/** ₹90 lakh crore: past this, sums of two amounts could leave the safe integers. */
export const maxPaise = 900_719_925_474_099 as Paise;

/** Brands a whole number as paise. Throws on a fraction or out of range: that is a bug, not bad input. */
export function paise(n: number): Paise {
  if (!Number.isSafeInteger(n)) throw new RangeError(`not a whole number of paise: ${n}`);
  return (n === 0 ? 0 : n) as Paise;
}

export function basisPoints(n: number): BasisPoints {
  if (!Number.isSafeInteger(n) || n < 0) throw new RangeError(`not basis points: ${n}`);
  return n as BasisPoints;
}

export const addPaise = (...amounts: readonly Paise[]): Paise => paise(amounts.reduce<number>((s, a) => s + a, 0));
export const subtractPaise = (a: Paise, b: Paise): Paise => paise(a - b);
export const negatePaise = (a: Paise): Paise => paise(-a);

/**
 * numerator / denominator rounded half away from zero ("half up" on the magnitude), exact for any
 * integers: falls back to BigInt when the product left the safe range. Source: GST portal practice,
 * India Compliance and Odoo round half up at 2 decimals.
 */
export function divideHalfUp(numerator: number | bigint, denominator: number | bigint): number {
  if (typeof numerator === 'number' && typeof denominator === 'number') {
    if (Number.isSafeInteger(numerator * 2) && Number.isSafeInteger(denominator * 2)) {
      if (denominator <= 0) throw new RangeError('denominator must be positive');
      const magnitude = Math.abs(numerator);
      const q = Math.floor(magnitude / denominator);
      const r = magnitude - q * denominator;
      const rounded = r * 2 >= denominator ? q + 1 : q;
      return numerator < 0 && rounded !== 0 ? -rounded : rounded;
    }
  }
  const n = BigInt(numerator);
  const d = BigInt(denominator);
  if (d <= 0n) throw new RangeError('denominator must be positive');
  const magnitude = n < 0n ? -n : n;
  const rounded = Number((magnitude * 2n + d) / (d * 2n));
  return n < 0n && rounded !== 0 ? -rounded : rounded;
}

/** a × b ÷ c, half up, without losing digits between (c > 0). */
export function multiplyDivide(a: number, b: number, c: number): number {
  const product = a * b;
  return Number.isSafeInteger(product) ? divideHalfUp(product, c) : divideHalfUp(BigInt(a) * BigInt(b), BigInt(c));
}

/** Unit rate (paise per 1000 milli-units) × quantity, half up to the paisa. */
export const amountOf = (ratePaise: Paise, qty: Milli): Paise => paise(multiplyDivide(ratePaise, qty, 1000));

/** `bp` basis points of an amount, half up to the paisa. */
export const shareOf = (amount: Paise, bp: BasisPoints): Paise => paise(multiplyDivide(amount, bp, 10_000));

/**
 * Splits `total` over `weights` in proportion; the parts always add up to `total`. Each part is rounded
 * half up, the residual paisa goes to the largest weight (first of equals), as rules-gst-retail.md §3.2 asks
 * of a bill discount. Weights must be ≥ 0; all-zero weights put everything on the first.
 */
export function allocate(total: Paise, weights: readonly number[]): Paise[] {
  if (weights.length === 0) {
    if (total !== 0) throw new RangeError('nothing to allocate to');
    return [];
  }
  const sum = weights.reduce((s, w) => {
    if (w < 0) throw new RangeError('negative weight');
    return s + w;
  }, 0);
  let largest = 0;
  weights.forEach((w, i) => {
    if (w > (weights[largest] ?? 0)) largest = i;
  });
  const parts = weights.map((w) => (sum === 0 ? 0 : multiplyDivide(total, w, sum)));
  const residual = total - parts.reduce((s, p) => s + p, 0);
  parts[largest] = (parts[largest] ?? 0) + residual;
  return parts.map(paise);
}

/** Rounds to the nearest multiple of `step` paise, half up; step 1 leaves it. */
export const roundToStep = (amount: Paise, step: Paise): Paise =>
  step <= 1 ? amount : paise(divideHalfUp(amount, step) * step);

const grouped = (digits: string): string => {
  const last3 = digits.slice(-3);
  const rest = digits.slice(0, -3);
  return rest === '' ? last3 : `${rest.replace(/\B(?=(\d\d)+$)/g, ',')},${last3}`;
};

/** 12345650 → "1,23,456.50"; minus is "−" (U+2212), as screens.md §7 asks. */
export function formatPaise(amount: Paise): string {
  const magnitude = Math.abs(amount);
  const text = `${grouped(String(Math.floor(magnitude / 100)))}.${String(magnitude % 100).padStart(2, '0')}`;
  return amount < 0 ? `−${text}` : text;
}

/** "₹1,23,456.50" */
export const formatRupees = (amount: Paise): string =>
  amount < 0 ? `−₹${formatPaise(negatePaise(amount))}` : `₹${formatPaise(amount)}`;

/** For a desk, not a counter: "₹1,23,457", half up to the rupee, from ₹100 on; below that "₹99.50". */
export function formatDeskRupees(amount: Paise): string {
  if (Math.abs(amount) < 10_000) return formatRupees(amount);
  return formatRupees(roundToStep(amount, 100 as Paise)).slice(0, -3);
}

/** "123456.50": plain decimal for files, UPI `am=`, JSON of the law. ASCII minus. */
export function paiseToDecimal(amount: Paise): string {
  const magnitude = Math.abs(amount);
  return `${amount < 0 ? '-' : ''}${Math.floor(magnitude / 100)}.${String(magnitude % 100).padStart(2, '0')}`;
}

/**
 * Reads what a person or a file wrote: "45", "45.5", "1,23,456.50", "₹45". Up to two decimals unless
 * `excess: 'round'` (files with long floats). Returns null when it is not an amount of money.
 */
export function parsePaise(text: string, options: { readonly excess?: 'refuse' | 'round' } = {}): Paise | null {
  const cleaned = text
    .trim()
    .replace(/^(₹|rs\.?|inr)\s*/i, '')
    .replace('−', '-');
  const plain = withoutGrouping(cleaned);
  const match = plain === null ? null : /^(-?)(\d{0,13})(?:\.(\d*))?$/.exec(plain);
  if (!match || (match[2] === '' && !match[3])) return null;
  const decimals = match[3] ?? '';
  if (decimals.length > 2 && options.excess !== 'round' && /[1-9]/.test(decimals.slice(2))) return null;
  const hundredths = divideHalfUp(BigInt(decimals.padEnd(2, '0')) * 100n, 10n ** BigInt(Math.max(2, decimals.length)));
  const value = Number(match[2] || '0') * 100 + hundredths;
  return paise(match[1] === '-' ? -value : value);
}
