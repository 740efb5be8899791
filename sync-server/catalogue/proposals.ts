/**
 * What branches wish to change in goods of head office: listed in cases with all sides, decided by a person. Rule kept:
 * accepting publishes, by the rules of any price change; a wish is decided once, its sides are kept as they stood, and
 * its branch is told. Which sides there are is core's to say (core/sync/item-proposal.ts).
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import type { CaseView, DecideReply, ProposalState, ProposalView } from '#contract/proposals.ts';
import type { proposalApi } from '#contract/proposals.ts';
import type { InputOf } from '#contract/server.ts';
import { makeIds, type Uuid } from '#core/ids.ts';
import { changedItem, faultOfItem, type ItemChange, marginOf } from '#core/sync/item-change.ts';
import { listCases, officeFields, type OpenProposal, type ProposalCase } from '#core/sync/item-proposal.ts';
import { instant } from '#core/time.ts';
import { inOffice } from '../postgres/in-tenant.ts';
import { readOfficeWrites } from './office-writes.ts';
import { tellProposal } from './tell-proposal.ts';
import { heldItems, publishIn, type Publisher } from './publication.ts';

type Row = {
  readonly proposal_id: string;
  readonly state: ProposalState;
  readonly store_id: string;
  readonly store_name: string;
  readonly till_name: string;
  readonly by_name: string;
  readonly proposed_at_ms: string;
  readonly item_id: string;
  readonly change: ItemChange;
  readonly base: ItemChange | null;
  readonly sides: ProposalView['fields'] | null;
  readonly decided_at_ms: string | null;
  readonly decided_by: string | null;
  readonly note: string;
};

/** What older tills sent as a whole item says no base: their wish is what differs from head office's item now. */
async function read(
  on: PoolClient,
  which: { readonly open: boolean; readonly itemId?: string },
): Promise<readonly Row[]> {
  const found = await on.query<Omit<Row, 'change'> & { change: ItemChange | null; item: ItemChange; own: ItemChange }>(
    `SELECT p.*, c.item AS own, s.name AS store_name, t.name AS till_name
     FROM item_proposal p JOIN catalogue_item c USING (tenant_id, item_id) JOIN store s USING (tenant_id, store_id)
       JOIN till t USING (tenant_id, store_id, till_id)
     WHERE (p.state = 'open') = $1 AND ($2::uuid IS NULL OR p.item_id = $2)
     ORDER BY ${which.open ? 'p.proposed_at_ms, p.proposal_id' : 'p.decided_at_ms DESC, p.proposal_id'} LIMIT $3`,
    [which.open, which.itemId ?? null, which.open ? 2_000 : 200],
  );
  return found.rows.map((row) => {
    if (row.change !== null) return { ...row, change: row.change };
    const fields = officeFields.filter((field) => JSON.stringify(row.item[field]) !== JSON.stringify(row.own[field]));
    const said = fields.filter((field) => row.item[field] !== undefined).map((field) => [field, row.item[field]]);
    return { ...row, change: Object.fromEntries(said) as ItemChange };
  });
}

const openOf = (row: Row): OpenProposal => ({
  id: row.proposal_id,
  itemId: row.item_id,
  storeId: row.store_id,
  atMs: Number(row.proposed_at_ms),
  change: row.change,
  base: row.base,
});

/** All sides of one wish, field by field. */
const fieldsOf = (row: Row, one: ProposalCase | undefined): ProposalView['fields'] =>
  (one?.fields ?? []).flatMap(({ field, sides }) => {
    const side = sides.find(({ proposalId }) => proposalId === row.proposal_id);
    if (side === undefined) return [];
    const { office } = side;
    const since =
      office === null ? null : { value: office.after, before: office.before, by: office.by, atMs: office.atMs };
    return [{ field, base: side.base, value: side.value, office: since }];
  });

async function viewsOf(
  on: PoolClient,
  rows: readonly Row[],
  cases: readonly ProposalCase[],
): Promise<readonly CaseView[]> {
  const itemIds = [...new Set(rows.map((row) => row.item_id))];
  const held = await heldItems(on, itemIds, [...new Set(rows.map((row) => row.store_id))]);
  return itemIds.map((itemId): CaseView => {
    const one = cases.find((other) => other.itemId === itemId);
    const own = held.get(itemId)?.own ?? null;
    const proposals = rows
      .filter((row) => row.item_id === itemId)
      .map((row): ProposalView => {
        const now = held.get(itemId)?.atStores.get(row.store_id) ?? own;
        const wished = changedItem(itemId as Uuid, now, row.change);
        return {
          id: row.proposal_id as Uuid,
          storeId: row.store_id as Uuid,
          storeName: row.store_name,
          tillName: row.till_name,
          byName: row.by_name,
          proposedAtMs: Number(row.proposed_at_ms),
          fields: row.sides ?? fieldsOf(row, one),
          marginPaise: wished === null ? null : marginOf(wished),
          marginNowPaise: now === null ? null : marginOf(now),
          mrpPaise: wished?.mrpPaise ?? null,
          fault: wished === null ? { reason: 'unknownItem' } : faultOfItem(wished),
          state: row.state,
          note: row.note,
          decidedBy: row.decided_by,
          decidedAtMs: row.decided_at_ms === null ? null : Number(row.decided_at_ms),
        };
      });
    const seen = createHash('sha256').update(
      JSON.stringify([one?.reasons, proposals.map(({ id, fields }) => [id, fields])]),
    );
    return {
      itemId: itemId as Uuid,
      name: own?.name ?? '',
      nameHi: own?.nameHi ?? null,
      reasons: one?.reasons ?? [],
      proposals,
      seen: seen.digest('hex'),
    };
  });
}

