/**
 * The emulator's paper as a one-bit picture, dot for dot. Rule kept: pictures and codes are what the bytes said;
 * only the printer's own letters are ours (drawn in its 12 × 24 cells), for a printer's font can't be read
 * from a stream. Without a font engine letters are left out, everything else stands.
 */
import { type Bitmap, blankBitmap, setBlack, stamp } from '../text/bitmap.ts';
import { cellDots, glyphDots, lineDots, type TextRaster } from '../text/text-raster.ts';
import { boxGlyph } from './box-glyphs.ts';
import type { PaperItem, PrintedReceipt, PrintedRun } from './emulator-paper.ts';

/** Rows drawn at most: 12.5 m of paper. */
const mostRows = 100_000;

export function drawReceipt(receipt: PrintedReceipt, raster: TextRaster | null): Bitmap {
  const paper = blankBitmap(receipt.widthDots, Math.min(mostRows, receipt.heightDots));
  for (const item of receipt.items) drawItem(paper, item, raster);
  return paper;
}

function drawItem(paper: Bitmap, item: PaperItem, raster: TextRaster | null): void {
  if (item.kind !== 'line') {
    stamp(paper, item.bitmap, item.x, item.y);
    if (item.kind === 'barcode' && raster !== null) {
      if (item.isTextAbove) drawDigits(paper, item, item.y - lineDots + 2, raster);
      if (item.isTextBelow) drawDigits(paper, item, item.y + item.bitmap.height + 3, raster);
    }
    return;
  }
  // Letters of different heights stand on one base line.
  for (const run of item.runs) drawRun(paper, run, item.y + item.height - run.style.height * glyphDots, raster);
}

function drawRun(paper: Bitmap, run: PrintedRun, y: number, raster: TextRaster | null): void {
  const { width, height, bold, underline, reverse } = run.style;
  let x = run.x;
  for (const char of run.text) {
    const glyph = char === ' ' ? null : (boxGlyph(char) ?? raster?.drawGlyph(char, bold) ?? null);
    if (glyph !== null) stamp(paper, glyph, x, y, width, height);
    x += cellDots * width;
  }
  for (let at = run.x; at < x; at++) {
    if (underline) setBlack(paper, at, y + glyphDots * height - 1);
    // White on black is shown as a frame: the letters stay readable either way.
    if (reverse) for (const edge of [0, glyphDots * height - 1]) setBlack(paper, at, y + edge);
  }
}

function drawDigits(
  paper: Bitmap,
  item: PaperItem & { readonly kind: 'barcode' },
  y: number,
  raster: TextRaster,
): void {
  const width = [...item.data].length * cellDots;
  const x = item.x + Math.floor((item.bitmap.width - width) / 2);
  const style = { bold: false, underline: false, reverse: false, width: 1, height: 1 };
  drawRun(paper, { x, text: item.data, style }, y, raster);
}
