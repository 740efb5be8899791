/**
 * Transfers as head office sees and asks for them. Rule kept: what is listed is what row-level security shows; whoever
 * writes must see both stores, and is looked up so first, for the facts themselves are written for both.
 */
import type { FastifyInstance } from 'fastify';
import type { Pool, PoolClient } from 'pg';
import type { Item } from '#core/catalogue/item.ts';
import type { NewId, Uuid } from '#core/ids.ts';
import { maxQty, type Milli } from '#core/quantity.ts';
import { err, ok, type Result } from '#core/result.ts';
import { needsInvoice, settleTransfer, type TransferState } from '#core/stock/transfer.ts';
import type { TransferEvent, TransferParty, WantedLine } from '#core/stock/transfer-events.ts';
import { detailOf } from '#core/stock/transfer-view.ts';
import { paise } from '#core/money.ts';
import type { Instant } from '#core/time.ts';
import type { OfficeError } from '#contract/server.ts';
import {
  type CallOffReply,
  type OfficeTransfer,
  type OfficeTransferDetail,
  type RequestReply,
  type TransfersReply,
  transferApi,
} from '#contract/transfers.ts';
import { type OfficeDeps, serveCalls } from '../http/serve-calls.ts';
import { type Caller, inCaller } from '../identity/caller.ts';
import { inTenant } from '../postgres/in-tenant.ts';
import { addFacts, lockTransfers, storesOf } from './store-transfers.ts';

type Row = {
  readonly transfer_id: Uuid;
  readonly from_store_id: Uuid;
  readonly from_name: string | null;
  readonly to_store_id: Uuid;
  readonly to_name: string | null;
  readonly state: TransferState;
  readonly made_at_ms: string;
  readonly changed_at_ms: string;
  readonly in_transit_paise: string;
  readonly has_variance: boolean;
  readonly events: readonly TransferEvent[];
};

// Both stores may be this person's: then the row is there twice. A store that they may not see is named by its challan.
const select = `
  SELECT DISTINCT ON (t.transfer_id) t.transfer_id, t.from_store_id, f.name AS from_name, t.to_store_id,
    o.name AS to_name, t.state, t.made_at_ms, t.changed_at_ms, t.in_transit_paise, t.has_variance, t.events
  FROM store_transfer t
  LEFT JOIN store f ON f.tenant_id = t.tenant_id AND f.store_id = t.from_store_id
  LEFT JOIN store o ON o.tenant_id = t.tenant_id AND o.store_id = t.to_store_id`;

function viewOf(row: Row): OfficeTransfer {
  const { conflicts, consignments } = settleTransfer(row.events);
  const challan = consignments[0]?.dispatch;
  return {
    transferId: row.transfer_id,
    fromStoreId: row.from_store_id,
    fromName: row.from_name ?? challan?.from.name ?? '',
    toStoreId: row.to_store_id,
    toName: row.to_name ?? challan?.to.name ?? '',
    state: row.state,
    madeAtMs: Number(row.made_at_ms),
    changedAtMs: Number(row.changed_at_ms),
    inTransitPaise: paise(Number(row.in_transit_paise)),
    hasVariance: row.has_variance,
    hasConflict: conflicts.length > 0,
    items: detailOf(row.events)?.lines.length ?? 0,
  };
}

async function list(on: PoolClient, limit: number): Promise<TransfersReply> {
  const found = await on.query<Row & { readonly open: string; readonly on_way: string }>(
    `SELECT *, count(*) FILTER (WHERE state IN ('requested', 'inTransit')) OVER () AS open,
       sum(in_transit_paise) OVER () AS on_way FROM (${select} ORDER BY t.transfer_id) AS seen
     ORDER BY state NOT IN ('requested', 'inTransit'), changed_at_ms DESC LIMIT $1`,
    [limit],
  );
  const [first] = found.rows;
  return {
    transfers: found.rows.map(viewOf),
    open: Number(first?.open ?? 0),
    inTransitPaise: paise(Number(first?.on_way ?? 0)),
  };
}

async function one(on: PoolClient, transferId: string): Promise<OfficeTransferDetail | null> {
  const found = await on.query<Row>(`${select} WHERE t.transfer_id = $1 ORDER BY t.transfer_id`, [transferId]);
  const row = found.rows[0];
  const detail = row === undefined ? null : detailOf(row.events);
  return row === undefined || detail === null ? null : { head: viewOf(row), detail };
}

type Wanted = {
  readonly transferId: Uuid;
  readonly fromStoreId: Uuid;
  readonly toStoreId: Uuid;
  readonly lines: readonly { readonly itemId: Uuid; readonly qtyMilli: Milli }[];
  readonly note: string;
};

type FactsRow = { readonly store_id: string; readonly state_code: string; readonly gstin: string | null };

/** Null where one of the two has not told yet; its till is asked again when goods are to go. */
async function isInvoiceDue(on: PoolClient, wanted: Wanted): Promise<boolean> {
  const found = await on.query<FactsRow>(
    'SELECT store_id, state_code, gstin FROM store_facts WHERE store_id = ANY($1::uuid[])',
    [[wanted.fromStoreId, wanted.toStoreId]],
  );
  const [a, b] = found.rows.map((row) => ({ stateCode: row.state_code, gstin: row.gstin }));
  return a !== undefined && b !== undefined && needsInvoice(a, b);
}

