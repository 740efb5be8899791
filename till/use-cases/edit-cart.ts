/**
 * The cashier's changes to the open cart. Rule kept: each is one core edit, published and saved by the cart
 * host; nothing here does arithmetic. Retries with the same key change nothing twice.
 */
import * as edit from '#core/billing/edit-cart.ts';
import type { Cart, CartCustomer, Discount } from '#core/billing/cart.ts';
import { isAboveDiscountLimit } from '#core/billing/discount-limit.ts';
import { fefoBatch, pickBatch } from '#core/billing/pick-batch.ts';
import { settle } from '#core/billing/price-cart.ts';
import { upiReference } from '#core/billing/upi.ts';
import type { DomainError } from '#core/errors.ts';
import { checkGstin, stateOfGstin } from '#core/gst/gstin.ts';
import { findState } from '#core/gst/place.ts';
import type { Uuid } from '#core/ids.ts';
import type { Paise } from '#core/money.ts';
import { type Milli, onePiece } from '#core/quantity.ts';
import type { Result } from '#core/result.ts';
import type { CartNotice, CashPreview, ScanOutcome } from '#contract/views.ts';
import { addGoods, askMrp, justOne, lineFor, putLine } from '../cart-lines.ts';
import type { TillContext } from '../context.ts';
import { found, need, refuse } from '../refusal.ts';
import { officeSetting } from '../sent-rows.ts';

type Done = { readonly done: true };
const done: Done = { done: true };

const apply = (
  ctx: TillContext,
  result: Result<Cart, DomainError>,
  notice: CartNotice | null,
  canUndo = true,
): Done => {
  ctx.cart.change(need(result), notice, canUndo);
  return done;
};

export const setQty = (ctx: TillContext, lineId: Uuid, qtyMilli: Milli, isConfirmed: boolean): Done =>
  apply(ctx, edit.setQty(ctx.cart.current(), lineId, qtyMilli, isConfirmed), { kind: 'changed', lineId });

export const stepQty = (ctx: TillContext, lineId: Uuid, by: 1 | -1): Done =>
  apply(ctx, edit.stepQty(ctx.cart.current(), lineId, by), { kind: 'changed', lineId });

export const setLineDiscount = (ctx: TillContext, lineId: Uuid, discount: Discount | null): Done =>
  apply(ctx, edit.setLineDiscount(ctx.cart.current(), lineId, discount), { kind: 'changed', lineId });

export const setBillDiscount = (ctx: TillContext, discount: Discount | null): Done =>
  apply(ctx, edit.setBillDiscount(ctx.cart.current(), discount), null);

/** A cashier's discount against head office's limit. Error: DiscountAboveLimit. */
export function mustBeWithinLimit(ctx: TillContext, lineId: Uuid | null, discount: Discount | null): void {
  const limitBp = officeSetting(ctx.tables, 'discountLimitBp');
  if (limitBp !== null && isAboveDiscountLimit(ctx.cart.current(), lineId, discount, limitBp)) {
    refuse({ type: 'DiscountAboveLimit', limitBp });
  }
}

export const setPrice = (ctx: TillContext, lineId: Uuid, price: Paise): Done =>
  apply(ctx, edit.setPrice(ctx.cart.current(), lineId, price), { kind: 'changed', lineId });

export function removeLine(ctx: TillContext, lineId: Uuid): Done {
  const line = found(edit.lineOf(ctx.cart.current(), lineId), 'line');
  const name = line.kind === 'item' ? { name: line.name, nameHi: line.nameHi } : { name: line.code, nameHi: null };
  return apply(ctx, edit.removeLine(ctx.cart.current(), lineId), { kind: 'removed', ...name });
}

