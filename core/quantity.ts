/**
 * Quantity: integer milli-units of an item's base unit (1 piece = 1000, 1 kg = 1000). Rule kept: no
 * floats; kilograms print with three decimals, pieces with none. Units are the GST portal's UQC codes.
 */
import { withoutGrouping } from './grouping.ts';

export type Milli = number & { readonly __unit: 'milli' };

export const onePiece = 1000 as Milli;
/** 10 lakh units: a quantity beyond it is a typing or scanning accident, refused as QuantityTooLarge. */
export const maxQty = 1_000_000_000 as Milli;

/** Brands a whole number as milli-units. Throws on a fraction: a bug, not bad input. */
export function milli(n: number): Milli {
  if (!Number.isSafeInteger(n)) throw new RangeError(`not whole milli-units: ${n}`);
  return (n === 0 ? 0 : n) as Milli;
}

/** Sale units, each with its UQC (CBIC unit quantity code) and whether it is weighed or measured. */
export const units = {
  pc: { uqc: 'PCS', measured: false },
  kg: { uqc: 'KGS', measured: true },
  g: { uqc: 'GMS', measured: true },
  l: { uqc: 'LTR', measured: true },
  ml: { uqc: 'MLT', measured: true },
  m: { uqc: 'MTR', measured: true },
  pack: { uqc: 'PAC', measured: false },
  box: { uqc: 'BOX', measured: false },
  dozen: { uqc: 'DOZ', measured: false },
} as const;
export type Unit = keyof typeof units;
export const isUnit = (text: string): text is Unit => Object.hasOwn(units, text);
export const isMeasured = (unit: Unit): boolean => units[unit].measured;

/** 2350, kg → "2.350"; 2000, pc → "2"; 1500, pc → "1.5" (a half box does occur in files). */
export function formatQty(qty: Milli, unit: Unit): string {
  const magnitude = Math.abs(qty);
  const whole = Math.floor(magnitude / 1000);
  const rest = String(magnitude % 1000).padStart(3, '0');
  const text = isMeasured(unit)
    ? `${whole}.${rest}`
    : rest === '000'
      ? `${whole}`
      : `${whole}.${rest.replace(/0+$/, '')}`;
  return qty < 0 ? `−${text}` : text;
}

/** "2.35" → 2350; at most three decimals; null when it is not a quantity. */
export function parseQty(text: string): Milli | null {
  const plain = withoutGrouping(text.trim());
  const match = plain === null ? null : /^(-?)(\d{0,9})(?:\.(\d{0,3}))?$/.exec(plain);
  if (!match || (match[2] === '' && !match[3])) return null;
  const value = Number(match[2] || '0') * 1000 + Number((match[3] ?? '').padEnd(3, '0'));
  return milli(match[1] === '-' ? -value : value);
}

/** qty × pack, both in milli: 2 cases (2000) of 12 (12000) = 24000, half up. */
export function multiplyQty(qty: Milli, pack: Milli): Milli {
  const product = BigInt(qty) * BigInt(pack);
  const magnitude = product < 0n ? -product : product;
  const rounded = Number((magnitude * 2n + 1000n) / 2000n);
  return milli(product < 0n ? -rounded : rounded);
}
