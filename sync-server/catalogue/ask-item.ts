/**
 * One item by a code, for a till whose catalogue is still on its way. Rule kept: as the store sells it at this moment:
 * its base row with all that was published to it and is in effect; nothing of what is yet to come.
 */
import type { Pool } from 'pg';
import type { Item } from '#core/catalogue/item.ts';
import type { Uuid } from '#core/ids.ts';
import { changedItem, type ItemChange } from '#core/sync/item-change.ts';
import type { PushingTill } from '../ingest/stored-entries.ts';
import { inTenant } from '../postgres/in-tenant.ts';

/** null: the store has none with such a barcode or code. An item that only publications make is not found. */
export const findItem = (
  pool: Pool,
  till: PushingTill,
  codes: readonly string[],
  nowMs: number,
): Promise<Item | null> =>
  inTenant(pool, till.tenantId, async (on) => {
    const found = await on.query<{ item_id: string; item: Item }>(
      `SELECT item_id, item FROM store_item WHERE tenant_id = $1 AND store_id = $2
         AND (item->'barcodes' @> ANY($3::jsonb[]) OR item->>'code' = ANY($4::text[]))
       ORDER BY item->'barcodes' @> ANY($3::jsonb[]) DESC LIMIT 1`,
      [till.tenantId, till.storeId, codes.map((code) => JSON.stringify([{ code }])), codes],
    );
    const row = found.rows[0];
    if (row === undefined) return null;
    const changes = await on.query<{ change: string }>(
      `SELECT r.change FROM store_publication_row r JOIN store_publication p USING (tenant_id, store_id, publication_id)
       WHERE r.tenant_id = $1 AND r.store_id = $2 AND r.item_id = $3 AND p.effective_at_ms <= $4
       ORDER BY p.effective_at_ms, p.published_at_ms, p.publication_id`,
      [till.tenantId, till.storeId, row.item_id, nowMs],
    );
    return changes.rows.reduce<Item>(
      (item, { change }) => changedItem(row.item_id as Uuid, item, JSON.parse(change) as ItemChange) ?? item,
      row.item,
    );
  });
