/**
 * What a scan is: the one door through which every code from a scanner or the keyboard passes before an item
 * is looked up. Rule kept: every string gets exactly one reading and nothing throws; a reading never says
 * that an item exists. Never adds a line by itself: a payment QR or a bad scan must not become goods.
 *
 * Decided: 12, 13 and 14 digits with a wrong check digit are a bad scan. 8 digits with a wrong one are the
 * shop's own code (shops number their goods with 4 to 8 digits), as is every other length.
 */
import type { Milli } from '../quantity.ts';
import type { Paise } from '../money.ts';
import type { BusinessDate } from '../time.ts';
import { hasCheckDigit } from './check-digit.ts';
import { expandUpcE, gtinOf } from './ean.ts';
import type { Gtin } from './ean.ts';
import { goodsOf } from './gs1-goods.ts';
import { groupSeparator, parseDigitalLink, parseGs1 } from './gs1.ts';
import type { Gs1Element } from './gs1.ts';
import { matchMask, parseMask } from './in-store-code.ts';
import type { InStoreMask, InStoreMeasure } from './in-store-code.ts';

export type ScanReading =
  /** `code` is what was printed, `gtin` its canonical form: look up both. */
  | { readonly kind: 'gtin'; readonly gtin: Gtin; readonly code: string }
  | { readonly kind: 'badCheckDigit'; readonly code: string }
  | {
      readonly kind: 'inStore';
      readonly code: string;
      /** The item's fixed code: the measure's digits are zero, the check digit fits. */
      readonly baseCode: string;
      readonly measure: InStoreMeasure;
    }
  | {
      readonly kind: 'gs1';
      /** Null on a label without goods (a pallet's SSCC, a coupon). */
      readonly gtin: Gtin | null;
      readonly batch: string | null;
      readonly expiry: BusinessDate | null;
      readonly qtyMilli: Milli | null;
      readonly weightMilli: Milli | null;
      readonly pricePaise: Paise | null;
      readonly serial: string | null;
      readonly elements: readonly Gs1Element[];
    }
  /** A UPI or Bharat QR, or a web address: shown to pay or to read, never goods. */
  | { readonly kind: 'paymentQr'; readonly text: string }
  /** The shop's own item code, a bill number, a staff card: whoever looks it up decides. */
  | { readonly kind: 'plain'; readonly code: string }
  | { readonly kind: 'unreadable'; readonly reason: 'empty' | 'tooLong' | 'controlCharacters' | 'badGs1' };

export type ScanOptions = {
  readonly masks: readonly InStoreMask[];
  /** Today's year: two-digit years of GS1 dates are near it. */
  readonly year: number;
};

export const maxPlainCode = 48;
/** The longest GS1 symbol or address that is read; longer is a document's QR, not a thing on a shelf. */
const maxSymbol = 1024;

/** AIM identifiers (ISO/IEC 15424) that say "GS1 element string follows". */
const gs1Symbols = new Set([']C1', ']d2', ']Q3', ']e0', ']J1']);
const edges = /^[\s\p{Cc}]+|[\s\p{Cc}]+$/gu;

/**
 * Reads one scan. `raw` is what came between the scanner's start and its terminator, prefix and all.
 * Masks that don't parse are passed over (they were refused when the shop wrote them).
 */
export function readScan(raw: string, options: ScanOptions): ScanReading {
  if (raw.length > maxSymbol * 4) return { kind: 'unreadable', reason: 'tooLong' };
  const trimmed = raw.replace(edges, '');
  const symbology = /^\][A-Za-z][0-9A-Za-z]/.exec(trimmed)?.[0] ?? null;
  // FNC1 in first place, sent as GS, says GS1 as a prefix does.
  const isGs1Symbol = (symbology !== null && gs1Symbols.has(symbology)) || raw.trimStart().startsWith(groupSeparator);
  const text = (symbology === null ? trimmed : trimmed.slice(3)).replace(edges, '');
  if (text === '') return { kind: 'unreadable', reason: 'empty' };
  if (text.length > maxSymbol) return { kind: 'unreadable', reason: 'tooLong' };
  if (/^https?:\/\//i.test(text)) return readLink(text, options);
  if (/^(upi|bharatpe|phonepe|paytmmp|gpay|tez):/i.test(text) || /^000201.{30}/.test(text)) {
    return { kind: 'paymentQr', text };
  }
  if (isGs1Symbol || looksLikeGs1(text)) {
    const reading = readGs1(text, options);
    if (reading !== null) return reading;
    if (isGs1Symbol && !/^\d{8,14}$/.test(text)) return { kind: 'unreadable', reason: 'badGs1' };
  }
  if (/\p{Cc}/u.test(text)) return { kind: 'unreadable', reason: 'controlCharacters' };
  if (text.length > maxPlainCode) return { kind: 'unreadable', reason: 'tooLong' };
  return /^\d+$/.test(text) ? readDigits(text, options) : { kind: 'plain', code: text };
}

/** Without a GS1 prefix: a separator inside, the human form, or a key AI whose check digit fits. */
const looksLikeGs1 = (text: string): boolean =>
  text.includes(groupSeparator) ||
  /^\(\d{2,4}\)/.test(text) ||
  (/^0[12]\d{14}/.test(text) && hasCheckDigit(text.slice(2, 16))) ||
  (/^00\d{18}$/.test(text) && hasCheckDigit(text.slice(2)));

function readGs1(text: string, options: ScanOptions): ScanReading | null {
  const parsed = parseGs1(text);
  if (!parsed.ok) return parsed.error.reason === 'BadCheckDigit' ? { kind: 'badCheckDigit', code: text } : null;
  return gs1Reading(parsed.value, options);
}

function gs1Reading(elements: readonly Gs1Element[], options: ScanOptions): ScanReading {
  const { gtin, batch, expiry, qtyMilli, weightMilli, pricePaise, serial } = goodsOf(elements, options.year);
  return { kind: 'gs1', gtin, batch, expiry, qtyMilli, weightMilli, pricePaise, serial, elements };
}

function readLink(text: string, options: ScanOptions): ScanReading {
  const parsed = parseDigitalLink(text);
  if (parsed.ok) return gs1Reading(parsed.value, options);
  return parsed.error.reason === 'BadCheckDigit' ? { kind: 'badCheckDigit', code: text } : { kind: 'paymentQr', text };
}

function readDigits(digits: string, options: ScanOptions): ScanReading {
  const gtin = gtinOf(digits);
  if (gtin !== null) {
    for (const { kind, pattern } of options.masks) {
      const mask = parseMask(pattern);
      // The canonical form too, so that a mask for 02… reads the UPC-A that many scales print.
      const match = mask.ok ? (matchMask(mask.value, kind, gtin) ?? matchMask(mask.value, kind, digits)) : null;
      if (match !== null) return { kind: 'inStore', code: digits, ...match };
    }
    return { kind: 'gtin', gtin, code: digits };
  }
  const expanded = gtinOf(expandUpcE(digits) ?? '');
  if (expanded !== null) return { kind: 'gtin', gtin: expanded, code: digits };
  if (digits.length >= 12 && digits.length <= 14) return { kind: 'badCheckDigit', code: digits };
  return { kind: 'plain', code: digits };
}
