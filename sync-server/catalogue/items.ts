/**
 * Head office's own catalogue: listed, searched, changed one item at a time. Rule kept: a change names the revision that
 * its author saw; where another came in between, nothing is written and both sides are answered.
 */
import type { Pool, PoolClient } from 'pg';
import type { ItemsReply, OfficeItem, SaveItemReply } from '#contract/publish.ts';
import type { Item } from '#core/catalogue/item.ts';
import type { Uuid } from '#core/ids.ts';
import { changedItem, faultOfItem, type ItemChange } from '#core/sync/item-change.ts';
import { wishOf } from '#core/sync/item-proposal.ts';
import { inOffice } from '../postgres/in-tenant.ts';
import type { Publisher } from './publication.ts';

type Row = { readonly item_id: string; readonly revision: string; readonly item: Item };

const viewOf = ({ revision, item }: Row): OfficeItem => {
  const { looseSlot: _slot, batches: _batches, ...own } = item;
  return { ...own, revision: Number(revision) };
};

export const listItems = (
  pool: Pool,
  who: Publisher,
  asked: { readonly text: string; readonly after: Uuid | null; readonly limit: number },
): Promise<ItemsReply> =>
  inOffice(pool, who.tenantId, who, async (on) => {
    const found = await on.query<Row>(
      `SELECT item_id, revision, item FROM catalogue_item
       WHERE ($1 = '' OR name ILIKE '%' || $2 || '%' OR item->>'code' = $1
           OR item->'barcodes' @> jsonb_build_array(jsonb_build_object('code', $1::text)))
         AND ($3::uuid IS NULL OR (name, item_id) > (SELECT name, item_id FROM catalogue_item WHERE item_id = $3))
       ORDER BY name, item_id LIMIT $4`,
      [asked.text, asked.text.replaceAll(/[\\%_]/g, '\\$&'), asked.after, asked.limit],
    );
    const items = found.rows.map(viewOf);
    return { items, next: items.length < asked.limit ? null : (items.at(-1)?.id ?? null) };
  });

export async function saveItemIn(
  on: PoolClient,
  tenantId: string,
  wanted: { readonly itemId: Uuid; readonly revision: number | null; readonly change: ItemChange },
  by: { readonly nowMs: number; readonly who: string },
): Promise<SaveItemReply> {
  const { itemId, revision, change } = wanted;
  const found = await on.query<Row>(
    'SELECT item_id, revision, item FROM catalogue_item WHERE item_id = $1 FOR UPDATE',
    [itemId],
  );
  const before = found.rows[0];
  if (revision !== null && Number(before?.revision ?? 0) !== revision) {
    return { ok: false, reason: 'changedMeanwhile', theirs: before === undefined ? null : viewOf(before) };
  }
  const item = changedItem(itemId, before?.item ?? null, change);
  if (item === null) return { ok: false, reason: 'refused', fault: { reason: 'unknownItem' } };
  const fault = faultOfItem(item);
  if (fault !== null) return { ok: false, reason: 'refused', fault };
  const written = await on.query<Row>(
    `INSERT INTO catalogue_item AS c (tenant_id, item_id, revision, name, item, changed_at_ms)
     VALUES ($1, $2, 1, $3, $4, $5)
     ON CONFLICT (tenant_id, item_id) DO UPDATE
       SET revision = c.revision + 1, name = excluded.name, item = excluded.item, changed_at_ms = excluded.changed_at_ms
     RETURNING item_id, revision, item`,
    [tenantId, itemId, item.name, JSON.stringify(item), by.nowMs],
  );
  const row = written.rows[0];
  const wish = before === undefined ? null : wishOf(before.item, item);
  if (row !== undefined && wish !== null) {
    await on.query(
      `INSERT INTO catalogue_change (tenant_id, item_id, revision, changed_at_ms, changed_by, before, after)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [tenantId, itemId, row.revision, by.nowMs, by.who, JSON.stringify(wish.base), JSON.stringify(wish.change)],
    );
  }
  return row === undefined ? { ok: false, reason: 'changedMeanwhile', theirs: null } : { ok: true, item: viewOf(row) };
}

export const saveItem = (
  pool: Pool,
  who: Publisher,
  wanted: { readonly itemId: Uuid; readonly revision: number; readonly change: ItemChange },
  nowMs: number,
): Promise<SaveItemReply> =>
  inOffice(pool, who.tenantId, who, (on) => saveItemIn(on, who.tenantId, wanted, { nowMs, who: who.email }));
