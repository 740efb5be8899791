/**
 * What the owner's desk remembers between its pages: which one stands, the list as it was asked for, the row that is chosen.
 * Rule kept: nothing the till knows is kept here; leaving the desk and coming back finds the same page.
 */
import type { ForecastOf } from '#contract/till-forecast.ts';
import type { Uuid } from '#core/ids.ts';
import { goTo, uiStore } from '../counter/ui-store.ts';
import { makeStore, useStore } from '../state/store.ts';

export type ListOrder = 'daysLeft' | 'nextWeek' | 'change' | 'confidence' | 'name';
export type ListQuery = {
  readonly search: string;
  readonly category: string | null;
  readonly order: ListOrder;
};
export type DeskPage =
  | { readonly is: 'forecasts' }
  | { readonly is: 'item'; readonly itemId: Uuid; readonly from: 'forecasts' | 'order' | 'accuracy' }
  | { readonly is: 'group'; readonly of: Exclude<ForecastOf, 'item'>; readonly name: string | null }
  | { readonly is: 'order' }
  | { readonly is: 'accuracy' }
  | { readonly is: 'model' };

type Desk = {
  readonly page: DeskPage;
  readonly query: ListQuery;
  /** The chosen row of the forecasts' list. */
  readonly at: number;
  readonly groupBy: 'category' | 'supplier';
  /** The chosen line of the order. */
  readonly orderItem: Uuid | null;
  /** Lines that wait to be ordered, for the rail; null: not known yet. */
  readonly toOrder: number | null;
  /** A code scanned at the desk, whose item is shown: Enter puts it in the open bill. */
  readonly scanned: string | null;
};

export const deskStore = makeStore<Desk>({
  page: { is: 'forecasts' },
  query: { search: '', category: null, order: 'daysLeft' },
  at: 0,
  groupBy: 'supplier',
  orderItem: null,
  toOrder: null,
  scanned: null,
});
export const useDesk = <P>(pick: (desk: Desk) => P): P => useStore(deskStore, pick);

export const showPage = (page: DeskPage): void => deskStore.patch({ page, scanned: null });
export const showItem = (itemId: Uuid, from: 'forecasts' | 'order' | 'accuracy'): void =>
  showPage({ is: 'item', itemId, from });
/** F12: the counter, with its cart as it was; what the desk said of its own page is not said there. */
export const toCounter = (): void => {
  uiStore.patch({ notice: null });
  goTo('counter');
};
