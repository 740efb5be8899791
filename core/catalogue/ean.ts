/**
 * Trade item numbers: EAN-8, EAN-13, UPC-A, UPC-E and ITF-14 (GTIN-8, 12, 13, 14) and the one form in which
 * the shop keeps them. Rule kept: two printings of the same number (UPC-A on one pack, the same number as
 * EAN-13 on another) give the same canonical text. Never guesses a wrong digit. Source: GS1 General
 * Specifications §3.3 (a GTIN's identity is its value, leading zeros are only padding).
 */
import { hasCheckDigit, withCheckDigit } from './check-digit.ts';

/** Canonical: 8 digits when the value fits EAN-8, else 13, else 14. Check digit right. */
export type Gtin = string & { readonly __kind: 'gtin' };

/** 8, 12, 13 or 14 digits with a right check digit; zeros alone are a scanner's noise, not a number. */
export const isGtin = (text: string): boolean =>
  /^(\d{8}|\d{12,14})$/.test(text) && /[1-9]/.test(text) && hasCheckDigit(text);

/**
 * The canonical GTIN of an EAN-8, UPC-A, EAN-13 or ITF-14 text, or null. UPC-A gains its leading 0; a
 * GTIN-14 that is only a padded EAN-13 loses it. A case's GTIN-14 (indicator 1–8) stays itself: it is
 * another trade item with its own unit and price.
 */
export function gtinOf(text: string): Gtin | null {
  if (!isGtin(text)) return null;
  const value = text.replace(/^0+/, '');
  return value.padStart(value.length <= 8 ? 8 : value.length <= 13 ? 13 : 14, '0') as Gtin;
}

/** The 14-digit form that GS1 element strings carry. */
export const gtin14Of = (gtin: Gtin): string => gtin.padStart(14, '0');

/**
 * UPC-E (8 digits: number system 0 or 1, six digits, check digit) written out as UPC-A, or null when the
 * check digit does not fit. Source: GS1 General Specifications §5.2.2.4.2, zero suppression.
 */
export function expandUpcE(text: string): string | null {
  const match = /^([01])(\d{5})(\d)(\d)$/.exec(text);
  if (!match) return null;
  const [, system = '', five = '', last = '', check = ''] = match;
  const body =
    last <= '2'
      ? `${five.slice(0, 2)}${last}0000${five.slice(2)}`
      : last === '3'
        ? `${five.slice(0, 3)}00000${five.slice(3)}`
        : last === '4'
          ? `${five.slice(0, 4)}00000${five.slice(4)}`
          : `${five}0000${last}`;
  const upcA = withCheckDigit(system + body);
  return upcA.endsWith(check) ? upcA : null;
}

/** How a barcode is kept and looked up: a GTIN in its canonical form, so that UPC-A and EAN-13 of the same goods meet; any other code as it is. */
export const barcodeKey = (code: string): string => gtinOf(code) ?? code;
