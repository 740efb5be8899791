/**
 * Draws a cart as the contract's views. Rule kept: every amount comes from the priced cart; a line view
 * that did not change is the same object as before, which is how the feed knows what to send.
 */
import { type AnyCartLine, type Cart, isItemLine } from '#core/billing/cart.ts';
import { type PricedCart, type PricedLine, settle } from '#core/billing/price-cart.ts';
import { likelyCash } from '#core/billing/likely-cash.ts';
import type { Uuid } from '#core/ids.ts';
import { addPaise, type Paise, subtractPaise, zeroPaise } from '#core/money.ts';
import { isMeasured, type Milli, milli, multiplyQty } from '#core/quantity.ts';
import type { CartHeader, CartNotice, ChoiceView, ItemLineView, LastBillView, LineView } from '#contract/views.ts';

function itemLineView(p: PricedLine, stockOf: (itemId: Uuid) => Milli): ItemLineView {
  const { line } = p;
  const left =
    line.itemId === null ? null : milli(stockOf(line.itemId) - multiplyQty(line.qtyMilli, line.packQtyMilli));
  return {
    kind: 'item',
    id: line.id,
    itemId: line.itemId,
    name: line.name,
    nameHi: line.nameHi,
    packName: line.packName,
    unit: line.unit,
    qtyMilli: line.qtyMilli,
    mrpPaise: line.mrpPaise,
    sellingPricePaise: line.sellingPricePaise,
    isPriceChanged: line.isPriceChanged,
    discount: line.discount,
    offPaise: addPaise(p.lineDiscountPaise, p.billDiscountPaise),
    amountPaise: p.netPaise,
    measuredBy: line.measuredBy,
    stockBelowZeroMilli: left !== null && left < 0 ? left : null,
    hasRate: p.hasRate,
    batchCode: line.batchCode,
    hasOtherMrps: line.batchId !== null,
  };
}

const isSameView = (a: LineView, b: LineView): boolean => {
  const keys = Object.keys(a) as (keyof LineView)[];
  return keys.every((k) => a[k] === b[k]);
};

/** Views in the cart's order; unchanged ones are taken from `before`. */
export function lineViewsOf(
  cart: Cart,
  priced: PricedCart,
  before: ReadonlyMap<Uuid, LineView>,
  stockOf: (itemId: Uuid) => Milli,
): readonly LineView[] {
  const byId = new Map(priced.lines.map((p) => [p.line.id, p]));
  return cart.lines.flatMap((line): LineView[] => {
    const was = before.get(line.id);
    const p = byId.get(line.id);
    const view: LineView | null = isItemLine(line) ? (p ? itemLineView(p, stockOf) : null) : line;
    if (view === null) return [];
    return [was && isSameView(was, view) ? was : view];
  });
}

/** "9 items": what is counted counts by pieces, what is weighed counts once. */
export const itemCount = (lines: readonly (AnyCartLine | LineView)[]): number =>
  lines.reduce((n, l) => {
    if (l.kind !== 'item') return n;
    return n + (isMeasured(l.unit) && l.packName === null ? 1 : Math.max(1, Math.floor(l.qtyMilli / 1000)));
  }, 0);

export type HeaderParts = {
  readonly cart: Cart;
  readonly priced: PricedCart;
  readonly choice: ChoiceView | null;
  readonly waiting: number;
  readonly canUndo: boolean;
  readonly notice: (CartNotice & { readonly seq: number }) | null;
  readonly heldCount: number;
  readonly lastBill: LastBillView | null;
  readonly upiOf: (cart: Cart, stillToCollect: Paise) => CartHeader['upi'];
};

export function headerOf(parts: HeaderParts): CartHeader {
  const { cart, priced } = parts;
  const settlement = settle(priced.payablePaise, cart.tenders);
  return {
    cartId: cart.id,
    version: cart.version,
    customer: cart.customer,
    billDiscount: cart.billDiscount,
    tenders: cart.tenders,
    totals: {
      itemsPaise: priced.itemsPaise,
      discountPaise: priced.discountPaise,
      addedTaxPaise: priced.addedTaxPaise,
      split: priced.split,
      roundOffPaise: priced.roundOffPaise,
      payablePaise: priced.payablePaise,
      savedPaise: priced.savedPaise,
      ...settlement,
      itemCount: itemCount(cart.lines),
      unsettledCount: cart.lines.filter((l) => !isItemLine(l)).length,
    },
    choice: parts.choice,
    waitingScans: parts.waiting,
    canUndo: parts.canUndo,
    notice: parts.notice,
    heldCount: parts.heldCount,
    lastBill: parts.lastBill,
    upi: parts.upiOf(cart, settlement.stillToCollectPaise),
    likelyCash: likelyCash(settlement.stillToCollectPaise).map((amountPaise) => ({
      amountPaise,
      stillToCollectPaise: zeroPaise,
      changePaise: subtractPaise(amountPaise, settlement.stillToCollectPaise),
    })),
  };
}
