/**
 * What a scanner puts around a code: a prefix, a suffix, a letter that names the symbology. Rule kept: one prefix
 * is taken off at most, the longest that fits, and never so much that nothing is left. It is learnt from codes
 * whose check digit fits, never guessed from one that has none. AIM identifiers (]E0) are scan-code.ts's.
 */
import { hasCheckDigit } from './check-digit.ts';

export type ScanDress = {
  /** Any one of these may stand before a code. */
  readonly prefixes: readonly string[];
  readonly suffix: string;
};
export const noDress: ScanDress = { prefixes: [], suffix: '' };

/**
 * Letters that scanners can be set to send before each code, by the one that an EAN-13 gets. Source: Honeywell
 * and Zebra (Symbol) product reference guides, "Code ID characters".
 */
const families: Readonly<Record<string, readonly string[]>> = {
  d: ['d', 'D', 'c', 'E', 'j', 'I', 'b', 'a', 'e', 'i', 'y', '{', '}', 'r', 's', 'w', 'z'],
  A: ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'K', 'R', 'X', 'P00', 'P01', 'P02'],
};

export function undress(code: string, { prefixes, suffix }: ScanDress): string {
  const longest = prefixes.reduce(
    (most, prefix) => (code.startsWith(prefix) && prefix.length > most ? prefix.length : most),
    0,
  );
  const end = suffix !== '' && code.endsWith(suffix) ? code.length - suffix.length : code.length;
  return end <= longest ? code : code.slice(longest, end);
}

/** 8, 12, 13 or 14 digits whose check digit fits. */
const isGtinText = (digits: string): boolean => /^(\d{8}|\d{12,14})$/.test(digits) && hasCheckDigit(digits);
const aim = /^\][A-Za-z][0-9A-Za-z]/;

/** The same behind an AIM identifier. */
export const isWholeGtin = (text: string): boolean => isGtinText(text.replace(aim, ''));

/** How long a broken code's tail is waited for: no hand scans again sooner. */
export const tailMs = 1_000;

/**
 * Whether `code`, which came within `tailMs` after the broken `head`, may be the head's other half: "890123" and
 * then "4567890", which alone could be another item's short code. Only a code with a check digit of its own
 * is believed. `isSure`: the head broke off for certain; else it may have been a whole code without a terminator,
 * and only what makes a GTIN of both is a tail (a head can be an EAN-8 by chance).
 */
export function isTail(head: string, code: string, isSure: boolean): boolean {
  if (isWholeGtin(head.replace(aim, '') + code.replace(aim, ''))) return true;
  return isSure && !isWholeGtin(code);
}

/** Where the code stands in what came: as it is printed, or the one run of digits that is a GTIN. */
function codeIn(text: string, printed: string | null): { readonly from: number; readonly to: number } | null {
  if (printed !== null && printed !== '') {
    const from = text.toLowerCase().indexOf(printed.toLowerCase());
    return from < 0 ? null : { from, to: from + printed.length };
  }
  const runs = [...text.matchAll(/\d+/g)].filter((run) => isGtinText(run[0]));
  const [run] = runs;
  return run === undefined || runs.length > 1 ? null : { from: run.index, to: run.index + run[0].length };
}

/**
 * The dress that all of these scans wear. `printed`: the code under the bars, where a person typed it; without
 * it only GTINs teach anything. Null when they don't agree or nothing can be told.
 */
export function learnDress(texts: readonly string[], printed: string | null): ScanDress | null {
  let learnt: { readonly prefix: string; readonly suffix: string; readonly code: string } | null = null;
  for (const whole of texts) {
    const text = whole.replace(aim, '');
    const place = codeIn(text, printed);
    if (place === null) return null;
    const one = {
      prefix: text.slice(0, place.from),
      suffix: text.slice(place.to),
      code: text.slice(place.from, place.to),
    };
    if (learnt !== null && (learnt.prefix !== one.prefix || learnt.suffix !== one.suffix)) return null;
    learnt = one;
  }
  if (learnt === null || learnt.prefix.length > 8 || learnt.suffix.length > 8) return null;
  const family = learnt.code.length === 13 ? families[learnt.prefix] : undefined;
  return { prefixes: family ?? (learnt.prefix === '' ? [] : [learnt.prefix]), suffix: learnt.suffix };
}
