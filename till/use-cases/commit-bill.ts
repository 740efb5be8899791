/**
 * The commit: a cart becomes a bill. Rule kept: one SQLite transaction holds the number, bill, lines,
 * tenders, stock movements, journal entry and print job; nothing is answered or printed before it is on
 * disk; the cart's id is the idempotency key, so a retry answers the same bill.
 */
import { documentNumber } from '#core/billing/bill-number.ts';
import type { Cart } from '#core/billing/cart.ts';
import { type CommitFacts, makeBill, refusalToCommit } from '#core/billing/make-bill.ts';
import { priceCart } from '#core/billing/price-cart.ts';
import type { Bill } from '#core/documents.ts';
import type { Uuid } from '#core/ids.ts';
import { milli, multiplyQty } from '#core/quantity.ts';
import { businessDateOf, financialYearOf } from '#core/time.ts';
import { documentContent } from '#core/document-content.ts';
import type { Committed } from '#contract/views.ts';
import type { Login, TillContext } from '../context.ts';
import { pricingOf } from '../pricing.ts';
import { need, refuse } from '../refusal.ts';
import { sellerOf } from '../shop-settings.ts';
import { shiftState } from '../shift-state.ts';

export function commitBill(ctx: TillContext, cartId: Uuid, login: Login): Committed {
  // A look at one index: the whole bill is read only for the rare retry.
  const earlier = ctx.tables.bills.exists(cartId) ? ctx.tables.bills.bill(cartId) : null;
  if (earlier !== null) return { bill: earlier, isRepeat: true };
  const cart = ctx.cart.current();
  if (cart.id !== cartId) refuse({ type: 'NotFound', what: 'cart' });
  if (ctx.cart.choice() !== null || ctx.cart.waiting().length > 0) {
    refuse({ type: 'ScansWaiting', waiting: Math.max(1, ctx.cart.waiting().length) });
  }
  const shift = ctx.tables.shifts.current();
  if (shift === null) refuse({ type: 'NoShift' });
  const occurredAtMs = ctx.billingNow();
  const shop = ctx.settings.get();
  const businessDate = businessDateOf(occurredAtMs, shop.day);
  // Anew: the cart may have been priced before midnight, and the rate is the business date's.
  const priced = priceCart(
    cart,
    pricingOf({ settings: ctx.settings, rates: ctx.rates, today: () => businessDate }, cart),
  );
  if (priced.payablePaise !== ctx.cart.priced().payablePaise) ctx.cart.refresh();
  const refusal = refusalToCommit(cart, priced, businessDate);
  if (refusal !== null) refuse(refusal);

  const financialYear = financialYearOf(businessDate);
  const bill = ctx.tables.transact((): Bill => {
    const sequence = ctx.tables.bills.nextSequence(shop.series, financialYear);
    const number = documentNumber(shop.series, financialYear, sequence);
    if (!number.ok) refuse({ type: 'SeriesFull', series: shop.series });
    const facts: CommitFacts = {
      storeId: shop.storeId,
      tillId: shop.tillId,
      shiftId: shift.id,
      cashierId: login.id,
      cashierName: login.name,
      number: number.value,
      series: shop.series,
      financialYear,
      sequence,
      businessDate,
      occurredAtMs,
      seller: sellerOf(shop),
    };
    const made = need(makeBill(cart, priced, facts));
    ctx.tables.bills.insertBill(made);
    ctx.tables.stock.append(stockMovementsOf(ctx, made));
    ctx.tables.journal.append('bill', made.id, occurredAtMs, documentContent(made));
    if (shop.printer.kind !== 'none') {
      ctx.tables.printJobs.add({
        id: ctx.newId(),
        documentId: made.id,
        kind: 'bill',
        createdAtMs: occurredAtMs,
        isDuplicate: false,
        opensDrawer: ctx.drawer.isOnPrinter() && isCash(made),
      });
    }
    return made;
  });
  rememberLots(ctx, cart);
  ctx.cart.committed({
    id: bill.id,
    number: bill.number,
    payablePaise: bill.payablePaise,
    changePaise: bill.changePaise,
    committedAtMs: bill.occurredAtMs,
  });
  ctx.spool.kick();
  if (isCash(bill)) ctx.drawer.kick();
  ctx.toldOfDocument(occurredAtMs);
  // What waits for a person at the shift's close is told at once.
  if (bill.tenders.some((t) => t.status === 'waiting')) ctx.shiftFeed.publish(shiftState(ctx));
  return { bill, isRepeat: false };
}

const isCash = (bill: Bill): boolean => bill.tenders.some((t) => t.kind === 'cash');

/** Goods leave in base units: a case of twelve takes twelve off. */
const stockMovementsOf = (ctx: TillContext, bill: Bill): Parameters<typeof ctx.tables.stock.append>[0] =>
  bill.lines.flatMap((line) =>
    line.itemId === null
      ? []
      : [
          {
            id: ctx.newId(),
            itemId: line.itemId,
            batchId: line.batchId,
            qtyMilli: milli(-multiplyQty(line.qtyMilli, line.packQtyMilli)),
            kind: 'sale' as const,
            refId: bill.id,
            refLineNo: line.lineNo,
            businessDate: bill.businessDate,
            occurredAtMs: bill.occurredAtMs,
            costPricePaise: null,
            note: null,
          },
        ],
  );

/** "As last time" of the MRP chooser: a wish, written after the bill and outside its transaction. */
function rememberLots(ctx: TillContext, cart: Cart): void {
  for (const line of cart.lines) {
    if (line.kind === 'item' && line.itemId !== null && line.batchId !== null) {
      ctx.rememberLot(line.itemId, line.batchId);
    }
  }
}
