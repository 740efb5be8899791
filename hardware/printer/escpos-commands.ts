/**
 * ESC/POS commands, one function each: the only place where our own byte sequences are written. Rule kept: each
 * says which command it is and answers plain bytes, so that a test can name the call and the bytes. Source:
 * Epson ESC/POS command reference; GS v 0 is "obsolete" there and near-universal elsewhere.
 */
import { type Bitmap, inkBytesAcross, rowBytes } from '../text/bitmap.ts';

export type Bytes = readonly number[] | Uint8Array;

/** ESC @ */
export const initialise = (): Bytes => [0x1b, 0x40];
/** ESC t n */
export const selectCodePage = (n: number): Bytes => [0x1b, 0x74, n];
/** ESC a n */
export const align = (to: 'left' | 'center' | 'right'): Bytes => [0x1b, 0x61, { left: 0, center: 1, right: 2 }[to]];
/** ESC E n */
export const bold = (isOn: boolean): Bytes => [0x1b, 0x45, isOn ? 1 : 0];
/** ESC - n */
export const underline = (isOn: boolean): Bytes => [0x1b, 0x2d, isOn ? 1 : 0];
/** GS ! n: width in the high nibble, height in the low one, each less one. */
export const size = (width: 1 | 2, height: 1 | 2): Bytes => [0x1d, 0x21, ((width - 1) << 4) | (height - 1)];
export const lineFeed = (): Bytes => [0x0a];
/** ESC J n: feeds n dots; ≤ 255 each. */
export function feedDots(dots: number): Bytes {
  const bytes: number[] = [];
  for (let left = dots; left > 0; left -= 255) bytes.push(0x1b, 0x4a, Math.min(255, left));
  return bytes;
}

/** GS v 0 in bands of at most `bandRows`; blank columns at the right are not sent. Nothing for a blank picture but its feed. */
export function raster(bitmap: Bitmap, bandRows: number): Bytes {
  const across = inkBytesAcross(bitmap);
  if (across === 0) return feedDots(bitmap.height);
  const stride = rowBytes(bitmap.width);
  const bands = Math.ceil(bitmap.height / bandRows);
  const out = new Uint8Array(bands * 8 + across * bitmap.height);
  let at = 0;
  for (let top = 0; top < bitmap.height; top += bandRows) {
    const rows = Math.min(bandRows, bitmap.height - top);
    out.set([0x1d, 0x76, 0x30, 0, across & 0xff, across >> 8, rows & 0xff, rows >> 8], at);
    at += 8;
    for (let y = top; y < top + rows; y++, at += across) {
      out.set(bitmap.bits.subarray(y * stride, y * stride + across), at);
    }
  }
  return out;
}

export type QrCorrection = 'L' | 'M' | 'Q' | 'H';
/** GS ( k cn = 49: model 2, module of `dots`, error correction, store, print. `data` as UTF-8. */
export function qrCode(data: string, dots: number, correction: QrCorrection): Bytes {
  const bytes = new TextEncoder().encode(data);
  const stored = bytes.length + 3;
  return [
    ...[0x1d, 0x28, 0x6b, 4, 0, 0x31, 0x41, 0x32, 0],
    ...[0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x43, dots],
    ...[0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x45, { L: 0x30, M: 0x31, Q: 0x32, H: 0x33 }[correction]],
    ...[0x1d, 0x28, 0x6b, stored & 0xff, stored >> 8, 0x31, 0x50, 0x30, ...bytes],
    ...[0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x51, 0x30],
  ];
}

export type BarStyle = { readonly height: number; readonly module: number; readonly isTextBelow: boolean };
const barStyle = ({ height, module, isTextBelow }: BarStyle): Bytes => [
  ...[0x1d, 0x68, height],
  ...[0x1d, 0x77, module],
  ...[0x1d, 0x48, isTextBelow ? 2 : 0],
];
/** GS h, GS w, GS H, GS k 73: Code 128 in set B; '{' is doubled, as the command asks. `text` is printable ASCII. */
export function code128(text: string, style: BarStyle): Bytes {
  const data = [...text.replaceAll('{', '{{')].map((char) => char.charCodeAt(0));
  return [...barStyle(style), 0x1d, 0x6b, 73, data.length + 2, 0x7b, 0x42, ...data];
}
/** GS h, GS w, GS H, GS k 2 … NUL: EAN-13 of 12 or 13 digits. */
export const ean13 = (digits: string, style: BarStyle): Bytes => [
  ...barStyle(style),
  ...[0x1d, 0x6b, 2],
  ...[...digits].map((digit) => digit.charCodeAt(0)),
  0,
];

/** GS V 65/66 n: feeds to the knife and n dots more, then cuts. */
export const cut = (how: 'full' | 'partial', dots: number): Bytes => [0x1d, 0x56, how === 'full' ? 65 : 66, dots];
/** ESC p m t1 t2, times in units of 2 ms. */
export const drawerPulse = (pin: 0 | 1, on2Ms: number, off2Ms: number): Bytes => [0x1b, 0x70, pin, on2Ms, off2Ms];
/** DLE EOT n: 1 printer, 2 why offline, 3 error, 4 paper. */
export const askStatus = (n: 1 | 2 | 3 | 4): Bytes => [0x10, 0x04, n];

/** GS a n: tells by itself when it goes online or offline (bit 1), has an error (2), when paper runs short or out (3). */
export const automaticStatus = (): Bytes => [0x1d, 0x61, 0x0e];

/** GS r 1: answered when all before it has been printed, unlike DLE EOT, which overtakes it. */
export const askInTurn = (): Bytes => [0x1d, 0x72, 1];

export function joinBytes(parts: readonly Bytes[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
