/**
 * The one open cart of a till: holds it, undoes, queues scans behind a question, keeps it on disk and
 * tells the screens. Rule kept: every change goes through change(), which prices, publishes and schedules
 * the save; the save is off the scan's path and within 250 ms. It decides nothing about goods or money.
 */
import { addUnknown } from '#core/billing/edit-cart.ts';
import { type Cart, type CartLine, emptyCart } from '#core/billing/cart.ts';
import { type PricedCart, type PricingContext, priceCart } from '#core/billing/price-cart.ts';
import type { NewId, Uuid } from '#core/ids.ts';
import type { Milli } from '#core/quantity.ts';
import type { Paise } from '#core/money.ts';
import type { BusinessDate, Instant } from '#core/time.ts';
import type { CartFeedEvent, CartHeader, CartNotice, ChoiceView, LastBillView, LineView } from '#contract/views.ts';
import { type Feed, makeFeed } from './feed.ts';
import { refuse } from './refusal.ts';
import { headerOf, lineViewsOf } from './cart-view.ts';

/** A question to the cashier and what to do with the goods once it is answered. */
export type Choice = {
  readonly view: ChoiceView;
  readonly barcode: string | null;
  readonly qtyMilli: Milli | null;
  readonly worthPaise: Paise | null;
  readonly measuredBy: CartLine['measuredBy'];
  /** A rate given by hand before the question came. */
  readonly sellingPricePaise: Paise | null;
  /** The line whose lot is being changed, when the question came from F4. */
  readonly lineId: Uuid | null;
  /** The line a large one would become, complete; only for kind 'large'. */
  readonly line: Cart['lines'][number] | null;
};

export type WaitingScan = { readonly code: string; readonly qtyMilli: Milli | null; readonly worthPaise: Paise | null };

/** What is on disk for one cart; the version of the shape goes with it. */
export type StoredCartBody = {
  readonly v: 1;
  readonly cart: Cart;
  readonly waiting: readonly WaitingScan[];
  readonly choice: Choice | null;
  readonly keys: readonly (readonly [string, unknown])[];
  readonly heldBy: string | null;
  readonly heldAtMs: Instant | null;
};

export type CartHostDeps = {
  readonly newId: NewId;
  readonly now: () => Instant;
  readonly today: () => BusinessDate;
  readonly pricingOf: (cart: Cart) => PricingContext;
  readonly stockOf: (itemId: Uuid) => Milli;
  readonly upiOf: (cart: Cart, stillToCollect: Paise) => CartHeader['upi'];
  readonly save: (body: StoredCartBody, state: 'open' | 'held') => void;
  readonly remove: (id: Uuid) => void;
  readonly heldCount: () => number;
  /** Runs the callback later, off the path of the call that asked; returns a cancel. */
  readonly later: (work: () => void, ms: number) => () => void;
};

export type CartHost = ReturnType<typeof makeCartHost>;

const undoDepth = 100;
const keptKeys = 200;
const saveDelayMs = 100;

