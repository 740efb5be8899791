/**
 * Peers' vectors of single lines (tax_computation.json): each that GST has words for is charged through
 * computeLineTax; each left out has its sentence. Where the peer doesn't round (its "global" mode carries
 * long decimals) a head must be the nearest paisa to the peer's, an inclusive total must be exact, and the
 * base may differ by what rounding each head moves, since the taxable value is what the heads leave.
 */
import { describe, expect, it } from 'vitest';
import { paise } from '#core/money.ts';
import { milli } from '#core/quantity.ts';
import { noData } from '../data.ts';
import {
  charge,
  flatten,
  isInPrice,
  isReverseCharge,
  type PeerTax,
  readVectors,
  toPaise,
  whyNotGst,
} from './peer-taxes.ts';

type Computation = {
  readonly test: string;
  readonly kind: 'taxes_computation';
  readonly input: {
    readonly taxes: readonly PeerTax[];
    readonly price_unit: number;
    readonly quantity: number;
    readonly precision_rounding: number;
  };
  readonly expected: {
    readonly total_included: number;
    readonly total_excluded: number;
    readonly taxes_data: readonly (readonly [number, number])[];
  };
};
type AdaptPrice = {
  readonly test: string;
  readonly kind: 'adapt_price_unit';
  readonly input: {
    readonly price_unit: number;
    readonly original_taxes: readonly PeerTax[];
    readonly new_taxes: readonly PeerTax[];
  };
  readonly expected: number;
};
type Vector = Computation | AdaptPrice;

const vectors = readVectors<Vector>('tax_computation.json');

function whyNot(vector: Vector): string | null {
  if (vector.kind === 'adapt_price_unit') {
    const isOneWay = (taxes: readonly PeerTax[]): boolean => taxes.every(isInPrice) || !taxes.some(isInPrice);
    return isOneWay(vector.input.original_taxes) && isOneWay(vector.input.new_taxes)
      ? null
      : 'A price with one tax inside it and another on top is not converted: here a price is inclusive or it is not.';
  }
  if (vector.input.precision_rounding !== 0.01)
    return 'GST heads have two decimals, not steps of 0.05 or whole rupees.';
  if (Math.abs(vector.input.price_unit * 100 - Math.round(vector.input.price_unit * 100)) > 1e-9) {
    return 'A price finer than a paisa: prices here are whole paise.';
  }
  return whyNotGst({ ...vector.input, discount: 0, tax_ids: vector.input.taxes });
}

const run = vectors.filter((vector) => whyNot(vector) === null);
const leftOut = vectors.flatMap((vector) => whyNot(vector) ?? []);
const title = (vector: Vector): string => `${vector.test.split('.')[1]} ${vectors.indexOf(vector)}`;
const isWhole = (rupees: number): boolean => Math.abs(rupees * 100 - Math.round(rupees * 100)) < 1e-6;

describe.skipIf(vectors.length === 0)(`peers' tax computations (${vectors.length === 0 ? noData : 'recorded'})`, () => {
  it.each(run.filter((v) => v.kind === 'taxes_computation').map((v) => [title(v), v] as const))('%s', (_, vector) => {
    const { taxes, price_unit, quantity } = vector.input;
    const { expected } = vector;
    const amount = toPaise(price_unit * quantity);
    const line = charge(amount, milli(quantity * 1000), taxes);
    const total = line.taxablePaise + line.taxes.reduce((sum, c) => sum + c.taxPaise, 0);
    if (flatten(taxes).some(isReverseCharge)) {
      // The peer books the tax and its reversal; a bill under reverse charge shows none.
      expect(line.taxes.reduce((sum, c) => sum + c.taxPaise, 0)).toBe(
        toPaise(expected.taxes_data.reduce((sum, [, tax]) => sum + tax, 0)),
      );
      expect([line.taxablePaise, total]).toEqual([toPaise(expected.total_excluded), toPaise(expected.total_included)]);
      return;
    }
    expect(line.taxes.map((c) => c.taxPaise)).toEqual(expected.taxes_data.map(([, tax]) => toPaise(tax)));
    const isRounded = [expected.total_excluded, expected.total_included, ...expected.taxes_data.flat()].every(isWhole);
    if (isRounded) {
      expect(line.taxes.map((c) => c.basePaise)).toEqual(expected.taxes_data.map(([base]) => toPaise(base)));
      expect(line.taxablePaise).toBe(toPaise(expected.total_excluded));
      expect(total).toBe(toPaise(expected.total_included));
    } else {
      const slack = 0.5 * line.taxes.length + 1e-6;
      expect(Math.abs(line.taxablePaise - expected.total_excluded * 100)).toBeLessThanOrEqual(slack);
      expect(Math.abs(total - expected.total_included * 100)).toBeLessThanOrEqual(slack);
      if (flatten(taxes).every(isInPrice)) expect(total).toBe(amount);
    }
  });

  it.each(run.filter((v) => v.kind === 'adapt_price_unit').map((v) => [title(v), v] as const))('%s', (_, vector) => {
    const { price_unit, original_taxes, new_taxes } = vector.input;
    const excluded = charge(toPaise(price_unit), milli(1000), original_taxes).taxablePaise;
    const adapted = new_taxes.some(isInPrice)
      ? excluded +
        charge(
          paise(excluded),
          milli(1000),
          new_taxes.map((tax) => ({ ...tax, price_include_override: false })),
        ).taxes.reduce((sum, c) => sum + c.taxPaise, 0)
      : excluded;
    expect(adapted).toBe(toPaise(vector.expected));
  });

  it.each([...new Set(leftOut)].map((why) => [why, leftOut.filter((w) => w === why).length] as const))(
    'left out: %s (%i)',
    (why, count) => {
      expect(why.endsWith('.')).toBe(true);
      expect(count).toBeGreaterThan(0);
    },
  );

  it('run + left out = all', () => {
    expect(run.length + leftOut.length).toBe(vectors.length);
    expect(run.length).toBeGreaterThan(0);
  });
});
