/**
 * The catalogue at the till: search, look-up, add, change. Rule kept: a code belongs to one item; a price
 * above the MRP is refused where it is typed, not first at the counter.
 */
import { barcodeKey, gtinOf } from '#core/catalogue/ean.ts';
import { type Batch, type Item, itemFlags } from '#core/catalogue/item.ts';
import { makeInStoreCode } from '#core/catalogue/in-store-code.ts';
import { qtyForWorth } from '#core/billing/edit-cart.ts';
import { candidatesFor, plainRateRows, type RateRow } from '#core/gst/rates.ts';
import { isHsnShape } from '#core/gst/hsn.ts';
import type { Uuid } from '#core/ids.ts';
import type { Paise } from '#core/money.ts';
import { isMeasured, type Milli, milli, onePiece } from '#core/quantity.ts';
import type { BusinessDate } from '#core/time.ts';
import type { ItemChange } from '#core/sync/item-change.ts';
import type { ItemCardView } from '#contract/till-item.ts';
import type { FoundItem, ItemView } from '#contract/views.ts';
import type { Login, TillContext } from '../context.ts';
import { stockElsewhere } from '../elsewhere.ts';
import { proposalsOf, propose, takeBack } from '../item-proposals.ts';
import { once } from '../once.ts';
import { found, refuse } from '../refusal.ts';

const foundItem = (item: Item, stockMilli: Milli, worthPaise: Paise | null): FoundItem => ({
  id: item.id,
  code: item.code,
  name: item.name,
  nameHi: item.nameHi,
  unit: item.unit,
  sellingPricePaise: item.sellingPricePaise,
  mrpPaise: item.mrpPaise,
  stockMilli,
  hasSeveralMrps: new Set(item.batches.map((b) => b.mrpPaise)).size > 1,
  buysMilli:
    worthPaise === null || !isMeasured(item.unit) || item.sellingPricePaise <= 0
      ? null
      : qtyForWorth(worthPaise, item.sellingPricePaise),
});

function withStock(ctx: TillContext, items: readonly Item[], worthPaise: Paise | null): readonly FoundItem[] {
  const onHand = ctx.tables.stock.onHandMany(items.map((i) => i.id));
  return items.map((item) => {
    const view = foundItem(item, onHand.get(item.id) ?? milli(0), worthPaise);
    const [most] = view.stockMilli > 0 ? [] : stockElsewhere(ctx, item.id);
    return most === undefined ? view : { ...view, elsewhere: most };
  });
}

export const searchItems = (
  ctx: TillContext,
  text: string,
  limit: number,
  worthPaise: Paise | null,
): readonly FoundItem[] =>
  withStock(
    ctx,
    ctx.tables.search.find(text.slice(0, 200), limit).map((hit) => hit.item),
    worthPaise,
  );

export function looseBoard(ctx: TillContext): readonly (FoundItem & { readonly slot: number })[] {
  const items = ctx.tables.items.looseBoard();
  return withStock(ctx, items, null).map((view, i) => ({ ...view, slot: items[i]?.looseSlot ?? 0 }));
}

export const itemView = (ctx: TillContext, item: Item): ItemView => ({
  id: item.id,
  code: item.code,
  name: item.name,
  nameHi: item.nameHi,
  brand: item.brand,
  category: item.category,
  unit: item.unit,
  hsn: item.hsn,
  taxClassKey: item.taxClassKey,
  isInclusive: item.isInclusive,
  mrpPaise: item.mrpPaise,
  sellingPricePaise: item.sellingPricePaise,
  costPricePaise: item.costPricePaise,
  barcodes: item.barcodes,
  stockMilli: ctx.tables.stock.onHand(item.id),
  flags: itemFlags(item),
});

export const getItem = (ctx: TillContext, id: Uuid): ItemView =>
  itemView(ctx, found(ctx.tables.items.byId(id), 'item'));

export function itemByCode(ctx: TillContext, code: string): ItemView {
  const hit = ctx.tables.items.byBarcode(barcodeKey(code))?.item ?? ctx.tables.items.byCode(code);
  return itemView(ctx, found(hit, 'item'));
}

