import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder, mustOpen, sampleIds, sampleItem } from '#tests/fixtures/sample-shop.ts';
import { makeItems } from './items.ts';
import { numbersOf } from './numbers.ts';
import type { ShopDb } from './open.ts';
import { makeSettings } from './settings.ts';

let folder: ReturnType<typeof makeFolder>;
let shop: ShopDb;
beforeEach(() => {
  folder = makeFolder();
  shop = mustOpen(folder.dir);
});
afterEach(() => {
  shop.close();
  folder.remove();
});

describe('transact', () => {
  it('keeps all or nothing, and runs undos backwards only when it rolls back', () => {
    const settings = makeSettings(shop);
    const undone: string[] = [];
    expect(
      shop.transact(() => {
        shop.onRollback(() => undone.push('never'));
        settings.set('a', '1');
        return 5;
      }),
    ).toBe(5);
    expect(() =>
      shop.transact(() => {
        shop.onRollback(() => undone.push('first'));
        shop.onRollback(() => undone.push('second'));
        settings.set('a', '2');
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(undone).toEqual(['second', 'first']);
    expect(settings.get('a')).toBe('1');
    expect(shop.rollbackCount()).toBe(1);
    expect(() => shop.onRollback(() => undefined)).toThrow(/outside/);
  });

  it('joins an outer one, which is lost when the inner failed and somebody went on', () => {
    const settings = makeSettings(shop);
    shop.transact(() => shop.transact(() => settings.set('a', '1')));
    expect(settings.get('a')).toBe('1');
    expect(() =>
      shop.transact(() => {
        settings.set('a', '2');
        try {
          shop.transact(() => {
            throw new Error('inner');
          });
        } catch {
          settings.set('a', '3');
        }
      }),
    ).toThrow(/not committed/);
    expect(settings.get('a')).toBe('1');
    shop.transact(() => settings.set('a', '4'));
    expect(settings.get('a')).toBe('4');
  });

  it('forgets the number of a row that went with its transaction', () => {
    const newId = sampleIds();
    const items = makeItems(shop);
    const numbers = numbersOf(shop);
    const item = sampleItem(newId(), 1);
    expect(() =>
      shop.transact(() => {
        items.insert(item);
        expect(numbers.get('item', item.id)).toBe(1);
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(numbers.find('item', item.id)).toBeNull();
    items.insert(sampleItem(newId(), 2));
    items.insert(item);
    expect(numbers.get('item', item.id)).toBe(2);
  });
});
