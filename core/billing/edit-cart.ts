/**
 * Changes to a cart as pure functions: each takes a cart and gives a new one or says why not. Rule kept:
 * nothing here can produce a line that may not be sold (quantity zero, price above MRP, discount above
 * price); the till adds look-ups, feeds and undo around these, never rules.
 */
import type { DomainError } from '../errors.ts';
import type { Uuid } from '../ids.ts';
import { addPaise, amountOf, multiplyDivide, type Paise, paise, subtractPaise } from '../money.ts';
import { isMeasured, type Milli, maxQty, milli, onePiece, type Unit } from '../quantity.ts';
import { err, ok, type Result } from '../result.ts';
import { type AnyCartLine, type Cart, type CartLine, type CartTender, type Discount, isItemLine } from './cart.ts';
import { discountOn, grossOf } from './price-cart.ts';

type Edit = Result<Cart, DomainError>;

/** A line this long or dear is asked about once (screens.md §5.2): a finger that stayed on a key. */
export const largeQty = milli(100_000);
export const largeAmount = paise(20_000_00);
/** Above ₹10 crore a line is a mistake, whoever confirms it. */
const maxLineAmount = paise(10_00_00_000_00);

export const isLarge = (qtyMilli: Milli, amountPaise: Paise): boolean =>
  qtyMilli >= largeQty || amountPaise >= largeAmount;

/** Quantity rules of a unit: positive, bounded, whole for what is counted. */
export function refusalOfQty(qtyMilli: Milli, unit: Unit, packQtyMilli: Milli = onePiece): DomainError | null {
  if (qtyMilli <= 0) return { type: 'QtyNotPositive' };
  if (qtyMilli > maxQty) return { type: 'QtyTooLarge', maxQtyMilli: maxQty };
  const isCounted = !isMeasured(unit) || packQtyMilli !== onePiece;
  if (isCounted && qtyMilli % 1000 !== 0) return { type: 'QtyNotWhole' };
  return null;
}

/** Quantity that `worth` buys at a rate, to the milli-unit, half up: "₹20 ka". */
export const qtyForWorth = (worthPaise: Paise, ratePaise: Paise): Milli =>
  milli(ratePaise <= 0 ? 0 : multiplyDivide(worthPaise, 1000, ratePaise));

const next = (cart: Cart, change: Partial<Pick<Cart, 'lines' | 'billDiscount' | 'customer' | 'tenders'>>): Cart => ({
  ...cart,
  ...change,
  version: cart.version + 1,
});

export const lineOf = (cart: Cart, id: Uuid): AnyCartLine | null => cart.lines.find((l) => l.id === id) ?? null;

/** Everything a line must satisfy to stand in a cart. */
export function refusalOfLine(line: CartLine): DomainError | null {
  const qty = refusalOfQty(line.qtyMilli, line.unit, line.packQtyMilli);
  if (qty) return qty;
  if (line.mrpPaise !== null && line.sellingPricePaise > line.mrpPaise) {
    return { type: 'PriceAboveMrp', pricePaise: line.sellingPricePaise, mrpPaise: line.mrpPaise };
  }
  // At the dearer of price and MRP: savings and Rule 31D reckon MRP × quantity, which must stay reckonable too.
  const dearest = Math.max(line.sellingPricePaise, line.mrpPaise ?? 0);
  const gross = Number((BigInt(dearest) * BigInt(line.qtyMilli)) / 1000n);
  if (gross > maxLineAmount || (line.fixedAmountPaise ?? 0) > maxLineAmount) return { type: 'AmountTooLarge' };
  const discount = discountOn(line.discount, grossOf(line));
  if (discount > grossOf(line)) {
    return { type: 'DiscountAbovePrice', discountPaise: discount, pricePaise: grossOf(line) };
  }
  return null;
}

/** Same goods at the same terms: one more scan raises the quantity instead of adding a line. */
const canMerge = (a: CartLine, b: CartLine): boolean =>
  a.itemId !== null &&
  a.itemId === b.itemId &&
  a.batchId === b.batchId &&
  a.packQtyMilli === b.packQtyMilli &&
  a.packName === b.packName &&
  a.sellingPricePaise === b.sellingPricePaise &&
  a.mrpPaise === b.mrpPaise &&
  a.discount === null &&
  b.discount === null &&
  a.fixedAmountPaise === null &&
  b.fixedAmountPaise === null &&
  !(isMeasured(a.unit) && a.packQtyMilli === onePiece);

export type Added = { readonly cart: Cart; readonly lineId: Uuid; readonly isSame: boolean };

/** Adds a line at the bottom, or raises the quantity of the same goods. */
export function addLine(cart: Cart, line: CartLine): Result<Added, DomainError> {
  const same = cart.lines.find((l): l is CartLine => isItemLine(l) && canMerge(l, line));
  const wanted = same ? { ...same, qtyMilli: milli(same.qtyMilli + line.qtyMilli) } : line;
  const refusal = refusalOfLine(line) ?? refusalOfLine(wanted);
  if (refusal) return err(refusal);
  const lines = same ? cart.lines.map((l) => (l.id === same.id ? wanted : l)) : [...cart.lines, line];
  return ok({ cart: next(cart, { lines }), lineId: wanted.id, isSame: same !== undefined });
}

export const addUnknown = (cart: Cart, id: Uuid, code: string, qtyMilli: Milli): Cart =>
  next(cart, { lines: [...cart.lines, { kind: 'unknown', id, code, qtyMilli }] });