export type ItemInput = Omit<Item, 'id' | 'code' | 'isActive' | 'batches'> & { readonly code: string | null };

function checkPrices(input: ItemInput): void {
  if (input.sellingPricePaise <= 0) refuse({ type: 'InputInvalid', field: 'sellingPricePaise', reason: 'notPositive' });
  const above = [input, ...input.barcodes].find(
    (p) => p.mrpPaise !== null && p.sellingPricePaise !== null && p.sellingPricePaise > p.mrpPaise,
  );
  if (above?.mrpPaise != null && above.sellingPricePaise != null) {
    refuse({ type: 'PriceAboveMrp', pricePaise: above.sellingPricePaise, mrpPaise: above.mrpPaise });
  }
}

function checkInput(ctx: TillContext, input: ItemInput, self: Uuid | null): void {
  checkPrices(input);
  if (input.hsn !== null && !isHsnShape(input.hsn)) refuse({ type: 'InputInvalid', field: 'hsn', reason: 'notHsn' });
  if (input.taxClassKey !== null && !isKnownClass(ctx, input.taxClassKey)) {
    refuse({ type: 'InputInvalid', field: 'taxClassKey', reason: 'unknown' });
  }
  const twice = input.barcodes.find(({ code }, i) => input.barcodes.findIndex((b) => b.code === code) !== i);
  if (twice !== undefined) refuse({ type: 'BarcodeTaken', code: twice.code, itemName: input.name });
  for (const { code } of input.barcodes) {
    if (/^\d{12,14}$/.test(code) && gtinOf(code) === null) refuse({ type: 'BadCheckDigit', code });
    const owner = ctx.tables.items.barcodeOwner(barcodeKey(code));
    if (owner !== null && owner.itemId !== self) refuse({ type: 'BarcodeTaken', code, itemName: owner.name });
  }
  if (input.code !== null && input.code !== '') {
    const owner = ctx.tables.items.codeOwner(input.code);
    if (owner !== null && owner.itemId !== self) refuse({ type: 'CodeTaken', code: input.code, itemName: owner.name });
  }
}

const canonical = (barcodes: Item['barcodes']): Item['barcodes'] =>
  barcodes.map((b) => ({ ...b, code: barcodeKey(b.code) }));

const isKnownClass = (ctx: TillContext, key: string): boolean =>
  plainRateRows().some((r) => r.classKey === key) || ctx.tables.taxRates.rowsOf(key).length > 0;

/** The next in-store code that no label of the shop bears already. */
function freeInStoreCode(ctx: TillContext): string {
  let code = makeInStoreCode(ctx.tables.items.nextInStoreNumber());
  while (ctx.tables.items.barcodeOwner(code) !== null) code = makeInStoreCode(ctx.tables.items.nextInStoreNumber());
  return code;
}

export function addItem(
  ctx: TillContext,
  key: string,
  input: ItemInput & { readonly openingStockMilli: Milli | null },
): ItemView {
  const { id } = once(ctx, key, () => {
    checkInput(ctx, input, null);
    const code = input.code || ctx.tables.items.nextItemCode();
    const item: Item = {
      ...input,
      id: ctx.newId(),
      code,
      isActive: true,
      batches: [],
      barcodes:
        input.barcodes.length > 0
          ? canonical(input.barcodes)
          : [
              {
                code: freeInStoreCode(ctx),
                packQtyMilli: onePiece,
                packName: null,
                sellingPricePaise: null,
                mrpPaise: null,
              },
            ],
    };
    ctx.tables.items.insert(item);
    ctx.tables.journal.append('itemAdded', item.id, ctx.clock.now(), JSON.stringify(item));
    if (input.openingStockMilli !== null && input.openingStockMilli > 0)
      openingStock(ctx, item.id, null, input.openingStockMilli);
    return { id: item.id };
  });
  return getItem(ctx, id);
}

function openingStock(ctx: TillContext, itemId: Uuid, batchId: Uuid | null, qtyMilli: Milli): void {
  ctx.tables.stock.append([
    {
      id: ctx.newId(),
      itemId,
      batchId,
      qtyMilli,
      kind: 'opening',
      refId: null,
      refLineNo: null,
      businessDate: ctx.today(),
      occurredAtMs: ctx.clock.now(),
      costPricePaise: null,
      note: null,
    },
  ]);
}

