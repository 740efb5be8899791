/**
 * Shaped text as dots, through @napi-rs/canvas (Skia with HarfBuzz): conjuncts, matras and ₹ as they are
 * written. Rule kept: the engine is loaded only when first asked for, and where it can't load the answer is
 * null, never a crash: receipts then print as text. Each text is drawn once and kept (least recently used go).
 */
import { readFileSync } from 'node:fs';
import type { SKRSContext2D } from '@napi-rs/canvas';
import type { ReceiptStyle } from '#core/billing/receipt-layout.ts';
import { type Bitmap, blankBitmap, setBlack, stamp } from './bitmap.ts';
import { type FontLoader, fontFamilies, fontWeight, makeFontLoader } from './fonts.ts';
import { makeLegible } from './legible.ts';
import { makeLru } from './lru.ts';
import { cellDots, glyphDots, lineDots, type PlacedText, type TextRaster } from './text-raster.ts';

/** Em in dots: Latin digits come to about one printer cell; Indian letters need more to hold their marks apart. */
const emOf = (text: string): number => (/[\u0900-\u0dff]/.test(text) ? 24 : 21);
/** Baseline below a row's top, in dots of the plain style. */
const baselineDots = 20;
/** A dot burns when the shape covers this much of it; below one half, so that thin strokes hold. */
const inkAbove = 0.4;
/** Drawn texts that are kept: some 15,000 rows of a Hindi receipt, or all that a busy week sells. */
const keptBytes = 4_000_000;
const keptWidthBytes = 500_000;

type Piece = {
  readonly bitmap: Bitmap;
  /** Advance in dots, after squeezing. */
  readonly width: number;
  /** Bitmap's origin relative to pen and baseline. */
  readonly left: number;
  readonly ascent: number;
  readonly descent: number;
};

/**
 * Opens the font engine. `fontsFolder`: where a packed program keeps the woff2 files, if not as packages.
 * null when the engine or the Latin font isn't there.
 */
export async function openTextRaster(
  options: { readonly fontsFolder?: string | undefined } = {},
): Promise<TextRaster | null> {
  const engine = await import('@napi-rs/canvas').catch(() => null);
  if (engine === null) return null;
  const fonts = makeFontLoader(
    // Read here, not by the engine: inside a package the file lies in the asar, which native code can't open.
    (path, family) => engine.GlobalFonts.register(readFileSync(path), family) !== null,
    options.fontsFolder ?? null,
  );
  if (!fonts.load('A₹')) return null;
  return textRasterOn((width, height) => engine.createCanvas(width, height).getContext('2d'), fonts);
}

function textRasterOn(sheet: (width: number, height: number) => SKRSContext2D, fonts: FontLoader): TextRaster {
  const ruler = sheet(16, 16);
  const widths = makeLru<number>(keptWidthBytes, () => 8);
  const pieces = makeLru<Piece>(keptBytes, (piece) => piece.bitmap.bits.length);
  const legible = makeLegible(fonts.covers);

  const setFont = (context: SKRSContext2D, text: string, style: ReceiptStyle): void => {
    context.font = `${fontWeight(style.bold)} ${emOf(text) * style.height}px ${fontFamilies}`;
  };
  const measure = (raw: string, style: ReceiptStyle): number =>
    widths.get(`${style.bold ? 'b' : ''}${style.width}${style.height}${raw}`, () => {
      const text = legible(raw);
      fonts.load(text);
      setFont(ruler, text, style);
      return ruler.measureText(text).width * (style.width / style.height);
    });

  const drawPiece = (raw: string, style: ReceiptStyle, maxWidth: number): Piece => {
    const wanted = measure(raw, style);
    const squeeze = wanted > maxWidth ? maxWidth / wanted : 1;
    const key = `${style.bold ? 'b' : ''}${style.width}${style.height}|${squeeze.toFixed(4)}|${raw}`;
    return pieces.get(key, () => {
      const text = legible(raw);
      const scale = (style.width / style.height) * squeeze;
      const em = emOf(text) * style.height;
      // The engine's own bounding box misses marks below; a roomy sheet cut to its ink does not.
      const margin = em;
      const [up, down] = [Math.ceil(em * 1.6), Math.ceil(em * 1.1)];
      const context = sheet(Math.ceil(wanted * squeeze) + 2 * margin, up + down);
      setFont(context, text, style);
      context.setTransform(scale, 0, 0, 1, margin, up);
      context.fillText(text, 0, 0);
      const { bitmap, x, y } = cutToInk(context);
      return { bitmap, width: wanted * squeeze, left: margin - x, ascent: up - y, descent: y + bitmap.height - up };
    });
  };

  const drawRow = (texts: readonly PlacedText[], widthDots: number): Bitmap => {
    const drawn = texts
      .filter((placed) => placed.text !== '')
      .map((placed) => ({ placed, piece: drawPiece(placed.text, placed.style, placed.width) }));
    const times = Math.max(1, ...texts.map((placed) => placed.style.height));
    const baseline = Math.max(baselineDots * times, ...drawn.map(({ piece }) => piece.ascent));
    const height = Math.max(lineDots * times, ...drawn.map(({ piece }) => baseline + piece.descent + 2));
    const row = blankBitmap(widthDots, height);
    for (const { placed, piece } of drawn) {
      const room = placed.width - piece.width;
      const pen = placed.x + (placed.align === 'left' ? 0 : placed.align === 'right' ? room : room / 2);
      // A letter's overhang must not fall off the paper's edge.
      const at = Math.min(widthDots - piece.bitmap.width, Math.round(pen) - piece.left);
      stamp(row, piece.bitmap, Math.max(0, at), baseline - piece.ascent);
    }
    return row;
  };

  const glyphs = makeLru<Bitmap>(keptWidthBytes, (cell) => cell.bits.length);
  const drawGlyph = (char: string, isBold: boolean): Bitmap =>
    glyphs.get(`${isBold ? 'b' : ''}${char}`, () => {
      const cell = blankBitmap(cellDots, glyphDots);
      // The printer has its own shape for it, and we have none: better no shape than another one.
      if (legible(char) !== char) return cell;
      const piece = drawPiece(char, { bold: isBold, width: 1, height: 1 }, cellDots);
      const left = Math.round((cellDots - piece.width) / 2) - piece.left;
      stamp(cell, piece.bitmap, left, baselineDots - 1 - piece.ascent);
      return cell;
    });

  return { measure, drawRow, drawGlyph, legible };
}

/** The drawn sheet as dots, black where the shape covers more than inkAbove, without its blank edges. */
export function cutToInk(context: SKRSContext2D): { readonly bitmap: Bitmap; readonly x: number; readonly y: number } {
  const { width, height } = context.canvas;
  const { data } = context.getImageData(0, 0, width, height);
  const dots: number[] = [];
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let dot = 0; dot < width * height; dot++) {
    if ((data[dot * 4 + 3] ?? 0) <= inkAbove * 255) continue;
    dots.push(dot);
    const [x, y] = [dot % width, Math.floor(dot / width)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  if (dots.length === 0) return { bitmap: blankBitmap(0, 0), x: 0, y: 0 };
  const bitmap = blankBitmap(right - left + 1, bottom - top + 1);
  for (const dot of dots) setBlack(bitmap, (dot % width) - left, Math.floor(dot / width) - top);
  return { bitmap, x: left, y: top };
}
