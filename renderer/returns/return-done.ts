/** After a credit note is saved: back to the counter, with its number. */
import type { CreditNoteCommitted } from '#contract/views.ts';
import { goTo, tell } from '../counter/ui-store.ts';
import { play } from '../sound/sounds.ts';
import { say } from '../words/words.ts';

export function returnDone(done: CreditNoteCommitted): void {
  goTo('counter');
  play('saved');
  tell(say('noteSaved', { number: done.creditNote.number }), 'good', 6_000);
}
