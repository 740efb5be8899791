/**
 * Commands to the till, with the one way to answer a refusal: its words under the line or in the notice,
 * and a click. Rule kept: every command goes out with a fresh key, in the order it was given.
 */
import type { Uuid } from '#core/ids.ts';
import { maxQty } from '#core/quantity.ts';
import { type Answer, ask, newKey, type Refusal } from '../link/till-link.ts';
import type { TillClient } from '../link/open-connection.ts';
import { play } from '../sound/sounds.ts';
import { refusalWords } from '../words/errors.ts';
import { languageNow, say } from '../words/words.ts';
import { openPanel, tell, uiStore } from './ui-store.ts';

export const errorText = (refusal: Refusal): string => refusalWords(refusal, say, languageNow());

/** Why a text is no quantity: too many digits, or no number at all. */
export const notQty = (text: string): string =>
  /^[\d,]{10,}(\.\d*)?$/.test(text.trim()) ? errorText({ type: 'QtyTooLarge', maxQtyMilli: maxQty }) : say('qtyBad');

let flashTimer: ReturnType<typeof setTimeout> | undefined;
/** The second cue of a PC without a speaker: the scan field's border, 150 ms. */
export function flash(tone: 'good' | 'bad'): void {
  uiStore.patch({ flash: tone });
  clearTimeout(flashTimer);
  flashTimer = setTimeout(() => uiStore.patch({ flash: null }), 150);
}

export function tellRefusal(refusal: Refusal, lineId: Uuid | null = null): void {
  const said = (): string => errorText(refusal);
  if (said() === '') return;
  play('refused');
  flash('bad');
  if (lineId === null) tell(said, 'bad', 6_000);
  else uiStore.patch({ lineError: { lineId, said } });
}

let queue: Promise<unknown> = Promise.resolve();

/** Sends one command after those before it. The answer says whether it was done. */
export function command<T>(
  call: (till: TillClient, key: string) => Promise<T>,
  about: { readonly lineId?: Uuid | null; readonly isQuiet?: boolean; readonly key?: string | null } = {},
): Promise<Answer<T>> {
  const key = about.key ?? newKey();
  const sent = queue.then(() => ask((till) => call(till, key)));
  queue = sent;
  return sent.then((answer) => {
    if (!answer.ok) {
      const { error } = answer;
      if (about.isQuiet !== true) tellRefusal(error, about.lineId ?? null);
      // A date before the last bill's may yet be right: the owner can say so.
      if (error.type === 'ClockWrong' && error.lastBillMs !== null) {
        openPanel({ kind: 'clock', nowMs: error.nowMs, lastBillMs: error.lastBillMs });
      }
    }
    return answer;
  });
}
