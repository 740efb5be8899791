/** Merged or one by one, from any stop: the same goods. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Item } from '../catalogue/item.ts';
import type { Uuid } from '../ids.ts';
import { paise } from '../money.ts';
import { changedItem, type ItemChange } from './item-change.ts';
import { mergeGroups, type SentPublication } from './merge-publications.ts';

const ids = ['a', 'b', 'c'] as unknown as readonly Uuid[];
const made: ItemChange = { name: 'Made', unit: 'pc', sellingPricePaise: paise(100) };
const change: fc.Arbitrary<ItemChange> = fc.oneof(
  fc.integer({ min: 1, max: 9 }).map((n) => ({ sellingPricePaise: paise(n) })),
  fc.integer({ min: 1, max: 9 }).map((n) => ({ name: `N${n}`, mrpPaise: n > 5 ? null : paise(n) })),
  fc.constant({ unit: 'kg', sellingPricePaise: paise(7) } as ItemChange),
  fc.constant(made),
);
const publication = fc.uniqueArray(fc.record({ itemId: fc.constantFrom(...ids), change }), {
  selector: (row) => row.itemId,
  minLength: 1,
});
const apply = (goods: ReadonlyMap<string, Item>, all: readonly SentPublication[]): Map<string, Item> => {
  const after = new Map(goods);
  for (const { itemId, change: text } of all.flatMap((one) => one.rows)) {
    const item = changedItem(itemId as Uuid, after.get(itemId) ?? null, JSON.parse(text) as ItemChange);
    if (item !== null) after.set(itemId, item);
  }
  return after;
};
const plain = (goods: ReadonlyMap<string, Item>) =>
  [...goods].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([id, item]) => [id, item]);

describe('merging publications', () => {
  it('leaves each till with the same goods, new or in the middle of them', () => {
    const some = fc.array(publication, { minLength: 1, maxLength: 8 });
    const base = fc.subarray([...ids]);
    fc.assert(
      fc.property(some, base, fc.nat(8), fc.integer({ min: 1, max: 3 }), (rows, there, stop, mostRows) => {
        const all = rows.map((one, i) => ({
          id: `p${i}`,
          rows: one.map(({ itemId, change: said }) => ({ itemId, change: JSON.stringify(said) })),
        }));
        const goods = new Map(
          there.flatMap((id) => {
            const item = changedItem(id, null, { ...made, name: 'Base' });
            return item === null ? [] : [[id as string, item] as const];
          }),
        );
        const groups = mergeGroups(all, { mostRows, atLeast: 2 });
        for (const group of groups) expect(group.rows.length).toBeLessThanOrEqual(Math.max(mostRows, 3));
        // What head office has afterwards, in its order: a merged one where the last of its own was.
        const after = all.flatMap((one): readonly SentPublication[] => {
          const group = groups.find(({ replaced }) => replaced.includes(one.id));
          if (group === undefined) return [one];
          return group.replaced.at(-1) === one.id ? [{ id: `m${one.id}`, rows: group.rows }] : [];
        });
        const wanted = plain(apply(goods, all));
        expect(plain(apply(goods, after))).toEqual(wanted);
        // A till that has had some of them keeps them, and gets the merged ones where they belong.
        const had = new Set(all.slice(0, stop).map((one) => one.id));
        const held = all.flatMap((one): readonly SentPublication[] => {
          const group = groups.find(({ replaced }) => replaced.at(-1) === one.id);
          const kept = had.has(one.id) || after.includes(one) ? [one] : [];
          return group === undefined ? kept : [...kept, { id: `m${one.id}`, rows: group.rows }];
        });
        expect(plain(apply(goods, held))).toEqual(wanted);
      }),
      { numRuns: 1_000, seed: 7 },
    );
  });

  it('merges a year of daily changes to few, and not what is not worth it', () => {
    const daily = Array.from({ length: 365 }, (_, day) => ({
      id: `p${day}`,
      rows: [0, 1, 2].map((n) => ({ itemId: `i${(day * 3 + n) % 40}`, change: `{"sellingPricePaise":${day + 1}}` })),
    }));
    const groups = mergeGroups(daily, { mostRows: 2_000, atLeast: 8 });
    expect(groups.map((one) => [one.replaced.length, one.rows.length])).toEqual([[365, 40]]);
    expect(mergeGroups(daily.slice(0, 7), { mostRows: 2_000, atLeast: 8 })).toEqual([]);
    expect(mergeGroups(daily, { mostRows: 6, atLeast: 8 })).toEqual([]);
  });
});
