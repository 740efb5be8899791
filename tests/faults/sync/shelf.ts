/**
 * What a till must sell by, from what its disk has taken, beside what it does. Rule kept: it is reckoned from head
 * office's own publications and never from the rows that came; it is looked at after each step that could change it.
 */
import type { Uuid } from '#core/ids.ts';
import { headOfficeGoods, isPublishedOnly, type SimPublication } from './sim-goods.ts';
import { blame, type SimTill, type World } from './world.ts';

const publicationsAt = (world: World, till: SimTill): readonly SimPublication[] =>
  world.publications.get(till.storeId) ?? [];

/** The newest that is in effect says the price, then the catalogue; null: not for sale. */
function priceDue(world: World, till: SimTill, itemId: Uuid): number | null {
  const base = till.heard.base.get(itemId) ?? null;
  if (base === null && !isPublishedOnly(itemId)) return null;
  return (
    publicationsAt(world, till)
      .findLast((one) => till.heard.applied.has(one.head.id) && one.prices.has(itemId))
      ?.prices.get(itemId) ?? base
  );
}

/** At the moment of a sale. Answers the price of the shelf, and the publication that made it. */
export function priceAtCounter(
  world: World,
  till: SimTill,
  itemId: Uuid,
): { readonly pricePaise: number; readonly word: string | null } | null {
  const pricePaise = till.disk.priceOf(itemId);
  if (pricePaise !== priceDue(world, till, itemId)) {
    blame(world, 'priceInEffect', `till ${till.no} sells ${itemId.slice(-1)} for ${pricePaise}`);
  }
  if (pricePaise === null) return null;
  const by = publicationsAt(world, till).findLast((one) => one.prices.get(itemId) === pricePaise);
  return { pricePaise, word: by === undefined ? null : (till.heard.words.get(by.head.id) ?? null) };
}

/** `before`: the shelf that nothing on this one may be older than. */
export function lookAtShelf(world: World, till: SimTill, before: ReadonlyMap<string, number> | null): void {
  const applied = till.disk.applied();
  if (before !== null) {
    for (const { head } of publicationsAt(world, till)) {
      if (!applied.has(head.id) || till.heard.applied.has(head.id)) continue;
      till.everApplied.add(head.id);
      if (head.effectiveAtMs > world.nowMs + till.clockOffMs) {
        blame(world, 'duePublications', `till ${till.no} sells by one whose time has not come`);
      }
    }
  }
  till.heard = { ...till.heard, applied };
  const shelf = till.disk.shelf();
  for (const itemId of headOfficeGoods) {
    const is = shelf.get(itemId) ?? null;
    const due = priceDue(world, till, itemId);
    if (is !== due) {
      blame(world, 'wholePublications', `till ${till.no}: ${itemId.slice(-1)} for ${is}, not ${due}`);
      break;
    }
  }
  if (before === null) return;
  for (const [item, price] of shelf) {
    if (price < (before.get(item) ?? 0)) blame(world, 'monotonicReads', `till ${till.no} went back to an older price`);
  }
}
