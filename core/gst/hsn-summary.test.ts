import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../tests/property-runs.ts';
import { basisPoints, paise } from '../money.ts';
import { milli } from '../quantity.ts';
import { type HsnLine, sumHsnRows, summariseHsn, summariseHsnByBuyer } from './hsn-summary.ts';
import { addSplits, computeLineTax, negateSplit, splitTotal, type Supply, type Treatment } from './tax.ts';

type BuyerLine = HsnLine & { readonly isB2b: boolean };

const lines: fc.Arbitrary<BuyerLine[]> = fc
  .tuple(
    fc.constantFrom<Supply>('intraState', 'intraUt', 'interState'),
    fc.array(
      fc.record({
        hsn: fc.constantFrom('', '1006', '2106', '21069099', '3304'),
        uqc: fc.constantFrom('PCS', 'KGS'),
        amount: fc.integer({ min: 0, max: 1_000_000 }),
        qty: fc.integer({ min: 1, max: 100_000 }),
        rateBp: fc.constantFrom(0, 500, 1800, 4000),
        treatment: fc.constantFrom<Treatment>('taxable', 'taxable', 'nilRated', 'exempt'),
        isInclusive: fc.boolean(),
        isReturn: fc.boolean(),
        isB2b: fc.boolean(),
      }),
      { maxLength: 20 },
    ),
  )
  .map(([supply, all]) =>
    all.map((l) => {
      const rateBp = basisPoints(l.rateBp);
      const split = computeLineTax({
        amountPaise: paise(l.amount),
        qtyMilli: milli(l.qty),
        isInclusive: l.isInclusive,
        supply,
        rate: { rateBp, cess: null, treatment: l.treatment, valuation: 'transactionValue' },
        rspPaise: null,
        chargesTax: true,
      });
      return {
        hsn: l.hsn,
        uqc: l.uqc,
        rateBp,
        treatment: l.treatment,
        isB2b: l.isB2b,
        qtyMilli: milli(l.isReturn ? -l.qty : l.qty),
        split: l.isReturn ? negateSplit(split) : split,
      };
    }),
  );

describe('HSN summary', () => {
  it('Σ rows = Σ lines, and CGST equals SGST or UTGST in each row', () => {
    fc.assert(
      fc.property(lines, (all) => {
        const rows = summariseHsn(all);
        const sum = addSplits(...all.map((l) => l.split));
        expect(sumHsnRows(rows)).toEqual({ split: sum, totalPaise: splitTotal(sum) });
        expect(rows.reduce((s, r) => s + r.qtyMilli, 0)).toBe(all.reduce((s, l) => s + l.qtyMilli, 0));
        for (const row of rows) expect(row.split.cgstPaise).toBe(row.split.sgstPaise + row.split.utgstPaise);
        const keys = rows.map((r) => `${r.hsn}|${r.uqc}|${r.rateBp}|${r.treatment}`);
        expect(new Set(keys).size).toBe(rows.length);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('Σ B2B + Σ B2C = Σ lines', () => {
    fc.assert(
      fc.property(lines, (all) => {
        const { b2b, b2c } = summariseHsnByBuyer(all);
        expect(sumHsnRows([...b2b, ...b2c]).split).toEqual(addSplits(...all.map((l) => l.split)));
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('keeps rates, units and treatments apart, in order', () => {
    const line = (hsn: string, uqc: string, rateBp: number, treatment: Treatment): HsnLine => ({
      hsn,
      uqc,
      rateBp: basisPoints(rateBp),
      treatment,
      qtyMilli: milli(1000),
      split: addSplits(),
    });
    const rows = summariseHsn([
      line('2106', 'PCS', 1800, 'taxable'),
      line('1006', 'PCS', 500, 'taxable'),
      line('1006', 'KGS', 500, 'taxable'),
      line('1006', 'KGS', 0, 'nilRated'),
      line('1006', 'KGS', 0, 'exempt'),
      line('2106', 'PCS', 1800, 'taxable'),
    ]);
    expect(rows.map((r) => [r.hsn, r.uqc, r.rateBp, r.treatment, r.qtyMilli])).toEqual([
      ['1006', 'KGS', 0, 'exempt', 1000],
      ['1006', 'KGS', 0, 'nilRated', 1000],
      ['1006', 'KGS', 500, 'taxable', 1000],
      ['1006', 'PCS', 500, 'taxable', 1000],
      ['2106', 'PCS', 1800, 'taxable', 2000],
    ]);
  });
});
