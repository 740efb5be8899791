import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Item } from '../catalogue/item.ts';
import type { Paise } from '../money.ts';
import { propertyRuns } from '#tests/property-runs.ts';
import { listCases, type OfficeWrite, type OpenProposal, wishOf } from './item-proposal.ts';

const price = (paise: number) => ({ sellingPricePaise: paise as Paise });
const proposal = (id: string, storeId: string, from: number | null, to: number, atMs = 1): OpenProposal => ({
  id,
  itemId: 'soap',
  storeId,
  atMs,
  change: price(to),
  base: from === null ? null : price(from),
});
const write = (id: string, storeId: string | null, to: number, atMs: number): OfficeWrite => ({
  id,
  itemId: 'soap',
  storeId,
  field: 'sellingPricePaise',
  before: 0,
  after: to,
  atMs,
  by: 'anita@sharma.shop',
});
const reasons = (proposals: readonly OpenProposal[], writes: readonly OfficeWrite[]) =>
  listCases(proposals, writes).map((one) => one.reasons);

describe('what stands against a wish', () => {
  it('is nothing where head office said what the branch knew, or what it wishes', () => {
    expect(reasons([proposal('p', 'A', 52, 49)], [])).toEqual([[]]);
    expect(reasons([proposal('p', 'A', 52, 49)], [write('w', 'A', 52, 0)])).toEqual([[]]);
    expect(reasons([proposal('p', 'A', 52, 49)], [write('w', 'A', 49, 5)])).toEqual([[]]);
    expect(reasons([proposal('p', 'A', 52, 49)], [write('w', 'B', 55, 5)])).toEqual([[]]);
    expect(reasons([proposal('p', 'A', null, 49)], [write('w', 'A', 55, 5)])).toEqual([[]]);
  });

  it("is head office's own change since, with who and from what", () => {
    const [only] = listCases([proposal('p', 'A', 52, 49)], [write('w1', 'A', 52, 0), write('w2', null, 55, 3)]);
    expect(only?.reasons).toEqual(['officeChanged']);
    expect(only?.fields[0]?.sides[0]).toMatchObject({ value: 49, base: 52, office: { id: 'w2', after: 55 } });
  });

  it('is another branch that wishes something else: one case with all sides', () => {
    const cases = listCases([proposal('p', 'A', 52, 49), proposal('q', 'B', 52, 50), proposal('r', 'C', 52, 49)], []);
    expect(cases).toHaveLength(1);
    expect(cases[0]).toMatchObject({ proposalIds: ['p', 'q', 'r'], reasons: ['branchesDiffer'] });
    expect(reasons([proposal('p', 'A', 52, 49), proposal('q', 'B', 51, 49)], [])).toEqual([[]]);
  });

  it('is listed the same in any order of arrival, each wish in one case, none lost', () => {
    const wish = fc.record({
      itemId: fc.constantFrom('soap', 'salt'),
      storeId: fc.constantFrom('A', 'B', 'C'),
      atMs: fc.nat(3),
      base: fc.option(fc.nat(3)),
      to: fc.nat(3),
    });
    const said = fc.record({
      itemId: fc.constantFrom('soap', 'salt'),
      storeId: fc.option(fc.constantFrom('A', 'B')),
      atMs: fc.nat(3),
      after: fc.nat(3),
    });
    fc.assert(
      fc.property(
        fc.array(wish, { maxLength: 8 }),
        fc.array(said, { maxLength: 6 }),
        fc.nat(),
        (wishes, saids, seed) => {
          const proposals = wishes.map((one, i) => ({
            ...proposal(`p${i}`, one.storeId, one.base, one.to, one.atMs),
            itemId: one.itemId,
          }));
          const writes = saids.map((one, i) => ({
            ...write(`w${i}`, one.storeId, one.after, one.atMs),
            itemId: one.itemId,
          }));
          const shuffled = <T>(all: readonly T[]): T[] =>
            all
              .map((one, i) => ({ one, at: ((i + 1) * (seed + 7919)) % 104_729 }))
              .toSorted((a, b) => a.at - b.at)
              .map(({ one }) => one);
          const cases = listCases(proposals, writes);
          expect(listCases(shuffled(proposals), shuffled(writes))).toEqual(cases);
          expect(cases.flatMap((one) => one.proposalIds).toSorted()).toEqual(proposals.map((one) => one.id).toSorted());
          // Two that wish otherwise are told of each other, whoever they are.
          for (const a of proposals) {
            for (const b of proposals) {
              if (a.itemId !== b.itemId || a.change.sellingPricePaise === b.change.sellingPricePaise) continue;
              const mine = cases.find((one) => one.proposalIds.includes(a.id));
              expect(mine?.proposalIds).toContain(b.id);
              expect(mine?.reasons).toContain('branchesDiffer');
            }
          }
        },
      ),
      { numRuns: propertyRuns() },
    );
  });
});

it('a wish names only what differs, whatever the order of keys', () => {
  const soap = {
    name: 'Soap',
    ...price(52),
    looseSlot: 3,
    barcodes: [{ code: '1', packName: null }],
  } as unknown as Item;
  expect(wishOf(soap, { ...soap, looseSlot: 4 })).toBeNull();
  const again = { ...soap, barcodes: [{ packName: null, code: '1' }] } as unknown as Item;
  expect(wishOf(soap, again)).toBeNull();
  expect(wishOf(soap, { ...soap, ...price(49) })).toEqual({ change: price(49), base: price(52) });
});
