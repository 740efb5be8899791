/**
 * What the customer's screen was last told, and the line to the till behind it. Rule kept: this page follows one
 * feed and asks nothing; with the till gone it shows the idle picture, never an old bill.
 */
import type { CustomerView } from '#contract/till-customer.ts';
import { connectionStore, follow } from '../link/till-link.ts';
import { makeStore } from '../state/store.ts';

type Shown = {
  /** null: the till has not spoken, or is gone. */
  readonly view: CustomerView | null;
  /** Outlives the till, so that the idle picture keeps the shop's name. */
  readonly ground: Pick<CustomerView, 'shop' | 'language'>;
};

export const customerStore = makeStore<Shown>({
  view: null,
  ground: { shop: { name: '', nameHi: null }, language: 'en' },
});

export function followTill(): void {
  // A copy of the cashier's login comes along when the counter opens this window: it has no business here.
  sessionStorage.clear();
  follow(
    (till) => till.customer.feed(),
    (view) => customerStore.set({ view, ground: { shop: view.shop, language: view.language } }),
  );
  connectionStore.subscribe(() => {
    if (connectionStore.get().state === 'lost') customerStore.patch({ view: null });
  });
}
