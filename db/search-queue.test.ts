/** Entries that follow: at any moment, a crash's too, what is written and what is marked make up what a rebuild would. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Item } from '#core/catalogue/item.ts';
import { onePiece } from '#core/quantity.ts';
import { makeFolder, mustOpen, sampleIds, sampleItem } from '#tests/fixtures/sample-shop.ts';
import { makeItems } from './items.ts';
import type { ShopDb } from './open.ts';
import { makeSearch } from './search.ts';
import { makeSearchQueue } from './search-queue.ts';

class PowerCut extends Error {}
let folder: ReturnType<typeof makeFolder>;
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => folder.remove());

const words = ['Atta', 'आटा', 'Salt', 'नमक', 'Ghee', 'Basmati', 'Tea'];
const goods = (id: Item['id'], n: number, word: number, code: number): Item =>
  sampleItem(id, n, {
    name: `${words[word]} ${n}`,
    nameHi: words[(word + 1) % words.length] ?? null,
    barcodes: [
      {
        code: String(8_900_000_000_000 + n * 10 + code),
        packQtyMilli: onePiece,
        packName: null,
        sellingPricePaise: null,
        mrpPaise: null,
      },
    ],
  });

/** Every term of both tables with the items that it leads to. */
function entries(shop: ShopDb): readonly unknown[] {
  return ['item_words', 'item_trigram'].flatMap((table) => {
    shop.sql.exec(`CREATE VIRTUAL TABLE temp.v USING fts5vocab('main', '${table}', 'instance')`);
    const rows = shop.sql
      .prepare<[], { term: string; doc: number; col: string }>('SELECT DISTINCT term, doc, col FROM temp.v')
      .all();
    shop.sql.exec('DROP TABLE temp.v');
    return rows.map(({ term, doc, col }) => `${table} ${doc} ${col} ${term}`).toSorted();
  });
}

const step = fc.record({
  what: fc.constantFrom('insert', 'update', 'put', 'piece', 'piece', 'reopen'),
  n: fc.nat(7),
  word: fc.nat(words.length - 1),
  most: fc.integer({ min: 1, max: 3 }),
  dies: fc.boolean(),
});

describe('search entries that follow', () => {
  it('come to what a rebuild makes, whatever was cut off where', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const at = makeFolder();
        const newId = sampleIds(3);
        const ids = Array.from({ length: 8 }, () => newId());
        let shop = mustOpen(at.dir);
        for (const { what, n, word, most, dies } of steps) {
          const items = makeItems(shop);
          const id = ids[n] as Item['id'];
          const known = items.byId(id) !== null;
          const work = (): void => {
            if (what === 'piece') {
              let left = most;
              makeSearchQueue(shop).take(() => (left -= 1) <= 0);
            } else if (!known) items.insert(goods(id, n, word, 0), what === 'put' ? 'now' : 'follows');
            else items.update(goods(id, n, word, most), what === 'put' ? 'now' : 'follows');
          };
          if (what === 'reopen') {
            shop.close();
            shop = mustOpen(at.dir);
            continue;
          }
          try {
            // The power goes before the commit.
            shop.transact(() => {
              work();
              if (dies) throw new PowerCut();
            });
          } catch (error) {
            if (!(error instanceof PowerCut)) throw error;
          }
        }
        const queue = makeSearchQueue(shop);
        queue.take(() => false);
        expect(queue.waiting()).toBe(0);
        const grown = entries(shop);
        for (const table of ['item_words', 'item_trigram']) {
          shop.sql.prepare(`INSERT INTO ${table} (${table}) VALUES ('integrity-check')`).run();
        }
        const ranks = shop.sql.prepare('SELECT id, search_rank FROM item ORDER BY id').all();
        makeSearch(shop).rerank();
        // Nothing was sold, so the ranks stay in their order; made dense by the rebuild.
        const after = new Map(
          (shop.sql.prepare('SELECT id, search_rank FROM item ORDER BY id').all() as typeof ranks).map((row) => [
            JSON.stringify((row as { id: Buffer }).id),
            (row as { search_rank: number }).search_rank,
          ]),
        );
        const moved = new Map(
          (ranks as { id: Buffer; search_rank: number }[]).map((row) => [
            row.search_rank,
            after.get(JSON.stringify(row.id)),
          ]),
        );
        const expected = entries(shop);
        const renamed = (grown as string[])
          .map((line) =>
            line.replace(/^(\w+) (\d+)/, (_, table: string, rank: string) => `${table} ${moved.get(Number(rank))}`),
          )
          .toSorted();
        expect(renamed).toEqual((expected as string[]).toSorted());
        shop.close();
        at.remove();
      }),
      { numRuns: 40 },
    );
  });

  it('are looked for as they are written until they have come', () => {
    const shop = mustOpen(folder.dir);
    const items = makeItems(shop);
    const newId = sampleIds(5);
    for (let n = 0; n < 50; n += 1) items.insert(goods(newId(), n, n % words.length, 0), 'follows');
    const search = makeSearch(shop);
    const names = (text: string): string[] => search.find(text, 5).map(({ item }) => item.name);
    expect(names('8900000000070')).toEqual(['Atta 7']);
    expect(names('ghee 25')).toEqual(['Ghee 25']);
    expect(names('100%')).toEqual([]);
    makeSearchQueue(shop).take(() => false);
    expect(names('ghee 25')).toEqual(['Ghee 25']);
    // A price changes nothing that search knows: it is not marked again.
    const [first] = search.find('ghee 25', 1);
    if (first === undefined) throw new Error('not found');
    items.update({ ...first.item, sellingPricePaise: 999 as Item['sellingPricePaise'] }, 'follows');
    expect(makeSearchQueue(shop).waiting()).toBe(0);
    shop.close();
  });
});
