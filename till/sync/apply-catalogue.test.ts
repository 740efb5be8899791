import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Item } from '#core/catalogue/item.ts';
import { createHash } from 'node:crypto';
import { makeFolder, mustOpen, sampleIds, setUpDesk } from '#tests/fixtures/sample-shop.ts';
import type { ShopDb } from '#db/open.ts';
import { openTables, type Tables } from '../tables.ts';
import { makeCatalogueApplier, type ShapeChange } from './apply-catalogue.ts';

let folder: ReturnType<typeof makeFolder>;
let shop: ShopDb;
let tables: Tables;
let goods: readonly Item[];
beforeEach(() => {
  folder = makeFolder();
  shop = mustOpen(folder.dir);
  tables = openTables(shop);
  const newId = sampleIds();
  const [pattern] = setUpDesk(shop, newId, 1).items;
  if (pattern === undefined) throw new Error('no item');
  goods = Array.from({ length: 250 }, (_, i): Item => {
    return { ...pattern, id: newId(), code: `HO${i}`, name: `Goods ${i}`, barcodes: [], batches: [], looseSlot: null };
  });
});
afterEach(() => {
  shop.close();
  folder.remove();
});
const place = { handle: 'h', offset: '5_0' };
const puts = (items: readonly Item[]): ShapeChange[] =>
  items.map((item) => ({ kind: 'put', id: item.id, item, content: JSON.stringify(item) }));
const forSale = (): number => goods.filter(({ id }) => tables.items.byId(id)?.isActive === true).length;

describe("head office's catalogue", () => {
  it('is for sale all at once, while billing goes on between the pieces', async () => {
    const applier = makeCatalogueApplier(tables);
    const seen = new Set<number>();
    let pauses = 0;
    const pause = async (): Promise<void> => {
      pauses += 1;
      seen.add(forSale());
      expect(applier.place()).toBeNull();
    };
    applier.beginStaging();
    await applier.stage(puts(goods), pause);
    await applier.stage(puts(goods.slice(0, 3)), pause);
    expect([...seen]).toEqual([0]);
    expect(pauses).toBeGreaterThan(1);
    expect(applier.finishStaging(place)).toBe(250);
    expect(forSale()).toBe(250);
    expect(applier.isUnsettled()).toBe(true);
    await applier.settle(async () => expect(forSale()).toBe(250));
    expect(applier.isUnsettled()).toBe(false);
    expect(forSale()).toBe(250);
    expect(applier.place()).toEqual(place);
  });

  it('that was cut off on its way is begun again, and nothing of it is for sale until then', async () => {
    const cut = async (): Promise<void> => {
      throw new Error('the till was closed');
    };
    const applier = makeCatalogueApplier(tables);
    applier.beginStaging();
    await expect(applier.stage(puts(goods), cut)).rejects.toThrow('the till was closed');
    expect(forSale()).toBe(0);
    const again = makeCatalogueApplier(tables);
    again.beginStaging();
    await again.stage(puts(goods.slice(1)), async () => undefined);
    again.finishStaging(place);
    expect(forSale()).toBe(249);
    await again.settle(async () => undefined);
    expect(forSale()).toBe(249);
  });

  it('fetched anew changes what changed, puts aside what is gone, and leaves the rest as it is', async () => {
    const applier = makeCatalogueApplier(tables);
    applier.replace(goods, place);
    const [first, second] = goods;
    if (first === undefined || second === undefined) throw new Error('no goods');
    const dearer = { ...second, sellingPricePaise: (second.sellingPricePaise + 100) as Item['sellingPricePaise'] };
    applier.beginStaging();
    await applier.stage(puts([dearer, ...goods.slice(2)]), async () => undefined);
    applier.finishStaging(place);
    await applier.settle(async () => undefined);
    expect(tables.items.byId(first.id)?.isActive).toBe(false);
    expect(tables.items.byId(second.id)?.sellingPricePaise).toBe(dearer.sellingPricePaise);
    expect(forSale()).toBe(249);
    expect(applier.audit().count).toBe(249);
  });

  it('comes to one hash of what was sent, in order of id, that one lost row changes', () => {
    const applier = makeCatalogueApplier(tables);
    applier.apply(puts(goods), place);
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
    const inOrder = goods.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(applier.audit()).toEqual({
      count: 250,
      hash: md5(inOrder.map((item) => md5(`${item.id} ${JSON.stringify(item)}`)).join('')),
    });
    const whole = applier.audit().hash;
    applier.apply([{ kind: 'drop', id: (goods[7] as Item).id }], place);
    expect(applier.audit()).not.toMatchObject({ hash: whole });
  });
});
