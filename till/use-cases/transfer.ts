/**
 * Stock transfers at the till: ask, send, receive, call off. Rule kept: each is one fact, written in one transaction with
 * the stock that it moves here, its place in the journal and its paper; nothing waits for a network. What is known of the
 * other store may be old: what it wrote meanwhile is settled by core, not refused here.
 */
import { challanSeries, documentNumber } from '#core/billing/bill-number.ts';
import type { Item } from '#core/catalogue/item.ts';
import type { Uuid } from '#core/ids.ts';
import { addPaise } from '#core/money.ts';
import { maxQty, type Milli } from '#core/quantity.ts';
import { valueOfLine } from '#core/stock/check-transfer.ts';
import { spreadOverLots } from '#core/stock/spread-lots.ts';
import { eWayFromPaise, isVariance, needsInvoice, settleTransfer } from '#core/stock/transfer.ts';
import type {
  ArrivedLine,
  SentLine,
  StoreFacts,
  TransferDispatched,
  TransferEvent,
  TransferReceived,
  VarianceReason,
} from '#core/stock/transfer-events.ts';
import { businessDateOf, financialYearOf, type Instant } from '#core/time.ts';
import type { Dispatched, TillTransfer } from '#contract/till-transfers.ts';
import type { ReceiptPreview } from '#contract/views.ts';
import type { StockMovement } from '#db/stock.ts';
import type { Login, TillContext } from '../context.ts';
import { once } from '../once.ts';
import { found, refuse } from '../refusal.ts';
import { readTransfer } from '../transfer-view.ts';

type Goods = readonly { readonly itemId: Uuid; readonly qtyMilli: Milli }[];

const mustBeJoined = (ctx: TillContext): void => {
  if (ctx.settings.get().headOffice === null) refuse({ type: 'NotJoined' });
};

function headOf(ctx: TillContext, login: Login, transferId: Uuid, pair: Pair, atMs: Instant) {
  const { storeId, tillId } = ctx.settings.get();
  const by = { kind: 'store', storeId, tillId, staffId: login.id, name: login.name } as const;
  return { schemaVersion: 1, id: ctx.newId(), transferId, ...pair, atMs, by } as const;
}
type Pair = { readonly fromStoreId: Uuid; readonly toStoreId: Uuid };

/** Inside a transaction: the fact, in its table and in the journal. */
function write(ctx: TillContext, event: TransferEvent): void {
  ctx.tables.transfers.put(event, true);
  ctx.tables.journal.append(event.type, event.id, event.atMs, JSON.stringify(event));
}

function told(ctx: TillContext, atMs: Instant): void {
  ctx.toldOfDocument(atMs);
  ctx.sync.transfers.changed();
}

/** Refuses what no line may be: nothing, too much, an item that is not there, one twice. `nameOf`: what others call it. */
function goodsOf(
  ctx: TillContext,
  goods: Goods,
  nameOf: (itemId: Uuid) => string = () => '',
): readonly { readonly item: Item; readonly qtyMilli: Milli }[] {
  const seen = new Set<Uuid>();
  return goods.map(({ itemId, qtyMilli }) => {
    if (qtyMilli <= 0) refuse({ type: 'QtyNotPositive' });
    if (qtyMilli > maxQty) refuse({ type: 'QtyTooLarge', maxQtyMilli: maxQty });
    if (seen.has(itemId)) refuse({ type: 'InputInvalid', field: 'lines', reason: 'an item twice' });
    seen.add(itemId);
    const item = ctx.tables.items.byId(itemId) ?? refuse({ type: 'TransferItemUnknown', itemName: nameOf(itemId) });
    return { item, qtyMilli };
  });
}

const lineOf = (item: Item, i: number) => ({
  lineNo: i + 1,
  itemId: item.id,
  name: item.name,
  nameHi: item.nameHi,
  unit: item.unit,
});

export function requestTransfer(
  ctx: TillContext,
  input: { readonly key: string; readonly fromStoreId: Uuid; readonly lines: Goods; readonly note: string },
  login: Login,
): TillTransfer {
  mustBeJoined(ctx);
  const { storeId } = ctx.settings.get();
  mayGo(ctx, input.fromStoreId);
  const atMs = ctx.billingNow();
  const { transferId } = once(ctx, input.key, () => {
    const pair = { fromStoreId: input.fromStoreId, toStoreId: storeId };
    const lines = goodsOf(ctx, input.lines).map(({ item, qtyMilli }, i) => ({ ...lineOf(item, i), qtyMilli }));
    const head = headOf(ctx, login, ctx.newId(), pair, atMs);
    write(ctx, { ...head, type: 'transferRequested', lines, note: input.note });
    return { transferId: head.transferId };
  });
  told(ctx, atMs);
  return readTransfer(ctx, transferId);
}

