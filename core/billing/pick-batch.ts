/**
 * Which lot of an item a scan sells. Rule kept: a person is asked only when packs with different MRPs are
 * in stock at once (rules-gst-retail.md §1.1); otherwise first-expired-first-out, and an expired lot is
 * never picked by the program.
 */
import type { Batch, Item } from '../catalogue/item.ts';
import type { Uuid } from '../ids.ts';
import { type Milli, milli } from '../quantity.ts';
import type { BusinessDate } from '../time.ts';

export type BatchPick =
  | { readonly kind: 'none' }
  | { readonly kind: 'picked'; readonly batch: Batch }
  | { readonly kind: 'ask'; readonly cards: readonly Batch[] };

/** Soonest expiry first; lots without a date last; then the older pack. */
export function byExpiry(a: Batch, b: Batch): number {
  const far = '9999-12-31';
  const order = (a.expiresOn ?? far).localeCompare(b.expiresOn ?? far);
  return order !== 0 ? order : (a.packedOn ?? far).localeCompare(b.packedOn ?? far);
}

/**
 * @param onHand stock by lot; a lot missing from it has none
 * Cards come "as last time" first, then the rest by expiry, at most four (screens.md §5.7).
 */
export function pickBatch(
  batches: readonly Batch[],
  onHand: ReadonlyMap<Uuid | null, Milli>,
  lastUsed: Uuid | null,
  today: BusinessDate,
): BatchPick {
  if (batches.length === 0) return { kind: 'none' };
  const fresh = batches.filter((b) => b.expiresOn === null || b.expiresOn >= today).toSorted(byExpiry);
  const inStock = fresh.filter((b) => (onHand.get(b.id) ?? milli(0)) > 0);
  const candidates = inStock.length > 0 ? inStock : fresh;
  const first = candidates[0];
  if (first === undefined) {
    // Only expired lots are left: name the newest, the bill then refuses it with its date.
    const latest = batches.toSorted(byExpiry).at(-1);
    return latest ? { kind: 'picked', batch: latest } : { kind: 'none' };
  }
  const mrps = new Set(inStock.map((b) => b.mrpPaise));
  if (mrps.size <= 1) return { kind: 'picked', batch: first };
  const onePerMrp = [...mrps].flatMap((mrp) => inStock.find((b) => b.mrpPaise === mrp) ?? []);
  const last = inStock.find((b) => b.id === lastUsed);
  const cards = last ? [last, ...onePerMrp.filter((b) => b.mrpPaise !== last.mrpPaise)] : onePerMrp;
  return { kind: 'ask', cards: cards.slice(0, 4) };
}

/** The lot to sell when nobody is there to ask: first to expire with stock, else first to expire; null without lots. */
export function fefoBatch(
  item: Pick<Item, 'id' | 'batches'>,
  onHandOf: (itemId: Uuid) => ReadonlyMap<Uuid | null, Milli>,
  today: BusinessDate,
): Batch | null {
  if (item.batches.length === 0) return null;
  const pick = pickBatch(item.batches, onHandOf(item.id), null, today);
  return pick.kind === 'picked' ? pick.batch : pick.kind === 'ask' ? (pick.cards.toSorted(byExpiry)[0] ?? null) : null;
}
