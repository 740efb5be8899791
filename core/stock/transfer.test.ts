/** Transfers: the state from the facts, and that no goods vanish whatever order the facts come in. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calledOff, dispatched, itemIdOf, received, requested, storeIdOf } from '#tests/fixtures/transfer-events.ts';
import { propertyRuns } from '#tests/property-runs.ts';
import { type Flow, flowsBetween, flowsOf, needsInvoice, settleTransfer } from './transfer.ts';
import type { TransferEvent } from './transfer-events.ts';

const ask = requested(1, [
  [1, 10_000],
  [2, 5_000],
]);
const send = dispatched(2, [
  [1, 8_000],
  [2, 5_000],
]);
const stateOf = (...events: TransferEvent[]) => settleTransfer(events).state;

describe('a transfer', () => {
  it('goes from asked to closed, and what was called off stays so', () => {
    expect(stateOf(ask)).toBe('requested');
    expect(stateOf(ask, calledOff(3, 'transferDeclined'))).toBe('declined');
    expect(stateOf(ask, calledOff(3, 'transferCancelled'))).toBe('cancelled');
    expect(stateOf(ask, send)).toBe('inTransit');
    expect(stateOf(ask, send, received(4, send))).toBe('closed');
    expect(stateOf(send)).toBe('inTransit');
  });

  it('names what is short, damaged and too much, and keeps the sum', () => {
    const receipt = received(4, send, [
      [6_000, 1_000],
      [6_000, 0],
    ]);
    expect(receipt.lines.map((line) => line.reason)).toEqual(['short', 'excess']);
    expect(settleTransfer([send, receipt])).toMatchObject({ state: 'closed', hasVariance: true, inTransitPaise: 0 });
    const of = (kind: Flow['kind'], item: number) =>
      flowsOf([send, receipt])
        .filter((flow) => flow.kind === kind && flow.itemId === itemIdOf(item))
        .map(({ storeId, qtyMilli }) => [storeId, qtyMilli]);
    expect(of('stock', 1)).toEqual([
      [storeIdOf(1), -8_000],
      [storeIdOf(2), 6_000],
    ]);
    expect(of('lost', 1)).toEqual([[storeIdOf(2), 2_000]]);
    expect(of('lost', 2)).toEqual([[storeIdOf(2), -1_000]]);
    expect(of('transit', 1)).toEqual([]);
  });

  it('takes goods that went for a fact, and says that it had been called off', () => {
    const off = calledOff(3, 'transferCancelled');
    expect(settleTransfer([ask, off, send])).toMatchObject({
      state: 'inTransit',
      conflicts: [{ kind: 'sentThoughOff', eventId: off.id }],
    });
  });

  it('counts a challan that two tills received once, and no receipt of other goods', () => {
    const twice = settleTransfer([send, received(5, send), received(4, send)]);
    expect(twice.conflicts).toEqual([{ kind: 'receivedTwice', eventId: received(5, send).id }]);
    const other = { ...received(4, send), lines: received(4, send).lines.slice(1) };
    expect(settleTransfer([send, other])).toMatchObject({
      state: 'inTransit',
      conflicts: [{ kind: 'receiptDiffers', eventId: other.id }],
    });
    expect(flowsOf([received(4, send)])).toEqual([]);
  });

  it('needs a tax invoice between two GSTINs or two States', () => {
    const here = { stateCode: '08', gstin: '08ABCDE1234F1Z5' };
    expect(needsInvoice(here, here)).toBe(false);
    expect(needsInvoice(here, { ...here, gstin: '08ABCDE1234F2Z4' })).toBe(true);
    expect(needsInvoice(here, { stateCode: '27', gstin: '27ABCDE1234F1Z5' })).toBe(true);
    expect(needsInvoice({ ...here, gstin: null }, { stateCode: '27', gstin: null })).toBe(true);
  });
});

const amounts = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 50_000 })), {
  minLength: 1,
  maxLength: 4,
  selector: ([item]) => item,
});
/** Some facts of one transfer, with all that may go wrong: sent twice, received twice, called off, other goods. */
const story = fc
  .record({
    sends: fc.array(amounts, { minLength: 1, maxLength: 3 }),
    receipts: fc.array(
      fc.tuple(
        fc.nat({ max: 2 }),
        fc.array(fc.tuple(fc.nat({ max: 60_000 }), fc.nat({ max: 3_000 })), { maxLength: 4 }),
      ),
      { maxLength: 4 },
    ),
    isOff: fc.boolean(),
    isBroken: fc.boolean(),
  })
  .map(({ sends, receipts, isOff, isBroken }): TransferEvent[] => {
    const challans = sends.map((one, i) => dispatched(10 + i, one));
    const arrived = receipts.flatMap(([at, goods], i) => {
      const challan = challans[at % challans.length];
      return challan === undefined ? [] : [received(20 + i, challan, goods)];
    });
    const broken = challans.slice(0, isBroken ? 1 : 0).map((one) => ({ ...received(30, one), lines: [] }));
    return [ask, ...challans, ...arrived, ...broken, ...(isOff ? [calledOff(40, 'transferCancelled')] : [])];
  });
const played = story.chain((events) =>
  fc.tuple(
    fc.constant(events),
    // Late, doubled, in any order: each comes at least once.
    fc.array(fc.nat({ max: events.length - 1 }), { maxLength: 12 }).chain((again) =>
      fc.shuffledSubarray([...events.keys(), ...again], {
        minLength: events.length + again.length,
        maxLength: events.length + again.length,
      }),
    ),
  ),
);

const sumBy = (flows: readonly Flow[], keyOf: (flow: Flow) => string): Map<string, number> => {
  const sums = new Map<string, number>();
  for (const flow of flows) sums.set(keyOf(flow), (sums.get(keyOf(flow)) ?? 0) + flow.qtyMilli);
  return sums;
};
const placeOf = (flow: Flow): string => `${flow.kind} ${flow.storeId} ${flow.itemId}`;
const tidy = (sums: Map<string, number>): unknown => [...sums].filter(([, qty]) => qty !== 0).sort();

describe('goods', () => {
  it('are on a shelf, on the way or named as lost, at every step and in any order', () => {
    fc.assert(
      fc.property(played, ([events, order]) => {
        let known: readonly TransferEvent[] = [];
        const moved: Flow[] = [];
        for (const at of order) {
          const next = events[at];
          if (next === undefined) continue;
          const after = known.some(({ id }) => id === next.id) ? known : [...known, next];
          moved.push(...flowsBetween(known, after));
          known = after;
          for (const sum of sumBy(moved, (flow) => flow.itemId).values()) expect(sum).toBe(0);
          for (const [place, qty] of sumBy(moved, placeOf)) {
            if (place.startsWith('transit')) expect(qty).toBeGreaterThanOrEqual(0);
          }
        }
        expect(tidy(sumBy(moved, placeOf))).toEqual(tidy(sumBy(flowsOf(events), placeOf)));
        expect(settleTransfer(known)).toEqual(settleTransfer(events));
      }),
      { numRuns: propertyRuns() },
    );
  });
});