/** The sister store; refuses one of another GSTIN or State, with which a challan is not enough. */
function mayGo(ctx: TillContext, storeId: Uuid): StoreFacts {
  const { tradeName, ...store } = found(
    ctx.tables.transfers.stores().find((one) => one.storeId === storeId),
    'store',
  );
  if (needsInvoice(ctx.settings.get(), store)) refuse({ type: 'TransferNeedsInvoice', storeName: store.name });
  return { ...store, name: tradeName === '' || tradeName === store.name ? store.name : `${tradeName}, ${store.name}` };
}

function ownFacts(ctx: TillContext): StoreFacts {
  const { storeId, name, address, stateCode, gstin } = ctx.settings.get();
  return { storeId, name, address, stateCode, gstin };
}

const movement = (ctx: TillContext, event: TransferDispatched | TransferReceived, lineNo: number) => ({
  id: ctx.newId(),
  refId: event.id,
  refLineNo: lineNo,
  businessDate: event.businessDate,
  occurredAtMs: event.atMs,
  note: null,
});

/** Off the lots that the books have, first to expire first. */
const goingOut = (ctx: TillContext, event: TransferDispatched): readonly StockMovement[] =>
  event.lines.flatMap(({ itemId, lineNo, qtyMilli, unitValuePaise }) => {
    const item = found(ctx.tables.items.byId(itemId), 'item');
    return spreadOverLots(qtyMilli, item.batches, ctx.tables.stock.onHandByBatch(itemId)).map((part) => ({
      ...movement(ctx, event, lineNo),
      itemId,
      batchId: part.batchId,
      qtyMilli: -part.qtyMilli as Milli,
      kind: 'transferOut' as const,
      costPricePaise: unitValuePaise,
    }));
  });

const comingIn = (ctx: TillContext, event: TransferReceived, sent: readonly SentLine[]): readonly StockMovement[] =>
  event.lines.flatMap(({ itemId, lineNo, goodMilli }) => {
    if (goodMilli === 0) return [];
    const line = sent.find((one) => one.lineNo === lineNo);
    const costPricePaise = line?.valuedAt === 'cost' ? line.unitValuePaise : null;
    const kind = 'transferIn' as const;
    return [{ ...movement(ctx, event, lineNo), itemId, batchId: null, qtyMilli: goodMilli, kind, costPricePaise }];
  });

function addChallanJob(ctx: TillContext, dispatchId: Uuid, isDuplicate: boolean): void {
  if (ctx.settings.get().printer.kind === 'none') return;
  const job = { id: ctx.newId(), documentId: dispatchId, kind: 'challan', isDuplicate, opensDrawer: false } as const;
  ctx.tables.printJobs.add({ ...job, createdAtMs: ctx.clock.now() });
}

export type DispatchInput = {
  readonly key: string;
  readonly transferId: Uuid | null;
  readonly toStoreId: Uuid;
  readonly lines: Goods;
  readonly note: string;
};

export function dispatchTransfer(ctx: TillContext, input: DispatchInput, login: Login): Dispatched {
  mustBeJoined(ctx);
  const atMs = ctx.billingNow();
  const sent = once(ctx, input.key, () => {
    const shop = ctx.settings.get();
    const to = mayGo(ctx, input.toStoreId);
    const asked = input.transferId === null ? null : readTransfer(ctx, input.transferId);
    if (asked !== null && (!asked.canSend || asked.row.toStoreId !== input.toStoreId)) refuse({ type: 'TransferOver' });
    const nameOf = (itemId: Uuid): string => asked?.lines.find((line) => line.itemId === itemId)?.name ?? '';
    const lines = goodsOf(ctx, input.lines, nameOf).map(({ item, qtyMilli }, i): SentLine => {
      return { ...lineOf(item, i), hsn: item.hsn, qtyMilli, ...valueOfLine(item, qtyMilli) };
    });
    const businessDate = businessDateOf(atMs, shop.day);
    const financialYear = financialYearOf(businessDate);
    const series = challanSeries(shop.series);
    const sequence = ctx.tables.transfers.nextSequence(series, financialYear);
    const number = documentNumber(series, financialYear, sequence);
    if (!number.ok) refuse({ type: 'SeriesFull', series });
    const pair = { fromStoreId: shop.storeId, toStoreId: input.toStoreId };
    const event: TransferDispatched = {
      ...headOf(ctx, login, input.transferId ?? ctx.newId(), pair, atMs),
      type: 'transferDispatched',
      number: number.value,
      series,
      financialYear,
      sequence,
      businessDate,
      from: ownFacts(ctx),
      to,
      lines,
      valuePaise: addPaise(...lines.map((line) => line.valuePaise)),
      note: input.note,
    };
    write(ctx, event);
    ctx.tables.stock.append(goingOut(ctx, event));
    addChallanJob(ctx, event.id, false);
    return { transferId: event.transferId, number: event.number, mayNeedEWay: event.valuePaise > eWayFromPaise };
  });
  ctx.spool.kick();
  told(ctx, atMs);
  return { transfer: readTransfer(ctx, sent.transferId), number: sent.number, mayNeedEWay: sent.mayNeedEWay };
}

