/** After a credit note is saved: back to the counter, with its number and what to hand over. */
import type { CreditNoteCommitted } from '#contract/views.ts';
import { formatPaise } from '#core/money.ts';
import { goTo, tell } from '../counter/ui-store.ts';
import { play } from '../sound/sounds.ts';
import { say } from '../words/words.ts';

export function returnDone(done: CreditNoteCommitted): void {
  goTo('counter');
  play('saved');
  const { number, payablePaise, refunds } = done.creditNote;
  // Money to hand over is said until the next item, as change is.
  const isCash = refunds.some((refund) => refund.kind === 'cash');
  if (isCash) tell(() => say('noteSavedCash', { number, amount: formatPaise(payablePaise) }), 'good', 60_000);
  else tell(() => say('noteSaved', { number }), 'good', 6_000);
}
