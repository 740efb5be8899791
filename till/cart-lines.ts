/**
 * From goods to a cart line: which lot, what price, how much. Rule kept: the barcode's own pack and price
 * win over the item's, the lot's MRP and price over both; a question is asked only when MRPs differ in
 * stock or the line is unusually large. Shared by every use case that adds goods.
 */
import type { CartLine, Discount } from '#core/billing/cart.ts';
import { addLine, isLarge, qtyForWorth, refusalOfLine, replaceUnknown } from '#core/billing/edit-cart.ts';
import { grossOf } from '#core/billing/price-cart.ts';
import { pickBatch } from '#core/billing/pick-batch.ts';
import type { Batch, Item, ItemBarcode } from '#core/catalogue/item.ts';
import type { DomainError } from '#core/errors.ts';
import type { Uuid } from '#core/ids.ts';
import { multiplyDivide, type Paise, paise } from '#core/money.ts';
import { isMeasured, type Milli, milli, onePiece } from '#core/quantity.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { CartNotice, ScanOutcome } from '#contract/views.ts';
import type { TillContext } from './context.ts';

export type Goods = { readonly item: Item; readonly barcode: ItemBarcode | null; readonly code: string | null };

export type Wanted = {
  readonly qtyMilli: Milli | null;
  /** "₹20 ka", or the price a label carries. */
  readonly worthPaise: Paise | null;
  readonly measuredBy: CartLine['measuredBy'];
  readonly sellingPricePaise: Paise | null;
  /** A label's own discount ("22…" codes), on this line alone. */
  readonly discount?: Discount | null;
};

export const justOne: Wanted = { qtyMilli: null, worthPaise: null, measuredBy: 'count', sellingPricePaise: null };

/** The price of one sale unit: the pack's own, else the lot's or item's × pack size. */
export function priceOf(
  item: Item,
  barcode: ItemBarcode | null,
  batch: Batch | null,
): { selling: Paise; mrp: Paise | null } {
  const pack = barcode?.packQtyMilli ?? onePiece;
  const scaled = (p: Paise): Paise => (pack === onePiece ? p : paise(multiplyDivide(p, pack, 1000)));
  const base = batch?.sellingPricePaise ?? item.sellingPricePaise;
  const baseMrp = batch?.mrpPaise ?? item.mrpPaise;
  return {
    selling: barcode?.sellingPricePaise ?? scaled(base),
    mrp: barcode?.mrpPaise ?? (baseMrp === null ? null : scaled(baseMrp)),
  };
}

/** A complete line; quantity, price and MRP rules are checked by core when it is added. */
export function lineFor(
  ctx: TillContext,
  goods: Goods,
  batch: Batch | null,
  wanted: Wanted,
): Result<CartLine, DomainError> {
  const { item, barcode } = goods;
  const price = priceOf(item, barcode, batch);
  const selling = wanted.sellingPricePaise ?? price.selling;
  let qtyMilli = wanted.qtyMilli ?? onePiece;
  const isPricedPiece = wanted.worthPaise !== null && wanted.measuredBy === 'label' && !isMeasured(item.unit);
  if (wanted.worthPaise !== null && !isPricedPiece) {
    if (!isMeasured(item.unit) || (barcode !== null && barcode.packQtyMilli !== onePiece))
      return err({ type: 'NotLoose' });
    if (selling <= 0) return err({ type: 'InputInvalid', field: 'sellingPricePaise', reason: 'notPositive' });
    // A label that carries weight and price both: its weight counts, its price is charged.
    qtyMilli = wanted.qtyMilli ?? qtyForWorth(wanted.worthPaise, selling);
  }
  return ok({
    kind: 'item',
    id: ctx.newId(),
    itemId: item.id,
    barcode: goods.code,
    name: item.name,
    nameHi: item.nameHi,
    unit: item.unit,
    hsn: item.hsn,
    taxClassKey: item.taxClassKey ?? ctx.settings.get().defaultTaxClassKey,
    isInclusive: item.isInclusive,
    qtyMilli,
    packQtyMilli: barcode?.packQtyMilli ?? onePiece,
    packName: barcode?.packName ?? null,
    batchId: batch?.id ?? null,
    batchCode: batch?.code ?? null,
    expiresOn: batch?.expiresOn ?? null,
    mrpPaise: price.mrp,
    // A piece with a price label (a cake, a tray) costs what its label says.
    sellingPricePaise: isPricedPiece ? (wanted.worthPaise ?? selling) : selling,
    isPriceChanged: wanted.sellingPricePaise !== null,
    discount: wanted.discount ?? null,
    measuredBy: wanted.worthPaise !== null && wanted.measuredBy === 'count' ? 'worth' : wanted.measuredBy,
    fixedAmountPaise: isPricedPiece ? null : wanted.worthPaise,
  });
}

const howOf = (wanted: Wanted, goods: Goods): Extract<CartNotice, { kind: 'added' }>['how'] =>
  wanted.measuredBy === 'label'
    ? 'label'
    : goods.code !== null
      ? 'scan'
      : wanted.measuredBy === 'typed'
        ? 'typed'
        : 'pick';

