/**
 * Receipt layout: what stands on the paper, line by line, before any byte. Rule kept: hardware/ turns the
 * same blocks into ESC/POS bytes and the screen draws the same blocks as preview, so what the cashier sees
 * is what prints. Types only; receipt.ts builds them.
 */
export type ReceiptAlign = 'left' | 'center' | 'right';
/** Multiples of the printer's own character cell. */
export type ReceiptStyle = { readonly bold: boolean; readonly width: 1 | 2; readonly height: 1 | 2 };
export const plainStyle: ReceiptStyle = { bold: false, width: 1, height: 1 };

export type ReceiptCell = {
  readonly text: string;
  /** Share of the line, in character cells of the plain style. */
  readonly chars: number;
  readonly align: ReceiptAlign;
  readonly style: ReceiptStyle;
};

/** One bit a dot, 1 is black; rows padded to whole bytes, in base64. */
export type ReceiptPicture = { readonly width: number; readonly height: number; readonly bitsBase64: string };

export type ReceiptBlock =
  /** One printed row; cells' chars add up to at most the paper's. Already wrapped. */
  | { readonly kind: 'row'; readonly cells: readonly ReceiptCell[] }
  | { readonly kind: 'rule'; readonly double: boolean }
  | { readonly kind: 'feed'; readonly rows: number }
  | { readonly kind: 'qr'; readonly data: string; readonly caption: string | null }
  | { readonly kind: 'barcode'; readonly code: string }
  /** In the middle of the paper, dot for dot. */
  | { readonly kind: 'picture'; readonly picture: ReceiptPicture }
  | { readonly kind: 'cut' };

export type ReceiptLayout = {
  readonly widthMm: 58 | 80;
  readonly widthDots: number;
  /** Character cells per line in the plain style (font A): 32 at 58 mm, 48 at 80 mm. */
  readonly widthChars: number;
  readonly blocks: readonly ReceiptBlock[];
  /** Pulse the cash drawer: only when cash changed hands, and never on a reprint. */
  readonly opensDrawer: boolean;
};

/** Dots that `text` takes in `style`; handed in because shaping needs fonts, which core has not. */
export type MeasureText = (text: string, style: ReceiptStyle) => number;