function editLine(cart: Cart, id: Uuid, edit: (line: CartLine) => CartLine): Edit {
  const line = lineOf(cart, id);
  if (line === null || !isItemLine(line)) return err({ type: 'NotFound', what: 'line' });
  const edited = edit(line);
  const refusal = refusalOfLine(edited);
  if (refusal) return err(refusal);
  return ok(next(cart, { lines: cart.lines.map((l) => (l.id === id ? edited : l)) }));
}

/** Quantity by hand; asks once when large. A worth or label amount no longer binds after that. */
export function setQty(cart: Cart, id: Uuid, qtyMilli: Milli, isConfirmed: boolean): Edit {
  const line = lineOf(cart, id);
  if (line === null) return err({ type: 'NotFound', what: 'line' });
  if (!isItemLine(line)) {
    const unfit = refusalOfQty(qtyMilli, 'pc');
    if (unfit) return err(unfit);
    return ok(next(cart, { lines: cart.lines.map((l) => (l.id === id ? { ...line, qtyMilli } : l)) }));
  }
  const refusal = refusalOfLine({ ...line, qtyMilli, fixedAmountPaise: null });
  if (refusal) return err(refusal);
  const amountPaise = amountOf(line.sellingPricePaise, qtyMilli);
  if (!isConfirmed && isLarge(qtyMilli, amountPaise)) {
    return err({ type: 'ConfirmLarge', what: qtyMilli >= largeQty ? 'quantity' : 'amount', qtyMilli, amountPaise });
  }
  return editLine(cart, id, (l) => ({ ...l, qtyMilli, fixedAmountPaise: null, measuredBy: 'typed' }));
}

/** One up or down; never below one (rule of the − key). */
export function stepQty(cart: Cart, id: Uuid, by: 1 | -1): Edit {
  const line = lineOf(cart, id);
  if (line === null || !isItemLine(line)) return err({ type: 'NotFound', what: 'line' });
  const qtyMilli = milli(line.qtyMilli + by * 1000);
  if (qtyMilli < 1000) return err({ type: 'QtyNotPositive' });
  return editLine(cart, id, (l) => ({ ...l, qtyMilli, fixedAmountPaise: null }));
}

export const setLineDiscount = (cart: Cart, id: Uuid, discount: Discount | null): Edit =>
  editLine(cart, id, (line) => ({ ...line, discount: isNothing(discount) ? null : discount }));

const isNothing = (discount: Discount | null): boolean =>
  discount === null || (discount.kind === 'amount' ? discount.amountPaise === 0 : discount.rateBp === 0);

export function setBillDiscount(cart: Cart, discount: Discount | null): Edit {
  const afterLine = addPaise(
    ...cart.lines.filter(isItemLine).map((l) => subtractPaise(grossOf(l), discountOn(l.discount, grossOf(l)))),
  );
  const value = discountOn(discount, afterLine);
  if (value > afterLine) return err({ type: 'DiscountAbovePrice', discountPaise: value, pricePaise: afterLine });
  return ok(next(cart, { billDiscount: isNothing(discount) ? null : discount }));
}

export const setPrice = (cart: Cart, id: Uuid, sellingPricePaise: Paise): Edit =>
  editLine(cart, id, (l) => ({ ...l, sellingPricePaise, isPriceChanged: true, fixedAmountPaise: null }));

/** Another lot or MRP for a line that stands already. */
export const setLot = (
  cart: Cart,
  id: Uuid,
  lot: Pick<CartLine, 'batchId' | 'batchCode' | 'expiresOn' | 'mrpPaise' | 'sellingPricePaise'>,
): Edit => editLine(cart, id, (l) => ({ ...l, ...lot, isPriceChanged: false, fixedAmountPaise: null }));

export function removeLine(cart: Cart, id: Uuid): Edit {
  if (!cart.lines.some((l) => l.id === id)) return err({ type: 'NotFound', what: 'line' });
  return ok(next(cart, { lines: cart.lines.filter((l) => l.id !== id) }));
}

/** Puts an item line in the place of a red one. */
export function replaceUnknown(cart: Cart, id: Uuid, line: CartLine): Edit {
  const refusal = refusalOfLine(line);
  if (refusal) return err(refusal);
  return ok(next(cart, { lines: cart.lines.map((l) => (l.id === id ? line : l)) }));
}

export const setCustomer = (cart: Cart, customer: Cart['customer']): Cart => next(cart, { customer });

/**
 * Adds money. Only cash may exceed what is due (rules-gst-retail.md §1.1: change only from cash); zero and
 * negative money is refused.
 */
export function addTender(cart: Cart, tender: CartTender, stillToCollectPaise: Paise): Edit {
  if (tender.amountPaise <= 0) return err({ type: 'InputInvalid', field: 'amountPaise', reason: 'notPositive' });
  if (tender.kind !== 'cash' && tender.amountPaise > stillToCollectPaise) {
    return err({ type: 'TenderAbovePayable', overByPaise: subtractPaise(tender.amountPaise, stillToCollectPaise) });
  }
  if (tender.amountPaise > maxLineAmount) return err({ type: 'AmountTooLarge' });
  return ok(next(cart, { tenders: [...cart.tenders, tender] }));
}

export function confirmTender(cart: Cart, id: Uuid): Edit {
  if (!cart.tenders.some((t) => t.id === id)) return err({ type: 'NoTenderToTakeBack' });
  return ok(next(cart, { tenders: cart.tenders.map((t) => (t.id === id ? { ...t, status: 'received' } : t)) }));
}

export function takeBackTender(cart: Cart): Edit {
  if (cart.tenders.length === 0) return err({ type: 'NoTenderToTakeBack' });
  return ok(next(cart, { tenders: cart.tenders.slice(0, -1) }));
}