async function openCases(on: PoolClient, itemId?: string): Promise<readonly CaseView[]> {
  const rows = await read(on, itemId === undefined ? { open: true } : { open: true, itemId });
  const proposals = rows.map(openOf);
  const writes = await readOfficeWrites(on, proposals);
  const views = await viewsOf(on, rows, listCases(proposals, writes));
  return views.toSorted((a, b) => Number(b.reasons.length > 0) - Number(a.reasons.length > 0));
}

export const listOpen = (pool: Pool, who: Publisher): Promise<readonly CaseView[]> =>
  inOffice(pool, who.tenantId, who, (on) => openCases(on));

export const listDecided = (pool: Pool, who: Publisher): Promise<readonly CaseView[]> =>
  inOffice(pool, who.tenantId, who, async (on) => viewsOf(on, await read(on, { open: false }), []));

type Asked = InputOf<typeof proposalApi.decide>;
type Verdict = { readonly proposal: ProposalView; readonly state: 'accepted' | 'declined' };

/** Who is decided by it: with a wish taken for all stores, those about the same fields can't stand beside it. */
function verdictsOf({ decision }: Asked, { proposals }: CaseView): readonly Verdict[] {
  if (decision.kind === 'keepOffice') return proposals.map((proposal) => ({ proposal, state: 'declined' }));
  const chosen = proposals.find(({ id }) => id === decision.proposalId);
  if (chosen === undefined) return [];
  if (decision.kind === 'decline') return [{ proposal: chosen, state: 'declined' }];
  const fields = new Set(chosen.fields.map(({ field }) => field));
  const against = proposals.filter((one) => one !== chosen && one.fields.some(({ field }) => fields.has(field)));
  return [
    { proposal: chosen, state: 'accepted' },
    ...(decision.scope === 'all' ? against.map((proposal): Verdict => ({ proposal, state: 'declined' })) : []),
  ];
}

/** Nothing is written where it is not ok. */
export const decideCase = (pool: Pool, who: Publisher, asked: Asked, nowMs: number): Promise<DecideReply> =>
  inOffice(pool, who.tenantId, who, async (on): Promise<DecideReply> => {
    await on.query('SELECT 1 FROM item_proposal WHERE item_id = $1 FOR UPDATE', [asked.itemId]);
    const view = (await openCases(on, asked.itemId))[0];
    if (view === undefined) return { ok: false, reason: 'decided' };
    if (view.seen !== asked.seen) return { ok: false, reason: 'changedMeanwhile' };
    const verdicts = verdictsOf(asked, view);
    if (verdicts.length === 0) return { ok: false, reason: 'unknown' };
    const { decision } = asked;
    const accepted = verdicts.find(({ state }) => state === 'accepted')?.proposal;
    if (decision.kind === 'accept' && accepted !== undefined) {
      const change = Object.fromEntries(accepted.fields.map(({ field, value }) => [field, value])) as ItemChange;
      const newId = makeIds({ now: () => instant(nowMs) }, (n) => randomBytes(n));
      const published = await publishIn(on, who, nowMs, {
        publicationId: newId(),
        lines: [{ itemId: asked.itemId, change }],
        scope: decision.scope === 'all' ? { kind: 'all' } : { kind: 'stores', storeIds: [accepted.storeId] },
        effectiveAtMs: 0,
        note: asked.note,
      });
      // One line: where it is refused nothing was written.
      const fault = published.refused[0]?.fault;
      if (fault !== undefined) return { ok: false, reason: 'refused', fault };
    }
    for (const { proposal, state } of verdicts) {
      await on.query(
        `UPDATE item_proposal SET state = $2, decided_at_ms = $3, decided_by = $4, note = $5, sides = $6
           WHERE proposal_id = $1 AND store_id = $7`,
        [proposal.id, state, nowMs, who.email, asked.note, JSON.stringify(proposal.fields), proposal.storeId],
      );
      await tellProposal(on, who.tenantId, proposal.storeId, proposal.id, { nowMs, who: who.email });
    }
    return { ok: true };
  });
