/**
 * From a document to paper: layout, bytes, preview. Rule kept: one layout makes both the bytes and the
 * picture on the screen; fonts load the first time something is printed, never on the billing path.
 */
import { layoutBill, layoutCreditNote } from '#core/billing/receipt.ts';
import { layoutOrder } from '#core/ordering/order-layout.ts';
import { layoutChallan } from '#core/stock/challan-layout.ts';
import type { TransferDispatched } from '#core/stock/transfer-events.ts';
import { layoutShiftReport, layoutTest } from '#core/billing/receipt-shift.ts';
import type { ReceiptLayout } from '#core/billing/receipt-layout.ts';
import type { ReceiptOptions } from '#core/billing/receipt-parts.ts';
import type { CommittedDocument } from '#core/documents.ts';
import { businessDateOf, type Clock } from '#core/time.ts';
import type { PrintJob } from '#db/print-jobs.ts';
import { drawerOnly, encodeReceipt } from '#hardware/printer/encode-receipt.ts';
import { measureFor } from '#hardware/printer/escpos-encode.ts';
import { findModel, type PrinterModel } from '#hardware/printer/models.ts';
import { previewPng } from '#hardware/printer/preview.ts';
import { openTextRaster } from '#hardware/text/raster.ts';
import type { TextRaster } from '#hardware/text/text-raster.ts';
import type { ReceiptPreview } from '#contract/views.ts';
import { orderToPrint } from './forecast/order-lines.ts';
import { officeSetting } from './sent-rows.ts';
import type { ShopSettings } from './shop-settings.ts';
import { shiftReport } from './shift-report.ts';
import type { Tables } from './tables.ts';

export type Paper = ReturnType<typeof makePaper>;

export type PaperDeps = {
  readonly tables: Tables;
  readonly settings: ShopSettings;
  readonly clock: Clock;
};

export function makePaper(deps: PaperDeps) {
  let loading: Promise<TextRaster | null> | null = null;
  const raster = (): Promise<TextRaster | null> => {
    loading ??= openTextRaster();
    return loading;
  };
  const model = (): PrinterModel => {
    const shop = deps.settings.get();
    return findModel(shop.printerModel, shop.paperMm);
  };

  const optionsFor = (on: PrinterModel, fonts: TextRaster | null, isDuplicate: boolean): ReceiptOptions => {
    const shop = deps.settings.get();
    return {
      widthMm: on.widthMm,
      widthDots: on.dots,
      // Without a font engine only Latin can be printed: the English paper, whatever the shop chose.
      language: fonts === null ? 'en' : shop.receiptLanguage,
      shop: {
        name: shop.name,
        address: shop.address,
        phone: shop.phone || null,
        fssai: shop.fssai,
        upiAddress: shop.upiAddress,
        footer: officeSetting(deps.tables, 'receiptFooter') ?? shop.receiptFooter,
        logo: shop.logo,
      },
      isDuplicate,
      measure: measureFor(on, fonts),
    };
  };

  const layoutOf = (document: CommittedDocument, options: ReceiptOptions): ReceiptLayout =>
    document.type === 'bill' ? layoutBill(document, options) : layoutCreditNote(document, options);

  return {
    /** Bytes of a job; null when its document is not there. */
    encode: async (job: PrintJob): Promise<Uint8Array | null> => {
      const on = model();
      if (job.kind === 'drawer') return drawerOnly(on);
      const fonts = await raster();
      const options = optionsFor(on, fonts, job.isDuplicate);
      if (job.kind === 'orderList') {
        const date = businessDateOf(deps.clock.now(), deps.settings.get().day);
        const lines = await orderToPrint({ ...deps, today: () => date });
        return encodeReceipt(layoutOrder(lines, { ...options, date, printedAtMs: deps.clock.now() }), on, fonts);
      }
      if (job.documentId === null) {
        return encodeReceipt(layoutTest({ ...options, printedAtMs: deps.clock.now() }), on, fonts);
      }
      if (job.kind === 'report') {
        const shift = deps.tables.shifts.byId(job.documentId);
        if (shift === null) return null;
        const printed = { ...options, gstin: deps.settings.get().gstin, printedAtMs: deps.clock.now() };
        return encodeReceipt(layoutShiftReport(shiftReport(deps.tables, shift), printed), on, fonts);
      }
      const challan = deps.tables.transfers.get(job.documentId);
      if (challan?.type === 'transferDispatched') return encodeReceipt(layoutChallan(challan, options), on, fonts);
      const document = deps.tables.bills.bill(job.documentId) ?? deps.tables.bills.creditNote(job.documentId);
      if (document === null) return null;
      return encodeReceipt({ ...layoutOf(document, options), opensDrawer: job.opensDrawer }, on, fonts);
    },
    /** The test page as it would come out of a model that need not be set; null: the one that is. */
    testPreview: async (modelId: string | null): Promise<ReceiptPreview> => {
      const on = modelId === null ? model() : findModel(modelId);
      const fonts = await raster();
      const layout = layoutTest({ ...optionsFor(on, fonts, false), printedAtMs: deps.clock.now() });
      return { layout, pngBase64: previewPng(layout, on, fonts), widthDots: layout.widthDots };
    },
    /** The first of its three copies. */
    previewChallan: async (challan: TransferDispatched): Promise<ReceiptPreview> => {
      const on = model();
      const fonts = await raster();
      const layout = layoutChallan(challan, optionsFor(on, fonts, false), 0);
      return { layout, pngBase64: previewPng(layout, on, fonts), widthDots: layout.widthDots };
    },
    preview: async (document: CommittedDocument): Promise<ReceiptPreview> => {
      const on = model();
      const fonts = await raster();
      const layout = layoutOf(document, optionsFor(on, fonts, false));
      return { layout, pngBase64: previewPng(layout, on, fonts), widthDots: layout.widthDots };
    },
  };
}
