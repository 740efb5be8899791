/** Shops whose tables are short, odd or wrong: a forecast all the same, never a negative or absurd one. */
import { describe, expect, it } from 'vitest';
import { textOfDay } from '../calendar/days.ts';
import { longTable, TableUnusable } from '../frame/long-table.ts';
import type { SeriesFrame } from '../frame/series-frame.ts';
import { ahead as aheadOf, columns, first, frameOf, meanOf, shop } from '#tests/fixtures/table-shop.ts';

const settings = { horizon: 14, seed: 1, threads: 2, maxRows: 20_000 };
const ahead = (frame: SeriesFrame) => aheadOf(frame, settings);

describe('a shop of little or odd history', () => {
  it('has 30 days, one item, or a day: a forecast near what it sold', async () => {
    for (const [items, days] of [
      [12, 30],
      [1, 60],
      [3, 1],
    ] as const) {
      const made = await ahead(frameOf(shop(items, days)));
      expect(made.series).toBe(items);
      if (days > 1) expect(meanOf(made, 0)).toBeGreaterThan(2);
      expect(meanOf(made, 0)).toBeLessThan(7);
    }
  });
  it('sold nothing at all: nothing is expected', async () => {
    const made = await ahead(frameOf(shop(3, 200, () => 0)));
    expect(Math.max(...made.p90, ...made.mean)).toBe(0);
  });
  it('had one wholesale bill: neither that item nor another is carried away', async () => {
    const made = await ahead(frameOf(shop(4, 80, (item, on, units) => (item === 0 && on === 75 ? 5000 : units))));
    expect(meanOf(made, 0)).toBeGreaterThan(2.5);
    expect(meanOf(made, 0)).toBeLessThan(10);
    for (let item = 1; item < 4; item += 1) {
      expect(meanOf(made, item)).toBeGreaterThan(2.8);
      expect(meanOf(made, item)).toBeLessThan(5.3);
    }
  });
  it('has days missing, doubled, blank, without a date, and prices that are none', async () => {
    const table = longTable({ ...columns, price: 'price' });
    for (const [at, row] of shop(2, 75).entries()) {
      if (at % 17 === 3) continue;
      const odd = { date: at % 23 === 0 ? 'soon' : row['date'], units: at % 29 === 0 ? '' : row['units'] };
      table.add({ ...row, ...odd, price: at % 5 === 0 ? 'NaN' : at % 7 === 0 ? '-4' : '10' });
      if (at % 40 === 5) table.add({ ...row, price: 'x' });
    }
    const { frame, oddities } = table.finish();
    expect(oddities.doubled).toBe(4);
    expect(oddities.badDate).toBeGreaterThan(5);
    expect(oddities.badPrice).toBeGreaterThan(5);
    const made = await ahead(frame);
    expect(meanOf(made, 0)).toBeGreaterThan(2);
    expect(meanOf(made, 0)).toBeLessThan(7);
  });
  it('has a date in the year 9000 or of next year: left out and told; more than a slip: a sentence instead of an hour', () => {
    for (const date of ['9000-01-01', '2023-11-20', '1970-01-01']) {
      const table = longTable(columns);
      for (const row of [...shop(2, 30), { date, item: 'item 0', units: '1' }]) table.add(row);
      const { frame, oddities } = table.finish();
      expect(oddities.strayDate).toBe(1);
      expect([frame.firstDay, frame.days]).toEqual([first, 30]);
    }
    const often = shop(2, 30).map((row, at) => (at % 9 === 0 ? { ...row, date: '9000-01-01' } : row));
    expect(() => frameOf(often)).toThrow(TableUnusable);
    // A shop that was shut for a season and is open again has no stray date.
    const later = shop(1, 20).map((row, at) => ({ ...row, date: textOfDay(first + 200 + at) }));
    expect(frameOf([...shop(1, 30), ...later]).days).toBe(220);
  });
});
