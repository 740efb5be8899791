/**
 * The line that keys act on, the soft refusal, and the door to Pay. Rule kept: an unsettled line shuts that
 * door; a refused key says why in one line.
 */
import type { LineView } from '#contract/views.ts';
import { play } from '../sound/sounds.ts';
import { say } from '../words/words.ts';
import { cartStore } from './cart-store.ts';
import { tell, uiStore } from './ui-store.ts';

export function chosenLine(): LineView | null {
  const { order, lines } = cartStore.get();
  const { chosen } = uiStore.get();
  const id = chosen !== null && lines.has(chosen) ? chosen : order.at(-1);
  return id === undefined ? null : (lines.get(id) ?? null);
}

export function refuse(why: Parameters<typeof say>[0], key = ''): void {
  play('refused');
  tell(() => say(why, { key }), 'quiet');
}

export function startPay(): void {
  const header = cartStore.get().header;
  if (header === null) return;
  const { unsettledCount } = header.totals;
  if (unsettledCount > 0) {
    play('refused');
    return tell(() => say('toSettle', { count: unsettledCount }), 'bad');
  }
  uiStore.patch({ isPaying: true, payTender: 'cash', payAmount: '', payReference: '', lineError: null });
}
