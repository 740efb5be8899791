import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { Item } from '#core/catalogue/item.ts';
import { isFoundBy, searchQuery, searchTerms } from '#core/catalogue/search-text.ts';
import { onePiece } from '#core/quantity.ts';
import { makeFolder, mustOpen, sampleBill, sampleIds, sampleItem, setUpDesk } from '#tests/fixtures/sample-shop.ts';
import { makeBills } from './bills.ts';
import { makeItems } from './items.ts';
import type { ShopDb } from './open.ts';
import { makeSearch, type Search } from './search.ts';

const folder = makeFolder();
const newId = sampleIds(8);
let shop: ShopDb;
let search: Search;
let items: Item[];

const goods = ['Chakki Atta', 'Basmati Rice', 'Toor Dal', 'Sugar', 'Salt', 'Tea', 'Ghee', 'Mustard Oil', 'Soap', 'Jam'];
const hindi = ['चक्की आटा', 'बासमती चावल', 'तूर दाल', 'चीनी', 'नमक', 'चाय', 'घी', 'सरसों तेल', 'साबुन', null];
const brands = ['Amul', 'Tata', 'Aashirvaad', 'Fortune', 'Dabur', 'Parle', 'Haldiram', 'MDH', 'Everest', 'Patanjali'];

beforeAll(() => {
  shop = mustOpen(folder.dir);
  items = Array.from({ length: 5_000 }, (_, n) =>
    sampleItem(newId(), n, {
      name: `${goods[n % 10]} ${n} g`,
      nameHi: hindi[n % 10] ?? null,
      brand: brands[Math.floor(n / 10) % 10] ?? null,
      barcodes: [
        {
          code: String(8_900_000_000_000 + n * 7),
          packQtyMilli: onePiece,
          packName: null,
          sellingPricePaise: null,
          mrpPaise: null,
        },
      ],
    }),
  );
  makeItems(shop).insertMany(items);
  search = makeSearch(shop);
});
afterAll(() => {
  shop.close();
  folder.remove();
});

const names = (text: string, limit = 5): string[] => search.find(text, limit).map((found) => found.item.name);
const isAll = (text: string, test: (item: Item) => boolean): void => {
  const found = search.find(text, 10);
  expect(found.length, text).toBeGreaterThan(0);
  for (const { item } of found) expect(test(item), `${text} → ${item.name} ${item.nameHi}`).toBe(true);
};

describe('search', () => {
  it('puts an exact code or barcode first', () => {
    expect(names('C4321')[0]).toBe('Basmati Rice 4321 g');
    expect(names('c17')[0]).toBe(`${goods[7]} 17 g`);
    expect(names(String(8_900_000_000_000 + 99 * 7))).toEqual([`${goods[9]} 99 g`]);
  });

  it('finds Hindi as written and by Roman letters', () => {
    isAll('चीनी', (item) => item.nameHi === 'चीनी');
    isAll('chini', (item) => item.nameHi === 'चीनी');
    isAll('cheeni', (item) => item.nameHi === 'चीनी');
    isAll('ची', (item) => item.nameHi === 'चीनी');
    isAll('namak', (item) => item.nameHi === 'नमक');
    isAll('सरसों', (item) => item.nameHi === 'सरसों तेल');
  });

  it('finds words in any order, by their beginnings, and what lies inside a word', () => {
    isAll('rice bas', (item) => item.name.startsWith('Basmati'));
    isAll('ta su', (item) => item.brand === 'Tata' && item.name.startsWith('Sugar'));
    isAll('fortune dal', (item) => item.brand === 'Fortune' && item.name.startsWith('Toor'));
    isAll('smat', (item) => item.name.startsWith('Basmati'));
    isAll('BASMATI  rice!!', (item) => item.name.startsWith('Basmati'));
    isAll('j', (item) => /(^| )j/i.test(`${item.name} ${item.brand}`));
    isAll('gh', (item) => item.name.startsWith('Ghee'));
    expect(names('umbrella')).toEqual([]);
    expect(names('amul umbrella')).toEqual([]);
    expect(names('rice', 3)).toHaveLength(3);
  });

  it.each([
    '"',
    '""""',
    "'",
    '*',
    '( ) AND OR NOT NEAR',
    'NEAR(a b)',
    'words : a',
    '^a',
    'a AND',
    '-',
    '{',
    '\\',
    '%',
    ';DROP TABLE item',
    '\u0000',
    'a\u0000b',
    '🙂',
    '',
    '   ',
    'x'.repeat(10_000),
    'ab '.repeat(4_000),
    '"'.repeat(10_000),
  ])('takes %j as data', (text) => {
    expect(Array.isArray(search.find(text, 5))).toBe(true);
  });

  it('takes anything at all, and finds only what answers the query', () => {
    const typed = fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[a-zA-Zऀ-ॿ "*():^-]{0,20}$/));
    fc.assert(
      fc.property(typed, (text) => {
        for (const { item } of search.find(text, 5)) {
          const isExact = item.code === text.trim().toUpperCase() || item.barcodes.some((b) => b.code === text.trim());
          const code = { ...item, code: `${item.code} ${item.barcodes.map((b) => b.code).join(' ')}` };
          expect(isExact || isFoundBy(searchTerms(code), searchQuery(text.slice(0, 120)))).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('follows an item that changes, leaves out an inactive one, ranks a new one last', () => {
    const noun = makeItems(shop);
    const item = items[3];
    if (item === undefined) throw new Error('no item');
    noun.update({ ...item, name: 'Khandsari', nameHi: 'खांडसारी' });
    expect(names('khandsari')).toEqual(['Khandsari']);
    expect(names('खांडसारी')).toEqual(['Khandsari']);
    expect(names('Sugar 3 g')).not.toContain('Sugar 3 g');
    noun.update({ ...item, name: 'Khandsari', isActive: false });
    expect(names('khandsari')).toEqual([]);
    expect(names(item.code)).not.toContain('Khandsari');
    noun.update(item);
    expect(names('Sugar 3 g')).toContain('Sugar 3 g');
    const late = sampleItem(newId(), 9_001, { name: 'Basmati late' });
    noun.insert(late);
    expect(names('late')).toEqual(['Basmati late']);
    expect(names('basmati', 501)).toHaveLength(501);
    expect(names('basmati', 501).at(-1)).toBe('Basmati late');
  });

  it('has best sellers first after a new ranking, and finds all as before', () => {
    const { desk } = setUpDesk(shop, sampleIds(99), 0);
    const sold = [items[4_001], items[2_001]].map((item) => {
      if (item === undefined) throw new Error('no item');
      return item;
    });
    const bills = makeBills(shop);
    bills.insertBill(sampleBill(newId, desk, [...sold, ...sold.slice(0, 1)], 1));
    search.rerank();
    expect(names('basmati', 3)).toEqual([sold[0]?.name, sold[1]?.name, 'Basmati Rice 1 g']);
    isAll('chini', (item) => item.nameHi === 'चीनी');
    isAll('smat', (item) => item.name.startsWith('Basmati'));
    expect(names('C4321')[0]).toBe('Basmati Rice 4321 g');
  });
});
