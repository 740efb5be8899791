/**
 * A layout as the picture that will come out of the printer, for the screen. Rule kept: it is drawn from the very
 * bytes that would be sent, read back by the emulator, so the preview can't show what doesn't print. The
 * drawer's pulse and the cut leave no mark.
 */
import type { ReceiptLayout } from '#core/billing/receipt-layout.ts';
import { type Bitmap, bitmapToPng } from '../text/bitmap.ts';
import type { TextRaster } from '../text/text-raster.ts';
import { encodeReceipt, paperPicture } from './encode-receipt.ts';
import type { PrinterModel } from './models.ts';
import { readStar } from './star-raster.ts';

/** The paper at 1:1 dots, up to the last cut. */
export function drawLayout(layout: ReceiptLayout, model: PrinterModel, raster: TextRaster | null): Bitmap {
  const bytes = encodeReceipt(layout, model, raster);
  return model.prints === 'star' && raster !== null
    ? readStar(bytes, layout.widthDots).picture
    : paperPicture(bytes, layout.widthDots, raster);
}

/** PNG of the paper in base64; null where no font engine loads: the screen then sets the layout as text. */
export const previewPng = (layout: ReceiptLayout, model: PrinterModel, raster: TextRaster | null): string | null =>
  raster === null ? null : Buffer.from(bitmapToPng(drawLayout(layout, model, raster))).toString('base64');
