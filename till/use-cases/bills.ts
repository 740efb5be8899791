/**
 * Reading committed documents back: whole, and as the paper shows them. Rule kept: nothing here writes; the
 * preview is drawn from the same layout as the printer's bytes.
 */
import type { Bill, CreditNote } from '#core/documents.ts';
import type { Uuid } from '#core/ids.ts';
import type { ReceiptPreview } from '#contract/views.ts';
import type { TillContext } from '../context.ts';
import { found } from '../refusal.ts';

export const getBill = (ctx: TillContext, id: Uuid): Bill => found(ctx.tables.bills.bill(id), 'bill');
export const getCreditNote = (ctx: TillContext, id: Uuid): CreditNote =>
  found(ctx.tables.bills.creditNote(id), 'creditNote');

export async function receiptPreview(ctx: TillContext, id: Uuid, kind: 'bill' | 'creditNote'): Promise<ReceiptPreview> {
  const document = kind === 'bill' ? getBill(ctx, id) : getCreditNote(ctx, id);
  return ctx.paper.preview(document);
}
