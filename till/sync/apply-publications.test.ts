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