/**
 * Adds goods to the open cart, or asks: several MRPs in stock, or a large line. `inPlaceOf` is the red line
 * it settles. The MRP chosen once holds for the rest of this bill.
 */
export function addGoods(
  ctx: TillContext,
  goods: Goods,
  wanted: Wanted,
  options: { readonly batchId?: Uuid | null; readonly inPlaceOf?: Uuid | null; readonly isConfirmed?: boolean } = {},
): Result<ScanOutcome, DomainError> {
  const { item } = goods;
  const chosenBefore = ctx.cart
    .current()
    .lines.find((l) => l.kind === 'item' && l.itemId === item.id && l.batchId !== null);
  const asked = options.batchId ?? (chosenBefore?.kind === 'item' ? chosenBefore.batchId : null);
  let batch = item.batches.find((b) => b.id === asked) ?? null;
  if (options.batchId && batch === null) return err({ type: 'NotFound', what: 'batch' });
  if (batch === null && item.batches.length > 0) {
    const onHand = ctx.tables.stock.onHandByBatch(item.id);
    const lastUsed = ctx.tables.items.lastUsedBatch(item.id);
    const pick = pickBatch(item.batches, onHand, lastUsed, ctx.today());
    if (pick.kind === 'ask') {
      askMrp(ctx, goods, wanted, pick.cards, null);
      return ok('choose');
    }
    batch = pick.kind === 'picked' ? pick.batch : null;
  }
  const made = lineFor(ctx, goods, batch, wanted);
  if (!made.ok) return made;
  const line = made.value;
  const refusal = refusalOfLine(line);
  if (refusal) return err(refusal);
  if (!options.isConfirmed && isLarge(line.qtyMilli, grossOf(line))) {
    ctx.cart.ask({
      view: {
        kind: 'large',
        id: ctx.newId(),
        name: line.name,
        nameHi: line.nameHi,
        unit: line.unit,
        qtyMilli: line.qtyMilli,
        amountPaise: grossOf(line),
      },
      barcode: goods.code,
      qtyMilli: wanted.qtyMilli,
      worthPaise: wanted.worthPaise,
      measuredBy: wanted.measuredBy,
      sellingPricePaise: wanted.sellingPricePaise,
      lineId: options.inPlaceOf ?? null,
      line,
    });
    return ok('choose');
  }
  return putLine(ctx, line, howOf(wanted, goods), options.inPlaceOf ?? null);
}

/** Puts a finished line into the cart: at the bottom, merged, or where the red line stood. */
export function putLine(
  ctx: TillContext,
  line: CartLine,
  how: Extract<CartNotice, { kind: 'added' }>['how'],
  inPlaceOf: Uuid | null,
): Result<ScanOutcome, DomainError> {
  const cart = ctx.cart.current();
  if (inPlaceOf !== null && cart.lines.some((l) => l.id === inPlaceOf && l.kind === 'unknown')) {
    const replaced = replaceUnknown(cart, inPlaceOf, line);
    if (!replaced.ok) return replaced;
    ctx.cart.change(replaced.value, { kind: 'added', lineId: line.id, isSame: false, how });
    return ok('added');
  }
  const added = addLine(cart, line);
  if (!added.ok) return added;
  ctx.cart.change(added.value.cart, { kind: 'added', lineId: added.value.lineId, isSame: added.value.isSame, how });
  return ok('added');
}

/** Opens the chooser of screens.md §5.7. */
export function askMrp(
  ctx: TillContext,
  goods: Goods,
  wanted: Wanted,
  cards: readonly Batch[],
  lineId: Uuid | null,
): void {
  const onHand = ctx.tables.stock.onHandByBatch(goods.item.id);
  const lastUsed = ctx.tables.items.lastUsedBatch(goods.item.id);
  const firstToExpire = cards
    .filter((b) => b.expiresOn !== null)
    .toSorted((a, b) => (a.expiresOn ?? '').localeCompare(b.expiresOn ?? ''))[0];
  ctx.cart.ask({
    view: {
      kind: 'mrp',
      id: ctx.newId(),
      itemId: goods.item.id,
      name: goods.item.name,
      nameHi: goods.item.nameHi,
      cards: cards.map((b) => ({
        batchId: b.id,
        mrpPaise: b.mrpPaise ?? b.sellingPricePaise,
        sellingPricePaise: b.sellingPricePaise,
        stockMilli: onHand.get(b.id) ?? milli(0),
        unit: goods.item.unit,
        packedOn: b.packedOn,
        expiresOn: b.expiresOn,
        isLastTime: b.id === lastUsed,
        isSellFirst: b.id === firstToExpire?.id && cards.length > 1,
      })),
    },
    barcode: goods.code,
    qtyMilli: wanted.qtyMilli,
    worthPaise: wanted.worthPaise,
    measuredBy: wanted.measuredBy,
    sellingPricePaise: wanted.sellingPricePaise,
    lineId,
    line: null,
  });
}
