/**
 * Bars of EAN-13, EAN-8, UPC-A and Code 128 as modules ("1" a dark one). Rule kept: the same choice of code sets
 * is sent to the printer and drawn, so both have the same bars. Sources: GS1 General Specifications §5.2 (EAN/UPC),
 * §5.4 (Code 128), ISO/IEC 15417. Never judges whether a number is anybody's.
 */
import { hasCheckDigit } from '../catalogue/check-digit.ts';

export type LinearKind = 'ean13' | 'ean8' | 'upca' | 'code128' | 'gs1-128';

/** Set A of EAN; B is A inverted and reversed, C is A inverted. */
const setA = [
  '0001101',
  '0011001',
  '0010011',
  '0111101',
  '0100011',
  '0110001',
  '0101111',
  '0111011',
  '0110111',
  '0001011',
];
const invert = (bits: string): string => [...bits].map((bit) => (bit === '1' ? '0' : '1')).join('');
const reverse = (bits: string): string => [...bits].toReversed().join('');
const inSet = (set: 'A' | 'B' | 'C', digit: string): string => {
  const bits = setA[Number(digit)] ?? '';
  return set === 'A' ? bits : set === 'C' ? invert(bits) : reverse(invert(bits));
};
/** Which set each of the left six digits of EAN-13 is in, by the first digit. */
const parity = ['AAAAAA', 'AABABB', 'AABBAB', 'AABBBA', 'ABAABB', 'ABBAAB', 'ABBBAA', 'ABABAB', 'ABABBA', 'ABBABA'];

/** 95 modules of 13 digits with a right check digit; null for anything else. */
export function ean13Modules(digits: string): string | null {
  if (!/^\d{13}$/.test(digits) || !hasCheckDigit(digits)) return null;
  const sets = parity[Number(digits.charAt(0))] ?? '';
  const left = [...digits.slice(1, 7)].map((digit, i) => inSet(sets.charAt(i) === 'B' ? 'B' : 'A', digit));
  const right = [...digits.slice(7)].map((digit) => inSet('C', digit));
  return `101${left.join('')}01010${right.join('')}101`;
}

/** 67 modules of 8 digits with a right check digit; null for anything else. */
export function ean8Modules(digits: string): string | null {
  if (!/^\d{8}$/.test(digits) || !hasCheckDigit(digits)) return null;
  const left = [...digits.slice(0, 4)].map((digit) => inSet('A', digit));
  const right = [...digits.slice(4)].map((digit) => inSet('C', digit));
  return `101${left.join('')}01010${right.join('')}101`;
}

/** Widths of bar, space, bar, space, bar, space of each of the 106 symbol characters; the stop has a bar more. */
const widths =
  '212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222123122123221' +
  '223211221132221231213212223112312131311222321122321221312212322112322211212123212321232121111323131123131321' +
  '112313132113132311211313231113231311112133112331132131113123113321133121313121211331231131213113213311213131' +
  '311123311321331121312113312311332111314111221411431111111224111422121124121421141122141221112214112412122114' +
  '122411142112142211241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141' +
  '214121412121111143111341131141114113114311411113411311113141114131311141411131211412211214211232';
const stop = '2331112';

const barsOf = (six: string): string =>
  [...six].map((width, i) => (i % 2 === 0 ? '1' : '0').repeat(Number(width))).join('');

/** Values of the special characters in sets B and C. */
export const code128 = { codeC: 99, codeB: 100, fnc1: 102, startB: 104, startC: 105 } as const;
/** The longest that a till's label printer has room for. */
export const maxCode128 = 48;

const digitsFrom = (data: string, at: number): number => /^\d*/.exec(data.slice(at))?.[0].length ?? 0;

/**
 * Symbol values of the data without check and stop: set C for digits in pairs (four at an end, six inside), else B.
 * `isGs1`: FNC1 comes first, and GS inside is FNC1. Null when a character is outside printable ASCII or it is too long.
 */
export function code128Values(data: string, isGs1: boolean): readonly number[] | null {
  if (data === '' || data.length > maxCode128 || !(isGs1 ? /^[ -~\u001d]*$/ : /^[ -~]*$/).test(data)) return null;
  const values: number[] = [];
  const first = digitsFrom(data, 0);
  let isC = first >= 4 || (first === 2 && data.length === 2);
  values.push(isC ? code128.startC : code128.startB);
  if (isGs1) values.push(code128.fnc1);
  let at = 0;
  while (at < data.length) {
    const char = data.charAt(at);
    if (char === '\u001d') {
      values.push(code128.fnc1);
      at += 1;
      continue;
    }
    const run = digitsFrom(data, at);
    if (isC) {
      if (run >= 2) {
        values.push(Number(data.slice(at, at + 2)));
        at += 2;
      } else {
        values.push(code128.codeB);
        isC = false;
      }
      continue;
    }
    const isAtEnd = at + run === data.length;
    if (run >= 6 || (run >= 4 && isAtEnd)) {
      // An odd first digit stays in B, so that the rest goes in pairs.
      if (run % 2 === 1) {
        values.push(char.charCodeAt(0) - 32);
        at += 1;
      }
      values.push(code128.codeC);
      isC = true;
      continue;
    }
    values.push(char.charCodeAt(0) - 32);
    at += 1;
  }
  return values;
}

/** Modules of symbol values, with check character (weighted sum mod 103) and stop. */
export function code128Modules(values: readonly number[]): string {
  const sum = values.reduce((total, value, i) => total + value * Math.max(1, i), 0);
  return [...values, sum % 103].map((value) => barsOf(widths.slice(value * 6, value * 6 + 6))).join('') + barsOf(stop);
}

/** All bars of a linear code, without its quiet zones; null when it can't hold the data. `data` of gs1-128: an element string. */
export function linearModules(kind: LinearKind, data: string): string | null {
  switch (kind) {
    case 'ean13':
      return ean13Modules(data);
    case 'ean8':
      return ean8Modules(data);
    case 'upca':
      return /^\d{12}$/.test(data) ? ean13Modules(`0${data}`) : null;
    case 'code128':
    case 'gs1-128': {
      const values = code128Values(data, kind === 'gs1-128');
      return values === null ? null : code128Modules(values);
    }
  }
}

/** Modules that stay white left and right (GS1 General Specifications figure 5.12.3.1; 10 X for Code 128). */
export const quietZones: Readonly<Record<LinearKind, readonly [number, number]>> = {
  ean13: [11, 7],
  ean8: [7, 7],
  upca: [9, 9],
  code128: [10, 10],
  'gs1-128': [10, 10],
};
