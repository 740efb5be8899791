/** Without what is replaced an item is what it was, whatever else comes afterwards, before, between. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Item } from '../catalogue/item.ts';
import type { Uuid } from '../ids.ts';
import { paise } from '../money.ts';
import { propertyRuns } from '../../tests/property-runs.ts';
import { changedItem, type ItemChange } from './item-change.ts';
import { replacedIn } from './replaced-changes.ts';

const id = '01935000-0000-7000-8000-000000000001' as Uuid;
const base = changedItem(id, null, { name: 'Soap', unit: 'pc' as Item['unit'], sellingPricePaise: paise(100) });
const change: fc.Arbitrary<ItemChange> = fc.record(
  {
    name: fc.constantFrom('Soap', 'Tea'),
    brand: fc.constantFrom(null, 'B1', 'B2'),
    sellingPricePaise: fc.integer({ min: 1, max: 9 }).map((n) => paise(n)),
    mrpPaise: fc.option(fc.integer({ min: 1, max: 9 }).map((n) => paise(n))),
    hsn: fc.constantFrom(undefined, '3401'),
  },
  { requiredKeys: [] },
);
const foldOf = (changes: readonly ItemChange[]): Item | null =>
  changes.reduce((item, one) => changedItem(id, item, one) ?? item, base);

it('leaves an item as it is, with one more change at any place too', () => {
  let dropped = 0;
  fc.assert(
    fc.property(fc.array(change, { maxLength: 8 }), change, fc.nat(8), (changes, late, at) => {
      const gone = new Set(replacedIn(changes));
      dropped += gone.size;
      const isKept = (_: ItemChange, i: number): boolean => !gone.has(i);
      expect(foldOf(changes.filter(isKept))).toEqual(foldOf(changes));
      const place = Math.min(at, changes.length);
      const [before, after] = [changes.slice(0, place), changes.slice(place)];
      const kept = [...before.filter(isKept), late, ...after.filter((_, i) => !gone.has(place + i))];
      expect(foldOf(kept)).toEqual(foldOf([...before, late, ...after]));
      // Nothing is left that could go too.
      expect(replacedIn(changes.filter(isKept))).toEqual([]);
      if (changes.length > 0) expect(gone.has(changes.length - 1)).toBe(false);
    }),
    { numRuns: propertyRuns() },
  );
  expect(dropped).toBeGreaterThan(1_000);
});
