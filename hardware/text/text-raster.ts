/**
 * What the printer needs of a font engine: measured and drawn rows. Rule kept: the encoder, the preview and the
 * emulator know only this shape, so all of them run, in plainer form, where no font engine loads.
 */
import type { MeasureText, ReceiptAlign, ReceiptStyle } from '#core/billing/receipt-layout.ts';
import type { Bitmap } from './bitmap.ts';

/** Dots of one character cell of the printer's font A, and of one line at its default spacing. */
export const cellDots = 12;
export const glyphDots = 24;
export const lineDots = 30;

/** A text in its part of the row: `x` and `width` in dots. */
export type PlacedText = {
  readonly text: string;
  readonly x: number;
  readonly width: number;
  readonly align: ReceiptAlign;
  readonly style: ReceiptStyle;
};

export type TextRaster = {
  /** Dots of the shaped text in that style. */
  readonly measure: MeasureText;
  /** The text as it will be drawn: without what no font has a glyph for, which an engine would draw as a box. */
  readonly legible: (text: string) => string;
  /** One row: at least a line high, higher where marks need it; a text wider than its part is drawn narrower, never cut. */
  readonly drawRow: (texts: readonly PlacedText[], widthDots: number) => Bitmap;
  /** One character in the printer's own cell (12 × 24), for pictures of what the printer's font will print. */
  readonly drawGlyph: (char: string, isBold: boolean) => Bitmap;
};
