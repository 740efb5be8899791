/**
 * For which share of each day an item could be bought, from the stock ledger. Rule kept: the ledger is believed only
 * as far as the sales allow: a sale of what it says was not there proves it wrong, and then it says nothing until a
 * person receives or counts the item again. So a shop that keeps no stock is never taken for one that has run out.
 *
 * Out of stock: nothing on hand, or less than one unit of what is weighed (censoring: Nahmias 1994, "Demand estimation
 * in lost sales inventory systems", Naval Research Logistics 41). A day's share depends on that day and earlier ones.
 */
import type { BillItem, OnHandRow, StockRow } from './bill-rows.ts';
import type { OpenHours } from './open-hours.ts';
import { makeSlab } from './slab.ts';

const dayEnd = 1440;

type Series = {
  readonly items: readonly BillItem[];
  readonly storeOf: Int32Array;
  readonly indexOf: (no: number) => number | undefined;
  readonly firstDay: number;
  readonly days: number;
};

export type InStock = {
  /** [series × days], 0 … 1 of the usual day's customers. */
  readonly share: Float32Array;
  /** First column of each series on which the ledger or a sale speaks of it; `days`: never. */
  readonly began: Int32Array;
};

export function inStockShares(
  { items, storeOf, indexOf, firstDay, days }: Series,
  onHandRows: Iterable<OnHandRow>,
  movements: Iterable<StockRow>,
  open: OpenHours,
): InStock {
  const n = items.length;
  const share = makeSlab(4 * n * days).float32(n * days);
  const began = new Int32Array(n).fill(days);
  const onHand = new Float64Array(n);
  const isKept = new Uint8Array(n);
  const column = new Int32Array(n);
  const soFar = new Float64Array(n);
  const since = new Float64Array(n);
  const least = Float64Array.from(items, ({ isMeasured }) => (isMeasured ? 1000 : 0));

  const isOut = (i: number): boolean => {
    if (isKept[i] !== 1) return false;
    const held = onHand[i] ?? 0;
    return (least[i] ?? 0) > 0 ? held < (least[i] ?? 0) : held <= 0;
  };
  const advance = (i: number, to: number): void => {
    const store = storeOf[i] ?? 0;
    const out = isOut(i);
    for (let t = column[i] ?? 0; t < to; t += 1) {
      share[i * days + t] = (soFar[i] ?? 0) + (out ? 0 : open.share(store, t, since[i] ?? 0, dayEnd));
      soFar[i] = 0;
      since[i] = 0;
    }
    column[i] = Math.max(column[i] ?? 0, to);
  };

  for (const { item, qtyMilli } of onHandRows) {
    const i = indexOf(item);
    if (i === undefined) continue;
    onHand[i] = qtyMilli;
    isKept[i] = qtyMilli > 0 ? 1 : 0;
    if (qtyMilli > 0) began[i] = 0;
  }
  for (const { item, day, minute, qtyMilli, kind } of movements) {
    const i = indexOf(item);
    if (i === undefined) continue;
    // A clock that was set back must not take the ledger back with it.
    const t = Math.max(day - firstDay, column[i] ?? 0);
    if (t >= days) continue;
    advance(i, t);
    const at = Math.max(Math.min(dayEnd, minute), since[i] ?? 0);
    const wasThere = kind === 'sale' || !isOut(i);
    if (wasThere) soFar[i] = (soFar[i] ?? 0) + open.share(storeOf[i] ?? 0, t, since[i] ?? 0, at);
    since[i] = at;
    const held = (onHand[i] ?? 0) + qtyMilli;
    onHand[i] = held;
    if (kind === 'sale' && held < -(least[i] ?? 0)) isKept[i] = 0;
    else if (kind === 'other' && held >= 0) isKept[i] = 1;
    began[i] = Math.min(began[i] ?? days, t);
  }
  for (let i = 0; i < n; i += 1) advance(i, days);
  return { share, began };
}
