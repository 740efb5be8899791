/**
 * Goods that leave by the piece, taken off the lots that they stand on: first to expire first. Rule kept: the parts add
 * up to what left, whatever the lots say; what no lot holds leaves without one.
 */
import { byExpiry } from '../billing/pick-batch.ts';
import type { Batch } from '../catalogue/item.ts';
import type { Uuid } from '../ids.ts';
import { type Milli, milli } from '../quantity.ts';

export type LotPart = { readonly batchId: Uuid | null; readonly qtyMilli: Milli };

export function spreadOverLots(
  qtyMilli: Milli,
  batches: readonly Batch[],
  onHand: ReadonlyMap<Uuid | null, Milli>,
): readonly LotPart[] {
  const parts: LotPart[] = [];
  let left: number = qtyMilli;
  for (const { id } of batches.toSorted(byExpiry)) {
    const part = Math.min(left, Math.max(0, onHand.get(id) ?? 0));
    if (part > 0) parts.push({ batchId: id, qtyMilli: milli(part) });
    left -= part;
  }
  return left > 0 ? [...parts, { batchId: null, qtyMilli: milli(left) }] : parts;
}
