/**
 * A branch's wish as its tills see it: what is wished and what became of it. Rule kept: written in the transaction that
 * takes or decides the wish, from its row as it stands there.
 */
import type { PoolClient } from 'pg';
import type { Uuid } from '#core/ids.ts';
import type { ItemChange } from '#core/sync/item-change.ts';
import type { ProposalState } from '#contract/proposals.ts';
import { putRows } from '../shapes/sent-rows.ts';

type Row = {
  readonly item_id: Uuid;
  readonly change: ItemChange | null;
  readonly base: ItemChange | null;
  readonly by_name: string;
  readonly proposed_at_ms: string;
  readonly state: ProposalState;
  readonly note: string;
  readonly decided_by: string | null;
  readonly decided_at_ms: string | null;
};

export async function tellProposal(
  on: PoolClient,
  tenantId: string,
  storeId: string,
  id: string,
  by: { readonly nowMs: number; readonly who: string },
): Promise<void> {
  const found = await on.query<Row>(
    'SELECT * FROM item_proposal WHERE tenant_id = $1 AND store_id = $2 AND proposal_id = $3',
    [tenantId, storeId, id],
  );
  const row = found.rows[0];
  // What an older till sent whole has no wish to tell of: there it holds already.
  if (row === undefined || row.change === null) return;
  const content = {
    itemId: row.item_id,
    change: row.change,
    base: row.base,
    byName: row.by_name,
    atMs: Number(row.proposed_at_ms),
    state: row.state,
    note: row.note,
    decidedBy: row.decided_by,
    decidedAtMs: row.decided_at_ms === null ? null : Number(row.decided_at_ms),
  };
  await putRows(on, tenantId, 'proposals', [{ storeId, key: id, content }], by);
}
