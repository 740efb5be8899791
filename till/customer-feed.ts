/**
 * The feed of the customer's screens. Rule kept: with none connected nothing is computed and nothing listens to
 * the cart; with one, the view is made after the cart's change has been told, off the scan's path. It keeps the
 * cashier's tender in memory only and never changes a cart.
 */
import type { CustomerView } from '#contract/till-customer.ts';
import type { Uuid } from '#core/ids.ts';
import type { Clock } from '#core/time.ts';
import type { CartHost } from './cart-host.ts';
import { applyCartEvent, customerView, type ShownTender, type ToldCart } from './customer-view.ts';
import { makeFeed } from './feed.ts';
import type { ShopRecord } from './shop-settings.ts';

export type CustomerFeedDeps = {
  readonly cart: Pick<CartHost, 'feed' | 'all' | 'current'>;
  readonly shop: () => ShopRecord;
  readonly clock: Clock;
  /** A screen came or went. */
  readonly onWindows: () => void;
  readonly onFault: (error: unknown) => void;
};

export type CustomerFeed = {
  readonly subscribe: (signal?: AbortSignal) => AsyncGenerator<CustomerView, void, void>;
  readonly showPay: (tender: ShownTender | null) => void;
  /** Screens connected now. */
  readonly windows: () => number;
};

/** Change and thanks stand this long, or until the next item. */
const thanksMs = 15_000;

export function makeCustomerFeed(deps: CustomerFeedDeps): CustomerFeed {
  const feed = makeFeed<CustomerView>();
  let windows = 0;
  let told: ToldCart | null = null;
  let listening: AbortController | null = null;
  let shown: { readonly cartId: Uuid; readonly tender: ShownTender } | null = null;
  /** The last bill, when it was made with a UPI payment waiting. */
  let awaited: Uuid | null = null;
  let thanks: ReturnType<typeof setTimeout> | undefined;

  const view = (): CustomerView => {
    told ??= deps.cart.all();
    const { cartId, lastBill } = told.header;
    // A clock that was set back must not thank for ever.
    const sinceMs = lastBill === null ? thanksMs : Math.abs(deps.clock.now() - lastBill.committedAtMs);
    const isJustPaid = sinceMs < thanksMs;
    clearTimeout(thanks);
    if (isJustPaid) thanks = setTimeout(publish, thanksMs - sinceMs).unref();
    const tender = shown?.cartId === cartId ? shown.tender : null;
    const isMoneyAwaited = lastBill !== null && lastBill.id === awaited;
    return customerView({ told, tender, shop: deps.shop(), isJustPaid, isMoneyAwaited });
  };
  function publish(): void {
    if (windows > 0) feed.publish(view());
  }

  const listen = async (signal: AbortSignal): Promise<void> => {
    for await (const event of deps.cart.feed.subscribe(() => deps.cart.all(), signal)) {
      if (signal.aborted) return;
      const before = told?.header;
      told = applyCartEvent(told, event);
      // A bill carries its cart's id: this is the moment the cart that was shown became one.
      if (told.header.lastBill?.id === before?.cartId && before?.tenders.some((tender) => tender.status === 'waiting'))
        awaited = before.cartId;
      publish();
    }
  };
  const arrive = (): void => {
    windows += 1;
    if (windows === 1) {
      listening = new AbortController();
      listen(listening.signal).catch(deps.onFault);
    }
    deps.onWindows();
  };
  const leave = (): void => {
    windows -= 1;
    if (windows === 0) {
      listening?.abort();
      clearTimeout(thanks);
      told = null;
    }
    deps.onWindows();
  };

  return {
    windows: () => windows,
    showPay: (tender) => {
      shown = tender === null ? null : { cartId: deps.cart.current().id, tender };
      publish();
    },
    subscribe: async function* (signal) {
      arrive();
      try {
        yield* feed.subscribe(view, signal);
      } finally {
        leave();
      }
    },
  };
}