export function addItem(
  ctx: TillContext,
  input: {
    readonly itemId: Uuid;
    readonly qtyMilli: Milli | null;
    readonly worthPaise: Paise | null;
    readonly batchId: Uuid | null;
    readonly sellingPricePaise: Paise | null;
    readonly measuredBy: 'count' | 'scale' | 'typed';
    readonly isWeightConfirmed: boolean;
  },
): ScanOutcome {
  ctx.cart.mustBeUnasked();
  const item = found(ctx.tables.items.byId(input.itemId), 'item');
  const { qtyMilli, worthPaise, sellingPricePaise, measuredBy } = input;
  const wanted = { qtyMilli, worthPaise, sellingPricePaise, measuredBy };
  const fromPan = measuredBy === 'scale' ? qtyMilli : null;
  const taken = fromPan === null ? null : ctx.scale.refusalToTake(input.isWeightConfirmed);
  if (taken !== null) refuse(taken);
  const outcome = need(addGoods(ctx, { item, barcode: null, code: null }, wanted, { batchId: input.batchId }));
  if (fromPan !== null) ctx.scale.took(item, fromPan);
  return outcome;
}

/** All or none: the first refusal leaves the cart as it was. One undo takes all back. Lots go first-expired-first-out. */
export function addItems(
  ctx: TillContext,
  lines: readonly { readonly itemId: Uuid; readonly qtyMilli: Milli; readonly sellingPricePaise: Paise | null }[],
): { added: number } {
  let cart = ctx.cart.current();
  for (const { itemId, qtyMilli, sellingPricePaise } of lines) {
    const item = found(ctx.tables.items.byId(itemId), 'item');
    const lot = fefoBatch(item, ctx.tables.stock.onHandByBatch, ctx.today());
    const line = need(
      lineFor(ctx, { item, barcode: null, code: null }, lot, { ...justOne, qtyMilli, sellingPricePaise }),
    );
    cart = need(edit.addLine(cart, line)).cart;
  }
  ctx.cart.change(cart, null);
  return { added: lines.length };
}

export function addPriceOnly(
  ctx: TillContext,
  input: {
    readonly name: string;
    readonly sellingPricePaise: Paise;
    readonly qtyMilli: Milli;
    readonly taxClassKey: string | null;
  },
): ScanOutcome {
  if (input.sellingPricePaise <= 0) refuse({ type: 'InputInvalid', field: 'sellingPricePaise', reason: 'notPositive' });
  const line = {
    kind: 'item' as const,
    id: ctx.newId(),
    itemId: null,
    barcode: null,
    name: input.name === '' ? 'Goods' : input.name,
    nameHi: input.name === '' ? 'सामान' : null,
    unit: 'pc' as const,
    hsn: null,
    taxClassKey: input.taxClassKey ?? ctx.settings.get().defaultTaxClassKey,
    isInclusive: true,
    qtyMilli: input.qtyMilli,
    packQtyMilli: onePiece,
    packName: null,
    batchId: null,
    batchCode: null,
    expiresOn: null,
    mrpPaise: null,
    sellingPricePaise: input.sellingPricePaise,
    isPriceChanged: false,
    discount: null,
    measuredBy: 'count' as const,
    fixedAmountPaise: null,
  };
  return need(putLine(ctx, line, 'typed', null));
}

/** F4 on a line: the other MRPs of the same item, whether one must be asked or not. */
export function chooseMrp(ctx: TillContext, lineId: Uuid): ScanOutcome {
  ctx.cart.mustBeUnasked();
  const line = found(edit.lineOf(ctx.cart.current(), lineId), 'line');
  if (line.kind !== 'item' || line.itemId === null) refuse({ type: 'NotFound', what: 'batch' });
  const item = found(ctx.tables.items.byId(line.itemId), 'item');
  if (item.batches.length === 0) refuse({ type: 'NotFound', what: 'batch' });
  const pick = pickBatch(item.batches, ctx.tables.stock.onHandByBatch(item.id), line.batchId, ctx.today());
  const cards = pick.kind === 'ask' ? pick.cards : item.batches.slice(0, 4);
  askMrp(ctx, { item, barcode: null, code: line.barcode }, justOne, cards, lineId);
  return 'choose';
}

/** Indian mobile: ten digits from 6 to 9, with or without +91 or 0 before it. */
export function normalMobile(text: string): string | null {
  const digits = text.replace(/[\s-]/g, '').replace(/^(\+?91|0)(?=\d{10}$)/, '');
  return /^[6-9]\d{9}$/.test(digits) ? digits : null;
}

