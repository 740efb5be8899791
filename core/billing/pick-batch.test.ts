/** Which lot a scan sells: asked only when MRPs differ in stock, else the first to expire, never an expired one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../tests/property-runs.ts';
import { testId } from '../../tests/fixtures/random-carts.ts';
import type { Batch } from '../catalogue/item.ts';
import { paise } from '../money.ts';
import { type Milli, milli } from '../quantity.ts';
import { addDays, type BusinessDate } from '../time.ts';
import type { Uuid } from '../ids.ts';
import { byExpiry, fefoBatch, pickBatch } from './pick-batch.ts';

const today = '2026-11-20' as BusinessDate;
const lot = (n: number, mrp: number, expiresIn: number | null, packedAgo = 30): Batch => ({
  id: testId(n),
  code: null,
  mrpPaise: paise(mrp),
  sellingPricePaise: paise(mrp),
  packedOn: addDays(today, -packedAgo),
  expiresOn: expiresIn === null ? null : addDays(today, expiresIn),
});
const stock = (entries: readonly (readonly [number, number])[]): ReadonlyMap<Uuid | null, Milli> =>
  new Map(entries.map(([n, qty]) => [testId(n), milli(qty)]));

describe('pickBatch', () => {
  it('asks when two MRPs are in stock, as last time first', () => {
    const lots = [lot(1, 100, 10), lot(2, 120, 20), lot(3, 120, 30)];
    const onHand = stock([
      [1, 1000],
      [2, 1000],
      [3, 1000],
    ]);
    expect(pickBatch(lots, onHand, null, today)).toEqual({ kind: 'ask', cards: [lots[0], lots[1]] });
    expect(pickBatch(lots, onHand, testId(3), today)).toEqual({ kind: 'ask', cards: [lots[2], lots[0]] });
  });

  it('doesn’t ask when the other MRP has none left or is expired', () => {
    const lots = [lot(1, 100, 10), lot(2, 120, 20)];
    expect(pickBatch(lots, stock([[2, 1000]]), null, today)).toEqual({ kind: 'picked', batch: lots[1] });
    const old = [lot(1, 100, -1), lot(2, 120, 20)];
    const both = stock([
      [1, 1000],
      [2, 1000],
    ]);
    expect(pickBatch(old, both, testId(1), today)).toEqual({ kind: 'picked', batch: old[1] });
  });

  it('without stock sells the first to expire; with expired ones only, names the newest; without lots, none', () => {
    const lots = [lot(1, 100, 20), lot(2, 120, 10)];
    expect(pickBatch(lots, new Map(), null, today)).toEqual({ kind: 'picked', batch: lots[1] });
    const old = [lot(1, 100, -20), lot(2, 120, -10)];
    expect(pickBatch(old, new Map(), null, today)).toEqual({ kind: 'picked', batch: old[1] });
    expect(pickBatch([], new Map(), null, today)).toEqual({ kind: 'none' });
    expect(fefoBatch({ id: testId(9), batches: [] }, () => new Map(), today)).toBeNull();
  });

  it('a lot that expires today is still sold; an undated one goes last', () => {
    const lots = [lot(1, 100, null), lot(2, 100, 0)];
    expect(pickBatch(lots, new Map(), null, today)).toEqual({ kind: 'picked', batch: lots[1] });
    expect(byExpiry(lot(1, 1, 5, 10), lot(2, 1, 5, 20))).toBeGreaterThan(0);
  });

  it('whatever stands in stock: picks stock before none, never an expired lot while a fresh one is there', () => {
    const lots = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: -5, max: 5 }), fc.integer({ min: -1, max: 2 })),
      { minLength: 1, maxLength: 7 },
    );
    fc.assert(
      fc.property(lots, fc.integer({ min: 0, max: 7 }), (shape, last) => {
        const batches = shape.map(([mrp, expires], i) => lot(i, mrp * 100, expires));
        const onHand = stock(shape.map(([, , qty], i) => [i, qty * 1000]));
        const isStocked = (b: Batch): boolean => (onHand.get(b.id) ?? 0) > 0;
        const fresh = batches.filter((b) => (b.expiresOn ?? today) >= today);
        const pick = pickBatch(batches, onHand, testId(last), today);
        const chosen = pick.kind === 'ask' ? pick.cards : pick.kind === 'picked' ? [pick.batch] : [];
        expect(chosen.length).toBeGreaterThan(0);
        expect(chosen.length).toBeLessThanOrEqual(4);
        if (fresh.length > 0) for (const b of chosen) expect(fresh).toContain(b);
        if (fresh.some(isStocked)) for (const b of chosen) expect(isStocked(b)).toBe(true);
        expect(new Set(chosen.map((b) => b.mrpPaise)).size).toBe(chosen.length);
        expect(pick.kind === 'ask').toBe(new Set(fresh.filter(isStocked).map((b) => b.mrpPaise)).size > 1);
        const alone = fefoBatch({ id: testId(9), batches }, () => onHand, today);
        const first = fresh.filter((b) => !fresh.some(isStocked) || isStocked(b)).toSorted(byExpiry)[0];
        if (first !== undefined) expect(alone?.expiresOn).toBe(first.expiresOn);
      }),
      { numRuns: propertyRuns() },
    );
  });
});
