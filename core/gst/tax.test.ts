import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../tests/property-runs.ts';
import { basisPoints, multiplyDivide, type Paise, paise } from '../money.ts';
import { type Milli, milli } from '../quantity.ts';
import {
  addSplits,
  amountShare,
  type Cess,
  computeLineTax,
  type LineTaxInput,
  lineTotal,
  negateSplit,
  type Supply,
  splitShare,
  splitTotal,
  type TaxRate,
  taxTotal,
  valuationDifference,
  zeroSplit,
} from './tax.ts';

const taxable = (rateBp: number, cess: Cess | null = null): TaxRate => ({
  rateBp: basisPoints(rateBp),
  cess,
  treatment: 'taxable',
  valuation: 'transactionValue',
});
const line = (over: Partial<LineTaxInput> & { rate: TaxRate }): LineTaxInput => ({
  amountPaise: paise(10_000),
  qtyMilli: milli(1000),
  isInclusive: true,
  supply: 'intraState',
  rspPaise: null,
  chargesTax: true,
  ...over,
});

describe('computeLineTax, worked cases', () => {
  it.each([
    [1000, 500, 24, 952, 48, 952],
    [2000, 1800, 153, 1694, 305, 1695],
    [10_000, 1800, 763, 8474, 1525, 8475],
    [10_000, 4000, 1429, 7142, 2857, 7143],
    [99_900, 1800, 7619, 84_662, 15_239, 84_661],
  ])('Rule 35: %i paise at %i bp', (amount, bp, head, intra, igst, inter) => {
    const amountPaise = paise(amount);
    const inState = computeLineTax(line({ amountPaise, rate: taxable(bp) }));
    expect(inState).toEqual({ ...zeroSplit, taxableValuePaise: intra, cgstPaise: head, sgstPaise: head });
    const inUt = computeLineTax(line({ amountPaise, rate: taxable(bp), supply: 'intraUt' }));
    expect(inUt).toEqual({ ...zeroSplit, taxableValuePaise: intra, cgstPaise: head, utgstPaise: head });
    const across = computeLineTax(line({ amountPaise, rate: taxable(bp), supply: 'interState' }));
    expect(across).toEqual({ ...zeroSplit, taxableValuePaise: inter, igstPaise: igst });
  });

  it('exclusive: each head on its own, ties half up', () => {
    // 9 % of 0.50 is 0.045 → 0.05, twice; 18 % of 0.50 is 0.09.
    const at = (supply: Supply) =>
      computeLineTax(line({ amountPaise: paise(50), isInclusive: false, supply, rate: taxable(1800) }));
    expect(at('intraState')).toMatchObject({ taxableValuePaise: 50, cgstPaise: 5, sgstPaise: 5 });
    expect(at('interState')).toMatchObject({ taxableValuePaise: 50, igstPaise: 9 });
  });

  it('Rule 31D: RSP 200, sold at 190, 40 %', () => {
    const rate: TaxRate = { ...taxable(4000), valuation: 'retailSalePrice' };
    const split = computeLineTax(line({ amountPaise: paise(19_000), rspPaise: paise(20_000), rate }));
    expect(split).toEqual({ ...zeroSplit, taxableValuePaise: 14_286, cgstPaise: 2857, sgstPaise: 2857 });
    expect(splitTotal(split)).toBe(20_000);
    expect(lineTotal(paise(19_000), true, split)).toBe(19_000);
    expect(valuationDifference(paise(19_000), true, split)).toBe(-1000);
  });

  it('cess: ad valorem inside the sum of rates, per unit out of the price first, the higher of the two', () => {
    const adValorem = taxable(2800, { rateBp: basisPoints(1200), perUnitMilliPaise: 0, rule: 'sum' });
    expect(computeLineTax(line({ amountPaise: paise(14_000), rate: adValorem }))).toMatchObject({
      taxableValuePaise: 10_000,
      cgstPaise: 1400,
      cessPaise: 1200,
    });
    const both = taxable(500, { rateBp: basisPoints(500), perUnitMilliPaise: 159_100, rule: 'sum' });
    expect(
      computeLineTax(line({ amountPaise: paise(10_000), qtyMilli: milli(10_000), isInclusive: false, rate: both })),
    ).toMatchObject({ cgstPaise: 250, cessPaise: 500 + 1591 });
    expect(computeLineTax(line({ amountPaise: paise(12_591), qtyMilli: milli(10_000), rate: both }))).toMatchObject({
      taxableValuePaise: 10_000,
      cgstPaise: 250,
      cessPaise: 500 + 1591,
    });
    const higher = taxable(2800, { rateBp: basisPoints(2100), perUnitMilliPaise: 417_000, rule: 'max' });
    expect(computeLineTax(line({ amountPaise: paise(1000), isInclusive: false, rate: higher })).cessPaise).toBe(417);
    expect(computeLineTax(line({ amountPaise: paise(10_000), isInclusive: false, rate: higher })).cessPaise).toBe(2100);
    expect(computeLineTax(line({ amountPaise: paise(1697), rate: higher }))).toMatchObject({
      taxableValuePaise: 1000,
      cgstPaise: 140,
      cessPaise: 417,
    });
    expect(computeLineTax(line({ amountPaise: paise(14_900), rate: higher }))).toMatchObject({
      taxableValuePaise: 10_000,
      cgstPaise: 1400,
      cessPaise: 2100,
    });
  });
});

