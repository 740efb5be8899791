/**
 * One-bit pictures: what a thermal head burns. Rule kept: rows are padded to whole bytes, the most significant
 * bit is the leftmost dot and 1 is black, as ESC/POS GS v 0 takes them. Pure; it draws no text.
 */
import { crc32, deflateSync } from 'node:zlib';

export type Bitmap = {
  readonly width: number;
  readonly height: number;
  /** ceil(width / 8) bytes a row. */
  readonly bits: Uint8Array;
};

export const rowBytes = (width: number): number => (width + 7) >> 3;
export const blankBitmap = (width: number, height: number): Bitmap => ({
  width,
  height,
  bits: new Uint8Array(rowBytes(width) * height),
});

export const isBlack = (bitmap: Bitmap, x: number, y: number): boolean =>
  x >= 0 &&
  y >= 0 &&
  x < bitmap.width &&
  y < bitmap.height &&
  ((bitmap.bits[y * rowBytes(bitmap.width) + (x >> 3)] ?? 0) & (0x80 >> (x & 7))) !== 0;

/** Sets one dot black; outside the picture nothing happens, as at a paper's edge. */
export function setBlack(bitmap: Bitmap, x: number, y: number): void {
  if (x < 0 || y < 0 || x >= bitmap.width || y >= bitmap.height) return;
  const at = y * rowBytes(bitmap.width) + (x >> 3);
  bitmap.bits[at] = (bitmap.bits[at] ?? 0) | (0x80 >> (x & 7));
}

/** Black dots of `source` onto `target`, each as a block of scaleX × scaleY. */
export function stamp(target: Bitmap, source: Bitmap, x: number, y: number, scaleX = 1, scaleY = 1): void {
  const bytes = rowBytes(source.width);
  for (let sy = 0; sy < source.height; sy++) {
    for (let sx = 0; sx < source.width; sx++) {
      if (((source.bits[sy * bytes + (sx >> 3)] ?? 0) & (0x80 >> (sx & 7))) === 0) continue;
      for (let dy = 0; dy < scaleY; dy++) {
        for (let dx = 0; dx < scaleX; dx++) setBlack(target, x + sx * scaleX + dx, y + sy * scaleY + dy);
      }
    }
  }
}

/** Number of black dots. */
export function inkOf(bitmap: Bitmap): number {
  let ink = 0;
  for (let byte of bitmap.bits) for (; byte !== 0; byte &= byte - 1) ink++;
  return ink;
}

/** Columns up to the last black dot, in whole bytes; 0 for a blank picture. */
export function inkBytesAcross(bitmap: Bitmap): number {
  const bytes = rowBytes(bitmap.width);
  let last = 0;
  for (let y = 0; y < bitmap.height; y++) {
    for (let x = bytes - 1; x >= last; x--) {
      if (bitmap.bits[y * bytes + x] !== 0) {
        last = x + 1;
        break;
      }
    }
  }
  return last;
}

/** Rows down to the last one with a black dot; 0 for a blank picture. */
export function inkRows(bitmap: Bitmap): number {
  const bytes = rowBytes(bitmap.width);
  const last = bitmap.bits.findLastIndex((byte) => byte !== 0);
  return last < 0 ? 0 : Math.floor(last / bytes) + 1;
}

/** The picture's first `rows` rows. */
export const cutBelow = (bitmap: Bitmap, rows: number): Bitmap => ({
  width: bitmap.width,
  height: Math.min(rows, bitmap.height),
  bits: bitmap.bits.subarray(0, rowBytes(bitmap.width) * rows),
});

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(8 + body.length);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), 4 + body.length);
  return out;
}

/** PNG, greyscale of one bit (PNG 3rd ed. §11.2): small enough to send a whole receipt to the screen. */
export function bitmapToPng(bitmap: Bitmap): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(Math.max(1, bitmap.width), 0);
  header.writeUInt32BE(Math.max(1, bitmap.height), 4);
  header[8] = 1;
  const bytes = rowBytes(Math.max(1, bitmap.width));
  const rows = Buffer.alloc((bytes + 1) * Math.max(1, bitmap.height), 0xff);
  for (let y = 0; y < Math.max(1, bitmap.height); y++) {
    rows[y * (bytes + 1)] = 0;
    // PNG's 1 is white, a thermal head's 1 is black.
    for (let x = 0; x < bytes; x++) rows[y * (bytes + 1) + 1 + x] = ~(bitmap.bits[y * bytes + x] ?? 0) & 0xff;
  }
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