/** An item of the shop's own changes at once; what head office owns of one of its items is proposed to it. */
export function updateItem(ctx: TillContext, key: string, id: Uuid, input: ItemInput, login: Login): ItemView {
  once(ctx, key, () => {
    const before = found(ctx.tables.items.byId(id), 'item');
    const item: Item = { ...before, ...input, code: input.code || before.code, barcodes: canonical(input.barcodes) };
    if (ctx.tables.itemProposals.isHeadOffices(id)) {
      // Codes, classes and the like are head office's to judge; a price that may not be is refused where it is typed.
      checkPrices(input);
      const ours = propose(ctx, before, item, login.name);
      if (ours.looseSlot !== before.looseSlot) ctx.tables.items.update(ours);
      return { id };
    }
    checkInput(ctx, input, id);
    ctx.tables.items.update(item);
    ctx.tables.journal.append('itemChanged', id, ctx.clock.now(), JSON.stringify(item));
    return { id };
  });
  return getItem(ctx, id);
}

/** The item with what waits, and what other stores have of it. */
export function itemCard(ctx: TillContext, id: Uuid): ItemCardView {
  return {
    item: getItem(ctx, id),
    isHeadOffices: ctx.tables.itemProposals.isHeadOffices(id),
    elsewhere: stockElsewhere(ctx, id),
    proposals: proposalsOf(ctx, id),
  };
}

export function changeItem(ctx: TillContext, key: string, id: Uuid, change: ItemChange, login: Login): ItemCardView {
  const before = found(ctx.tables.items.byId(id), 'item');
  const said = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  updateItem(ctx, key, id, { ...before, ...said }, login);
  ctx.sync.kick();
  return itemCard(ctx, id);
}

export function takeBackProposal(ctx: TillContext, key: string, proposalId: Uuid): ItemCardView {
  const { id } = once(ctx, key, () => ({ id: takeBack(ctx, proposalId) }));
  return itemCard(ctx, id);
}

export function addBatch(
  ctx: TillContext,
  key: string,
  itemId: Uuid,
  lot: {
    readonly code: string | null;
    readonly mrpPaise: Paise | null;
    readonly sellingPricePaise: Paise;
    readonly packedOn: BusinessDate | null;
    readonly expiresOn: BusinessDate | null;
  },
): { batchId: Uuid } {
  return once(ctx, key, () => {
    found(ctx.tables.items.byId(itemId), 'item');
    if (lot.sellingPricePaise <= 0) refuse({ type: 'InputInvalid', field: 'sellingPricePaise', reason: 'notPositive' });
    if (lot.mrpPaise !== null && lot.sellingPricePaise > lot.mrpPaise) {
      refuse({ type: 'PriceAboveMrp', pricePaise: lot.sellingPricePaise, mrpPaise: lot.mrpPaise });
    }
    const batch: Batch = { id: ctx.newId(), ...lot };
    ctx.tables.items.insertBatch(itemId, batch);
    ctx.tables.journal.append('batchAdded', batch.id, ctx.clock.now(), JSON.stringify({ itemId, ...batch }));
    return { batchId: batch.id };
  });
}

/** What a person may choose from: the classes of a HSN code in force today, then the plain rates. */
export function taxClasses(ctx: TillContext, hsn: string | null): readonly RateRow[] {
  const ofCode = hsn === null || hsn === '' ? [] : candidatesFor(ctx.tables.taxRates.byHsn(hsn), hsn, ctx.today());
  return [...ofCode, ...plainRateRows()];
}

export function recordEnquiry(
  ctx: TillContext,
  key: string,
  text: string,
  itemId: Uuid | null,
  staffId: Uuid,
): { done: true } {
  return once(ctx, key, () => {
    ctx.tables.enquiries.add({
      id: ctx.newId(),
      text,
      itemId,
      staffId,
      atMs: ctx.clock.now(),
      businessDate: ctx.today(),
    });
    return { done: true as const };
  });
}
