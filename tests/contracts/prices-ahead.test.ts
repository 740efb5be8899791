/**
 * Prices of days to come, from the till's books to a model's features: the card's price since the last sale, and what
 * head office has sent with its day. Days that are over are told no other price than before.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Item } from '#core/catalogue/item.ts';
import { paise } from '#core/money.ts';
import { addDays, instant } from '#core/time.ts';
import { makeBills } from '#db/bills.ts';
import { readDemand } from '#db/demand.ts';
import { makeItems } from '#db/items.ts';
import { makePublications } from '#db/publications.ts';
import { demandFeatures } from '#ml/features/demand-features.ts';
import { type BillFrame, billFrame } from '#ml/frame/bill-frame.ts';
import { fitSeason } from '#ml/models/season.ts';
import { makeFolder, mustOpen, sampleBill, sampleDate, sampleIds, setUpDesk } from '../fixtures/sample-shop.ts';

let folder: ReturnType<typeof makeFolder>;
let shop: ReturnType<typeof mustOpen>;
let items: readonly Item[];
const newId = sampleIds();
const days = 30;
const lastDay = addDays(sampleDate, days - 1);
const ahead = 14;
const noonOf = (date: string) => instant(Date.parse(`${date}T06:30:00Z`));

beforeEach(() => {
  folder = makeFolder();
  shop = mustOpen(folder.dir);
  const made = setUpDesk(shop, newId, 3);
  items = made.items;
  const bills = makeBills(shop);
  shop.transact(() => {
    for (let t = 0; t < days; t += 1) {
      const date = addDays(sampleDate, t);
      const bill = sampleBill(newId, made.desk, made.items, t + 1, { date, atMs: noonOf(date) });
      // The second item always goes at a tenth off.
      const lines = bill.lines.map((line, n) =>
        n === 1 ? { ...line, lineDiscountPaise: paise(Math.round(line.grossPaise / 10)) } : line,
      );
      bills.insertBill({ ...bill, lines });
    }
  });
});
afterEach(() => {
  shop.close();
  folder.remove();
});

const frameNow = (): BillFrame =>
  billFrame(readDemand(shop.sql, { from: sampleDate, to: lastDay, store: 'here' }), { ahead });
const pricesOf = ({ price, days: columns }: BillFrame, i: number): readonly number[] => [
  ...(price?.subarray(i * columns, (i + 1) * columns) ?? []),
];
/** Head office's change, whole at the till. */
function publish(item: Item, date: string, change: object, isWhole = true): void {
  const publications = makePublications(shop);
  const id = newId();
  const effectiveAtMs = noonOf(date);
  publications.putHead({ id, publishedAtMs: noonOf(lastDay), effectiveAtMs, rowCount: 1, hash: '' });
  publications.putRow(id, { itemId: item.id, change: JSON.stringify(change) });
  if (isWhole) publications.markArrived(id, noonOf(lastDay));
}
const first = (): Item => {
  const [item] = items;
  if (item === undefined) throw new Error('no item');
  return item;
};

describe('prices of days to come', () => {
  it('are today’s where nothing changes, a standing discount and all', () => {
    const frame = frameNow();
    for (const i of [0, 1]) {
      const price = pricesOf(frame, i);
      expect(price.slice(days)).toEqual(Array.from({ length: ahead }, () => price[days - 1]));
    }
  });

  it('are the card’s from tomorrow where it has changed since the last sale; the past stays as it was', () => {
    const before = frameNow();
    const [one, two] = items;
    if (one === undefined || two === undefined) throw new Error('no items');
    const table = makeItems(shop);
    for (const item of [one, two])
      table.update({ ...item, sellingPricePaise: paise(item.sellingPricePaise * 2), mrpPaise: null });
    const frame = frameNow();
    for (const i of [0, 1]) {
      const [was, is] = [pricesOf(before, i), pricesOf(frame, i)];
      expect(is.slice(0, days)).toEqual(was.slice(0, days));
      for (const [h, price] of is.slice(days).entries()) expect(price).toBeCloseTo(2 * (was[days + h] ?? 0), 1);
    }
  });

  it('are what head office has sent, from its day on, and a model is told so', () => {
    const price = paise(Math.round(first().sellingPricePaise * 0.8));
    publish(first(), addDays(lastDay, 4), { sellingPricePaise: price });
    publish(first(), addDays(lastDay, 2), { name: 'Another name' });
    publish(first(), addDays(lastDay, 6), { sellingPricePaise: 1 }, false);
    const frame = frameNow();
    const own = pricesOf(frame, 0);
    const usual = own[days - 1] ?? 0;
    expect(own.slice(days, days + 3)).toEqual([usual, usual, usual]);
    for (const later of own.slice(days + 3)) expect(later).toBeCloseTo(0.8 * usual, 1);
    const features = demandFeatures(frame, fitSeason(frame, days));
    const told = (name: string, h: number): number => {
      const row = new Float32Array(features.count);
      features.write(0, days, h, row, 0);
      return row[features.names.indexOf(name)] ?? Number.NaN;
    };
    expect(told('price.last', 2)).toBeCloseTo(0, 5);
    expect(told('price.last', 3)).toBeCloseTo(Math.log(0.8), 2);
    expect(told('price.usual', 13)).toBeCloseTo(Math.log(0.8), 2);
  });

  it('say nothing of goods whose lots have prices of their own', () => {
    const table = makeItems(shop);
    const lot = { id: newId(), code: 'L1', mrpPaise: null, packedOn: null, expiresOn: null };
    const dear = paise(first().sellingPricePaise * 3);
    table.update({ ...first(), sellingPricePaise: dear, batches: [{ ...lot, sellingPricePaise: paise(9_000) }] });
    const price = pricesOf(frameNow(), 0);
    expect(price.slice(days)).toEqual(Array.from({ length: ahead }, () => price[days - 1]));
  });
});
