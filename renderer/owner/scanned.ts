/**
 * A scan at the owner's desk: it opens that item, and Enter puts it in the open bill. Rule kept: a scan is never lost and
 * never typed into a field; an unknown code is said, nothing else happens.
 */
import { takeScan } from '../counter/scan-flow.ts';
import { errorText } from '../counter/till-calls.ts';
import { tell } from '../counter/ui-store.ts';
import { ask } from '../link/till-link.ts';
import { play } from '../sound/sounds.ts';
import { deskStore, toCounter } from './desk-store.ts';

export function openScanned(code: string): void {
  void ask((till) => till.item.byCode({ code })).then((answer) => {
    if (answer.ok) {
      play('added');
      deskStore.patch({ page: { is: 'item', itemId: answer.value.id, from: 'forecasts' }, scanned: code });
      return;
    }
    play('unknown');
    tell(() => errorText(answer.error), 'bad', 6_000);
  });
}

/** To the counter, and the scanned code with it. */
export function putInBill(code: string): void {
  deskStore.patch({ scanned: null });
  toCounter();
  // The counter must stand first, or the desk would hear the scan again.
  requestAnimationFrame(() => takeScan(code));
}
