/**
 * A shop's logo: a PNG made into the dots of a thermal head. Rule kept: its size is read from its first bytes and
 * refused before anything is unpacked, so that no picture can fill the memory. The result is at most 384 dots
 * wide, so that it fits every printer, and is kept as dots: nothing is drawn when a receipt prints.
 */
import { err, ok, type Result } from '#core/result.ts';
import { type Bitmap, blankBitmap, cutBelow, inkOf, inkRows, setBlack } from './bitmap.ts';

export type LogoTrouble = 'notPng' | 'tooLarge' | 'unreadable' | 'blank' | 'noEngine';

export const logoBounds = { bytes: 1_000_000, side: 4_000, dotsWide: 384, dotsHigh: 240 } as const;

/** PNG 3rd ed. §5.2, §11.2.1: signature, then IHDR with width and height. */
const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * The logo in dots, scaled down (never up) to the bounds with its shape kept, grey as scattered dots
 * (Floyd–Steinberg 1976), on white where it is transparent, without blank rows below.
 */
export async function readLogo(png: Uint8Array): Promise<Result<Bitmap, LogoTrouble>> {
  if (png.length > logoBounds.bytes) return err('tooLarge');
  const file = Buffer.from(png.buffer, png.byteOffset, png.length);
  if (file.length < 33 || !signature.every((byte, i) => file[i] === byte)) return err('notPng');
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  if (width === 0 || height === 0) return err('unreadable');
  if (width > logoBounds.side || height > logoBounds.side) return err('tooLarge');
  const engine = await import('@napi-rs/canvas').catch(() => null);
  if (engine === null) return err('noEngine');
  // A picture that breaks off inside has a right head: what is wrong with it shows only here.
  const picture = await engine.loadImage(file).catch(() => null);
  if (picture === null) return err('unreadable');
  const scale = Math.min(1, logoBounds.dotsWide / width, logoBounds.dotsHigh / height);
  const [across, down] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const context = engine.createCanvas(across, down).getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, across, down);
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, across, down);
  const dots = scatter(context.getImageData(0, 0, across, down).data, across, down);
  return inkOf(dots) === 0 ? err('blank') : ok(cutBelow(dots, inkRows(dots)));
}

/** Each dot's error goes on to the right and the three below: 7, 3, 5, 1 of 16. */
function scatter(rgba: Uint8ClampedArray, width: number, height: number): Bitmap {
  const bitmap = blankBitmap(width, height);
  const grey = new Float32Array(width * height);
  // Luma of ITU-R BT.601.
  for (let i = 0; i < grey.length; i++) {
    grey[i] = 0.299 * (rgba[i * 4] ?? 0) + 0.587 * (rgba[i * 4 + 1] ?? 0) + 0.114 * (rgba[i * 4 + 2] ?? 0);
  }
  const add = (x: number, y: number, error: number): void => {
    if (x >= 0 && x < width && y < height) grey[y * width + x] = (grey[y * width + x] ?? 0) + error;
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = grey[y * width + x] ?? 0;
      const isDark = value < 128;
      if (isDark) setBlack(bitmap, x, y);
      const error = value - (isDark ? 0 : 255);
      add(x + 1, y, (error * 7) / 16);
      add(x - 1, y + 1, (error * 3) / 16);
      add(x, y + 1, (error * 5) / 16);
      add(x + 1, y + 1, error / 16);
    }
  }
  return bitmap;
}
