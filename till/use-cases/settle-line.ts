/**
 * Answers to the till's questions: which MRP, is it really so much, what is this unknown code. Rule kept:
 * scans that waited behind the question are worked off as soon as it is answered, in their order.
 */
import { refusalOfLine, removeLine, setLot } from '#core/billing/edit-cart.ts';
import { barcodeKey } from '#core/catalogue/ean.ts';
import type { Item } from '#core/catalogue/item.ts';
import type { Uuid } from '#core/ids.ts';
import type { Paise } from '#core/money.ts';
import { type Milli, onePiece } from '#core/quantity.ts';
import type { ScanOutcome } from '#contract/views.ts';
import { addGoods, justOne, lineFor, priceOf, putLine } from '../cart-lines.ts';
import type { Choice } from '../cart-host.ts';
import type { TillContext } from '../context.ts';
import { found, need, refuse } from '../refusal.ts';
import { findGoods, takeWaiting } from '../take-scan.ts';

export type Answer =
  | { readonly kind: 'batch'; readonly batchId: Uuid }
  | { readonly kind: 'otherMrp'; readonly mrpPaise: Paise; readonly sellingPricePaise: Paise | null }
  | { readonly kind: 'confirm'; readonly qtyMilli: Milli }
  | { readonly kind: 'leaveOut' };

export function answerChoice(ctx: TillContext, choiceId: Uuid, answer: Answer): ScanOutcome {
  const choice = ctx.cart.choice();
  if (choice === null || choice.view.id !== choiceId) refuse({ type: 'NotFound', what: 'choice' });
  const outcome = settle(ctx, choice, answer);
  // A refused answer (price above MRP) threw before this line: the question stays open.
  if (ctx.cart.choice() === choice) ctx.cart.answered();
  ctx.cart.refresh();
  takeWaiting(ctx);
  return outcome;
}

function settle(ctx: TillContext, choice: Choice, answer: Answer): ScanOutcome {
  switch (answer.kind) {
    case 'leaveOut':
      return 'queued';
    case 'confirm': {
      if (choice.line === null || choice.line.kind !== 'item') refuse({ type: 'NotFound', what: 'choice' });
      const line =
        answer.qtyMilli === choice.line.qtyMilli
          ? choice.line
          : { ...choice.line, qtyMilli: answer.qtyMilli, fixedAmountPaise: null };
      return need(putLine(ctx, line, 'scan', choice.lineId));
    }
    case 'batch':
      return withLot(ctx, choice, answer.batchId);
    case 'otherMrp':
      return withOtherMrp(ctx, choice, answer.mrpPaise, answer.sellingPricePaise);
  }
}

const itemOf = (ctx: TillContext, choice: Choice): Item =>
  choice.view.kind === 'mrp'
    ? found(ctx.tables.items.byId(choice.view.itemId), 'item')
    : refuse({ type: 'NotFound', what: 'choice' });

function withLot(ctx: TillContext, choice: Choice, batchId: Uuid): ScanOutcome {
  const item = itemOf(ctx, choice);
  const batch = found(
    item.batches.find((b) => b.id === batchId),
    'batch',
  );
  const goods = (choice.barcode === null ? null : findGoods(ctx, [choice.barcode])) ?? {
    item,
    barcode: null,
    code: choice.barcode,
  };
  if (choice.lineId !== null) {
    // A case keeps being a case: the lot's price and MRP are those of its pack.
    const price = priceOf(item, goods.barcode, batch);
    const lot = {
      batchId,
      batchCode: batch.code,
      expiresOn: batch.expiresOn,
      mrpPaise: price.mrp,
      sellingPricePaise: price.selling,
    };
    ctx.cart.change(need(setLot(ctx.cart.current(), choice.lineId, lot)), { kind: 'changed', lineId: choice.lineId });
    ctx.rememberLot(item.id, batchId);
    return 'added';
  }
  const { qtyMilli, worthPaise, measuredBy, sellingPricePaise } = choice;
  const wanted = { qtyMilli, worthPaise, measuredBy, sellingPricePaise };
  const outcome = need(addGoods(ctx, { ...goods, item }, wanted, { batchId }));
  ctx.rememberLot(item.id, batchId);
  return outcome;
}