/** Checks what the law and the ledger need of a buyer. Errors name the field. */
export function customerFrom(
  ctx: TillContext,
  input: { readonly [K in keyof CartCustomer]: string | null } | null,
): CartCustomer | null {
  if (input === null) return null;
  const blank = (text: string | null): string | null => (text === null || text.trim() === '' ? null : text.trim());
  const mobileText = blank(input.mobile);
  const mobile = mobileText === null ? null : normalMobile(mobileText);
  if (mobileText !== null && mobile === null) refuse({ type: 'CustomerInvalid', field: 'mobile', reason: 'notMobile' });
  const gstinText = blank(input.gstin);
  const gstin = gstinText === null ? null : checkGstin(gstinText.toUpperCase());
  if (gstin !== null && !gstin.ok) refuse({ type: 'CustomerInvalid', field: 'gstin', reason: gstin.error.reason });
  const placeOfSupply = blank(input.placeOfSupply);
  if (placeOfSupply !== null && findState(placeOfSupply) === null) {
    refuse({ type: 'CustomerInvalid', field: 'placeOfSupply', reason: 'unknownState' });
  }
  const shop = ctx.settings.get();
  const place = placeOfSupply ?? (gstin === null ? shop.stateCode : stateOfGstin(gstin.value));
  if (shop.isComposition && place !== shop.stateCode) {
    // CGST Act s. 10(2)(c): a composition dealer makes no inter-State supply.
    refuse({ type: 'PlaceOfSupplyNotAllowed', reason: 'composition' });
  }
  const customer = {
    mobile,
    name: blank(input.name),
    gstin: gstin === null ? null : gstin.value,
    address: blank(input.address),
    placeOfSupply,
  };
  return Object.values(customer).every((v) => v === null) ? null : customer;
}

export function setCustomer(ctx: TillContext, input: Parameters<typeof customerFrom>[1]): Done {
  ctx.cart.change(edit.setCustomer(ctx.cart.current(), customerFrom(ctx, input)), null);
  return done;
}

export function undo(ctx: TillContext): Done {
  if (!ctx.cart.undo()) refuse({ type: 'NothingToUndo' });
  return done;
}

export function addTender(
  ctx: TillContext,
  input: {
    readonly kind: 'cash' | 'upi' | 'card';
    readonly amountPaise: Paise | null;
    readonly status: 'received' | 'waiting';
    readonly reference: string | null;
  },
): Done {
  const cart = ctx.cart.current();
  const { stillToCollectPaise } = settle(ctx.cart.priced().payablePaise, cart.tenders);
  if (input.kind === 'upi' && ctx.settings.get().upiAddress === null) refuse({ type: 'UpiNotSet' });
  const reference = input.kind === 'upi' ? (input.reference ?? upiReference(cart.id)) : input.reference;
  const tender = {
    id: ctx.newId(),
    kind: input.kind,
    amountPaise: input.amountPaise ?? stillToCollectPaise,
    status: input.kind === 'upi' ? input.status : ('received' as const),
    reference,
  };
  return apply(ctx, edit.addTender(cart, tender, stillToCollectPaise), null, false);
}

export const confirmTender = (ctx: TillContext, tenderId: Uuid): Done =>
  apply(ctx, edit.confirmTender(ctx.cart.current(), tenderId), null, false);

export const takeBackTender = (ctx: TillContext): Done =>
  apply(ctx, edit.takeBackTender(ctx.cart.current()), null, false);

/** What handing over so much cash would leave; nothing is recorded. */
export function previewCash(ctx: TillContext, amountPaise: Paise): CashPreview {
  const { tenders } = ctx.cart.current();
  const cash = { id: ctx.newId(), kind: 'cash' as const, amountPaise, status: 'received' as const, reference: null };
  const { stillToCollectPaise, changePaise } = settle(ctx.cart.priced().payablePaise, [...tenders, cash]);
  return { amountPaise, stillToCollectPaise, changePaise };
}
