/**
 * A scan arrives. Rule kept: it is never refused for being unknown and never lost: added, a red line, a
 * question, or queued behind one. One code at a time, in the order they came.
 */
import type { DomainError } from '#core/errors.ts';
import { readScan } from '#core/catalogue/scan-code.ts';
import { refusalOfQty } from '#core/billing/edit-cart.ts';
import { type Milli, onePiece } from '#core/quantity.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { ScanOutcome } from '#contract/views.ts';
import { addGoods, type Goods, justOne, type Wanted } from './cart-lines.ts';
import type { TillContext } from './context.ts';
import type { WaitingScan } from './cart-host.ts';

/**
 * Looks a code up and adds it. Errors: the scan was not clean, a payment QR, a quantity that can't be. An
 * unknown code is no error: it becomes the red line that blocks Pay.
 */
export function takeScan(ctx: TillContext, scan: WaitingScan): Result<ScanOutcome, DomainError> {
  if (scan.qtyMilli !== null && scan.qtyMilli <= 0) return err({ type: 'QtyNotPositive' });
  const reading = readScan(scan.code, { masks: ctx.settings.get().masks, year: Number(ctx.today().slice(0, 4)) });
  const asked: Wanted = { ...justOne, qtyMilli: scan.qtyMilli, worthPaise: scan.worthPaise };
  switch (reading.kind) {
    case 'unreadable':
      return err({
        type: 'ScanUnreadable',
        reason: reading.reason === 'badGs1' ? 'controlCharacters' : reading.reason,
      });
    case 'badCheckDigit': {
      // A shop's own 12–14 digit code may look like a GTIN: what the catalogue knows wins.
      const own = findGoods(ctx, [reading.code]);
      return own ? addGoods(ctx, own, asked) : err({ type: 'BadCheckDigit', code: reading.code });
    }
    case 'paymentQr':
      return err({ type: 'PaymentQrScanned' });
    case 'gtin':
      return addOrUnknown(ctx, [reading.code, reading.gtin], reading.code, asked);
    case 'plain':
      return addOrUnknown(ctx, [reading.code], reading.code, asked);
    case 'inStore': {
      const exact = findGoods(ctx, [reading.code]);
      if (exact) return addGoods(ctx, exact, asked);
      const goods = findGoods(ctx, [reading.baseCode]);
      if (!goods) return unknown(ctx, reading.code, scan.qtyMilli);
      return addGoods(ctx, goods, fromLabel(reading.measure, asked));
    }
    case 'gs1': {
      if (reading.gtin === null) return unknown(ctx, scan.code.slice(0, 48), scan.qtyMilli);
      const goods = findGoods(ctx, [reading.gtin, reading.gtin.replace(/^0(?=\d{13}$)/, '')]);
      if (!goods) return unknown(ctx, reading.gtin, scan.qtyMilli);
      const batch = goods.item.batches.find((b) => b.code !== null && b.code === reading.batch);
      const expired = reading.expiry !== null && reading.expiry < ctx.today();
      if (expired && reading.expiry !== null) return err({ type: 'BatchExpired', expiredOn: reading.expiry });
      const qtyMilli = reading.weightMilli ?? reading.qtyMilli ?? scan.qtyMilli;
      const isLabel = reading.weightMilli !== null || reading.pricePaise !== null;
      const worthPaise = reading.pricePaise ?? scan.worthPaise;
      const wanted: Wanted = { ...asked, qtyMilli, worthPaise, measuredBy: isLabel ? 'label' : 'count' };
      return addGoods(ctx, goods, wanted, batch ? { batchId: batch.id } : {});
    }
  }
}

/** By which codes a scan's item goes; none where the scan names no item, or the shop has it. */
export function unknownCodes(ctx: TillContext, code: string): readonly string[] {
  const reading = readScan(code, { masks: ctx.settings.get().masks, year: Number(ctx.today().slice(0, 4)) });
  const codes = ((): readonly string[] => {
    switch (reading.kind) {
      case 'gtin':
        return [reading.code, reading.gtin];
      case 'plain':
      case 'badCheckDigit':
        return [reading.code];
      case 'inStore':
        return [reading.code, reading.baseCode];
      case 'gs1':
        return reading.gtin === null ? [] : [reading.gtin, reading.gtin.replace(/^0(?=\d{13}$)/, '')];
      case 'paymentQr':
      case 'unreadable':
        return [];
    }
  })();
  return findGoods(ctx, codes) === null ? codes : [];
}

function fromLabel(
  measure: Extract<ReturnType<typeof readScan>, { kind: 'inStore' }>['measure'],
  asked: Wanted,
): Wanted {
  switch (measure.kind) {
    case 'weight':
      return { ...asked, qtyMilli: measure.weightMilli, measuredBy: 'label' };
    case 'quantity':
      return { ...asked, qtyMilli: measure.qtyMilli, measuredBy: 'label' };
    case 'price':
      return { ...asked, qtyMilli: null, worthPaise: measure.pricePaise, measuredBy: 'label' };
    case 'discount':
      return { ...asked, discount: { kind: 'percent', rateBp: measure.discountBp } };
  }
}

export function findGoods(ctx: TillContext, codes: readonly string[]): Goods | null {
  for (const code of codes) {
    const hit = ctx.tables.items.byBarcode(code);
    if (hit?.item.isActive) return { item: hit.item, barcode: hit.barcode, code };
  }
  for (const code of codes) {
    const item = ctx.tables.items.byCode(code);
    if (item?.isActive) return { item, barcode: null, code };
  }
  return null;
}

function addOrUnknown(
  ctx: TillContext,
  codes: readonly string[],
  shown: string,
  wanted: Wanted,
): Result<ScanOutcome, DomainError> {
  const goods = findGoods(ctx, codes);
  return goods ? addGoods(ctx, goods, wanted) : unknown(ctx, shown, wanted.qtyMilli);
}

function unknown(ctx: TillContext, code: string, qtyMilli: Milli | null): Result<ScanOutcome, DomainError> {
  const qty = qtyMilli ?? onePiece;
  const refusal = refusalOfQty(qty, 'pc');
  if (refusal) return err(refusal);
  ctx.cart.addUnknown(code, qty);
  return ok('unknown');
}

/** Works off the scans that waited behind a question or a locked till, until the next question. */
export function takeWaiting(ctx: TillContext): void {
  while (ctx.cart.choice() === null) {
    const scan = ctx.cart.nextWaiting();
    if (scan === null) return;
    const taken = takeScan(ctx, scan);
    if (!taken.ok) ctx.cart.notify({ kind: 'refused', error: taken.error });
  }
}
