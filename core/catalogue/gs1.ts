/**
 * GS1 element strings: what GS1-128, DataBar, DataMatrix and QR symbols of goods say (GTIN, batch, dates,
 * weight, price), with separators, in the human form with brackets, or as a GS1 Digital Link address.
 * Rule kept: the whole text parses or none of it; errors are data with the place. Never guesses a field's end:
 * variable fields end at GS (FNC1) or at the end of the text. Source: GS1 General Specifications §3, §7.8, §7.12.
 */
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import type { BusinessDate } from '../time.ts';
import { hasCheckDigit } from './check-digit.ts';
import { gs1Shapes, identifierAt } from './gs1-identifiers.ts';
import type { Gs1Shape } from './gs1-identifiers.ts';

/** FNC1 as scanners send it between fields (ASCII group separator). */
export const groupSeparator = '\u001d';

export type Gs1Element = { readonly ai: string; readonly value: string };
export type Gs1Invalid = {
  readonly type: 'Gs1Invalid';
  readonly reason:
    | 'Empty'
    | 'UnknownAi'
    | 'TooShort'
    | 'TooLong'
    | 'NotDigits'
    | 'BadCharacter'
    | 'BadCheckDigit'
    | 'BadDate'
    | 'Repeated'
    | 'NotALink';
  readonly ai: string | null;
  /** Index in the text where the field begins. */
  readonly at: number;
};

