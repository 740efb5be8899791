/**
 * The bar codes that GS k can ask a printer for, as bars. Rule kept: a code whose data doesn't fit its kind prints
 * nothing, as on a real printer, and a missing check digit is put in. For the emulator's picture; what the till
 * itself draws is in bars.ts. Sources: ISO/IEC 15420 (EAN/UPC), 16388 (Code 39), 16390 (ITF), EN 798 (Codabar).
 */
import { type Bitmap, blankBitmap, setBlack } from '../text/bitmap.ts';
import { code128Bars } from './bars.ts';

export type ReadBarcode = { readonly bars: Bitmap; readonly text: string };

/** Widths of bar, space, bar, … starting with a bar. */
function drawWidths(widths: string): Bitmap {
  const bitmap = blankBitmap(
    [...widths].reduce((sum, width) => sum + Number(width), 0),
    1,
  );
  let x = 0;
  [...widths].forEach((width, i) => {
    for (let dx = 0; dx < Number(width); dx++, x++) if (i % 2 === 0) setBlack(bitmap, x, 0);
  });
  return bitmap;
}

/** Set A of EAN/UPC: space, bar, space, bar; set B is its mirror; the right half has the same widths. */
const eanWidths = ['3211', '2221', '2122', '1411', '1132', '1231', '1114', '1312', '1213', '3112'] as const;
const eanParity = ['000000', '001011', '001101', '001110', '010011', '011001', '011100', '010101', '010110', '011010'];
const upcEParity = ['111000', '110100', '110010', '110001', '101100', '100110', '100011', '101010', '101001', '100101'];
const setA = (digit: string): string => eanWidths[Number(digit)] ?? '';
const setB = (digit: string): string => [...setA(digit)].toReversed().join('');
const inSets = (digits: string, parity: string): string =>
  [...digits].map((digit, i) => (parity[i] === '1' ? setB(digit) : setA(digit))).join('');

/** Weights 3 and 1 from the right. */
const checkDigit = (digits: string): string =>
  String((10 - ([...digits].toReversed().reduce((sum, d, i) => sum + Number(d) * (i % 2 === 0 ? 3 : 1), 0) % 10)) % 10);
/** `digits` of `length` with its check digit: put in, or made right as printers do. null when it is no such number. */
const withCheck = (digits: string, length: number): string | null =>
  /^\d+$/.test(digits) && (digits.length === length || digits.length === length - 1)
    ? digits.slice(0, length - 1) + checkDigit(digits.slice(0, length - 1))
    : null;

function ean13(digits: string): string {
  const left = inSets(digits.slice(1, 7), eanParity[Number(digits[0])] ?? '');
  return `111${left}11111${inSets(digits.slice(7), '')}111`;
}
const ean8 = (digits: string): string => `111${inSets(digits.slice(0, 4), '')}11111${inSets(digits.slice(4), '')}111`;

/** UPC-A's eleven digits squeezed into six where its zeros allow it; null where they don't. */
function squeezed(upcA: string): string | null {
  const [maker, item] = [upcA.slice(1, 6), upcA.slice(6, 11)];
  if (upcA[0] !== '0') return null;
  if (/^..[012]00$/.test(maker) && item.startsWith('00')) return maker.slice(0, 2) + item.slice(2) + maker.charAt(2);
  if (/^...00$/.test(maker) && item.startsWith('000')) return `${maker.slice(0, 3)}${item.slice(3)}3`;
  if (/^....0$/.test(maker) && item.startsWith('0000')) return `${maker.slice(0, 4)}${item.slice(4)}4`;
  return /^0000[5-9]$/.test(item) ? maker + item.charAt(4) : null;
}
/** The eleven digits behind a UPC-E's six. */
function stretched(six: string): string {
  const [a, last] = [six.slice(0, 5), six.charAt(5)];
  if ('012'.includes(last)) return `0${a.slice(0, 2)}${last}0000${a.slice(2)}`;
  if (last === '3') return `0${a.slice(0, 3)}00000${a.slice(3)}`;
  if (last === '4') return `0${a.slice(0, 4)}00000${a.slice(4)}`;
  return `0${a}0000${last}`;
}
function upcE(digits: string): { readonly widths: string; readonly text: string } | null {
  if (!/^\d{6,12}$/.test(digits)) return null;
  const six = digits.length <= 8 ? (digits.length === 6 ? digits : digits.slice(1, 7)) : squeezed(digits);
  if (six === null || six.length !== 6) return null;
  const check = checkDigit(stretched(six));
  return { widths: `111${inSets(six, upcEParity[Number(check)] ?? '')}111111`, text: `0${six}${check}` };
}

