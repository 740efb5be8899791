/**
 * How many bytes a receipt of 12 lines is as text: at 9600 baud each takes a millisecond. Rule kept: the paper is a
 * whole one (head of the shop, tax table, change, QR or bars, cut and drawer), on the model that asks the least.
 */
import { layoutBill } from '#core/billing/receipt.ts';
import { encodeReceipt } from '#hardware/printer/encode-receipt.ts';
import { measureFor } from '#hardware/printer/escpos-encode.ts';
import { findModel, printerModels } from '#hardware/printer/models.ts';
import { openTextRaster } from '#hardware/text/raster.ts';
import { billOf, monthly, shop } from '#tests/fixtures/receipt-documents.ts';
import { type Figure, worst } from '../till/figures.ts';

/** Bytes of the English receipt on generic-80, with the worst of all text models of 80 mm beside. */
export async function receiptBytesText(): Promise<Figure> {
  const raster = await openTextRaster();
  const sizes = printerModels
    .filter((model) => model.prints === 'text' && model.widthMm === 80 && model.hasQr && model.hasCode128)
    .map((model) => {
      const layout = layoutBill(billOf({ goods: monthly, billOff: 20, cash: 2_000 }), {
        widthMm: 80,
        widthDots: model.dots,
        measure: measureFor(model, raster),
        language: 'en',
        shop,
        isDuplicate: false,
      });
      return { id: model.id, bytes: encodeReceipt(layout, model, raster).length };
    });
  const generic = sizes.find(({ id }) => id === findModel('').id);
  return {
    name: 'receipt_bytes_text',
    value: worst(sizes.map(({ bytes }) => bytes)),
    unit: 'bytes',
    n: sizes.length,
    bar: { atMost: 4_096 },
    beside: { lines: monthly.length, generic: generic?.bytes ?? 0, models: sizes.length },
  };
}
