/**
 * What a store's own goods are, by its tills' word: category, unit, price, for its forecasts. Rule kept: the newest word
 * counts, whichever till said it; what cannot be read is left out, goods of head office are not asked about here.
 */
import type { PoolClient } from 'pg';
import { z } from 'zod';
import { ownGoodsTold } from '#contract/sync.ts';
import type { PushingTill } from '../ingest/stored-entries.ts';

/** One item as the journal has it when it was added or changed. */
const wholeItem = z.looseObject({
  id: z.string(),
  category: z.string().nullable().default(null),
  unit: z.string(),
  sellingPricePaise: z.int(),
});

export const tellsGoods: ReadonlySet<string> = new Set(['itemAdded', 'itemChanged', 'ownGoodsTold']);

type Good = readonly [id: string, category: string | null, unit: string, price: number];

function goodsOf(kind: string, content: string): readonly Good[] {
  let said: unknown;
  try {
    said = JSON.parse(content);
  } catch {
    // Not JSON: nothing that could be used.
    return [];
  }
  if (kind === 'ownGoodsTold') return ownGoodsTold.safeParse(said).data?.goods ?? [];
  const item = wholeItem.safeParse(said).data;
  if (item === undefined) return [];
  const goods = [[item.id, item.category, item.unit, item.sellingPricePaise]];
  return ownGoodsTold.safeParse({ goods }).data?.goods ?? [];
}

type Entry = { readonly kind: string; readonly content: string; readonly atMs: number };

/** In one step and in order of their ids, so that two tills of a store never wait in a ring. */
export async function takeOwnGoods(
  on: PoolClient,
  { tenantId, storeId }: PushingTill,
  entries: readonly Entry[],
): Promise<void> {
  // Of an item named twice the later word.
  const told = new Map<string, { readonly good: Good; readonly atMs: number }>();
  for (const { kind, content, atMs } of entries.toSorted((a, b) => a.atMs - b.atMs))
    for (const good of goodsOf(kind, content)) told.set(good[0], { good, atMs });
  if (told.size === 0) return;
  const rows = [...told.values()].toSorted((a, b) => (a.good[0] < b.good[0] ? -1 : 1));
  await on.query(
    `INSERT INTO own_item AS o (tenant_id, store_id, item_id, category, unit, selling_price_paise, told_at_ms)
     SELECT $1, $2, g.* FROM unnest($3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::bigint[]) AS g
     ON CONFLICT (tenant_id, store_id, item_id) DO UPDATE SET category = excluded.category, unit = excluded.unit,
       selling_price_paise = excluded.selling_price_paise, told_at_ms = excluded.told_at_ms
       WHERE o.told_at_ms <= excluded.told_at_ms`,
    [
      tenantId,
      storeId,
      rows.map(({ good: [id] }) => id),
      rows.map(({ good: [, category] }) => category),
      rows.map(({ good: [, , unit] }) => unit),
      rows.map(({ good: [, , , price] }) => price),
      rows.map(({ atMs }) => atMs),
    ],
  );
}