const letters39 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%*';
/** Nine elements, narrow 1 and wide 3, by the letter's place above. */
const widths39 =
  '111331311 311311113 113311113 313311111 111331113 311331111 113331111 111311313 311311311 113311311 311113113 113113113 313113111 111133113 311133111 113133111 111113313 311113311 113113311 111133311 311111133 113111133 313111131 111131133 311131131 113131131 111111333 311111331 113111331 111131331 331111113 133111113 333111111 131131113 331131111 133131111 131111313 331111311 133111311 131313111 131311131 131113131 111313131 131131311'.split(
    ' ',
  );
function code39(text: string): string | null {
  const inner = text.replace(/^\*/, '').replace(/\*$/, '');
  if (![...inner].every((char) => letters39.includes(char) && char !== '*')) return null;
  return [...`*${inner}*`].map((char) => widths39[letters39.indexOf(char)]).join('1');
}

const widths25 = ['11331', '31113', '13113', '33111', '11313', '31311', '13311', '11133', '31131', '13131'] as const;
/** Pairs of digits, the first in the bars, the second in the spaces. */
function itf(digits: string): string | null {
  if (!/^(\d\d)+$/.test(digits)) return null;
  const pairs = [...digits.matchAll(/(\d)(\d)/g)].map(([, bars, spaces]) =>
    [...(widths25[Number(bars)] ?? '')].map((bar, i) => bar + (widths25[Number(spaces)]?.charAt(i) ?? '')).join(''),
  );
  return `1111${pairs.join('')}311`;
}

const lettersCodabar = '0123456789-$:/.+ABCD';
const widthsCodabar =
  '1111133 1111331 1113113 3311111 1131131 3111131 1311113 1311311 1331111 3113111 1113311 1133111 3111313 3131113 3131311 1131313 1133131 1313113 1113133 1113331'.split(
    ' ',
  );
function codabar(text: string): string | null {
  if (!/^[A-Da-d][\d\-$:/.+]+[A-Da-d]$/.test(text)) return null;
  return [...text.toUpperCase()].map((char) => widthsCodabar[lettersCodabar.indexOf(char)]).join('1');
}

/** Text of GS k 73's data: '{A', '{B', '{C' change the set, '{{' is a brace, set C holds two digits a byte. */
function code128Text(data: Uint8Array): string {
  let text = '';
  let isPairs = false;
  for (let i = 0; i < data.length; i++) {
    const byte = data[i] ?? 0;
    if (byte === 0x7b) {
      const next = data[++i] ?? 0;
      if (next === 0x7b) text += '{';
      else isPairs = next === 0x43;
    } else text += isPairs ? String(byte).padStart(2, '0') : String.fromCharCode(byte);
  }
  return text;
}

const of = (widths: string | null, text: string): ReadBarcode | null =>
  widths === null ? null : { bars: drawWidths(widths), text };

/**
 * GS k m: 0 or 65 UPC-A, 1 or 66 UPC-E, 2 or 67 EAN-13, 3 or 68 EAN-8, 4 or 69 Code 39, 5 or 70 ITF, 6 or 71 Codabar,
 * 72 Code 93, 73 Code 128. One module is one dot, one row. Code 93 is drawn with Code 128's bars.
 */
export function readBarcode(type: number, bytes: Uint8Array): ReadBarcode | null {
  const text = Buffer.from(bytes).toString('latin1');
  const kind = type >= 65 ? type - 65 : type;
  if (kind === 0) {
    const upcA = withCheck(text, 12);
    return upcA === null ? null : of(ean13(`0${upcA}`), upcA);
  }
  if (kind === 1) {
    const read = upcE(text);
    return read === null ? null : of(read.widths, read.text);
  }
  if (kind === 2) {
    const digits = withCheck(text, 13);
    return digits === null ? null : of(ean13(digits), digits);
  }
  if (kind === 3) {
    const digits = withCheck(text, 8);
    return digits === null ? null : of(ean8(digits), digits);
  }
  if (kind === 4) return of(code39(text), text);
  if (kind === 5) return of(itf(text), text);
  if (kind === 6) return of(codabar(text), text.toUpperCase());
  const plain = kind === 8 ? code128Text(bytes) : text;
  const bars = code128Bars(plain, 1);
  return bars === null ? null : { bars, text: plain };
}
