/**
 * The invariants of a whole bill, on random bills of mixed rates, inclusive and exclusive prices, with a bill
 * discount and returns in parts: what rules of GST must hold whatever a cashier does.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../tests/property-runs.ts';
import { addPaise, basisPoints, negatePaise, type Paise, paise, zeroPaise } from '../money.ts';
import { type Milli, milli, onePiece } from '../quantity.ts';
import type { BusinessDate } from '../time.ts';
import { apportionBillDiscount, discountedValues } from './bill-discount.ts';
import { type HsnLine, sumHsnRows, summariseHsnByBuyer } from './hsn-summary.ts';
import { parseRateTable } from './rate-table.ts';
import { groupByClass, rateOn } from './rates.ts';
import {
  addSplits,
  amountShare,
  computeLineTax,
  lineTotal,
  negateSplit,
  type Supply,
  splitShare,
  splitTotal,
  type TaxRate,
  type TaxSplit,
  taxTotal,
  type Treatment,
  valuationDifference,
  zeroSplit,
} from './tax.ts';

type Item = {
  readonly value: Paise;
  readonly qty: Milli;
  readonly isInclusive: boolean;
  readonly rate: TaxRate;
  readonly hsn: string;
};
type Bill = {
  readonly items: readonly Item[];
  readonly supply: Supply;
  readonly discountShare: number;
  readonly chargesTax: boolean;
  readonly isB2b: boolean;
  /** Thousandths of each line's quantity that come back first; the rest comes back later. */
  readonly firstReturn: number;
};

const rate: fc.Arbitrary<TaxRate> = fc.record({
  rateBp: fc.constantFrom(0, 25, 150, 300, 500, 1200, 1800, 2800, 4000).map(basisPoints),
  cess: fc.constantFrom(null, null, { rateBp: basisPoints(1200), perUnitMilliPaise: 159_100, rule: 'sum' as const }),
  treatment: fc.constantFrom<Treatment>('taxable', 'taxable', 'taxable', 'nilRated', 'exempt'),
  valuation: fc.constantFrom('transactionValue', 'transactionValue', 'retailSalePrice'),
});
const bill: fc.Arbitrary<Bill> = fc.record({
  items: fc.array(
    fc.record({
      value: fc.integer({ min: 0, max: 5_000_000 }).map(paise),
      qty: fc.integer({ min: 1, max: 50_000 }).map(milli),
      isInclusive: fc.boolean(),
      rate,
      hsn: fc.constantFrom('1006', '2106', '2402', '3304'),
    }),
    { minLength: 1, maxLength: 12 },
  ),
  supply: fc.constantFrom<Supply>('intraState', 'intraUt', 'interState'),
  discountShare: fc.integer({ min: 0, max: 1000 }),
  chargesTax: fc.constantFrom(true, true, true, false),
  isB2b: fc.boolean(),
  firstReturn: fc.integer({ min: 0, max: 1000 }),
});

type BilledLine = { readonly item: Item; readonly amount: Paise; readonly split: TaxSplit; readonly total: Paise };

function billLines({ items, supply, discountShare, chargesTax }: Bill): readonly BilledLine[] {
  const values = items.map((item) => item.value);
  const discount = paise(Math.floor((addPaise(...values) * discountShare) / 1000));
  const amounts = discountedValues(values, apportionBillDiscount(discount, values));
  return items.map((item, i) => {
    const amount = amounts[i] ?? zeroPaise;
    const split = computeLineTax({
      amountPaise: amount,
      qtyMilli: item.qty,
      isInclusive: item.isInclusive,
      supply,
      rate: item.rate,
      rspPaise: paise(25_000),
      chargesTax,
    });
    return { item, amount, split, total: lineTotal(amount, item.isInclusive, split) };
  });
}

const hsnLine = ({ item, split }: BilledLine, isB2b: boolean): HsnLine & { readonly isB2b: boolean } => ({
  hsn: item.hsn,
  uqc: 'PCS',
  qtyMilli: item.qty,
  rateBp: item.rate.rateBp,
  treatment: item.rate.treatment,
  split,
  isB2b,
});

describe('a whole bill', () => {
  it('Σ lines = bill = Σ HSN rows, heads equal everywhere, and the totals explain the payable', () => {
    fc.assert(
      fc.property(bill, (b) => {
        const lines = billLines(b);
        const sum = addSplits(...lines.map((line) => line.split));
        const { b2b, b2c } = summariseHsnByBuyer(lines.map((line) => hsnLine(line, b.isB2b)));
        expect(sumHsnRows([...b2b, ...b2c]).split).toEqual(sum);
        for (const split of [sum, ...lines.map((l) => l.split), ...[...b2b, ...b2c].map((row) => row.split)]) {
          expect(split.cgstPaise).toBe(split.sgstPaise + split.utgstPaise);
        }
        if (!b.chargesTax) expect(taxTotal(sum)).toBe(0);
        const total = addPaise(...lines.map((line) => line.total));
        const difference = addPaise(
          ...lines.map(({ item, amount, split }) => valuationDifference(amount, item.isInclusive, split)),
        );
        expect(splitTotal(sum) + difference).toBe(total);
        for (const { item, amount, split } of lines) {
          if (item.rate.valuation === 'transactionValue') {
            expect(valuationDifference(amount, item.isInclusive, split)).toBe(0);
          }
        }
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('returned in two parts nets to 0.00 in every head and in money', () => {
    fc.assert(
      fc.property(bill, (b) => {
        for (const { item, split, total } of billLines(b)) {
          const first = milli(Math.floor((item.qty * b.firstReturn) / 1000));
          const rest = milli(item.qty - first);
          const notes = [splitShare(split, item.qty, milli(0), first), splitShare(split, item.qty, first, rest)].map(
            negateSplit,
          );
          for (const note of notes) expect(note.cgstPaise).toBe(paise(note.sgstPaise + note.utgstPaise));
          expect(addSplits(split, ...notes)).toEqual(zeroSplit);
          const refunds = [
            amountShare(total, item.qty, milli(0), first),
            amountShare(total, item.qty, first, rest),
          ].map(negatePaise);
          expect(addPaise(total, ...refunds)).toBe(0);
        }
      }),
      { numRuns: propertyRuns() },
    );
  });
});

describe('a return over a change of rate', () => {
  it('goods sold at 12 % on 21 Sep 2025 and returned on 1 Oct 2025 come back at 12 %', () => {
    const parsed = parseRateTable(
      readFileSync(join(import.meta.dirname, '..', '..', 'assets', 'gst', 'rates.csv'), 'utf8'),
    );
    const ghee = groupByClass(parsed.ok ? parsed.value : []).get('0405-butter-ghee') ?? [];
    const sold = rateOn(ghee, '2025-09-21' as BusinessDate);
    expect(sold?.rateBp).toBe(1200);
    expect(rateOn(ghee, '2025-10-01' as BusinessDate)?.rateBp).toBe(500);
    if (sold === null) return;
    const split = computeLineTax({
      amountPaise: paise(56_000),
      qtyMilli: onePiece,
      isInclusive: true,
      supply: 'intraState',
      rate: sold,
      rspPaise: null,
      chargesTax: true,
    });
    expect(splitShare(split, onePiece, milli(0), onePiece)).toMatchObject({
      taxableValuePaise: 50_000,
      cgstPaise: 3000,
    });
  });
});