const amount = fc.integer({ min: 0, max: 500_000_00 }).map(paise);
const quantity = fc.integer({ min: 1, max: 1_000_000 }).map(milli);
const supply = fc.constantFrom<Supply>('intraState', 'intraUt', 'interState');
const cess: fc.Arbitrary<Cess | null> = fc.option(
  fc.record({
    rateBp: fc.integer({ min: 0, max: 29_000 }).map(basisPoints),
    perUnitMilliPaise: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5_000_000 })),
    rule: fc.constantFrom('sum', 'max'),
  }),
  { nil: null, freq: 2 },
);
const rateBp = fc.oneof(
  fc.constantFrom(0, 25, 150, 300, 500, 1200, 1800, 2800, 4000),
  fc.integer({ min: 0, max: 10_000 }),
);
const rate: fc.Arbitrary<TaxRate> = fc.record({
  rateBp: rateBp.map(basisPoints),
  cess,
  treatment: fc.constantFrom('taxable', 'taxable', 'taxable', 'taxable', 'nilRated', 'exempt', 'nonGst'),
  valuation: fc.constantFrom('transactionValue', 'transactionValue', 'retailSalePrice'),
});
const anyLine: fc.Arbitrary<LineTaxInput> = fc.record({
  amountPaise: amount,
  qtyMilli: quantity,
  isInclusive: fc.boolean(),
  supply,
  rate,
  rspPaise: fc.option(fc.integer({ min: 1, max: 100_000 }).map(paise), { nil: null }),
  chargesTax: fc.constantFrom(true, true, true, false),
});
const check = <T>(arbitrary: fc.Arbitrary<T>, predicate: (value: T) => void): void =>
  fc.assert(fc.property(arbitrary, predicate), { numRuns: propertyRuns() });

describe('computeLineTax, for any line', () => {
  it('CGST equals SGST or UTGST, heads fit the supply, and nothing is negative', () => {
    check(anyLine, (input) => {
      const split = computeLineTax(input);
      expect(split.cgstPaise).toBe(split.sgstPaise + split.utgstPaise);
      if (input.supply !== 'intraState') expect(split.sgstPaise).toBe(0);
      if (input.supply !== 'intraUt') expect(split.utgstPaise).toBe(0);
      if (input.supply !== 'interState') expect(split.igstPaise).toBe(0);
      else expect(split.cgstPaise).toBe(0);
      for (const head of Object.values(split)) expect(head).toBeGreaterThanOrEqual(-1);
      for (const head of [split.cgstPaise, split.igstPaise, split.cessPaise]) expect(head).toBeGreaterThanOrEqual(0);
    });
  });

  it('an inclusive amount is taxable value + heads to the paisa, in state and across', () => {
    check(anyLine, (any) => {
      const input = { ...any, isInclusive: true, rate: { ...any.rate, valuation: 'transactionValue' as const } };
      const split = computeLineTax(input);
      expect(splitTotal(split)).toBe(input.amountPaise);
      expect(valuationDifference(input.amountPaise, true, split)).toBe(0);
    });
  });

  it('each inclusive head is the nearest paisa to value × head rate ÷ (100 + sum of rates)', () => {
    check(fc.tuple(amount, rateBp), ([value, bp]) => {
      const inState = computeLineTax(line({ amountPaise: value, rate: taxable(bp) }));
      const across = computeLineTax(line({ amountPaise: value, rate: taxable(bp), supply: 'interState' }));
      // Rounded half up: −½ < rounded − exact ≤ ½, in integers.
      const off = (head: number, share: number, whole: number) => (head * whole - value * share) * 2;
      for (const [head, share, whole] of [
        [inState.cgstPaise, bp, 2 * (10_000 + bp)],
        [across.igstPaise, bp, 10_000 + bp],
      ] as const) {
        expect(off(head, share, whole)).toBeGreaterThan(-whole);
        expect(off(head, share, whole)).toBeLessThanOrEqual(whole);
      }
    });
  });

  it('exclusive: value stays, heads are value × rate ÷ 2 and value × rate, half up', () => {
    check(fc.tuple(amount, rateBp), ([value, bp]) => {
      const at = (s: Supply) =>
        computeLineTax(line({ amountPaise: value, isInclusive: false, rate: taxable(bp), supply: s }));
      const halfUp = (n: bigint, d: bigint) => Number((2n * n + d) / (2n * d));
      expect(at('intraState')).toMatchObject({
        taxableValuePaise: value,
        cgstPaise: halfUp(BigInt(value) * BigInt(bp), 20_000n),
      });
      expect(at('interState').igstPaise).toBe(halfUp(BigInt(value) * BigInt(bp), 10_000n));
      expect(lineTotal(value, false, at('interState'))).toBe(splitTotal(at('interState')));
    });
  });

  it('a tie goes up in every head', () => {
    check(fc.integer({ min: 0, max: 100_000 }), (k) => {
      // value × 5 % ÷ 2 ends in exactly half a paisa for value = 40k + 20.
      const split = computeLineTax(line({ amountPaise: paise(40 * k + 20), isInclusive: false, rate: taxable(500) }));
      expect(split.cgstPaise).toBe(k + 1);
      expect(split.sgstPaise).toBe(k + 1);
    });
  });

  it('composition dealers, nil-rated, exempt and non-GST goods: zero tax, value is the amount', () => {
    check(anyLine, (any) => {
      const untaxed = { ...zeroSplit, taxableValuePaise: any.amountPaise };
      expect(computeLineTax({ ...any, chargesTax: false })).toEqual(untaxed);
      for (const treatment of ['nilRated', 'exempt', 'nonGst'] as const) {
        expect(computeLineTax({ ...any, rate: { ...any.rate, treatment } })).toEqual(untaxed);
      }
    });
  });

  it('Rule 31D: the same tax whatever is charged, and value + tax is RSP × quantity', () => {
    check(fc.tuple(anyLine, amount, fc.integer({ min: 1, max: 100_000 })), ([any, other, rsp]) => {
      const input: LineTaxInput = {
        ...any,
        chargesTax: true,
        rspPaise: paise(rsp),
        rate: { ...any.rate, treatment: 'taxable', valuation: 'retailSalePrice' },
      };
      const split = computeLineTax(input);
      expect(computeLineTax({ ...input, amountPaise: other })).toEqual(split);
      expect(splitTotal(split)).toBe(multiplyDivide(rsp, input.qtyMilli, 1000));
    });
  });

  it('a negated line has the negated tax', () => {
    check(anyLine, (input) => {
      const negative = { ...input, amountPaise: paise(-input.amountPaise), qtyMilli: milli(-input.qtyMilli) };
      expect(computeLineTax(negative)).toEqual(negateSplit(computeLineTax(input)));
    });
  });
});

