/** On real SQLite: half of a publication is never used, a wrong row never, and lateness does not change what is in effect. */
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { publicationText } from '#core/sync/item-change.ts';
import { instant } from '#core/time.ts';
import { makeFolder, mustOpen, sampleIds, setUpDesk } from '#tests/fixtures/sample-shop.ts';
import { openTables } from '../tables.ts';
import { makePublicationDesk, type PublicationPiece } from './apply-publications.ts';

it('uses a publication when all of it is there and due, in the order of their times', () => {
  const folder = makeFolder();
  const shop = mustOpen(folder.dir);
  const newId = sampleIds();
  const { items } = setUpDesk(shop, newId, 2);
  const tables = openTables(shop);
  let now = 100;
  const desk = makePublicationDesk({ tables, clock: { now: () => instant(now) }, newId });
  const pieces = (effectiveAtMs: number, paise: number): readonly PublicationPiece[] => {
    const id = newId();
    const rows = items.map((item) => ({ itemId: item.id, change: JSON.stringify({ sellingPricePaise: paise }) }));
    const hash = createHash('sha256').update(publicationText(rows)).digest('hex');
    const times = { publishedAtMs: instant(1), effectiveAtMs: instant(effectiveAtMs) };
    return [
      { kind: 'head', head: { id, ...times, rowCount: rows.length, hash } },
      ...rows.map((row): PublicationPiece => ({ kind: 'row', publicationId: id, row })),
    ];
  };
  const prices = () => items.map((item) => tables.items.byId(item.id)?.sellingPricePaise);
  const before = prices();

  const early = pieces(200, 111);
  const late = pieces(300, 222);
  desk.take(late);
  desk.take(early.slice(0, 2));
  expect(desk.applyDue()).toEqual({ applied: 0, nextAtMs: 200 });
  expect(prices()).toEqual(before);
  now = 250;
  expect(desk.applyDue()).toEqual({ applied: 0, nextAtMs: 300 });
  expect(prices()).toEqual(before);
  now = 300;
  expect(desk.applyDue().applied).toBe(1);
  expect(prices()).toEqual([222, 222]);
  desk.take([early[2] as PublicationPiece]);
  expect(desk.applyDue()).toEqual({ applied: 1, nextAtMs: null });
  expect(prices()).toEqual([222, 222]);
  const told = tables.journal.unsent(100).filter((entry) => entry.kind.startsWith('publication'));
  expect(told.map((entry) => entry.kind)).toHaveLength(4);

  // The count is right and a row is another one: not used.
  const [head, row] = pieces(300, 333);
  const bad = { ...(row as Extract<PublicationPiece, { kind: 'row' }>) };
  desk.take([head as PublicationPiece, bad, { ...bad, row: { ...bad.row, itemId: newId() } }]);
  expect(desk.applyDue().applied).toBe(0);
  expect(prices()).toEqual([222, 222]);
  shop.close();
  folder.remove();
});

it('forgets what later ones say all of, and nothing that is still in force, however they come', () => {
  const folder = makeFolder();
  const shop = mustOpen(folder.dir);
  const newId = sampleIds();
  const [item] = setUpDesk(shop, newId, 1).items;
  if (item === undefined) throw new Error('no item');
  const tables = openTables(shop);
  let now = 1_000;
  const desk = makePublicationDesk({ tables, clock: { now: () => instant(now) }, newId });
  const publish = (effectiveAtMs: number, change: object, id = newId()): readonly PublicationPiece[] => {
    const row = { itemId: item.id, change: JSON.stringify(change) };
    const hash = createHash('sha256')
      .update(publicationText([row]))
      .digest('hex');
    const times = { publishedAtMs: instant(1), effectiveAtMs: instant(effectiveAtMs) };
    return [
      { kind: 'head', head: { id, ...times, rowCount: 1, hash } },
      { kind: 'row', publicationId: id, row },
    ];
  };
  const kept = () => tables.publications.appliedTo(item.id).map(({ change }) => JSON.parse(change) as object);
  const sold = (): unknown => {
    const { sellingPricePaise, brand, nameHi } = tables.items.byId(item.id) ?? item;
    return { sellingPricePaise, brand, nameHi };
  };
  const brand = publish(100, { brand: 'B', sellingPricePaise: 10 });
  const price = publish(200, { sellingPricePaise: 20 });
  const both = publish(400, { sellingPricePaise: 40, brand: 'C' });
  const scheduledId = newId();
  const scheduled = publish(5_000, { sellingPricePaise: 50 }, scheduledId);
  desk.take([...brand, ...price, ...scheduled]);
  desk.applyDue();
  // The price of the first is replaced, its brand is not.
  expect(kept()).toEqual([{ brand: 'B', sellingPricePaise: 10 }, { sellingPricePaise: 20 }]);
  desk.take(both);
  desk.applyDue();
  expect(kept()).toEqual([{ sellingPricePaise: 40, brand: 'C' }]);
  expect(tables.publications.rowCountOf(scheduledId)).toBe(1);
  // One that comes late stands between: what it alone says counts, the rest is replaced already.
  desk.take(publish(300, { sellingPricePaise: 30, nameHi: 'साबुन' }));
  expect(desk.applyDue().applied).toBe(1);
  expect(sold()).toEqual({ sellingPricePaise: 40, brand: 'C', nameHi: 'साबुन' });
  // All of it is read from the start once more, as at each opening: nothing comes back, nothing is damaged.
  desk.take([...brand, ...price, ...both, ...scheduled]);
  expect(desk.applyDue().applied).toBe(0);
  expect(desk.notWhole()).toEqual([]);
  expect(kept()).toHaveLength(2);
  // A row of its catalogue comes again: what is in force stands on top.
  expect(desk.withChanges(item)).toMatchObject({ sellingPricePaise: 40, brand: 'C', nameHi: 'साबुन' });
  now = 6_000;
  expect(desk.applyDue().applied).toBe(1);
  expect(sold()).toEqual({ sellingPricePaise: 50, brand: 'C', nameHi: 'साबुन' });
  shop.close();
  folder.remove();
});

it('forgets what a version of before had kept, a piece at a time', () => {
  const folder = makeFolder();
  const shop = mustOpen(folder.dir);
  const newId = sampleIds();
  const { items } = setUpDesk(shop, newId, 5);
  const tables = openTables(shop);
  const desk = makePublicationDesk({ tables, clock: { now: () => instant(1_000) }, newId });
  const unknown = newId();
  for (let n = 1; n <= 4; n += 1) {
    const id = newId();
    tables.publications.putHead({
      id,
      publishedAtMs: instant(n),
      effectiveAtMs: instant(n),
      rowCount: items.length + 1,
      hash: '',
    });
    const change = JSON.stringify({ sellingPricePaise: n });
    for (const itemId of [...items.map((item) => item.id), unknown]) tables.publications.putRow(id, { itemId, change });
    tables.publications.markArrived(id, instant(n));
    tables.publications.markApplied(id, instant(n));
  }
  for (let at = desk.forgetSome(null); at !== null; ) at = desk.forgetSome(at);
  expect(items.map((item) => tables.publications.appliedTo(item.id).map(({ change }) => change))).toEqual(
    items.map(() => ['{"sellingPricePaise":4}']),
  );
  // Goods that never came to this store: what may make them yet stays.
  expect(tables.publications.appliedTo(unknown)).toHaveLength(4);
  shop.close();
  folder.remove();
});
