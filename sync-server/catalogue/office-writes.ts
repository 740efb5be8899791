/**
 * What head office itself has said of fields that branches wish to change: its own catalogue, and what it published to
 * the store. Rule kept: read from what was written then, with who and when; nothing is guessed from what stands now.
 */
import type { PoolClient } from 'pg';
import type { ItemChange } from '#core/sync/item-change.ts';
import { officeFields, type OfficeWrite, type OpenProposal } from '#core/sync/item-proposal.ts';

type Change = { readonly id: string; readonly item_id: string; readonly at_ms: string; readonly by: string };
type OwnRow = Change & { readonly before: ItemChange; readonly after: ItemChange };
type SentRow = Change & { readonly store_id: string; readonly change: string };

const partsOf = (row: Change, storeId: string | null, before: ItemChange, after: ItemChange): readonly OfficeWrite[] =>
  officeFields
    .filter((field) => after[field] !== undefined)
    .map((field) => ({
      id: row.id,
      itemId: row.item_id,
      storeId,
      field,
      before: before[field] ?? null,
      after: after[field],
      atMs: Number(row.at_ms),
      by: row.by,
    }));

export async function readOfficeWrites(
  on: PoolClient,
  proposals: readonly OpenProposal[],
): Promise<readonly OfficeWrite[]> {
  const itemIds = [...new Set(proposals.map((one) => one.itemId))];
  const storeIds = [...new Set(proposals.map((one) => one.storeId))];
  const own = await on.query<OwnRow>(
    `SELECT item_id::text || '/' || revision AS id, item_id, changed_at_ms AS at_ms, changed_by AS by, before, after
     FROM catalogue_change WHERE item_id = ANY($1::uuid[])`,
    [itemIds],
  );
  const sent = await on.query<SentRow>(
    `SELECT p.publication_id AS id, r.item_id, r.store_id, p.published_at_ms AS at_ms, p.published_by AS by, r.change
     FROM store_publication_row r JOIN publication p USING (tenant_id, publication_id)
     WHERE r.item_id = ANY($1::uuid[]) AND r.store_id = ANY($2::uuid[])
     ORDER BY p.published_at_ms, p.publication_id`,
    [itemIds, storeIds],
  );
  const last = new Map<string, ItemChange>();
  const writes = own.rows.flatMap((row) => partsOf(row, null, row.before, row.after));
  for (const row of sent.rows) {
    const after = JSON.parse(row.change) as ItemChange;
    const key = `${row.item_id} ${row.store_id}`;
    const before = last.get(key) ?? {};
    last.set(key, { ...before, ...after });
    writes.push(...partsOf(row, row.store_id, before, after));
  }
  return writes;
}