/** Cuts `sold` into parts at the given fractions. */
const cut = (sold: Milli, fractions: readonly number[]): Milli[] => {
  const marks = fractions.map((f) => Math.round((f * sold) / 1000)).sort((a, b) => a - b);
  return [...marks, sold].map((mark, i, all) => milli(mark - (i === 0 ? 0 : (all[i - 1] ?? 0))));
};
const fractions = fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 6 });

describe('returns', () => {
  it('one of three packs at ₹10 pays back exactly ₹10 each time', () => {
    const split = computeLineTax(line({ amountPaise: paise(3000), qtyMilli: milli(3000), rate: taxable(1800) }));
    const parts = [0, 1000, 2000].map((already) => splitShare(split, milli(3000), milli(already), milli(1000)));
    expect(parts.map(splitTotal)).toEqual([1000, 1000, 1000]);
    expect(addSplits(...parts)).toEqual(split);
  });

  it('in arbitrary parts nets to 0.00, with CGST equal to SGST or UTGST in each part', () => {
    check(fc.tuple(anyLine, fractions), ([input, at]) => {
      const split = computeLineTax(input);
      const total = lineTotal(input.amountPaise, input.isInclusive, split);
      let already = milli(0);
      const notes = cut(input.qtyMilli, at).map((now) => {
        const note = splitShare(split, input.qtyMilli, already, now);
        const refund = amountShare(total, input.qtyMilli, already, now);
        expect(note.cgstPaise).toBe(note.sgstPaise + note.utgstPaise);
        for (const head of [note.cgstPaise, note.igstPaise, note.cessPaise]) expect(head).toBeGreaterThanOrEqual(0);
        expect(refund).toBeGreaterThanOrEqual(0);
        if (splitTotal(split) === total) expect(splitTotal(note)).toBe(refund);
        already = milli(already + now);
        return { note, refund };
      });
      expect(addSplits(split, ...notes.map(({ note }) => negateSplit(note)))).toEqual(zeroSplit);
      expect(notes.reduce((s, { refund }) => s + refund, 0)).toBe(total);
    });
  });

  it('refuses to give back more than was sold', () => {
    const share = (sold: number, already: number, now: number) => () =>
      amountShare(100 as Paise, milli(sold), milli(already), milli(now));
    expect(share(1000, 500, 501)).toThrow(RangeError);
    expect(share(0, 0, 0)).toThrow(RangeError);
    expect(share(1000, 0, -1)).toThrow(RangeError);
  });

  it('taxTotal and addSplits add every head', () => {
    check(fc.array(anyLine, { maxLength: 8 }), (lines) => {
      const splits = lines.map(computeLineTax);
      const bill = addSplits(...splits);
      expect(taxTotal(bill)).toBe(splits.reduce((s, split) => s + taxTotal(split), 0));
      expect(bill.cgstPaise).toBe(bill.sgstPaise + bill.utgstPaise);
    });
  });
});
