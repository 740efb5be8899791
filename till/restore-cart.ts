/**
 * What a till that stopped left beside the books: the open cart, and which lot was sold last. Rule kept: a cart that has
 * become a bill is dropped, never billed again; a cart that can't be read stays in its file and billing goes on.
 */
import type { Uuid } from '#core/ids.ts';
import type { StoredCartBody } from './cart-host.ts';
import type { TillContext } from './context.ts';
import { logEvent } from './log.ts';
import type { Tables } from './tables.ts';

/** "As last time" is a wish: written after the bill, outside its transaction, lost without harm. */
export function writeLots(tables: Tables, lots: Map<Uuid, Uuid>): void {
  if (lots.size === 0) return;
  tables.transact(() => {
    for (const [itemId, batchId] of lots) tables.items.setLastUsedBatch(itemId, batchId);
  });
  lots.clear();
}

/** The open cart of before, unless it became a bill: then a crash between commit and clean-up is mended here. */
export function restoreCart(context: TillContext): void {
  const { tables } = context;
  const last = tables.bills.last();
  if (last !== null) {
    const { id, number, payablePaise, changePaise, occurredAtMs } = last;
    context.cart.setLastBill({ id, number, payablePaise, changePaise, committedAtMs: occurredAtMs });
  }
  const rows = tables.carts.load().toSorted((a, b) => b.savedAtMs - a.savedAtMs);
  let isTaken = false;
  for (const row of rows) {
    if (tables.bills.exists(row.id)) tables.carts.remove(row.id);
    else if (row.state === 'open') {
      try {
        // A crash in the middle of a recall can leave two open carts: the newer one goes on, the other is held.
        const body = JSON.parse(row.json) as StoredCartBody;
        if (isTaken)
          tables.carts.save({ ...row, state: 'held', json: JSON.stringify({ ...body, heldAtMs: row.savedAtMs }) });
        else context.cart.take(body, null);
        isTaken = true;
      } catch (error) {
        // A cart this version can't read stays in its file for support; billing must go on.
        logEvent('error', 'cartUnreadable', { id: row.id, message: String(error) });
      }
    }
  }
  context.heldChanged();
}
