/**
 * Head office's catalogue, sent to stores. Rule kept: a store gets all of a publication or nothing (one transaction),
 * in pieces that replication can carry; what a store has already is not written again.
 */
import type { Pool } from 'pg';
import type { Item } from '#core/catalogue/item.ts';
import { inTenant } from '../postgres/in-tenant.ts';

/** Answers how many rows changed. */
export async function publishItems(
  pool: Pool,
  tenantId: string,
  storeIds: readonly string[],
  items: readonly Item[],
  nowMs: number,
): Promise<number> {
  return inTenant(pool, tenantId, async (on) => {
    const written = await on.query(
      `INSERT INTO store_item AS s (tenant_id, store_id, item_id, item, changed_at_ms)
       SELECT $1, store_id, item_id, item, $5
       FROM unnest($2::uuid[]) AS store_id, unnest($3::uuid[], $4::jsonb[]) AS i(item_id, item)
       ON CONFLICT (tenant_id, store_id, item_id)
       DO UPDATE SET item = excluded.item, changed_at_ms = excluded.changed_at_ms WHERE s.item IS DISTINCT FROM excluded.item`,
      [tenantId, storeIds, items.map((item) => item.id), items.map((item) => JSON.stringify(item)), nowMs],
    );
    return written.rowCount ?? 0;
  });
}
