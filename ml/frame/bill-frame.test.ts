import { describe, expect, it } from 'vitest';
import { withIndianDays } from '../calendar/indian-days.ts';
import { seeded } from '../random.ts';
import { gatherBills } from './bill-book.ts';
import { billFrame, frameOfBook } from './bill-frame.ts';
import type { BillItem, BillRows, LineRow, StockRow } from './bill-rows.ts';

const first = 20_000;
const item = (no: number, more: Partial<BillItem> = {}): BillItem => ({
  no,
  name: `item ${no}`,
  store: 'here',
  isMeasured: false,
  isActive: true,
  groups: { category: no % 2 === 0 ? 'even' : 'odd' },
  ...more,
});
const line = (no: number, t: number, units: number, more: Partial<LineRow> = {}): LineRow => ({
  item: no,
  day: first + t,
  minute: 720,
  qtyMilli: units * 1000,
  paidPaise: units * 5000,
  isPromoted: false,
  isReturn: false,
  soldOn: null,
  ...more,
});
const move = (no: number, t: number, units: number, kind: StockRow['kind'], minute = 720): StockRow => ({
  item: no,
  day: first + t,
  minute,
  qtyMilli: units * 1000,
  kind,
});
const rowsOf = (days: number, more: Partial<BillRows>): BillRows => ({
  firstDay: first,
  lastDay: first + days - 1,
  items: [item(1)],
  lines: [],
  hours: [],
  onHand: [],
  movements: [],
  wishes: [],
  prices: [],
  promotions: [],
  ...more,
});
/** Item 9 keeps the shop open: a bill each day. */
const open = (days: number): LineRow[] => Array.from({ length: days }, (_, t) => line(9, t, 1));
const unitsOf = (rows: BillRows, no = 1): (number | null)[] => {
  const frame = billFrame(rows);
  const i = frame.itemNos.indexOf(no);
  return Array.from(frame.units.subarray(i * frame.days, (i + 1) * frame.days), (u) => (Number.isNaN(u) ? null : u));
};
const two = [item(1), item(9)];

