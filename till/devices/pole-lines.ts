/**
 * What the pole shows, two lines of twenty (screens.md §5.13): item and amount over TOTAL, then the change, else the
 * shop's name and the time. Rule kept: amounts are whole or the name gives way; English letters only, since no pole
 * has others. Pure.
 */
import type { LastBillView, TotalsView } from '#contract/views.ts';
import { formatPaise, type Paise } from '#core/money.ts';
import { formatQty, isMeasured, onePiece, type Milli, type Unit } from '#core/quantity.ts';

export type PoleItem = {
  readonly name: string;
  readonly unit: Unit;
  readonly qtyMilli: Milli;
  readonly amountPaise: Paise;
};

export type PoleShown =
  | { readonly kind: 'idle'; readonly shopName: string; readonly time: string; readonly step: number }
  | { readonly kind: 'item'; readonly item: PoleItem; readonly payablePaise: Paise }
  | {
      readonly kind: 'cart';
      readonly totals: Pick<TotalsView, 'itemCount' | 'payablePaise' | 'tenderedPaise' | 'stillToCollectPaise'>;
    }
  | { readonly kind: 'paid'; readonly bill: Pick<LastBillView, 'payablePaise' | 'changePaise'> };

const columns = 20;

/** Left text and right text in one line; the right one is never cut. */
function spread(left: string, right: string): string {
  const room = columns - right.length - 1;
  return room <= 0 ? right.slice(-columns) : `${left.slice(0, room).padEnd(room)} ${right}`;
}

const centred = (text: string): string => `${' '.repeat(Math.max(0, Math.floor((columns - text.length) / 2)))}${text}`;

/** A text that is too long walks by, one sign a step. */
function walking(text: string, step: number): string {
  if (text.length <= columns) return centred(text);
  const ring = `${text}   `;
  const at = step % ring.length;
  return `${ring}${ring}`.slice(at, at + columns);
}

function qtyText({ unit, qtyMilli }: PoleItem): string {
  if (isMeasured(unit)) return `${formatQty(qtyMilli, unit)}${unit} `;
  return qtyMilli === onePiece ? '' : `${formatQty(qtyMilli, unit)}x `;
}

/** `text` spells a name with the signs of the display. */
export function poleLinesOf(shown: PoleShown, text: (name: string) => string): readonly [string, string] {
  const line = (left: string, right: string): string => spread(text(left), text(right));
  switch (shown.kind) {
    case 'idle':
      return [walking(text(shown.shopName), shown.step), centred(shown.time)];
    case 'item': {
      const { item, payablePaise } = shown;
      const name = text(item.name) === '' ? 'ITEM' : item.name;
      return [line(`${qtyText(item)}${name}`, formatPaise(item.amountPaise)), line('TOTAL', formatPaise(payablePaise))];
    }
    case 'cart': {
      const { itemCount, payablePaise, tenderedPaise, stillToCollectPaise } = shown.totals;
      if (tenderedPaise > 0)
        return [line('RECEIVED', formatPaise(tenderedPaise)), line('TO PAY', formatPaise(stillToCollectPaise))];
      return [line('ITEMS', String(itemCount)), line('TOTAL', formatPaise(payablePaise))];
    }
    case 'paid': {
      const { payablePaise, changePaise } = shown.bill;
      if (changePaise > 0) return [line('TOTAL', formatPaise(payablePaise)), line('CHANGE', formatPaise(changePaise))];
      return [line('TOTAL', formatPaise(payablePaise)), centred('THANK YOU')];
    }
    default:
      return shown satisfies never;
  }
}
