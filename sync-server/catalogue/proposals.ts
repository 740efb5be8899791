/**
 * What branches changed in goods of head office: listed with both sides, decided by a person. Rule kept: accepting
 * changes head office's item by the rules of any change and sends nothing by itself; a proposal is decided once.
 */
import type { Pool, PoolClient } from 'pg';
import type { DecideReply, ProposalView } from '#contract/publish.ts';
import type { Item } from '#core/catalogue/item.ts';
import type { Uuid } from '#core/ids.ts';
import type { ItemChange } from '#core/sync/item-change.ts';
import { inOffice } from '../postgres/in-tenant.ts';
import { saveItemIn } from './items.ts';
import type { Publisher } from './publication.ts';

type Row = {
  readonly proposal_id: string;
  readonly state: ProposalView['state'];
  readonly store_id: string;
  readonly store_name: string;
  readonly till_name: string;
  readonly proposed_at_ms: string;
  readonly item_id: string;
  readonly item: Item;
  readonly own: Item;
  readonly decided_at_ms: string | null;
  readonly decided_by: string | null;
  readonly note: string;
};

const fields = [
  'name',
  'nameHi',
  'brand',
  'category',
  'unit',
  'hsn',
  'taxClassKey',
  'isInclusive',
  'mrpPaise',
  'sellingPricePaise',
  'costPricePaise',
  'isActive',
  'barcodes',
] as const;

const differing = ({ item, own }: Row) =>
  fields.filter((field) => field in item && JSON.stringify(item[field]) !== JSON.stringify(own[field]));

const viewOf = (row: Row): ProposalView => ({
  id: row.proposal_id as Uuid,
  state: row.state,
  storeId: row.store_id as Uuid,
  storeName: row.store_name,
  tillName: row.till_name,
  proposedAtMs: Number(row.proposed_at_ms),
  itemId: row.item_id as Uuid,
  name: row.own.name,
  differences: differing(row).map((field) => ({ field, ours: row.own[field], theirs: row.item[field] })),
  decidedAtMs: row.decided_at_ms === null ? null : Number(row.decided_at_ms),
  decidedBy: row.decided_by,
  note: row.note,
});

async function read(on: PoolClient, state: string | null, id: string | null): Promise<readonly Row[]> {
  const found = await on.query<Row>(
    `SELECT p.*, c.item AS own, s.name AS store_name, t.name AS till_name
     FROM item_proposal p JOIN catalogue_item c USING (tenant_id, item_id) JOIN store s USING (tenant_id, store_id)
       JOIN till t USING (tenant_id, store_id, till_id)
     WHERE ($1::text IS NULL OR p.state = $1) AND ($2::uuid IS NULL OR p.proposal_id = $2)
     ORDER BY p.proposed_at_ms DESC, p.proposal_id LIMIT 500`,
    [state, id],
  );
  return found.rows;
}

export const listProposals = (pool: Pool, who: Publisher, state: string): Promise<readonly ProposalView[]> =>
  inOffice(pool, who.tenantId, who, async (on) => (await read(on, state, null)).map(viewOf));

export const decideProposal = (
  pool: Pool,
  who: Publisher,
  asked: { readonly proposalId: Uuid; readonly decision: 'accept' | 'reject'; readonly note: string },
  nowMs: number,
): Promise<DecideReply> =>
  inOffice(pool, who.tenantId, who, async (on): Promise<DecideReply> => {
    const locked = await on.query('SELECT 1 FROM item_proposal WHERE proposal_id = $1 FOR UPDATE', [asked.proposalId]);
    const row = locked.rows.length === 0 ? undefined : (await read(on, null, asked.proposalId))[0];
    if (row === undefined) return { ok: false, reason: 'unknown' };
    if (row.state !== 'open') return { ok: false, reason: 'decided' };
    if (asked.decision === 'accept') {
      const change = Object.fromEntries(differing(row).map((field) => [field, row.item[field]])) as ItemChange;
      const saved = await saveItemIn(on, who.tenantId, { itemId: row.item_id as Uuid, revision: null, change }, nowMs);
      if (!saved.ok) {
        return {
          ok: false,
          reason: 'refused',
          fault: saved.reason === 'refused' ? saved.fault : { reason: 'unknownItem' },
        };
      }
    }
    await on.query(
      'UPDATE item_proposal SET state = $2, decided_at_ms = $3, decided_by = $4, note = $5 WHERE proposal_id = $1',
      [asked.proposalId, asked.decision === 'accept' ? 'accepted' : 'rejected', nowMs, who.email, asked.note],
    );
    // With both sides as they were when it was decided.
    const decidedBy = { decided_at_ms: String(nowMs), decided_by: who.email, note: asked.note };
    const state = asked.decision === 'accept' ? 'accepted' : 'rejected';
    return { ok: true, proposal: viewOf({ ...row, ...decidedBy, state }) };
  });
