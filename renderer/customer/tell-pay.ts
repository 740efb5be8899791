/**
 * Tells the till which tender the pay screen is on, for the customer's screen. Rule kept: only the window that
 * has the counter and a person in it speaks; what was said is forgotten when the line breaks, and said again.
 */
import { uiStore } from '../counter/ui-store.ts';
import { ask, connectionStore } from '../link/till-link.ts';
import { sessionStore } from '../state/session.ts';

export function tellCustomers(): void {
  let told: string | null | undefined;
  const look = (): void => {
    const { staff, hasCounter } = sessionStore.get();
    if (staff === null || hasCounter !== true || connectionStore.get().state !== 'open') {
      told = undefined;
      return;
    }
    const { isPaying, payTender } = uiStore.get();
    const tender = isPaying ? payTender : null;
    if (tender === told) return;
    told = tender;
    void ask((till) => till.customer.showPay({ tender }));
  };
  uiStore.subscribe(look);
  sessionStore.subscribe(look);
  connectionStore.subscribe(look);
}
