/**
 * A receipt's layout as ESC/POS bytes for one printer model; encode-receipt.ts chooses the language. Rule kept: a row is text where the printer's code
 * page has all of it, else the whole row is one shaped picture with the same columns; never '?'. Only
 * where no font engine loads (`raster` null) does ₹ become "Rs " and what the page lacks become '?': the
 * till then lays out in English. It opens no wire.
 */
import type {
  MeasureText,
  ReceiptBlock,
  ReceiptCell,
  ReceiptLayout,
  ReceiptPicture,
  ReceiptStyle,
} from '#core/billing/receipt-layout.ts';
import { plainStyle } from '#core/billing/receipt-layout.ts';
import { type Bitmap, blankBitmap, rowBytes, stamp } from '../text/bitmap.ts';
import { cellDots, type TextRaster } from '../text/text-raster.ts';
import { code128Bars, code128Modules, qrModules } from './bars.ts';
import { encodeText } from './code-pages.ts';
import * as esc from './escpos-commands.ts';
import type { PrinterModel } from './models.ts';

/** The receipt's bytes, from ESC @ to the cut and the drawer's pulse, whatever the model's `prints` says. */
export function encodeEscPos(layout: ReceiptLayout, model: PrinterModel, raster: TextRaster | null): Uint8Array {
  const pulse = layout.opensDrawer ? drawerPulse(model) : [];
  const parts: esc.Bytes[] = [...begin(model), esc.selectCodePage(model.codePage.number)];
  const lastCut = layout.blocks.findLastIndex((block) => block.kind === 'cut');
  layout.blocks.forEach((block, i) => {
    if (i === lastCut && model.pulse === 'beforeCut') parts.push(pulse);
    parts.push(...encodeBlock(block, layout, model, raster));
  });
  if (lastCut === -1 || model.pulse === 'afterCut') parts.push(pulse);
  return esc.joinBytes(parts);
}

/** ESC @, and GS a behind it, which a reset would undo. */
const begin = (model: PrinterModel): esc.Bytes[] => [
  esc.initialise(),
  ...(model.hasAutoStatus ? [esc.automaticStatus()] : []),
];
const drawerPulse = (model: PrinterModel): esc.Bytes =>
  model.drawer ? esc.drawerPulse(model.drawer.pin, model.drawer.on2Ms, model.drawer.off2Ms) : [];

/** A whole receipt that is one picture. */
export function encodePicture(picture: Bitmap, opensDrawer: boolean, model: PrinterModel): Uint8Array {
  const pulse = opensDrawer ? drawerPulse(model) : [];
  return esc.joinBytes([
    ...begin(model),
    esc.raster(picture, model.rasterBandRows),
    model.pulse === 'beforeCut' ? pulse : [],
    ...encodeCut(model),
    model.pulse === 'afterCut' ? pulse : [],
  ]);
}

const encodeCut = (model: PrinterModel): esc.Bytes[] =>
  model.cutter === 'none' ? Array.from({ length: 4 }, esc.lineFeed) : [esc.cut(model.cutter, model.feedBeforeCut)];

function encodeBlock(
  block: ReceiptBlock,
  layout: ReceiptLayout,
  model: PrinterModel,
  raster: TextRaster | null,
): esc.Bytes[] {
  switch (block.kind) {
    case 'row':
      return encodeRow(block.cells, layout, model, raster);
    case 'rule':
      return [textBytes((block.double ? '=' : '-').repeat(layout.widthChars)), esc.lineFeed()];
    case 'feed':
      return Array.from({ length: block.rows }, esc.lineFeed);
    case 'qr':
      return encodeQr(block.data, block.caption, layout, model, raster);
    case 'barcode':
      return encodeBarcode(block.code, layout, model, raster);
    case 'picture':
      return encodePictureBlock(block.picture, layout, model);
    case 'cut':
      return encodeCut(model);
    default:
      return block satisfies never;
  }
}

const textBytes = (ascii: string): esc.Bytes => [...ascii].map((char) => char.charCodeAt(0));
const spaces = (count: number): esc.Bytes => new Array<number>(Math.max(0, count)).fill(0x20);

function encodeRow(
  cells: readonly ReceiptCell[],
  layout: ReceiptLayout,
  model: PrinterModel,
  raster: TextRaster | null,
): esc.Bytes[] {
  const texts = cells.map((cell) => encodeText(cell.text, model.codePage.name));
  const fits = cells.every((cell, i) => (texts[i]?.length ?? 0) * cell.style.width <= cell.chars);
  if (texts.every((text) => text !== null) && fits) return textRow(cells, texts);
  if (raster === null)
    return textRow(
      cells,
      cells.map((cell) => plainBytes(cell, model)),
    );
  let x = 0;
  const placed = cells.map((cell) => {
    const left = x;
    x += cell.chars * cellDots;
    return { text: cell.text, x: left, width: cell.chars * cellDots, align: cell.align, style: cell.style };
  });
  return [esc.raster(raster.drawRow(placed, layout.widthDots), model.rasterBandRows)];
}

/** Without a font engine: "Rs " for ₹, '?' for each grapheme the page lacks, cut to the cell. */
function plainBytes(cell: ReceiptCell, model: PrinterModel): readonly number[] {
  const bytes: number[] = [];
  for (const { segment } of new Intl.Segmenter('hi', { granularity: 'grapheme' }).segment(cell.text)) {
    bytes.push(...(segment === '₹' ? [0x52, 0x73, 0x20] : (encodeText(segment, model.codePage.name) ?? [0x3f])));
  }
  return bytes.slice(0, Math.floor(cell.chars / cell.style.width));
}

