/**
 * The cart as the till tells it: the header, the lines by id, their order. Rule kept: a line object changes
 * only when the till sent that line anew, so an unchanged row is never drawn again. It computes nothing.
 */
import type { CartFeedEvent, CartHeader, LineView } from '#contract/views.ts';
import type { Uuid } from '#core/ids.ts';
import { makeStore, useStore } from '../state/store.ts';

export type CartState = {
  readonly header: CartHeader | null;
  readonly lines: ReadonlyMap<Uuid, LineView>;
  readonly order: readonly Uuid[];
};

export const emptyCartState: CartState = { header: null, lines: new Map(), order: [] };
export const cartStore = makeStore<CartState>(emptyCartState);

/** One event of the feed applied; lines the event does not name keep their objects. */
export function applyCartEvent(state: CartState, event: CartFeedEvent): CartState {
  if (event.kind === 'all') {
    return {
      header: event.header,
      lines: new Map(event.lines.map((line) => [line.id, line])),
      order: event.lines.map((line) => line.id),
    };
  }
  const order = event.lineIds ?? state.order;
  if (event.lines.length === 0 && event.lineIds === null) return { ...state, header: event.header };
  const lines = new Map(state.lines);
  for (const line of event.lines) lines.set(line.id, line);
  if (event.lineIds !== null && lines.size > order.length) {
    const kept = new Set(order);
    for (const id of [...lines.keys()]) if (!kept.has(id)) lines.delete(id);
  }
  return { header: event.header, lines, order };
}

export const useCart = <P>(pick: (cart: CartState) => P): P => useStore(cartStore, pick);
export const useHeader = <P>(pick: (header: CartHeader) => P, missing: P): P =>
  useStore(cartStore, (cart) => (cart.header === null ? missing : pick(cart.header)));
