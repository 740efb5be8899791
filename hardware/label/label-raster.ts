/**
 * Letters for labels at any size in dots: measured for the layout, drawn as black dots for the bytes and the picture.
 * Rule kept: one engine measures and draws, so what fitted in the layout fits on the paper. The engine is loaded
 * when the first label is looked at, and where it can't load the answer is null, never a crash.
 */
import { readFileSync } from 'node:fs';
import type { SKRSContext2D } from '@napi-rs/canvas';
import type { MeasureLabelText } from '#core/label/fit-text.ts';
import { type Bitmap, blankBitmap, isBlack, setBlack } from '../text/bitmap.ts';
import { fontFamilies, fontWeight, makeFontLoader } from '../text/fonts.ts';
import { makeLegible } from '../text/legible.ts';
import { cutToInk } from '../text/raster.ts';

export type DrawnText = {
  readonly bitmap: Bitmap;
  /** Advance in dots. */
  readonly width: number;
  /** The bitmap's left edge right of the pen (negative: an overhang), and its top above the base line. */
  readonly left: number;
  readonly ascent: number;
};
export type LabelRaster = {
  readonly measure: MeasureLabelText;
  readonly draw: (text: string, emDots: number, isBold: boolean) => DrawnText;
};

const keptPieces = 1_000;

export async function openLabelRaster(
  options: { readonly fontsFolder?: string | undefined } = {},
): Promise<LabelRaster | null> {
  const engine = await import('@napi-rs/canvas').catch(() => null);
  if (engine === null) return null;
  const fonts = makeFontLoader(
    (path, family) => engine.GlobalFonts.register(readFileSync(path), family) !== null,
    options.fontsFolder ?? null,
  );
  if (!fonts.load('A₹')) return null;
  const shownOf = makeLegible(fonts.covers);
  // The engine's strings end at a zero byte.
  const legible = (text: string): string => shownOf(text.replaceAll('\u0000', ' '));
  const sheet = (width: number, height: number): SKRSContext2D => engine.createCanvas(width, height).getContext('2d');
  const ruler = sheet(16, 16);
  const widths = new Map<string, number>();
  const pieces = new Map<string, DrawnText>();
  const fontOf = (emDots: number, isBold: boolean): string => `${fontWeight(isBold)} ${emDots}px ${fontFamilies}`;

  const measure: MeasureLabelText = (text, emDots, isBold) => {
    const key = `${isBold ? 'b' : ''}${emDots}|${text}`;
    const known = widths.get(key);
    if (known !== undefined) return known;
    const shown = legible(text);
    fonts.load(shown);
    ruler.font = fontOf(emDots, isBold);
    const { width } = ruler.measureText(shown);
    if (widths.size > keptPieces * 10) widths.clear();
    widths.set(key, width);
    return width;
  };
  const draw = (text: string, emDots: number, isBold: boolean): DrawnText => {
    const key = `${isBold ? 'b' : ''}${emDots}|${text}`;
    const known = pieces.get(key);
    if (known !== undefined) return known;
    const width = measure(text, emDots, isBold);
    const margin = emDots;
    const [up, down] = [Math.ceil(emDots * 1.6), Math.ceil(emDots * 1.1)];
    const context = sheet(Math.ceil(width) + 2 * margin, up + down);
    context.font = fontOf(emDots, isBold);
    context.fillText(legible(text), margin, up);
    const { bitmap, x, y } = cutToInk(context);
    const drawn = { bitmap, width, left: x - margin, ascent: up - y };
    if (pieces.size > keptPieces) pieces.clear();
    pieces.set(key, drawn);
    return drawn;
  };
  return { measure, draw };
}

/** A picture turned clockwise. */
export function turnBitmap(bitmap: Bitmap, turn: 0 | 90 | 180 | 270): Bitmap {
  if (turn === 0) return bitmap;
  const isSideways = turn !== 180;
  const turned = blankBitmap(isSideways ? bitmap.height : bitmap.width, isSideways ? bitmap.width : bitmap.height);
  for (let y = 0; y < bitmap.height; y++) {
    for (let x = 0; x < bitmap.width; x++) {
      if (!isBlack(bitmap, x, y)) continue;
      if (turn === 90) setBlack(turned, bitmap.height - 1 - y, x);
      else if (turn === 180) setBlack(turned, bitmap.width - 1 - x, bitmap.height - 1 - y);
      else setBlack(turned, y, bitmap.width - 1 - x);
    }
  }
  return turned;
}

/** Modules as dots, every bar `moduleDots` wide. */
export function drawBars(modules: string, moduleDots: number, height: number): Bitmap {
  const bars = blankBitmap(modules.length * moduleDots, height);
  for (let x = 0; x < bars.width; x++) {
    if (modules.charAt(Math.floor(x / moduleDots)) !== '1') continue;
    for (let y = 0; y < height; y++) setBlack(bars, x, y);
  }
  return bars;
}

/** A frame, or, with a line as thick as its smaller side, a filled bar. */
export function drawFrame(target: Bitmap, x: number, y: number, width: number, height: number, lineDots: number): void {
  for (let dy = 0; dy < height; dy++) {
    for (let dx = 0; dx < width; dx++) {
      const isEdge = dx < lineDots || dy < lineDots || dx >= width - lineDots || dy >= height - lineDots;
      if (isEdge) setBlack(target, x + dx, y + dy);
    }
  }
}
