/**
 * QR and Code 128 as pictures: for printers that can't draw them, for the screen's preview and the emulator.
 * Rule kept: the module is never thinner than 2 dots (0.25 mm), which a counter's scanner still reads; what
 * can't be drawn so answers null and the caller prints it another way. Sources: ISO/IEC 18004, 15417.
 */
import { create } from 'qrcode';
import { type Bitmap, blankBitmap, setBlack } from '../text/bitmap.ts';
import type { QrCorrection } from './escpos-commands.ts';

/** One dot a module, without the quiet zone; null when the data is too long for any QR. */
export function qrModules(data: string, correction: QrCorrection): Bitmap | null {
  // Byte capacity of version 40 at level H is the smallest: 1,273.
  if (data === '' || Buffer.byteLength(data) > 1_273) return null;
  // Byte mode only, which printers use, so that the symbol on the screen has the paper's size.
  const { modules } = create([{ data: Buffer.from(data), mode: 'byte' }], { errorCorrectionLevel: correction });
  const bitmap = blankBitmap(modules.size, modules.size);
  modules.data.forEach((isDark, i) => {
    if (isDark) setBlack(bitmap, i % modules.size, Math.floor(i / modules.size));
  });
  return bitmap;
}

/** Widths of bar, space, bar, … of each Code 128 value 0–105, then the stop (ISO/IEC 15417 table 1). */
const widths =
  '212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112'.split(
    ' ',
  );
const startB = 104;
const stop = 106;

/** Values of a text in set B: start, characters, check (weighted sum mod 103), stop. null: not printable ASCII or too long. */
export function code128Values(text: string): readonly number[] | null {
  if (!/^[\x20-\x7e]{1,80}$/.test(text)) return null;
  const data = [...text].map((char) => char.charCodeAt(0) - 32);
  const check = data.reduce((sum, value, i) => sum + value * (i + 1), startB) % 103;
  return [startB, ...data, check, stop];
}

/** Modules across, without quiet zones: 11 for each value, 13 for the stop. */
export const code128Modules = (text: string): number | null => {
  const values = code128Values(text);
  return values === null ? null : (values.length - 1) * 11 + 13;
};

/** One dot a module across, `height` dots high. */
export function code128Bars(text: string, height: number): Bitmap | null {
  const values = code128Values(text);
  const across = code128Modules(text);
  if (values === null || across === null) return null;
  const bitmap = blankBitmap(across, height);
  let x = 0;
  for (const value of values) {
    for (const [i, width] of [...(widths[value] ?? '')].entries()) {
      for (let dx = 0; dx < Number(width); dx++, x++) {
        if (i % 2 === 0) for (let y = 0; y < height; y++) setBlack(bitmap, x, y);
      }
    }
  }
  return bitmap;
}
