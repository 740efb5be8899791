/**
 * GSTIN: the 15 characters that name a registered person: State, PAN, entity number, a letter, check digit.
 * The one rule: a GSTIN is accepted only when its base-36 check digit fits. It never says that the
 * registration is alive: only the portal knows that.
 */
import { err, ok, type Result } from '../result.ts';
import { findState } from './place.ts';

/** A checked GSTIN, upper case. */
export type Gstin = string & { readonly __kind: 'gstin' };
export type GstinInvalid = {
  readonly type: 'GstinInvalid';
  readonly reason: 'length' | 'characters' | 'state' | 'checkDigit';
};

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** State, then PAN (5 letters, 4 digits, letter), entity number 1–9 A–Z, Z (or another letter), check digit. */
const shape = /^\d{2}[A-Z]{5}\d{4}[A-Z][1-9A-Z][A-Z\d][\dA-Z]$/;

/**
 * The 15th character for the first 14: weights 1, 2, 1, 2 … over base-36 values, each product folded to
 * quotient + remainder by 36, the sum's complement modulo 36 (the GST portal's published check).
 */
export function gstinCheckDigit(first14: string): string {
  let sum = 0;
  for (let i = 0; i < 14; i += 1) {
    const product = alphabet.indexOf(first14.charAt(i)) * (i % 2 === 0 ? 1 : 2);
    sum += Math.floor(product / 36) + (product % 36);
  }
  return alphabet.charAt((36 - (sum % 36)) % 36);
}

/** Reads what a person typed: spaces around and lower case are forgiven, nothing else is. */
export function checkGstin(text: string): Result<Gstin, GstinInvalid> {
  const gstin = text.trim().toUpperCase();
  if (gstin.length !== 15) return err({ type: 'GstinInvalid', reason: 'length' });
  if (!shape.test(gstin)) return err({ type: 'GstinInvalid', reason: 'characters' });
  if (findState(gstin.slice(0, 2)) === null) return err({ type: 'GstinInvalid', reason: 'state' });
  if (gstinCheckDigit(gstin.slice(0, 14)) !== gstin.charAt(14))
    return err({ type: 'GstinInvalid', reason: 'checkDigit' });
  return ok(gstin as Gstin);
}

/** The State code of a checked GSTIN. */
export const stateOfGstin = (gstin: Gstin): string => gstin.slice(0, 2);
/** The PAN inside a checked GSTIN: the same for every registration of one person. */
export const panOfGstin = (gstin: Gstin): string => gstin.slice(2, 12);
