/** What is said when goods went or were asked for. Rule kept: the number of the challan is named, and when an e-way bill may
 * have to go along. */
import type { Dispatched } from '#contract/till-transfers.ts';
import { tell } from '../counter/ui-store.ts';
import { say } from '../words/words.ts';

export function tellSent({ number, mayNeedEWay }: Dispatched, store: string): void {
  const sent = (): string => say('trSentNow', { number, store });
  if (mayNeedEWay) tell(() => `${sent()} ${say('trEWay')}`, 'warn', 12_000);
  else tell(sent, 'good', 6_000);
}

export const tellAsked = (store: string): void => tell(() => say('trAsked', { store }), 'good', 6_000);