export type ReceiveInput = {
  readonly key: string;
  readonly transferId: Uuid;
  readonly dispatchId: Uuid;
  readonly lines: readonly {
    readonly lineNo: number;
    readonly goodMilli: Milli;
    readonly damagedMilli: Milli;
    readonly reason: VarianceReason | null;
  }[];
  readonly note: string;
};

function arrivedLine(ctx: TillContext, sent: SentLine, lines: ReceiveInput['lines']): ArrivedLine {
  const said = lines.find((line) => line.lineNo === sent.lineNo);
  if (said === undefined) return refuse({ type: 'InputInvalid', field: 'lines', reason: 'a line is missing' });
  const { goodMilli, damagedMilli } = said;
  if (goodMilli < 0 || damagedMilli < 0) refuse({ type: 'QtyNotPositive' });
  if (Math.max(goodMilli, damagedMilli) > maxQty) refuse({ type: 'QtyTooLarge', maxQtyMilli: maxQty });
  if (ctx.tables.items.byId(sent.itemId) === null) refuse({ type: 'TransferItemUnknown', itemName: sent.name });
  const { lineNo, itemId, qtyMilli: sentMilli } = sent;
  const line = { lineNo, itemId, sentMilli, goodMilli, damagedMilli };
  if (!isVariance(line)) return { ...line, reason: null };
  return { ...line, reason: said.reason ?? refuse({ type: 'TransferReasonNeeded', itemName: sent.name }) };
}

export function receiveTransfer(ctx: TillContext, input: ReceiveInput, login: Login): TillTransfer {
  const atMs = ctx.billingNow();
  once(ctx, input.key, () => {
    const { storeId, day } = ctx.settings.get();
    const events = ctx.tables.transfers.eventsOf(input.transferId);
    const one = settleTransfer(events).consignments.find(({ dispatch }) => dispatch.id === input.dispatchId);
    const { dispatch, receipt } = found(one, 'transfer');
    if (dispatch.toStoreId !== storeId) found(null, 'transfer');
    if (receipt !== null) refuse({ type: 'TransferOver' });
    const { fromStoreId, toStoreId } = dispatch;
    const event: TransferReceived = {
      ...headOf(ctx, login, input.transferId, { fromStoreId, toStoreId }, atMs),
      type: 'transferReceived',
      dispatchId: dispatch.id,
      businessDate: businessDateOf(atMs, day),
      lines: dispatch.lines.map((sent) => arrivedLine(ctx, sent, input.lines)),
      note: input.note,
    };
    write(ctx, event);
    ctx.tables.stock.append(comingIn(ctx, event, dispatch.lines));
    return { eventId: event.id };
  });
  told(ctx, atMs);
  return readTransfer(ctx, input.transferId);
}

/** The sending store says no, or the asking one takes it back: only what has not gone. */
export function callOffTransfer(
  ctx: TillContext,
  type: 'transferDeclined' | 'transferCancelled',
  input: { readonly key: string; readonly transferId: Uuid; readonly note: string },
  login: Login,
): TillTransfer {
  const atMs = ctx.billingNow();
  once(ctx, input.key, () => {
    const { row, canCancel, canDecline } = readTransfer(ctx, input.transferId);
    if (!(type === 'transferDeclined' ? canDecline : canCancel)) refuse({ type: 'TransferOver' });
    const { fromStoreId, toStoreId } = row;
    const head = headOf(ctx, login, input.transferId, { fromStoreId, toStoreId }, atMs);
    write(ctx, { ...head, type, note: input.note });
    return { eventId: head.id };
  });
  told(ctx, atMs);
  return readTransfer(ctx, input.transferId);
}

function challanOf(ctx: TillContext, dispatchId: Uuid): TransferDispatched {
  const event = ctx.tables.transfers.get(dispatchId);
  return found(event?.type === 'transferDispatched' ? event : null, 'transfer');
}

export const previewChallan = (ctx: TillContext, dispatchId: Uuid): Promise<ReceiptPreview> =>
  ctx.paper.previewChallan(challanOf(ctx, dispatchId));

/** Once more, marked as a duplicate. */
export function printChallan(ctx: TillContext, key: string, dispatchId: Uuid): { number: string } {
  if (ctx.settings.get().printer.kind === 'none') refuse({ type: 'PrinterNotSet' });
  const answer = once(ctx, key, () => {
    const { number } = challanOf(ctx, dispatchId);
    addChallanJob(ctx, dispatchId, true);
    return { number };
  });
  ctx.spool.retry();
  return answer;
}
