/**
 * Wishes of this shop about items of head office. Rule kept: nothing of head office's changes here before head office
 * has said so; the wish travels in the journal and its answer comes back as a row. One open wish an item: a newer one
 * takes the older back.
 */
import type { Item } from '#core/catalogue/item.ts';
import type { Uuid } from '#core/ids.ts';
import type { ItemChange } from '#core/sync/item-change.ts';
import { wishOf } from '#core/sync/item-proposal.ts';
import type { ProposalRow } from '#db/item-proposals.ts';
import type { ItemProposalView } from '#contract/till-item.ts';
import type { TillContext } from './context.ts';
import { found, refuse } from './refusal.ts';

const shownAtOnce = 10;

const viewOf = (row: ProposalRow): ItemProposalView => ({
  id: row.id,
  change: JSON.parse(row.change) as ItemChange,
  base: JSON.parse(row.base) as ItemChange,
  byName: row.byName,
  atMs: row.atMs,
  state: row.state,
  note: row.note,
  decidedBy: row.decidedBy,
  decidedAtMs: row.decidedAtMs,
});

export const proposalsOf = (ctx: TillContext, itemId: Uuid): readonly ItemProposalView[] =>
  ctx.tables.itemProposals.ofItem(itemId, shownAtOnce).map(viewOf);

/** In the caller's transaction. Answers the item with what the shop itself owns of the change. */
export function propose(ctx: TillContext, before: Item, after: Item, byName: string): Item {
  const wish = wishOf(before, after);
  if (wish !== null) {
    for (const open of ctx.tables.itemProposals.ofItem(before.id, shownAtOnce)) {
      if (open.state === 'open') close(ctx, open);
    }
    const id = ctx.newId();
    const atMs = ctx.clock.now();
    const { change, base } = wish;
    const text = { change: JSON.stringify(change), base: JSON.stringify(base) };
    const undecided = { state: 'open', note: '', decidedBy: null, decidedAtMs: null } as const;
    ctx.tables.itemProposals.put({ id, itemId: before.id, ...text, byName, atMs, ...undecided });
    ctx.tables.journal.append(
      'itemProposed',
      id,
      atMs,
      JSON.stringify({ id, itemId: before.id, change, base, byName }),
    );
  }
  return { ...before, looseSlot: after.looseSlot };
}

function close(ctx: TillContext, open: ProposalRow): void {
  const atMs = ctx.clock.now();
  ctx.tables.itemProposals.put({ ...open, state: 'takenBack', decidedAtMs: atMs });
  ctx.tables.journal.append('proposalTakenBack', ctx.newId(), atMs, JSON.stringify({ id: open.id }));
}

/** Error: NotFound where head office has decided already. Answers the item's id. */
export function takeBack(ctx: TillContext, proposalId: Uuid): Uuid {
  const row = found(ctx.tables.itemProposals.get(proposalId), 'choice');
  if (row.state !== 'open') refuse({ type: 'NotFound', what: 'choice' });
  ctx.tables.transact(() => close(ctx, row));
  ctx.sync.kick();
  return row.itemId;
}
