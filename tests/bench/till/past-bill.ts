/**
 * A bill of a bench's made-up past, and how it is written. Rule kept: core makes it, and the tables of the counter take
 * it with its movements and its journal entry, as a sale does.
 */
import { documentNumber } from '#core/billing/bill-number.ts';
import { type Cart, emptyCart } from '#core/billing/cart.ts';
import { makeBill } from '#core/billing/make-bill.ts';
import { priceCart } from '#core/billing/price-cart.ts';
import type { Item } from '#core/catalogue/item.ts';
import { documentContent } from '#core/document-content.ts';
import type { Bill } from '#core/documents.ts';
import { milli } from '#core/quantity.ts';
import { businessDateOf, financialYearOf, instant } from '#core/time.ts';
import type { TillContext } from '#till/context.ts';
import { pricingOf } from '#till/pricing.ts';
import { sellerOf } from '#till/shop-settings.ts';
import { plainLine } from '../../fixtures/plain-line.ts';

export const cashierOf = (ctx: TillContext) => {
  const cashier = ctx.tables.staff.list().find((person) => person.role === 'owner');
  if (cashier === undefined) throw new Error('nobody works here');
  return cashier;
};

/** Lets the checkpointer see the log and its messages arrive. */
export async function letKeepHouse(ctx: TillContext): Promise<void> {
  ctx.toldOfDocument(ctx.clock.now());
  for (let i = 0; i < 3; i += 1) await new Promise<void>((done) => setImmediate(done));
}

/** Paid in cash. `atMs`: when. */
export function pastBill(ctx: TillContext, goods: readonly Item[], atMs: number, customer: Cart['customer']): Bill {
  const shop = ctx.settings.get();
  const occurredAtMs = instant(atMs);
  const businessDate = businessDateOf(occurredAtMs, shop.day);
  const financialYear = financialYearOf(businessDate);
  const sequence = ctx.tables.bills.nextSequence(shop.series, financialYear);
  const number = documentNumber(shop.series, financialYear, sequence);
  const cashier = cashierOf(ctx);
  const cart = {
    ...emptyCart(ctx.newId(), occurredAtMs, cashier.id),
    lines: goods.map((item) => plainLine(ctx.newId, item)),
    customer,
  };
  const priced = priceCart(cart, pricingOf(ctx, cart));
  const tender = {
    id: ctx.newId(),
    kind: 'cash' as const,
    amountPaise: priced.payablePaise,
    status: 'received' as const,
    reference: null,
  };
  const made = makeBill({ ...cart, tenders: [tender] }, priced, {
    storeId: shop.storeId,
    tillId: shop.tillId,
    shiftId: ctx.tables.shifts.current()?.id ?? ctx.newId(),
    cashierId: cashier.id,
    cashierName: cashier.name,
    number: number.ok ? number.value : '',
    series: shop.series,
    financialYear,
    sequence,
    businessDate,
    occurredAtMs,
    seller: sellerOf(shop),
  });
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  return made.value;
}

const saleOf = (ctx: TillContext, bill: Bill, line: Bill['lines'][number]) => {
  if (line.itemId === null) throw new Error('a line of the bench without an item');
  return {
    id: ctx.newId(),
    itemId: line.itemId,
    batchId: null,
    qtyMilli: milli(-line.qtyMilli),
    kind: 'sale' as const,
    refId: bill.id,
    refLineNo: line.lineNo,
    businessDate: bill.businessDate,
    occurredAtMs: bill.occurredAtMs,
    costPricePaise: null,
    note: null,
  };
};

/** In the caller's transaction. */
export function writePast(ctx: TillContext, bill: Bill): void {
  const { tables } = ctx;
  tables.bills.insertBill(bill);
  tables.stock.append(bill.lines.map((line) => saleOf(ctx, bill, line)));
  tables.journal.append('bill', bill.id, bill.occurredAtMs, documentContent(bill));
}
