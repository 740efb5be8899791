/**
 * Goods received and counted at a till, as moves of the store's levels. Rule kept: in the transaction that stores the
 * entry, each entry once however often it comes; an entry that can't be read moves nothing, it is stored all the same.
 */
import type { PoolClient } from 'pg';
import { z } from 'zod';
import type { PushEntry } from '#contract/sync.ts';
import type { StockMove } from '../ingest/bill-rows.ts';
import type { PushingTill } from '../ingest/stored-entries.ts';

const uuid = z.string().regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const qty = z.int().min(-10_000_000_000_000).max(10_000_000_000_000);
const received = z.object({ lines: z.array(z.object({ itemId: uuid, qtyMilli: qty })).max(5_000) });
const adjusted = z.object({ itemId: uuid, changeMilli: qty });

type Move = Omit<StockMove, 'storeId'>;

function movesOf({ kind, content }: PushEntry): readonly Move[] {
  try {
    const value: unknown = JSON.parse(content);
    if (kind === 'stockReceived') return received.safeParse(value).data?.lines ?? [];
    const one = adjusted.safeParse(value).data;
    return one === undefined ? [] : [{ itemId: one.itemId, qtyMilli: one.changeMilli }];
  } catch {
    // Not JSON: nothing that moves goods.
    return [];
  }
}

export const isOfStock = ({ kind }: Pick<PushEntry, 'kind'>): boolean =>
  kind === 'stockReceived' || kind === 'stockAdjusted';

/** Answers what is to be moved, for the one statement that touches stock (write-bills.ts). */
export async function takeStock(
  on: PoolClient,
  till: PushingTill,
  entries: readonly PushEntry[],
): Promise<readonly StockMove[]> {
  if (entries.length === 0) return [];
  const fresh = await on.query<{ entry_id: string }>(
    `INSERT INTO stock_entry (tenant_id, store_id, entry_id) SELECT $1, $2, unnest($3::uuid[])
     ON CONFLICT DO NOTHING RETURNING entry_id`,
    [till.tenantId, till.storeId, entries.map(({ id }) => id).toSorted()],
  );
  const isFresh = new Set(fresh.rows.map((row) => row.entry_id));
  return entries.flatMap((entry) =>
    isFresh.delete(entry.id) ? movesOf(entry).map((move) => ({ ...move, storeId: till.storeId })) : [],
  );
}
