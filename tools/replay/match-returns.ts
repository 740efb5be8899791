/**
 * Finds the bill that a cancelled line belongs to: same customer, same code, enough of it not yet returned.
 * Rule kept: the newest such bill is taken, and the lines of one cancellation go to as few bills as can be.
 * A cancellation without a customer has no bill. It never asks the till.
 */
import type { Uuid } from '#core/ids.ts';

export type SoldPlace = { readonly billId: Uuid; readonly lineNo: number; leftMilli: number };
export type Wanted<T> = { readonly row: T; readonly code: string; readonly qtyMilli: number };
export type MatchedLine<T> = { readonly row: T; readonly billLineNo: number; readonly qtyMilli: number };
export type Matched<T> = {
  readonly bills: ReadonlyMap<Uuid, readonly MatchedLine<T>[]>;
  readonly withoutBill: readonly T[];
};

export type ReturnMatcher = {
  readonly sold: (customer: string | null, code: string, place: SoldPlace) => void;
  readonly match: <T>(customer: string | null, wanted: readonly Wanted<T>[]) => Matched<T>;
};

export function makeReturnMatcher(): ReturnMatcher {
  const places = new Map<string, SoldPlace[]>();
  const keyOf = (customer: string, code: string): string => `${customer}|${code}`;

  return {
    sold: (customer, code, place) => {
      if (customer === null) return;
      const key = keyOf(customer, code);
      const list = places.get(key);
      if (list === undefined) places.set(key, [place]);
      else list.push(place);
    },
    match: (customer, wanted) => {
      type Line = (typeof wanted)[number];
      const candidates = (line: Line): readonly SoldPlace[] =>
        customer === null
          ? []
          : (places.get(keyOf(customer, line.code)) ?? []).filter((p) => p.leftMilli >= line.qtyMilli).toReversed();
      const billsFor = new Map<Uuid, number>();
      for (const line of wanted) {
        for (const id of new Set(candidates(line).map((p) => p.billId))) billsFor.set(id, (billsFor.get(id) ?? 0) + 1);
      }
      const bills = new Map<Uuid, MatchedLine<Line['row']>[]>();
      const withoutBill: Line['row'][] = [];
      for (const line of wanted) {
        // Asked anew per line: an earlier line of this cancellation may have taken the last of it.
        const place = candidates(line).reduce<SoldPlace | null>(
          (best, p) => (best === null || (billsFor.get(p.billId) ?? 0) > (billsFor.get(best.billId) ?? 0) ? p : best),
          null,
        );
        if (place === null) {
          withoutBill.push(line.row);
          continue;
        }
        place.leftMilli -= line.qtyMilli;
        const back = { row: line.row, billLineNo: place.lineNo, qtyMilli: line.qtyMilli };
        bills.set(place.billId, [...(bills.get(place.billId) ?? []), back]);
      }
      return { bills, withoutBill };
    },
  };
}