/** "Another MRP is printed": the pack becomes a lot of its own, so the next scan knows it. */
function withOtherMrp(ctx: TillContext, choice: Choice, mrpPaise: Paise, price: Paise | null): ScanOutcome {
  const item = itemOf(ctx, choice);
  const sellingPricePaise = price ?? (item.sellingPricePaise < mrpPaise ? item.sellingPricePaise : mrpPaise);
  if (sellingPricePaise > mrpPaise) refuse({ type: 'PriceAboveMrp', pricePaise: sellingPricePaise, mrpPaise });
  if (mrpPaise <= 0) refuse({ type: 'InputInvalid', field: 'mrpPaise', reason: 'notPositive' });
  const same = item.batches.find((b) => b.mrpPaise === mrpPaise && b.sellingPricePaise === sellingPricePaise);
  if (same !== undefined) return withLot(ctx, choice, same.id);
  const batch = { id: ctx.newId(), code: null, mrpPaise, sellingPricePaise, packedOn: null, expiresOn: null };
  ctx.tables.transact(() => {
    ctx.tables.items.insertBatch(item.id, batch);
    ctx.tables.journal.append('batchAdded', batch.id, ctx.clock.now(), JSON.stringify({ itemId: item.id, ...batch }));
  });
  return withLot(ctx, choice, batch.id);
}

export type Settlement =
  | {
      readonly kind: 'newItem';
      readonly name: string;
      readonly sellingPricePaise: Paise;
      readonly mrpPaise: Paise | null;
      readonly taxClassKey: string | null;
    }
  | { readonly kind: 'leaveOut' }
  | { readonly kind: 'notInShop' };

/** The red line: becomes an item of the catalogue, or goes. */
export function settleUnknown(ctx: TillContext, lineId: Uuid, as: Settlement, staffId: Uuid): { done: true } {
  const line = ctx.cart.current().lines.find((l) => l.id === lineId);
  if (line === undefined || line.kind !== 'unknown') refuse({ type: 'NotFound', what: 'line' });
  if (as.kind !== 'newItem') {
    if (as.kind === 'notInShop') {
      const atMs = ctx.clock.now();
      ctx.tables.transact(() =>
        ctx.tables.enquiries.add({
          id: ctx.newId(),
          text: line.code,
          itemId: null,
          staffId,
          atMs,
          businessDate: ctx.today(),
        }),
      );
    }
    ctx.cart.change(need(removeLine(ctx.cart.current(), lineId)), { kind: 'removed', name: line.code, nameHi: null });
    return { done: true };
  }
  ctx.cart.mustBeUnasked();
  const known = findGoods(ctx, [line.code]);
  const goods = known ?? { item: addNewItem(ctx, line.code, line.qtyMilli, as), barcode: null, code: line.code };
  need(addGoods(ctx, goods, { ...justOne, qtyMilli: line.qtyMilli }, { inPlaceOf: lineId }));
  return { done: true };
}

function addNewItem(
  ctx: TillContext,
  code: string,
  qtyMilli: Milli,
  as: Extract<Settlement, { kind: 'newItem' }>,
): Item {
  if (as.sellingPricePaise <= 0) refuse({ type: 'InputInvalid', field: 'sellingPricePaise', reason: 'notPositive' });
  if (as.mrpPaise !== null && as.sellingPricePaise > as.mrpPaise) {
    refuse({ type: 'PriceAboveMrp', pricePaise: as.sellingPricePaise, mrpPaise: as.mrpPaise });
  }
  const item: Item = {
    id: ctx.newId(),
    code: ctx.tables.items.nextItemCode(),
    name: as.name,
    nameHi: null,
    brand: null,
    category: null,
    unit: 'pc',
    hsn: null,
    taxClassKey: as.taxClassKey,
    isInclusive: true,
    mrpPaise: as.mrpPaise,
    sellingPricePaise: as.sellingPricePaise,
    costPricePaise: null,
    looseSlot: null,
    isActive: true,
    barcodes: [
      { code: barcodeKey(code), packQtyMilli: onePiece, packName: null, sellingPricePaise: null, mrpPaise: null },
    ],
    batches: [],
  };
  // Before anything is written: a line that would be refused must not leave an item behind.
  const refusal = refusalOfLine(need(lineFor(ctx, { item, barcode: null, code }, null, { ...justOne, qtyMilli })));
  if (refusal !== null) refuse(refusal);
  ctx.tables.transact(() => {
    ctx.tables.items.insert(item);
    ctx.tables.journal.append('itemAdded', item.id, ctx.clock.now(), JSON.stringify(item));
  });
  return item;
}