export function makeCartHost(deps: CartHostDeps, nobody: Uuid) {
  let cart: Cart = emptyCart(deps.newId(), deps.now(), nobody);
  let priced: PricedCart | null = null;
  let pricedOn: BusinessDate | null = null;
  let undoable: Cart[] = [];
  let waiting: WaitingScan[] = [];
  let choice: Choice | null = null;
  let keys = new Map<string, unknown>();
  let notice: (CartNotice & { seq: number }) | null = null;
  let noticeSeq = 0;
  let lastBill: LastBillView | null = null;
  let lines: readonly LineView[] = [];
  let cancelSave: (() => void) | null = null;
  const feed: Feed<CartFeedEvent> = makeFeed();

  const pricedNow = (): PricedCart => {
    // Rates are those of the business date: a cart left open over midnight is priced anew.
    const day = deps.today();
    if (day !== pricedOn) priced = null;
    pricedOn = day;
    priced ??= priceCart(cart, deps.pricingOf(cart));
    return priced;
  };
  const header = (): CartHeader =>
    headerOf({
      cart,
      priced: pricedNow(),
      choice: choice?.view ?? null,
      waiting: waiting.length,
      canUndo: undoable.length > 0,
      notice,
      heldCount: deps.heldCount(),
      lastBill,
      upiOf: deps.upiOf,
    });

  const publish = (): void => {
    const before = new Map(lines.map((l) => [l.id, l]));
    const order = lines.map((l) => l.id);
    lines = lineViewsOf(cart, pricedNow(), before, deps.stockOf);
    const changed = lines.filter((l) => before.get(l.id) !== l);
    const sameOrder = lines.length === order.length && lines.every((l, i) => l.id === order[i]);
    feed.publish({
      kind: 'change',
      header: header(),
      lines: changed,
      lineIds: sameOrder ? null : lines.map((l) => l.id),
    });
  };

  const isEmpty = (): boolean =>
    cart.lines.length === 0 &&
    cart.customer === null &&
    cart.tenders.length === 0 &&
    waiting.length === 0 &&
    choice === null;

  const body = (held: { by: string; atMs: Instant } | null): StoredCartBody => ({
    v: 1,
    cart,
    waiting,
    choice,
    keys: [...keys].slice(-keptKeys),
    heldBy: held?.by ?? null,
    heldAtMs: held?.atMs ?? null,
  });

  const saveNow = (): void => {
    cancelSave?.();
    cancelSave = null;
    if (isEmpty()) deps.remove(cart.id);
    else deps.save(body(null), 'open');
  };
  const saveSoon = (): void => {
    cancelSave ??= deps.later(() => {
      cancelSave = null;
      saveNow();
    }, saveDelayMs);
  };

  const setNotice = (what: CartNotice | null): void => {
    noticeSeq += 1;
    notice = what === null ? null : { ...what, seq: noticeSeq };
  };

  const remember = (): void => {
    undoable.push(cart);
    if (undoable.length > undoDepth) undoable.shift();
  };

  const replaceCart = (to: Cart): void => {
    cart = to;
    priced = null;
  };

  const startFresh = (): void => {
    cancelSave?.();
    cancelSave = null;
    replaceCart(emptyCart(deps.newId(), deps.now(), nobody));
    undoable = [];
    waiting = [];
    choice = null;
  };

  return {
    feed,
    current: (): Cart => cart,
    priced: pricedNow,
    choice: (): Choice | null => choice,
    waiting: (): readonly WaitingScan[] => waiting,
    /** The refusal of what can't be done while a question is open: a second one would push the first one's goods out. */
    mustBeUnasked: (): void => {
      if (choice !== null) refuse({ type: 'ScansWaiting', waiting: Math.max(1, waiting.length) });
    },
    isEmpty,
    all: (): Extract<CartFeedEvent, { kind: 'all' }> => {
      lines = lineViewsOf(cart, pricedNow(), new Map(lines.map((l) => [l.id, l])), deps.stockOf);
      return { kind: 'all', header: header(), lines };
    },
    /** The one door for changes. `canUndo` false for money: a tender is taken back, not undone. */
    change: (to: Cart, what: CartNotice | null, canUndo = true): void => {
      if (canUndo) remember();
      replaceCart(to);
      setNotice(what);
      publish();
      saveSoon();
    },
    /** Goods and discounts go back one step; money taken since stays. Returns false when there is nothing. */
    undo: (): boolean => {
      const before = undoable.pop();
      if (before === undefined) return false;
      const { lines: now } = cart;
      replaceCart({ ...before, tenders: cart.tenders, version: cart.version + 1 });
      setNotice({ kind: 'undone', lineId: before.lines.find((line) => !now.includes(line))?.id ?? null });
      publish();
      saveSoon();
      return true;
    },
    addUnknown: (code: string, qtyMilli: Milli): void => {
      const id = deps.newId();
      remember();
      replaceCart(addUnknown(cart, id, code, qtyMilli));
      setNotice({ kind: 'unknown', lineId: id, code });
      publish();
      saveSoon();
    },
    ask: (question: Choice): void => {
      choice = question;
      publish();
      saveSoon();
    },
    answered: (): void => {
      choice = null;
    },
    queueScan: (scan: WaitingScan): void => {
      waiting.push(scan);
      publish();
      saveSoon();
    },
    nextWaiting: (): WaitingScan | null => waiting.shift() ?? null,
    notify: (what: CartNotice): void => {
      setNotice(what);
      publish();
    },
    refresh: (): void => {
      priced = null;
      publish();
    },
    /** Answers of the last commands by key, across carts: a late retry finds its answer after the bill too. */
    rememberKey: (key: string, answer: unknown): void => {
      keys.set(key, answer);
      if (keys.size > 2 * keptKeys) keys = new Map([...keys].slice(-keptKeys));
    },
    outcomeOf: (key: string): unknown => keys.get(key) ?? null,
    /** The cart became a bill: its file goes, the next one is empty. */
    committed: (bill: LastBillView): void => {
      const id = cart.id;
      startFresh();
      lastBill = bill;
      setNotice({ kind: 'committed', number: bill.number });
      publish();
      // After the answer: a cart that is billed already is dropped at the next opening, should it lie there still.
      deps.later(() => deps.remove(id), 0);
    },
    setLastBill: (bill: LastBillView | null): void => {
      lastBill = bill;
    },
    hold: (by: string): void => {
      deps.save(body({ by, atMs: deps.now() }), 'held');
      startFresh();
      setNotice({ kind: 'held' });
      publish();
    },
    drop: (): void => {
      deps.remove(cart.id);
      startFresh();
      setNotice(null);
      publish();
    },
    /** A stored cart becomes the open one: recall, or start after a crash. */
    take: (stored: StoredCartBody, what: CartNotice | null): void => {
      // Its save may still be pending: an emptied cart must not come back from its file.
      if (cart.id !== stored.cart.id && isEmpty()) deps.remove(cart.id);
      startFresh();
      replaceCart(stored.cart);
      waiting = [...stored.waiting];
      choice = stored.choice;
      keys = new Map([...keys, ...stored.keys]);
      setNotice(what);
      publish();
      saveSoon();
    },
    saveNow,
    pendingSave: (): boolean => cancelSave !== null,
  };
}
