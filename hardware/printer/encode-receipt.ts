/**
 * A receipt's layout as bytes in the language that a model prints: ESC/POS as text, ESC/POS as one picture, Star's
 * raster mode. Rule kept: a model that takes only pictures gets the picture of the very paper that a text model
 * would print, so that one layout looks the same everywhere. It opens no wire.
 */
import type { ReceiptLayout } from '#core/billing/receipt-layout.ts';
import { type Bitmap, cutBelow, inkRows } from '../text/bitmap.ts';
import type { TextRaster } from '../text/text-raster.ts';
import { makeEmulator } from './emulator.ts';
import { printedText } from './emulator-paper.ts';
import { drawReceipt } from './emulator-picture.ts';
import { encodeEscPos, encodePicture, escPosDrawer } from './escpos-encode.ts';
import type { PrinterModel } from './models.ts';
import { encodeStar } from './star-raster.ts';

/** The paper that an ESC/POS stream prints, at 1:1 dots, up to its last cut. */
export function paperPicture(bytes: Uint8Array, widthDots: number, raster: TextRaster | null): Bitmap {
  const emulator = makeEmulator({ widthDots });
  emulator.feed(bytes);
  return drawReceipt(emulator.receipts().at(-1) ?? emulator.current(), raster);
}

/** Everything but the cut and the pulse as one picture, without blank rows at its end. */
function wholePicture(layout: ReceiptLayout, model: PrinterModel, raster: TextRaster): Bitmap {
  const paper = paperPicture(encodeEscPos({ ...layout, opensDrawer: false }, model, raster), layout.widthDots, raster);
  return cutBelow(paper, inkRows(paper));
}

/**
 * The receipt's bytes, from reset to the cut and the drawer's pulse. Without a font engine a picture can't be drawn:
 * the rows go as plain text, which all but Star's TSP100 print.
 */
export function encodeReceipt(layout: ReceiptLayout, model: PrinterModel, raster: TextRaster | null): Uint8Array {
  if (model.prints === 'text') return encodeEscPos(layout, model, raster);
  if (model.prints === 'picture') {
    if (raster === null) return encodeEscPos(layout, model, raster);
    return encodePicture(wholePicture(layout, model, raster), layout.opensDrawer, model);
  }
  if (raster === null) return starText(layout, model);
  return encodeStar({
    picture: wholePicture(layout, model, raster),
    cut: model.cutter,
    drawer: layout.opensDrawer ? starDrawer(model) : null,
    pulse: model.pulse,
  });
}

/** No paper, only the drawer's pulse: an opening without a sale. Nothing at all on a model without a drawer port. */
export function drawerOnly(model: PrinterModel): Uint8Array {
  if (model.prints !== 'star') return escPosDrawer(model);
  const drawer = starDrawer(model);
  return drawer === null ? new Uint8Array(0) : encodeStar({ picture: null, cut: 'none', drawer, pulse: model.pulse });
}

const starDrawer = (model: PrinterModel): 1 | 2 | null =>
  model.drawer === null ? null : model.drawer.pin === 0 ? 1 : 2;

/** Star line mode: the rows as ASCII, BEL for drawer 1, ESC d 3 feeds and cuts (Star Line Mode Command Specifications). */
function starText(layout: ReceiptLayout, model: PrinterModel): Uint8Array {
  const emulator = makeEmulator({ widthDots: layout.widthDots });
  emulator.feed(encodeEscPos(layout, model, null));
  const lines = printedText(emulator.receipts().at(-1) ?? emulator.current());
  const pulse = layout.opensDrawer && model.drawer !== null ? '\x07' : '';
  return Buffer.from(`${lines.join('\n')}\n${pulse}\x1bd3`, 'latin1');
}
