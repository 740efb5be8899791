/**
 * Label design: what stands where on a shelf or item label, in millimetres, as plain data that a person edits and
 * the till keeps. Rule kept: a design knows no printer: dots, bytes and fonts come later, so one design prints at
 * 203 and at 300 dpi. It holds no goods: facts are laid into it by fill-label.ts.
 */
import { err, ok, type Result } from '../result.ts';

/** One label, and how labels lie on the roll: `across` of them side by side, `betweenMm` apart; `gapMm` to the next row. */
export type LabelPaper = {
  readonly widthMm: number;
  readonly heightMm: number;
  readonly gapMm: number;
  readonly across: 1 | 2 | 3;
  readonly betweenMm: number;
};

export const labelFields = [
  'name',
  'nameEn',
  'nameHi',
  'brand',
  'mrp',
  'sellingPrice',
  'unitPrice',
  'unitSalePrice',
  'saving',
  'netQty',
  'weight',
  'weightPrice',
  'packedOn',
  'packedMonth',
  'expiresOn',
  'batchCode',
  'itemCode',
  'codeText',
  'inclusiveOfTaxes',
  'shopName',
  'shopAddress',
  'shopPhone',
  'fssai',
  'free',
] as const;
export type LabelField = (typeof labelFields)[number];

export const labelSymbologies = ['auto', 'code128', 'gs1-128', 'gs1-datamatrix', 'weighed'] as const;
/** `auto`: EAN-13, EAN-8, UPC-A by the item's number, else Code 128. `weighed`: the shop's in-store code with the weight or price inside. */
export type LabelSymbology = (typeof labelSymbologies)[number];

export type LabelTurn = 0 | 90 | 180 | 270;
/** Top left corner of the turned thing on the label. */
type Placed = { readonly xMm: number; readonly yMm: number };

export type LabelTextItem = Placed & {
  readonly kind: 'text';
  readonly field: LabelField;
  /** What a `free` text says. */
  readonly text: string;
  /** With its word before it: "MRP ₹145.00", "Use by 12-11-2026". */
  readonly hasCaption: boolean;
  /** The label is not printed without it. */
  readonly isRequired: boolean;
  /** Room along the text, before it is turned. */
  readonly widthMm: number;
  /** Font size (em); shrunk down to `minSizeMm` where the text is long. */
  readonly sizeMm: number;
  readonly minSizeMm: number;
  readonly maxLines: number;
  readonly align: 'left' | 'center' | 'right';
  readonly isBold: boolean;
  readonly rotate: LabelTurn;
};
export type LabelCodeItem = Placed & {
  readonly kind: 'code';
  readonly symbology: LabelSymbology;
  readonly widthMm: number;
  readonly heightMm: number;
  /** Its digits below the bars, within heightMm. */
  readonly hasText: boolean;
  readonly rotate: LabelTurn;
};
/** A frame, its line inside. */
export type LabelBoxItem = Placed & {
  readonly kind: 'box';
  readonly widthMm: number;
  readonly heightMm: number;
  readonly lineMm: number;
};
/** A filled bar: a rule across the label. */
export type LabelLineItem = Placed & { readonly kind: 'line'; readonly widthMm: number; readonly heightMm: number };

export type LabelItem = LabelTextItem | LabelCodeItem | LabelBoxItem | LabelLineItem;

export type LabelDesign = {
  /** A preset's name in code ("shelf-50x25"), or an id made when the shop saved its own. */
  readonly id: string;
  /** What the shop calls it; '' for a preset, whose words the screen has. */
  readonly name: string;
  readonly paper: LabelPaper;
  readonly items: readonly LabelItem[];
};

/** Bounds: the narrowest jewellery tag to the widest 4-inch head (104 mm at 203 dpi, 106 at 300). */
export const labelBounds = {
  minWidthMm: 15,
  maxWidthMm: 106,
  minHeightMm: 8,
  maxHeightMm: 150,
  maxItems: 40,
  maxTextLength: 200,
  minTextMm: 1,
  maxTextMm: 30,
} as const;

export type LabelDesignInvalid = {
  readonly type: 'LabelDesignInvalid';
  readonly reason: 'paper' | 'tooWideTogether' | 'tooManyItems' | 'item';
  readonly itemIndex: number | null;
};

const isBetween = (n: number, from: number, to: number): boolean => Number.isFinite(n) && n >= from && n <= to;

/** Across all columns, in mm. */
export const rowWidthMm = (paper: LabelPaper): number =>
  paper.widthMm * paper.across + paper.betweenMm * (paper.across - 1);

function isItemSound(item: LabelItem): boolean {
  const { maxWidthMm, maxHeightMm, minTextMm, maxTextMm, maxTextLength } = labelBounds;
  const place = isBetween(item.xMm, 0, maxWidthMm) && isBetween(item.yMm, 0, maxHeightMm);
  // A turned thing's length lies along the label's height.
  if (!place || !isBetween(item.widthMm, 0.1, maxHeightMm)) return false;
  if (item.kind === 'text') {
    const sizes = isBetween(item.minSizeMm, minTextMm, maxTextMm) && isBetween(item.sizeMm, item.minSizeMm, maxTextMm);
    return sizes && isBetween(item.maxLines, 1, 10) && item.text.length <= maxTextLength;
  }
  if (!isBetween(item.heightMm, 0.1, maxHeightMm)) return false;
  return item.kind !== 'box' || isBetween(item.lineMm, 0.1, 5);
}

/** Whether a design can be kept: sizes within bounds. What does not fit on its paper is told when it is filled. */
export function checkDesign(design: LabelDesign): Result<LabelDesign, LabelDesignInvalid> {
  const refuse = (reason: LabelDesignInvalid['reason'], itemIndex: number | null = null) =>
    err({ type: 'LabelDesignInvalid' as const, reason, itemIndex });
  const { paper } = design;
  const isPaper =
    isBetween(paper.widthMm, labelBounds.minWidthMm, labelBounds.maxWidthMm) &&
    isBetween(paper.heightMm, labelBounds.minHeightMm, labelBounds.maxHeightMm) &&
    isBetween(paper.gapMm, 0, 10) &&
    isBetween(paper.betweenMm, 0, 10);
  if (!isPaper) return refuse('paper');
  if (rowWidthMm(paper) > labelBounds.maxWidthMm) return refuse('tooWideTogether');
  if (design.items.length > labelBounds.maxItems) return refuse('tooManyItems');
  const bad = design.items.findIndex((item) => !isItemSound(item));
  return bad < 0 ? ok(design) : refuse('item', bad);
}
