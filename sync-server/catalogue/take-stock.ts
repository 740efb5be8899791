/**
 * Goods received and counted at a till, into the store's levels. Rule kept: in the transaction that stores the entry,
 * each entry once however often it comes; an entry that can't be read moves nothing, it is stored all the same.
 */
import type { PoolClient } from 'pg';
import { z } from 'zod';
import type { PushAnswer, PushEntry } from '#contract/sync.ts';
import type { PushingTill } from '../ingest/stored-entries.ts';

const uuid = z.string().regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const qty = z.int().min(-10_000_000_000_000).max(10_000_000_000_000);
const received = z.object({ lines: z.array(z.object({ itemId: uuid, qtyMilli: qty })).max(5_000) });
const adjusted = z.object({ itemId: uuid, changeMilli: qty });

type Move = { readonly itemId: string; readonly qtyMilli: number };

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

type Told = { readonly entry: PushEntry };
const isOfStock = ({ entry }: Told): boolean => entry.kind === 'stockReceived' || entry.kind === 'stockAdjusted';

export async function takeStock(
  on: PoolClient,
  till: PushingTill,
  judged: readonly Told[],
  answers: readonly PushAnswer[],
): Promise<void> {
  const mine = judged.filter((one, i) => isOfStock(one) && answers[i]?.outcome === 'accepted');
  if (mine.length === 0) return;
  const fresh = await on.query<{ entry_id: string }>(
    `INSERT INTO stock_entry (tenant_id, store_id, entry_id) SELECT $1, $2, unnest($3::uuid[])
     ON CONFLICT DO NOTHING RETURNING entry_id`,
    [till.tenantId, till.storeId, mine.map((one) => one.entry.id)],
  );
  const isFresh = new Set(fresh.rows.map((row) => row.entry_id));
  const sums = new Map<string, number>();
  for (const { entry } of mine) {
    if (!isFresh.delete(entry.id)) continue;
    for (const { itemId, qtyMilli } of movesOf(entry)) sums.set(itemId, (sums.get(itemId) ?? 0) + qtyMilli);
  }
  // Touched in the order of their keys, as bills do it: no ring of waiting tills.
  const rows = [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1));
  await on.query(
    `INSERT INTO stock_level AS s (tenant_id, store_id, item_id, qty_milli)
     SELECT $1, $2, l.* FROM unnest($3::uuid[], $4::bigint[]) AS l
     ON CONFLICT (tenant_id, store_id, item_id) DO UPDATE SET qty_milli = s.qty_milli + excluded.qty_milli`,
    [till.tenantId, till.storeId, rows.map(([id]) => id), rows.map(([, sum]) => sum)],
  );
}
