/**
 * Lines of one store in columns that grow: 24 bytes a line and not an object. Rule kept: what goes in comes out as it
 * went in, in the same order.
 */
import type { LineRow } from '#ml/frame/bill-rows.ts';

/** `qtyMilli` below zero came back. */
export type NewLine = Omit<LineRow, 'isReturn'>;
export type LineColumns = {
  readonly add: (line: NewLine) => void;
  readonly rows: () => Iterable<LineRow>;
};

const most = 2 ** 31 - 1;
const width = 6;
/** No day: of what was not brought back. */
const none = -most;

export function makeLineColumns(): LineColumns {
  let [room, count] = [1024, 0];
  // item, day, minute × 2 + promoted, quantity, paise, sold on.
  let cells = new Int32Array(room * width);
  return {
    add: ({ item, day, minute, qtyMilli, paidPaise, isPromoted, soldOn }) => {
      if (count === room) {
        room *= 2;
        const wider = new Int32Array(room * width);
        wider.set(cells);
        cells = wider;
      }
      const at = count * width;
      cells[at] = item;
      cells[at + 1] = day;
      cells[at + 2] = minute * 2 + Number(isPromoted);
      cells[at + 3] = Math.max(-most, Math.min(most, qtyMilli));
      cells[at + 4] = Math.max(0, Math.min(most, paidPaise));
      cells[at + 5] = soldOn ?? none;
      count += 1;
    },
    rows: function* () {
      for (let k = 0; k < count; k += 1) {
        const at = k * width;
        const [item = 0, day = 0, minute = 0, qty = 0, paidPaise = 0, soldOn = none] = cells.subarray(at, at + width);
        yield {
          item,
          day,
          minute: minute >> 1,
          qtyMilli: Math.abs(qty),
          paidPaise,
          isPromoted: (minute & 1) === 1,
          isReturn: qty < 0,
          soldOn: soldOn === none ? null : soldOn,
        };
      }
    },
  };
}