/** GS1's 82 characters (General Specifications figure 7.11-1) plus the space some printers let through. */
const textValue = /^[ !"%-?A-Z_a-z]*$/;

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const lastDay = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;

/**
 * YYMMDD as a date; day 00 is the month's last day. The century is GS1's: within 49 years before and 50 after
 * `year` (General Specifications §7.12). "520300" in 2026 → 2052-03-31. Null when it is no date.
 */
export function gs1Date(text: string, year: number): BusinessDate | null {
  if (!/^\d{6}$/.test(text)) return null;
  const century = Math.floor(year / 100) * 100;
  const difference = Number(text.slice(0, 2)) - (year % 100);
  const full = century + Number(text.slice(0, 2)) + (difference >= 51 ? -100 : difference <= -50 ? 100 : 0);
  const month = Number(text.slice(2, 4));
  if (month < 1 || month > 12) return null;
  const last = lastDay(full, month);
  const day = text.endsWith('00') ? last : Number(text.slice(4));
  if (day > last) return null;
  return `${full}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}` as BusinessDate;
}

/** Why a value does not have its AI's shape, or null. Dates are checked in a leap year: only the year makes 29 Feb wrong. */
function faultOf(shape: Gs1Shape, value: string): Gs1Invalid['reason'] | null {
  if (value.length < shape.min) return 'TooShort';
  if (value.length > shape.max) return 'TooLong';
  let at = 0;
  for (const part of shape.parts) {
    const piece = value.slice(at, at + part.max);
    at += piece.length;
    if (piece.length < part.min) return 'TooShort';
    if (part.digits && !/^\d*$/.test(piece)) return 'NotDigits';
    if (!textValue.test(piece)) return 'BadCharacter';
    if (piece !== '' && part.check === 'digit' && !hasCheckDigit(piece)) return 'BadCheckDigit';
    if (piece !== '' && part.check !== null && part.check !== 'digit') {
      if (part.check === 'fullDate' && piece.endsWith('00')) return 'BadDate';
      if (gs1Date(piece, 2000 + Number(piece.slice(0, 2))) === null) return 'BadDate';
    }
  }
  return at < value.length ? 'TooLong' : null;
}

type Parsed = Result<readonly Gs1Element[], Gs1Invalid>;
const refuse = (reason: Gs1Invalid['reason'], ai: string | null, at: number): Parsed =>
  err({ type: 'Gs1Invalid', reason, ai, at });

/** Adds a field after checking it; the same AI twice must say the same (§4.14, some symbols repeat the GTIN). */
function addElement(elements: Gs1Element[], shape: Gs1Shape, value: string, at: number): Parsed | null {
  const fault = faultOf(shape, value);
  if (fault !== null) return refuse(fault, shape.ai, at);
  const before = elements.find((element) => element.ai === shape.ai);
  if (before === undefined) elements.push({ ai: shape.ai, value });
  else if (before.value !== value) return refuse('Repeated', shape.ai, at);
  return null;
}

/** Element string without its symbology prefix: "0108901…17261231\u001d10AB" or "(01)0890…(10)AB". */
export function parseGs1(text: string): Parsed {
  if (/^\(\d{2,4}\)/.test(text)) return parseBracketed(text);
  const elements: Gs1Element[] = [];
  let at = 0;
  while (at < text.length) {
    if (text.startsWith(groupSeparator, at)) {
      at += 1;
      continue;
    }
    const shape = identifierAt(text, at);
    if (shape === null) return refuse('UnknownAi', null, at);
    const start = at + shape.ai.length;
    const separator = text.indexOf(groupSeparator, start);
    const end = separator < 0 ? text.length : separator;
    const stop = shape.predefined ? Math.min(start + shape.max, end) : end;
    const refused = addElement(elements, shape, text.slice(start, stop), at);
    if (refused !== null) return refused;
    at = stop;
  }
  return elements.length === 0 ? refuse('Empty', null, 0) : ok(elements);
}

function parseBracketed(text: string): Parsed {
  const elements: Gs1Element[] = [];
  let at = 0;
  while (at < text.length) {
    const match = /^\((\d{2,4})\)/.exec(text.slice(at, at + 6));
    const shape = match ? gs1Shapes.get(match[1] ?? '') : undefined;
    if (!match || shape === undefined) return refuse('UnknownAi', match?.[1] ?? null, at);
    const start = at + match[0].length;
    // A batch may itself hold brackets: only "(" with an AI inside ends the value.
    let end = text.length;
    for (const next of text.slice(start).matchAll(/\((\d{2,4})\)/g)) {
      if (!gs1Shapes.has(next[1] ?? '')) continue;
      end = start + next.index;
      break;
    }
    const refused = addElement(elements, shape, text.slice(start, end).trim(), at);
    if (refused !== null) return refused;
    at = end;
  }
  return elements.length === 0 ? refuse('Empty', null, 0) : ok(elements);
}

/** The shortest element string of these fields, for labels; parseGs1 reads it back. */
export function writeGs1(elements: readonly Gs1Element[]): string {
  return elements
    .map(({ ai, value }, i) => {
      const last = i === elements.length - 1;
      return `${ai}${value}${last || gs1Shapes.get(ai)?.predefined === true ? '' : groupSeparator}`;
    })
    .join('');
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

/**
 * A GS1 Digital Link address of goods: https://any.host/…/01/GTIN[/22/…][/10/…][/21/…][?17=…&3103=…].
 * The GTIN may be unpadded. Query words that are no AI are passed over. Source: GS1 Digital Link: URI Syntax 1.2.
 */
export function parseDigitalLink(text: string): Parsed {
  const match = /^https?:\/\/[^/?#]+([^?#]*)(?:\?([^#]*))?/i.exec(text);
  if (!match) return refuse('NotALink', null, 0);
  const segments = (match[1] ?? '').split('/').slice(1);
  const key = segments.findIndex((s, i) => s === '01' && /^\d{8,14}$/.test(segments[i + 1] ?? ''));
  if (key < 0) return refuse('NotALink', null, 0);
  const pairs: [string, string][] = [];
  for (let i = key; i + 1 < segments.length; i += 2) pairs.push([segments[i] ?? '', segments[i + 1] ?? '']);
  for (const word of (match[2] ?? '').split(/[&;]/)) {
    const [ai = '', value = ''] = word.split('=');
    if (gs1Shapes.has(ai)) pairs.push([ai, value]);
  }
  const elements: Gs1Element[] = [];
  for (const [ai, coded] of pairs) {
    const shape = gs1Shapes.get(ai);
    const value = decoded(coded);
    if (shape === undefined) return refuse('UnknownAi', ai, 0);
    if (value === null) return refuse('BadCharacter', ai, 0);
    const refused = addElement(elements, shape, ai === '01' ? value.padStart(14, '0') : value, 0);
    if (refused !== null) return refused;
  }
  return ok(elements);
}
