/**
 * Worked examples of CGST Rule 35 (rule35_worked.json): inclusive price and rate → each head and the taxable
 * value, within a State and between States. All of them are run.
 */
import { describe, expect, it } from 'vitest';
import { computeLineTax, type Supply } from '#core/gst/tax.ts';
import { basisPoints, parsePaise, paise } from '#core/money.ts';
import { onePiece } from '#core/quantity.ts';
import { noData } from '../data.ts';
import { readVectors } from './peer-taxes.ts';

type Vector = {
  readonly price_incl: string;
  readonly rate: string;
  readonly cgst: string;
  readonly sgst: string;
  readonly taxable_intra: string;
  readonly igst: string;
  readonly taxable_inter: string;
};

const vectors = readVectors<Vector>('rule35_worked.json');
const rupees = (text: string) => parsePaise(text) ?? paise(Number.NaN);

describe.skipIf(vectors.length === 0)(`Rule 35, worked (${vectors.length === 0 ? noData : 'recorded'})`, () => {
  it('has price × rate pairs, none left out', () => {
    expect(vectors.length).toBeGreaterThan(100);
  });

  it.each(vectors.map((v) => [v.price_incl, v.rate, v] as const))('%s at %s %%', (price, rate, v) => {
    const at = (supply: Supply) =>
      computeLineTax({
        amountPaise: rupees(price),
        qtyMilli: onePiece,
        isInclusive: true,
        supply,
        rate: {
          rateBp: basisPoints(Math.round(Number(rate) * 100)),
          cess: null,
          treatment: 'taxable',
          valuation: 'transactionValue',
        },
        rspPaise: null,
        chargesTax: true,
      });
    expect(at('intraState')).toMatchObject({
      cgstPaise: rupees(v.cgst),
      sgstPaise: rupees(v.sgst),
      taxableValuePaise: rupees(v.taxable_intra),
    });
    expect(at('interState')).toMatchObject({ igstPaise: rupees(v.igst), taxableValuePaise: rupees(v.taxable_inter) });
  });
});