/** Cells padded with blanks to their columns; a style is switched only where it changes, blanks at the end are not sent. */
function textRow(cells: readonly ReceiptCell[], texts: readonly (readonly number[] | null)[]): esc.Bytes[] {
  const parts: esc.Bytes[] = [];
  let style: ReceiptStyle = plainStyle;
  let waiting = 0;
  const turnTo = (next: ReceiptStyle): void => {
    if (next.bold !== style.bold) parts.push(esc.bold(next.bold));
    if (next.width !== style.width || next.height !== style.height) parts.push(esc.size(next.width, next.height));
    style = next;
  };
  cells.forEach((cell, i) => {
    const text = texts[i] ?? [];
    const room = Math.max(0, cell.chars - text.length * cell.style.width);
    const before = cell.align === 'left' ? 0 : cell.align === 'right' ? room : Math.floor(room / 2);
    waiting += before;
    if (text.length > 0) {
      if (waiting > 0) {
        turnTo({ ...style, width: 1, height: style.height });
        parts.push(spaces(waiting));
      }
      turnTo(cell.style);
      parts.push(text);
      waiting = 0;
    }
    waiting += room - before;
  });
  parts.push(esc.lineFeed());
  turnTo(plainStyle);
  return parts;
}

const captionRow = (text: string, layout: ReceiptLayout): readonly ReceiptCell[] => [
  { text, chars: layout.widthChars, align: 'center', style: plainStyle },
];

/** Dots of a QR module: about 5 for a short text, and never past the paper less a quiet zone of 4 modules a side. */
const qrDots = (modules: number, layout: ReceiptLayout): number =>
  Math.max(2, Math.min(modules <= 25 ? 5 : 6, Math.floor(layout.widthDots / (modules + 8))));

function encodeQr(
  data: string,
  caption: string | null,
  layout: ReceiptLayout,
  model: PrinterModel,
  raster: TextRaster | null,
): esc.Bytes[] {
  const below = caption === null ? [] : encodeRow(captionRow(caption, layout), layout, model, raster);
  const modules = qrModules(data, 'M');
  if (modules === null) return below;
  const dots = qrDots(modules.width, layout);
  if (!model.hasQr) return [pictureBytes(modules, dots, dots, layout, model), ...below];
  return [esc.align('center'), esc.qrCode(data, dots, 'M'), esc.lineFeed(), esc.align('left'), ...below];
}

export const barHeight = 60;

function encodeBarcode(
  code: string,
  layout: ReceiptLayout,
  model: PrinterModel,
  raster: TextRaster | null,
): esc.Bytes[] {
  const modules = code128Modules(code);
  // Quiet zones of 10 modules a side; bars that would be too fine for a scanner become a QR.
  const module = modules === null ? 0 : Math.min(2, Math.floor(layout.widthDots / (modules + 20)));
  const bars = code128Bars(code, 1);
  if (module < 2 || bars === null) return encodeQr(code, code, layout, model, raster);
  if (!model.hasCode128) {
    return [
      pictureBytes(bars, module, barHeight, layout, model),
      ...encodeRow(captionRow(code, layout), layout, model, raster),
    ];
  }
  const style = { height: barHeight, module, isTextBelow: true };
  return [esc.align('center'), esc.code128(code, style), esc.lineFeed(), esc.align('left')];
}

/** A picture that is wider than the paper, or says another size than it has dots for, is left out. */
function encodePictureBlock(picture: ReceiptPicture, layout: ReceiptLayout, model: PrinterModel): esc.Bytes[] {
  const { width, height } = picture;
  const bits = new Uint8Array(Buffer.from(picture.bitsBase64, 'base64'));
  if (width > layout.widthDots || bits.length !== rowBytes(width) * height) return [];
  return [pictureBytes({ width, height, bits }, 1, 1, layout, model)];
}

/** A picture enlarged and centred on the paper, as raster. */
function pictureBytes(
  source: Bitmap,
  scaleX: number,
  scaleY: number,
  layout: ReceiptLayout,
  model: PrinterModel,
): esc.Bytes {
  const target = blankBitmap(layout.widthDots, source.height * scaleY + 2 * cellDots);
  stamp(target, source, Math.floor((layout.widthDots - source.width * scaleX) / 2), 0, scaleX, scaleY);
  return esc.raster(target, model.rasterBandRows);
}

/**
 * MeasureText for core's layouts: text of the code page takes the printer's own cells, other text what the font
 * engine says. Without an engine every grapheme counts as one cell, ₹ as three.
 */
export function measureFor(model: PrinterModel, raster: TextRaster | null): MeasureText {
  return (text, style) => {
    const bytes = encodeText(text, model.codePage.name);
    if (bytes !== null) return bytes.length * cellDots * style.width;
    if (raster !== null) return raster.measure(text, style);
    const cell: ReceiptCell = { text, chars: Number.MAX_SAFE_INTEGER, align: 'left', style };
    return plainBytes(cell, model).length * cellDots * style.width;
  };
}

/** No paper, only the drawer's pulse. Nothing at all on a model without a drawer port. */
export const escPosDrawer = (model: PrinterModel): Uint8Array => esc.joinBytes([drawerPulse(model)]);
