/**
 * What the buyer may see of the open bill, from what the cashier's screen is told. Rule kept: it copies single
 * fields into a view of its own, never a whole line or header, so that a new field of the counter does not
 * reach the customer by itself. Reckons with the bill's own figures only; never reads the shop's tables.
 */
import { addPaise, type Paise, zeroPaise } from '#core/money.ts';
import type { Uuid } from '#core/ids.ts';
import type { CustomerLine, CustomerView } from '#contract/till-customer.ts';
import type { CartFeedEvent, CartHeader, LineView } from '#contract/views.ts';
import { itemCount } from './cart-view.ts';
import type { ShopRecord } from './shop-settings.ts';

export type ShownTender = 'cash' | 'upi' | 'card';

/** The cart as the feed last told it. */
export type ToldCart = { readonly header: CartHeader; readonly lines: readonly LineView[] };

export type CustomerParts = {
  readonly told: ToldCart;
  /** The tender on the cashier's pay screen; null when not paying. */
  readonly tender: ShownTender | null;
  readonly shop: Pick<ShopRecord, 'name' | 'nameHi' | 'receiptLanguage'>;
  /** Whether the last bill is so new that its change and thanks still stand. */
  readonly isJustPaid: boolean;
  /** It was made with a UPI payment still waiting. */
  readonly isMoneyAwaited: boolean;
};

/** Lines on the customer's screen (screens.md §5.13). */
const shownLines = 7;

/** One event of the cart's feed applied. */
export function applyCartEvent(told: ToldCart | null, event: CartFeedEvent): ToldCart {
  if (event.kind === 'all' || told === null) return { header: event.header, lines: event.lines };
  const byId = new Map([...told.lines, ...event.lines].map((line) => [line.id, line]));
  const order = event.lineIds ?? told.lines.map((line) => line.id);
  return { header: event.header, lines: order.flatMap((id) => byId.get(id) ?? []) };
}

export function customerView({ told, tender, shop, isJustPaid, isMoneyAwaited }: CustomerParts): CustomerView {
  const { header, lines } = told;
  const { totals, lastBill } = header;
  const ground = {
    shop: { name: shop.name, nameHi: shop.nameHi },
    language: shop.receiptLanguage,
  } as const;
  if (lines.length === 0 && header.tenders.length === 0) {
    const paid = isJustPaid ? lastBill : null;
    return {
      ...empty,
      ...ground,
      phase: paid === null ? 'idle' : 'paid',
      payablePaise: paid?.payablePaise ?? zeroPaise,
      changePaise: paid?.changePaise ?? zeroPaise,
      isMoneyAwaited: paid !== null && isMoneyAwaited,
    };
  }
  const newestId = newestOf(told);
  const shown = windowOf(lines, newestId);
  const { cgstPaise, sgstPaise, utgstPaise, igstPaise, cessPaise } = totals.split;
  return {
    ...ground,
    phase: tender === null && header.tenders.length === 0 ? 'selling' : 'paying',
    lines: shown.map(customerLine),
    newestId,
    itemsAbove: totals.itemCount - itemCount(shown),
    itemsInAll: totals.itemCount,
    gstPaise: addPaise(cgstPaise, sgstPaise, utgstPaise, igstPaise, cessPaise),
    payablePaise: totals.payablePaise,
    savedPaise: totals.savedPaise,
    cashReceivedPaise: cashOf(header),
    stillToCollectPaise: totals.stillToCollectPaise,
    changePaise: totals.changePaise,
    isMoneyAwaited: false,
    upi:
      tender === 'upi' && header.upi !== null ? { link: header.upi.link, amountPaise: header.upi.amountPaise } : null,
  };
}

const empty = {
  lines: [],
  newestId: null,
  itemsAbove: 0,
  itemsInAll: 0,
  gstPaise: zeroPaise,
  savedPaise: zeroPaise,
  cashReceivedPaise: zeroPaise,
  stillToCollectPaise: zeroPaise,
  upi: null,
} as const;

/** The line the till spoke of last; else the last of the bill. */
function newestOf({ header, lines }: ToldCart): Uuid | null {
  const { notice } = header;
  const named = notice !== null && 'lineId' in notice ? lines.find((line) => line.id === notice.lineId) : undefined;
  return (named ?? lines.at(-1))?.id ?? null;
}

/** The last seven; one further up that has just changed takes the first place, so that the buyer sees it. */
function windowOf(lines: readonly LineView[], newestId: Uuid | null): readonly LineView[] {
  const last = lines.slice(-shownLines);
  const newest = lines.find((line) => line.id === newestId);
  return newest === undefined || last.includes(newest) ? last : [newest, ...last.slice(1)];
}

const cashOf = (header: CartHeader): Paise =>
  addPaise(...header.tenders.filter((tender) => tender.kind === 'cash').map((tender) => tender.amountPaise));

function customerLine(line: LineView): CustomerLine {
  if (line.kind === 'unknown') return { kind: 'moment', id: line.id };
  const { id, name, nameHi, unit, qtyMilli, sellingPricePaise, amountPaise } = line;
  return { kind: 'item', id, name, nameHi, unit, qtyMilli, ratePaise: sellingPricePaise, amountPaise };
}