describe('demand from bills', () => {
  it('nets a return on the day of its sale, one without a bill on its own day, never below zero', () => {
    const lines = [
      ...open(6),
      line(1, 0, 5),
      line(1, 1, 4),
      line(1, 4, 2, { isReturn: true, soldOn: first }),
      line(1, 4, 9, { isReturn: true, soldOn: null }),
    ];
    const rows = rowsOf(6, { items: two, lines });
    expect(unitsOf(rows)).toEqual([3, 4, 0, 0, 0, 0]);
    // As it was known on the evening of the third day, nothing had come back.
    const then = frameOfBook(gatherBills(rows), { days: 3, ahead: 2 });
    expect([...then.units.subarray(0, 5)]).toEqual([5, 4, 0, Number.NaN, Number.NaN]);
    expect(then.origin).toBe(3);
  });

  it('knows nothing of a day without stock, and never learns it as zero', () => {
    const movements = [
      move(1, 0, 6, 'other', 480),
      move(1, 0, -3, 'sale'),
      move(1, 1, -3, 'sale', 1290),
      move(1, 5, 10, 'other', 420),
      move(1, 5, -4, 'sale'),
    ];
    const lines = [...open(8), line(1, 0, 3), line(1, 1, 3, { minute: 1290 }), line(1, 5, 4)];
    expect(unitsOf(rowsOf(8, { items: two, lines, movements }))).toEqual([3, 3, null, null, null, 4, 0, 0]);
  });

  it('takes less than one of what is weighed for none', () => {
    const items = [item(1, { isMeasured: true }), item(9)];
    const movements = [move(1, 0, 5, 'other', 480), move(1, 0, -4.5, 'sale', 1290)];
    const lines = [...open(3), line(1, 0, 4.5, { minute: 1290 })];
    expect(unitsOf(rowsOf(3, { items, lines, movements }))).toEqual([4.5, null, null]);
    expect(unitsOf(rowsOf(3, { items: two, lines, movements }))).toEqual([4.5, 0, 0]);
  });

  it('scales a day that ended early by the hours of the shop, at most twofold', () => {
    // Twenty whole days of 4 a day, then one on which the last went at two in the afternoon, one on which it went at nine.
    const days = 23;
    const movements: StockRow[] = [move(1, 0, 1000, 'other', 400)];
    const lines: LineRow[] = [];
    for (let t = 0; t < days; t += 1) {
      for (let hour = 8; hour < 22; hour += 1) lines.push(line(9, t, 1, { minute: hour * 60 + 30 }));
      if (t < 20) {
        lines.push(line(1, t, 4));
        movements.push(move(1, t, -4, 'sale'));
      }
    }
    lines.push(line(1, 20, 4, { minute: 900 }), line(1, 21, 4, { minute: 540 }));
    movements.push(move(1, 20, -916, 'other', 420), move(1, 20, -4, 'sale', 900));
    movements.push(move(1, 21, 4, 'other', 420), move(1, 21, -4, 'sale', 540));
    const units = unitsOf(rowsOf(days, { items: two, lines, movements }));
    expect(units.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 4));
    expect(units[20]).toBeGreaterThan(6);
    expect(units[20]).toBeLessThan(8.5);
    expect(units[21]).toBe(8);
    expect(units[22]).toBeNull();
  });

  it('drops a day of which too little was seen to say anything', () => {
    const days = 22;
    const movements: StockRow[] = [move(1, 0, 200, 'other', 400)];
    const lines: LineRow[] = [...open(days)];
    for (let t = 0; t < 20; t += 1) {
      lines.push(line(1, t, 10));
      movements.push(move(1, t, -10, 'sale', t === 19 ? 1300 : 720));
    }
    lines.push(line(1, 20, 2, { minute: 540 }));
    movements.push(move(1, 20, 2, 'other', 420), move(1, 20, -2, 'sale', 540));
    expect(unitsOf(rowsOf(days, { items: two, lines, movements })).slice(19)).toEqual([10, null, null]);
  });

  it('never takes a shop that keeps no stock for one that has run out', () => {
    const lines = [...open(6), line(1, 0, 3), line(1, 2, 3), line(1, 5, 1)];
    const sales = [move(1, 0, -3, 'sale'), move(1, 2, -3, 'sale'), move(1, 5, -1, 'sale')];
    expect(unitsOf(rowsOf(6, { items: two, lines, movements: sales }))).toEqual([3, 0, 3, 0, 0, 1]);
    // Received once, long sold: from the sale that proves the ledger wrong it is not believed any more.
    const once = [move(1, 0, 2, 'other', 400), ...sales];
    expect(unitsOf(rowsOf(6, { items: two, lines, movements: once }))).toEqual([3, 0, 3, 0, 0, 1]);
  });

  it('adds what was asked for', () => {
    const wishes = [
      { item: 1, day: first + 1 },
      { item: 1, day: first + 1 },
      { item: 1, day: first + 77 },
      { item: 77, day: first },
    ];
    expect(unitsOf(rowsOf(3, { items: two, lines: [...open(3), line(1, 0, 1)], wishes }))).toEqual([1, 2, 0]);
  });

  it('tells the weekly day off from a day on which nobody came to open', () => {
    const lines = Array.from({ length: 56 }, (_, t) => line(1, t, 2)).filter(
      ({ day }) => (day - first) % 7 !== 6 && day !== first + 45,
    );
    const units = unitsOf(rowsOf(56, { lines }));
    expect([6, 13, 20, 27, 34, 41, 48].map((t) => units[t])).toEqual([null, null, null, 0, 0, 0, 0]);
    expect(units[45]).toBeNull();
    const { shut } = billFrame(rowsOf(56, { lines }));
    expect([...shut].filter((is) => is === 1)).toHaveLength(9);
  });

  it('reads prices that hold, and prices and promotions of days to come', () => {
    const paid = [50, 50, 44, 50, 60, 60, 60].map((rupees, t) => line(1, t, 1, { paidPaise: rupees * 100 }));
    const prices = [{ item: 9, day: first + 8, pricePaise: 7000 }];
    const promotions = [{ item: 1, from: first + 8, to: first + 20 }];
    const frame = billFrame(rowsOf(7, { items: two, lines: [...open(7), ...paid], prices, promotions }), { ahead: 3 });
    expect([...(frame.price ?? [])]).toEqual([50, 50, 50, 50, 60, 60, 60, 60, 60, 60, ...Array(8).fill(50), 70, 70]);
    expect([...(frame.known?.[0]?.values ?? [])].slice(0, 10)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
    expect(frame.groupings.map(({ name, levels }) => [name, levels])).toEqual([['category', ['odd']]]);
  });

  it('takes one enormous bill for what such an item’s lines can be, once it knows them', () => {
    const usual = Array.from({ length: 30 }, (_, t) => [line(1, t, 1), line(1, t, 2)]).flat();
    const wedding = line(1, 25, 5000, { minute: 800, paidPaise: 5000 * 4000 });
    const book = gatherBills(rowsOf(30, { items: two, lines: [...open(30), ...usual, wedding] }));
    const units = frameOfBook(book).units.subarray(0, 30);
    expect(units[24]).toBe(3);
    expect(units[25]).toBeGreaterThan(3);
    expect(units[25]).toBeLessThan(60);
    expect(book.bulk).toEqual([{ series: 0, at: 25, units: 5000 }]);
    // A shop that sells by the hundred is no exception to itself.
    const large = Array.from({ length: 30 }, (_, t) => line(1, t, 200 + t));
    expect(gatherBills(rowsOf(30, { items: two, lines: [...open(30), ...large] })).bulk).toEqual([]);
  });

  it('has the weather as it is known, of days to come too, and none where nobody said', () => {
    const weather = [
      { store: 'here', day: first, name: 'hottest', value: 39 },
      { store: 'here', day: first + 3, name: 'hottest', value: 41 },
      { store: 'elsewhere', day: first, name: 'hottest', value: 20 },
    ];
    const lines = [...open(3), line(1, 0, 1)];
    const frame = withIndianDays(billFrame(rowsOf(3, { items: two, lines, weather }), { ahead: 2 }), '27');
    const named = frame.calendar?.columns.find(({ name }) => name === 'weather.hottest');
    expect([...(named?.values ?? [])]).toEqual([39, Number.NaN, Number.NaN, 41, Number.NaN]);
    expect(frame.calendar?.columns.some(({ name }) => name === 'payday.1-7')).toBe(true);
    expect(billFrame(rowsOf(3, { items: two, lines })).calendar).toBeNull();
    const stores = [item(1), item(9, { store: 'elsewhere' })];
    const both = billFrame(rowsOf(1, { items: stores, lines, weather })).known?.find(
      ({ name }) => name === 'weather.hottest',
    );
    expect([...(both?.values ?? [])]).toEqual([39, 20]);
  });

  it('holds up under rows that make no sense', () => {
    const random = seeded(3);
    const odd = (): number => [0, -5, 1e9, Number.NaN, 3][Math.floor(random() * 5)] ?? 0;
    const lines = Array.from({ length: 400 }, () => line(Math.floor(random() * 3), odd(), 1, { qtyMilli: odd() }));
    const movements = Array.from({ length: 400 }, () => move(Math.floor(random() * 3), odd(), 1, 'other', odd()));
    const { units } = billFrame(rowsOf(9, { lines, movements, hours: [{ store: 'x', day: first, from: 9, to: 1 }] }));
    for (const value of units) expect(value >= 0 || Number.isNaN(value)).toBe(true);
  });
});
