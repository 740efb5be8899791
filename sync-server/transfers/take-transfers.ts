/**
 * A till's facts about transfers, on their way in: locked and compared with what is known before the batch is stored,
 * counted after. Rule kept: refused is only what can't be true (stores that are not there, another transfer's id); what
 * moved goods is never refused for what others wrote meanwhile. A batch without such facts costs nothing here.
 */
import { isDeepStrictEqual } from 'node:util';
import type { PoolClient } from 'pg';
import { z } from 'zod';
import type { Rejection } from '#contract/sync.ts';
import type { Flow } from '#core/stock/transfer.ts';
import type { TransferEvent } from '#core/stock/transfer-events.ts';
import type { StockMove } from '../ingest/bill-rows.ts';
import type { JudgedEntry } from '../ingest/judge-entry.ts';
import type { PushingTill } from '../ingest/stored-entries.ts';
import { addFacts, type KnownTransfer, lockTransfers, moveTransit, stockMoves, storesOf } from './store-transfers.ts';

/** What can't be true beside what is known. Pure. */
export function rejectionOf(
  event: TransferEvent,
  known: KnownTransfer | undefined,
  stores: ReadonlySet<string>,
): Rejection | null {
  const strange = [event.fromStoreId, event.toStoreId].find((storeId) => !stores.has(storeId));
  if (strange !== undefined) return { reason: 'notYours', detail: `no store ${strange}` };
  if (known === undefined) return null;
  if (known.fromStoreId !== event.fromStoreId || known.toStoreId !== event.toStoreId) {
    return { reason: 'notYours', detail: 'the transfer is between other stores' };
  }
  const before = known.events.find(({ id }) => id === event.id);
  return before === undefined || isDeepStrictEqual(before, event) ? null : { reason: 'changed', detail: event.id };
}

export type OpenTransfers = {
  readonly judged: readonly JudgedEntry[];
  /** After the batch is stored: facts that were accepted count. Answers what they move on shelves, of both stores. */
  readonly count: (accepted: readonly TransferEvent[]) => Promise<readonly StockMove[]>;
};

export async function openTransfers(
  on: PoolClient,
  till: PushingTill,
  judged: readonly JudgedEntry[],
): Promise<OpenTransfers> {
  const facts = judged.flatMap((one) => (one.transfer === null ? [] : [one.transfer]));
  if (facts.length === 0) return { judged, count: async () => [] };
  const known = await lockTransfers(
    on,
    till.tenantId,
    facts.map((fact) => fact.transferId),
  );
  const stores = await storesOf(
    on,
    facts.flatMap((fact) => [fact.fromStoreId, fact.toStoreId]),
  );
  const compared = judged.map((one): JudgedEntry => {
    if (one.transfer === null || one.rejection !== null) return one;
    const rejection = rejectionOf(one.transfer, known.get(one.transfer.transferId), stores);
    return rejection === null ? one : { ...one, transfer: null, rejection };
  });
  return {
    judged: compared,
    count: async (accepted) => {
      const flows: Flow[] = [];
      const ids = [...new Set(accepted.map((fact) => fact.transferId))].toSorted();
      for (const id of ids) {
        const mine = accepted.filter((fact) => fact.transferId === id);
        const pair = known.get(id) ?? mine[0];
        const same = mine.filter((f) => f.fromStoreId === pair?.fromStoreId && f.toStoreId === pair.toStoreId);
        flows.push(...(await addFacts(on, till.tenantId, id, known.get(id), same)));
      }
      await moveTransit(on, till.tenantId, flows);
      return stockMoves(flows);
    },
  };
}

const told = z.object({
  name: z.string().max(200),
  address: z.string().max(400),
  stateCode: z.string().regex(/^\d\d$/),
  gstin: z.string().max(20).nullable(),
});

/** The till says who its shop is: what a challan to it must name. The newest word counts. */
export async function takeShopTold(on: PoolClient, till: PushingTill, content: string, atMs: number): Promise<void> {
  const said = readTold(content);
  if (said === null) return;
  await on.query(
    `INSERT INTO store_facts AS f (tenant_id, store_id, name, trade_name, address, state_code, gstin, told_at_ms)
     SELECT $1, $2, s.name, $3, $4, $5, $6, $7 FROM store s WHERE s.tenant_id = $1 AND s.store_id = $2
     ON CONFLICT (tenant_id, store_id) DO UPDATE SET name = excluded.name, trade_name = excluded.trade_name,
       address = excluded.address, state_code = excluded.state_code, gstin = excluded.gstin,
       told_at_ms = excluded.told_at_ms
     WHERE f.told_at_ms <= excluded.told_at_ms`,
    [till.tenantId, till.storeId, said.name, said.address, said.stateCode, said.gstin, atMs],
  );
}

function readTold(content: string): z.infer<typeof told> | null {
  try {
    return told.safeParse(JSON.parse(content)).data ?? null;
  } catch {
    // Not JSON: nothing that a challan could use; the entry is stored all the same.
    return null;
  }
}
