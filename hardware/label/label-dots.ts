/**
 * Parts of a label as black dots at their place: lines of text, matrix codes, frames, and bars where a printer can't
 * draw them itself. Rule kept: both label languages send these very dots. It knows no printer language.
 */
import { type LabelDpi, type LabelLayout, type LabelPart, turnedPlace } from '#core/label/fill-label.ts';
import { type Bitmap, blankBitmap, isBlack, rowBytes, setBlack, stamp } from '../text/bitmap.ts';
import { drawBars, drawFrame, type LabelRaster, turnBitmap } from './label-raster.ts';
import type { MatrixModules } from './matrix-code.ts';

export type PlacedDots = { readonly bitmap: Bitmap; readonly x: number; readonly y: number };
export type TextPart = LabelPart & { readonly kind: 'text' };
export type MatrixPart = LabelPart & { readonly kind: 'matrix' };
export type BarsPart = LabelPart & { readonly kind: 'bars' };

/** The ink of a line of text, turned, where it stands. */
export function textDots(part: TextPart, raster: LabelRaster): PlacedDots {
  const drawn = raster.draw(part.text, part.emDots, part.isBold);
  const spare = part.width - drawn.width;
  const pen = Math.round(part.align === 'left' ? 0 : part.align === 'right' ? spare : spare / 2);
  const { width, height } = drawn.bitmap;
  // An overhang stays within the room across, so that it is not cut at the label's edge.
  const x = Math.max(0, Math.min(part.width - width, pen + drawn.left));
  const place = turnedPlace(part, { x, y: part.emDots - drawn.ascent, width, height });
  return { bitmap: turnBitmap(drawn.bitmap, part.rotate), x: place.x, y: place.y };
}

/** A module narrower than this is not read by common scanners (GS1 General Specifications §5.12: 0.25 mm and more in the open; ours is read in the hand). */
const minCellDots: Readonly<Record<LabelDpi, number>> = { 203: 2, 300: 3 };

/** Dots of one module so that the symbol and a module of white around it fit the room; 0 when it can't. */
export function cellDots(part: MatrixPart, modules: Bitmap): number {
  return Math.floor(part.width / (Math.max(modules.width, modules.height) + 2));
}

/** Whether every matrix code has modules wide enough for a head of that many dots. */
export const hasRoomForMatrices = (layout: LabelLayout, matrix: MatrixModules, dpi: LabelDpi): boolean =>
  layout.parts.every((part) => {
    if (part.kind !== 'matrix') return true;
    const modules = matrix(part.data);
    return modules !== null && cellDots(part, modules) >= minCellDots[dpi];
  });

/** The symbol in the top left of its room, a module of white around it; null when there is none. */
export function matrixDots(part: MatrixPart, matrix: MatrixModules): PlacedDots | null {
  const modules = matrix(part.data);
  if (modules === null) return null;
  const cell = Math.max(1, cellDots(part, modules));
  const symbol = blankBitmap(modules.width * cell, modules.height * cell);
  stamp(symbol, modules, 0, 0, cell, cell);
  const place = turnedPlace(part, { x: cell, y: cell, width: symbol.width, height: symbol.height });
  return { bitmap: turnBitmap(symbol, part.rotate), x: place.x, y: place.y };
}

export const barsDots = (part: BarsPart): PlacedDots => ({
  bitmap: turnBitmap(drawBars(part.modules, part.moduleDots, part.height), part.rotate),
  x: part.x,
  y: part.y,
});

/** What of it lies on a label of that size; null when nothing does. */
export function cropDots(dots: PlacedDots, width: number, height: number): PlacedDots | null {
  const left = Math.max(0, dots.x);
  const top = Math.max(0, dots.y);
  const right = Math.min(width, dots.x + dots.bitmap.width);
  const bottom = Math.min(height, dots.y + dots.bitmap.height);
  if (right <= left || bottom <= top) return null;
  if (right - left === dots.bitmap.width && bottom - top === dots.bitmap.height) return dots;
  const bitmap = blankBitmap(right - left, bottom - top);
  stamp(bitmap, dots.bitmap, dots.x - left, dots.y - top);
  return { bitmap, x: left, y: top };
}

/** A part of a picture, as a picture. */
export function cutOut(bitmap: Bitmap, x: number, width: number): Bitmap {
  const out = blankBitmap(width, bitmap.height);
  for (let dy = 0; dy < bitmap.height; dy++) {
    for (let dx = 0; dx < width; dx++) if (isBlack(bitmap, x + dx, dy)) setBlack(out, dx, dy);
  }
  return out;
}

/** A layout drawn without any printer language between: what a preview is compared with in tests. */
export function drawLayout(layout: LabelLayout, raster: LabelRaster, matrix: MatrixModules): Bitmap {
  const label = blankBitmap(layout.widthDots, layout.heightDots);
  for (const part of layout.parts) {
    if (part.kind === 'box') drawFrame(label, part.x, part.y, part.width, part.height, part.lineDots);
    else {
      const dots =
        part.kind === 'text'
          ? textDots(part, raster)
          : part.kind === 'bars'
            ? barsDots(part)
            : matrixDots(part, matrix);
      if (dots !== null) stamp(label, dots.bitmap, dots.x, dots.y);
    }
  }
  return label;
}

/** Rows of a picture as whole bytes, 1 black. */
export const bytesAcross = (bitmap: Bitmap): number => rowBytes(bitmap.width);
