/**
 * A transfer as a screen of this till draws it: which way it goes, what may be done with it here. Rule kept: read from the
 * facts that this till knows; what may be done is said once, here, and checked by the same code before it is done.
 */
import type {
  OpenChallan,
  SisterStoreView,
  TillTransfer,
  TransferList,
  TransferRow,
} from '#contract/till-transfers.ts';
import type { Uuid } from '#core/ids.ts';
import { needsInvoice, settleTransfer } from '#core/stock/transfer.ts';
import type { TransferEvent } from '#core/stock/transfer-events.ts';
import { detailOf, type TransferDetail } from '#core/stock/transfer-view.ts';
import type { TillContext } from './context.ts';
import { found } from './refusal.ts';

/** So many are shown: older ones are head office's matter. */
const mostListed = 300;

export const nameOfStore = (ctx: TillContext, storeId: Uuid): string =>
  ctx.tables.transfers.stores().find((store) => store.storeId === storeId)?.name ?? '';

function rowOf(ctx: TillContext, detail: TransferDetail): TransferRow {
  const { lines, steps: _steps, ...rest } = detail;
  const way = detail.fromStoreId === ctx.settings.get().storeId ? 'out' : 'in';
  const otherName = nameOfStore(ctx, way === 'out' ? detail.toStoreId : detail.fromStoreId);
  return { ...rest, way, otherName, items: lines.length };
}

export function sisterStores(ctx: TillContext): readonly SisterStoreView[] {
  const { storeId: own, stateCode, gstin } = ctx.settings.get();
  return ctx.tables.transfers
    .stores()
    .filter(({ storeId }) => storeId !== own)
    .map((store) => ({
      storeId: store.storeId,
      name: store.name,
      address: store.address,
      needsInvoice: needsInvoice({ stateCode, gstin }, store),
    }));
}

export function listTransfers(ctx: TillContext): TransferList {
  const { storeId, headOffice } = ctx.settings.get();
  const details = ctx.tables.transfers.latest(mostListed).flatMap((events) => detailOf(events) ?? []);
  return {
    isJoined: headOffice !== null,
    stores: sisterStores(ctx),
    transfers: details
      .filter((one) => one.fromStoreId === storeId || one.toStoreId === storeId)
      .map((detail) => rowOf(ctx, detail)),
  };
}

const openOf = (events: readonly TransferEvent[]): readonly OpenChallan[] =>
  settleTransfer(events).consignments.flatMap(({ dispatch, receipt }) =>
    receipt === null
      ? [{ dispatchId: dispatch.id, number: dispatch.number, lines: dispatch.lines, valuePaise: dispatch.valuePaise }]
      : [],
  );

/** Refuses NotFound for a transfer that is not this store's. */
export function readTransfer(ctx: TillContext, transferId: Uuid): TillTransfer {
  const events = ctx.tables.transfers.eventsOf(transferId);
  const detail = found(detailOf(events), 'transfer');
  const { storeId } = ctx.settings.get();
  if (detail.fromStoreId !== storeId && detail.toStoreId !== storeId) found(null, 'transfer');
  const row = rowOf(ctx, detail);
  const isAsked = detail.state === 'requested';
  const known = detail.lines.filter((line) => ctx.tables.items.byId(line.itemId) !== null);
  return {
    row,
    lines: detail.lines,
    steps: detail.steps,
    open: openOf(events),
    canSend: row.way === 'out' && isAsked,
    canDecline: row.way === 'out' && isAsked,
    canCancel: row.way === 'in' && isAsked,
    canReceive: row.way === 'in' && detail.state === 'inTransit',
    onHand: Object.fromEntries(known.map((line) => [line.itemId, ctx.tables.stock.onHand(line.itemId)])),
  };
}