async function linesOf(on: PoolClient, wanted: Wanted): Promise<readonly WantedLine[] | null> {
  const found = await on.query<{ item_id: Uuid; item: Item }>(
    'SELECT item_id, item FROM catalogue_item WHERE item_id = ANY($1::uuid[])',
    [wanted.lines.map((line) => line.itemId)],
  );
  const items = new Map(found.rows.map((row) => [row.item_id, row.item]));
  const lines = wanted.lines.flatMap(({ itemId, qtyMilli }, i): WantedLine[] => {
    const item = items.get(itemId);
    if (item === undefined) return [];
    return [{ lineNo: i + 1, itemId, name: item.name, nameHi: item.nameHi, unit: item.unit, qtyMilli }];
  });
  return lines.length === wanted.lines.length && items.size === lines.length ? lines : null;
}

const partyOf = (caller: Caller): TransferParty => ({
  kind: 'office',
  accountId: caller.accountId as Uuid,
  name: caller.email,
});

type Deps = { readonly pool: Pool; readonly newId: NewId; readonly now: () => Instant };

async function request(deps: Deps, caller: Caller, wanted: Wanted): Promise<Result<RequestReply, OfficeError>> {
  const { transferId, fromStoreId, toStoreId, note } = wanted;
  if (fromStoreId === toStoreId) return ok({ ok: false, reason: 'sameStore' });
  if (wanted.lines.some(({ qtyMilli }) => qtyMilli <= 0 || qtyMilli > maxQty)) {
    return ok({ ok: false, reason: 'quantity' });
  }
  const seen = await inCaller(deps.pool, caller, async (on) => ({
    stores: await storesOf(on, [fromStoreId, toStoreId]),
    isInvoiceDue: await isInvoiceDue(on, wanted),
    lines: await linesOf(on, wanted),
  }));
  if (seen.stores.size < 2) return err({ type: 'NotFound' });
  if (seen.isInvoiceDue) return ok({ ok: false, reason: 'invoiceDue' });
  const { lines } = seen;
  if (lines === null) return ok({ ok: false, reason: 'unknownItem' });
  const isOurs = await inTenant(deps.pool, caller.tenantId, async (on) => {
    const known = (await lockTransfers(on, caller.tenantId, [transferId])).get(transferId);
    if (known !== undefined) return known.fromStoreId === fromStoreId && known.toStoreId === toStoreId;
    const fact: TransferEvent = {
      schemaVersion: 1,
      type: 'transferRequested',
      id: deps.newId(),
      transferId,
      fromStoreId,
      toStoreId,
      atMs: deps.now(),
      by: partyOf(caller),
      lines,
      note,
    };
    await addFacts(on, caller.tenantId, transferId, known, [fact]);
    return true;
  });
  const made = isOurs ? await inCaller(deps.pool, caller, (on) => one(on, transferId)) : null;
  return made === null ? err({ type: 'NotFound' }) : ok({ ok: true, transfer: made.head });
}

async function callOff(
  deps: Deps,
  caller: Caller,
  { transferId, note }: { readonly transferId: Uuid; readonly note: string },
): Promise<Result<CallOffReply, OfficeError>> {
  const seen = await inCaller(deps.pool, caller, async (on) => {
    const before = await one(on, transferId);
    if (before === null) return null;
    return (await storesOf(on, [before.head.fromStoreId, before.head.toStoreId])).size === 2 ? before : null;
  });
  if (seen === null) return err({ type: 'NotFound' });
  const { fromStoreId, toStoreId } = seen.head;
  const isDone = await inTenant(deps.pool, caller.tenantId, async (on) => {
    const known = (await lockTransfers(on, caller.tenantId, [transferId])).get(transferId);
    if (known === undefined) return false;
    const { state } = settleTransfer(known.events);
    if (state !== 'requested') return state === 'cancelled';
    const fact: TransferEvent = {
      schemaVersion: 1,
      type: 'transferCancelled',
      id: deps.newId(),
      transferId,
      fromStoreId,
      toStoreId,
      atMs: deps.now(),
      by: partyOf(caller),
      note,
    };
    await addFacts(on, caller.tenantId, transferId, known, [fact]);
    return true;
  });
  const now = isDone ? await inCaller(deps.pool, caller, (on) => one(on, transferId)) : null;
  return ok(now === null ? { ok: false, reason: 'tooLate' } : { ok: true, transfer: now.head });
}

export function serveTransfers(app: FastifyInstance, office: OfficeDeps, newId: NewId): void {
  const deps: Deps = { pool: office.pool, newId, now: office.clock.now };
  serveCalls(app, office, transferApi, {
    transfers: async (caller, { limit }) => ok(await inCaller(office.pool, caller, (on) => list(on, limit))),
    transfer: async (caller, { transferId }) => ok(await inCaller(office.pool, caller, (on) => one(on, transferId))),
    request: (caller, wanted) => request(deps, caller, wanted),
    callOff: (caller, asked) => callOff(deps, caller, asked),
  });
}
