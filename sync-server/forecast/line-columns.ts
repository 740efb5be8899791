/**
 * Lines of one store in columns that grow: sixteen bytes a line and not an object. Rule kept: what goes in comes out as it
 * went in, in the same order.
 */
import type { LineRow } from '#ml/frame/bill-rows.ts';

export type LineColumns = {
  /** `qtyMilli` below zero came back. */
  readonly add: (item: number, day: number, minute: number, qtyMilli: number, paidPaise: number) => void;
  readonly rows: () => Iterable<LineRow>;
};

const most = 2 ** 31 - 1;

export function makeLineColumns(): LineColumns {
  let [room, count] = [1024, 0];
  // item, day × 1440 + minute, quantity, paise.
  let cells = new Int32Array(room * 4);
  return {
    add: (item, day, minute, qtyMilli, paidPaise) => {
      if (count === room) {
        room *= 2;
        const wider = new Int32Array(room * 4);
        wider.set(cells);
        cells = wider;
      }
      const at = count * 4;
      cells[at] = item;
      cells[at + 1] = day * 1440 + minute;
      cells[at + 2] = Math.max(-most, Math.min(most, qtyMilli));
      cells[at + 3] = Math.max(0, Math.min(most, paidPaise));
      count += 1;
    },
    rows: function* () {
      for (let k = 0; k < count; k += 1) {
        const [item = 0, at = 0, qty = 0, paidPaise = 0] = cells.subarray(k * 4, k * 4 + 4);
        yield {
          item,
          day: Math.floor(at / 1440),
          minute: at % 1440,
          qtyMilli: Math.abs(qty),
          paidPaise,
          isPromoted: false,
          isReturn: qty < 0,
          soldOn: null,
        };
      }
    },
  };
}
