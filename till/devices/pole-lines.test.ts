/** The two lines of the pole. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paise } from '#core/money.ts';
import { milli } from '#core/quantity.ts';
import { poleText } from '#hardware/display/encode.ts';
import { propertyRuns } from '#tests/property-runs.ts';
import { type PoleShown, poleLinesOf } from './pole-lines.ts';

const lines = (shown: PoleShown) => poleLinesOf(shown, poleText);
const item = (name: string, more: object = {}): PoleShown => ({
  kind: 'item',
  item: { name, unit: 'pc', qtyMilli: milli(1_000), amountPaise: paise(4_500), ...more },
  payablePaise: paise(1_23_456_00),
});

describe('poleLinesOf', () => {
  it('shows item and amount over TOTAL', () => {
    expect(lines(item('Toor dal 1 kg pouch premium'))).toEqual(['Toor dal 1 kg  45.00', 'TOTAL    1,23,456.00']);
    expect(lines(item('Sugar', { unit: 'kg', qtyMilli: milli(350) }))[0]).toBe('0.350kg Sugar  45.00');
    expect(lines(item('Soap', { qtyMilli: milli(3_000) }))[0]).toBe('3x Soap        45.00');
  });
  it('calls an item ITEM whose name no pole can show', () => {
    expect(lines(item('चीनी'))[0]).toBe('ITEM           45.00');
  });
  it('shows what came in, the change, and thanks', () => {
    const totals = {
      itemCount: 3,
      payablePaise: paise(45_600),
      tenderedPaise: paise(40_000),
      stillToCollectPaise: paise(5_600),
    };
    expect(lines({ kind: 'cart', totals })).toEqual(['RECEIVED      400.00', 'TO PAY         56.00']);
    expect(lines({ kind: 'cart', totals: { ...totals, tenderedPaise: paise(0) } })).toEqual([
      'ITEMS              3',
      'TOTAL         456.00',
    ]);
    const bill = { payablePaise: paise(45_600), changePaise: paise(4_400) };
    expect(lines({ kind: 'paid', bill })[1]).toBe('CHANGE         44.00');
    expect(lines({ kind: 'paid', bill: { ...bill, changePaise: paise(0) } })[1]).toBe('     THANK YOU');
  });
  it('walks a shop name that is too long', () => {
    const idle = (step: number): PoleShown => ({
      kind: 'idle',
      shopName: 'Shri Ganesh Provision Stores',
      time: '18:41',
      step,
    });
    expect(lines(idle(0))).toEqual(['Shri Ganesh Provisio', '       18:41']);
    expect(lines(idle(5))[0]).toBe('Ganesh Provision Sto');
    expect(lines(idle(31))).toEqual(lines(idle(0)));
  });
  it('never cuts an amount, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.integer({ min: 0, max: 99_99_99_999_99 }), (name, amount) => {
        const [first, second] = lines(item(name, { amountPaise: paise(amount) }));
        expect(first.length).toBeLessThanOrEqual(20);
        expect(second.length).toBeLessThanOrEqual(20);
        expect(Number(first.split(' ').at(-1)?.replaceAll(',', '')) * 100).toBeCloseTo(amount, 0);
      }),
      { numRuns: propertyRuns() },
    );
  });
});
