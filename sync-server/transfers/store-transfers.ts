/**
 * Transfers as rows: the facts of each, a row for each of its two stores, and what they move. Rule kept: whoever adds a
 * fact holds the transfer's lock from before it read the others; rows, stock and goods on the way change in that one
 * transaction, by core's own reckoning (flowsBetween), so that the same fact twice moves nothing twice.
 */
import type { PoolClient } from 'pg';
import type { Uuid } from '#core/ids.ts';
import { type Flow, flowsBetween, inOrder, settleTransfer } from '#core/stock/transfer.ts';
import type { TransferEvent } from '#core/stock/transfer-events.ts';
import type { StockMove } from '../ingest/bill-rows.ts';

export type KnownTransfer = {
  readonly fromStoreId: string;
  readonly toStoreId: string;
  readonly events: readonly TransferEvent[];
};

type Row = {
  readonly transfer_id: string;
  readonly from_store_id: string;
  readonly to_store_id: string;
  readonly events: readonly TransferEvent[];
};

/** Until the end of the transaction nobody else adds to these. Taken in one order, so that nobody waits in a ring. */
export async function lockTransfers(
  on: PoolClient,
  tenantId: string,
  transferIds: readonly string[],
): Promise<ReadonlyMap<string, KnownTransfer>> {
  const ids = [...new Set(transferIds)].toSorted();
  await on.query('SELECT pg_advisory_xact_lock(hashtextextended(id, 55)) FROM unnest($1::text[]) AS id', [
    ids.map((id) => `${tenantId} ${id}`),
  ]);
  const found = await on.query<Row>(
    `SELECT transfer_id, from_store_id, to_store_id, events FROM store_transfer
     WHERE tenant_id = $1 AND transfer_id = ANY($2::uuid[]) AND store_id = from_store_id`,
    [tenantId, ids],
  );
  return new Map(
    found.rows.map((row) => [
      row.transfer_id,
      { fromStoreId: row.from_store_id, toStoreId: row.to_store_id, events: row.events },
    ]),
  );
}

/** What is to be moved on shelves, for the one statement that touches stock (write-bills.ts). */
export const stockMoves = (flows: readonly Flow[]): readonly StockMove[] =>
  flows.filter((flow) => flow.kind === 'stock');

/** Once a transaction, before stock: two tills touch tables and rows in the same order. */
export async function moveTransit(on: PoolClient, tenantId: string, flows: readonly Flow[]): Promise<void> {
  const other = flows.filter((flow) => flow.kind !== 'stock');
  if (other.length === 0) return;
  await on.query(
    `INSERT INTO transit_level AS t (tenant_id, store_id, item_id, qty_milli, lost_milli)
     SELECT $1, store, item, sum(on_way), sum(lost)
       FROM unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[]) AS f(store, item, on_way, lost)
       GROUP BY store, item ORDER BY store, item
     ON CONFLICT (tenant_id, store_id, item_id)
     DO UPDATE SET qty_milli = t.qty_milli + excluded.qty_milli, lost_milli = t.lost_milli + excluded.lost_milli`,
    [
      tenantId,
      other.map((f) => f.storeId),
      other.map((f) => f.itemId),
      other.map((f) => (f.kind === 'transit' ? f.qtyMilli : 0)),
      other.map((f) => (f.kind === 'lost' ? f.qtyMilli : 0)),
    ],
  );
}

/**
 * Under the transfer's lock; `known` as it was read with it. Facts that are there already change nothing. Answers what
 * goods moved: whoever adds facts of a till moves them in the same transaction; what head office adds moves none.
 */
export async function addFacts(
  on: PoolClient,
  tenantId: string,
  transferId: string,
  known: KnownTransfer | undefined,
  added: readonly TransferEvent[],
): Promise<readonly Flow[]> {
  const before = known?.events ?? [];
  const fresh = added.filter(({ id }) => !before.some((event) => event.id === id));
  const [first] = fresh;
  if (first === undefined) return [];
  const events = inOrder([...before, ...fresh]);
  const { state, changedAtMs, inTransitPaise, hasVariance } = settleTransfer(events);
  const { fromStoreId, toStoreId } = known ?? first;
  await on.query(
    `INSERT INTO store_transfer (tenant_id, store_id, transfer_id, from_store_id, to_store_id, state, made_at_ms,
       changed_at_ms, in_transit_paise, has_variance, events)
     SELECT $1, store, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM unnest($2::uuid[]) AS store
     ON CONFLICT (tenant_id, store_id, transfer_id) DO UPDATE SET state = excluded.state,
       made_at_ms = excluded.made_at_ms, changed_at_ms = excluded.changed_at_ms,
       in_transit_paise = excluded.in_transit_paise, has_variance = excluded.has_variance, events = excluded.events`,
    [
      tenantId,
      [fromStoreId, toStoreId],
      transferId,
      fromStoreId,
      toStoreId,
      state,
      events[0]?.atMs ?? 0,
      changedAtMs,
      inTransitPaise,
      hasVariance,
      JSON.stringify(events),
    ],
  );
  return flowsBetween(before, events);
}

/** Which of these are stores of the organisation, as far as this connection may see. */
export async function storesOf(on: PoolClient, storeIds: readonly string[]): Promise<ReadonlySet<string>> {
  const found = await on.query<{ store_id: Uuid }>('SELECT store_id FROM store WHERE store_id = ANY($1::uuid[])', [
    [...new Set(storeIds)],
  ]);
  return new Set(found.rows.map((row) => row.store_id));
}
