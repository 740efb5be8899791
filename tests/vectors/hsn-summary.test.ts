/**
 * Peers' vectors of HSN tables (hsn_summary_india.json): lines through computeLineTax and summariseHsn. The
 * peer's table has no column for treatment, so nil-rated and exempt rows of one code are added for it.
 */
import { describe, expect, it } from 'vitest';
import { type HsnLine, summariseHsn } from '#core/gst/hsn-summary.ts';
import { addSplits, type Cess, computeLineTax, type TaxSplit, type Treatment, zeroSplit } from '#core/gst/tax.ts';
import { basisPoints } from '#core/money.ts';
import { noData } from '../data.ts';
import {
  flatten,
  isInPrice,
  isReverseCharge,
  lineMilli,
  lineRupees,
  type PeerLine,
  readVectors,
  toPaise,
  whyNotGst,
} from './peer-taxes.ts';

type HsnPeerLine = PeerLine & { readonly l10n_in_hsn_code: string; readonly product_uom_id: { readonly name: string } };
type Vector = {
  readonly test: string;
  readonly input: { readonly lines: readonly HsnPeerLine[] };
  readonly expected: {
    readonly items: readonly {
      readonly l10n_in_hsn_code: string;
      readonly quantity: number;
      readonly uom_name: string;
      readonly rate: number;
      readonly amount_untaxed: number;
      readonly tax_amount_igst: number;
      readonly tax_amount_cgst: number;
      readonly tax_amount_sgst: number;
      readonly tax_amount_cess: number;
    }[];
  };
};

const vectors = readVectors<Vector>('hsn_summary_india.json');

function toHsnLine(line: HsnPeerLine): HsnLine {
  const taxes = flatten(line.tax_ids ?? []);
  const percent = (kinds: readonly string[]): number =>
    taxes
      .filter((tax) => tax.amount_type === 'percent' && kinds.some((kind) => (tax.gst ?? '').includes(kind)))
      .reduce((sum, tax) => sum + Math.round((tax.amount ?? 0) * 100), 0);
  const fixed = taxes.filter((tax) => tax.amount_type === 'fixed').reduce((sum, tax) => sum + (tax.amount ?? 0), 0);
  const rateBp = basisPoints(percent(['cgst', 'sgst', 'igst']));
  const cess: Cess = {
    rateBp: basisPoints(percent(['cess'])),
    perUnitMilliPaise: Math.round(fixed * 100_000),
    rule: 'sum',
  };
  const has = (kind: string): boolean => taxes.some((tax) => (tax.gst ?? '').startsWith(kind));
  const treatment: Treatment = has('nil_rated')
    ? 'nilRated'
    : has('exempt')
      ? 'exempt'
      : has('non_gst')
        ? 'nonGst'
        : 'taxable';
  const qtyMilli = lineMilli(line);
  const split = computeLineTax({
    amountPaise: toPaise(lineRupees(line)),
    qtyMilli,
    isInclusive: taxes.length > 0 && taxes.every(isInPrice),
    supply: has('igst') ? 'interState' : 'intraState',
    rate: { rateBp, cess, treatment, valuation: 'transactionValue' },
    rspPaise: null,
    chargesTax: !taxes.some(isReverseCharge),
  });
  return { hsn: line.l10n_in_hsn_code, uqc: line.product_uom_id.name, qtyMilli, rateBp, treatment, split };
}

const whyNot = (vector: Vector): string | null => vector.input.lines.map(whyNotGst).find((why) => why !== null) ?? null;
const run = vectors.filter((vector) => whyNot(vector) === null);
const leftOut = vectors.flatMap((vector) => whyNot(vector) ?? []);

describe.skipIf(vectors.length === 0)(`peers' HSN tables (${vectors.length === 0 ? noData : 'recorded'})`, () => {
  it.each(run.map((v) => [`${v.test.split('.')[1]} ${vectors.indexOf(v)}`, v] as const))(
    '%s',
    (_, { input, expected }) => {
      const merged = new Map<string, { qty: number; split: TaxSplit }>();
      for (const row of summariseHsn(input.lines.map(toHsnLine))) {
        const key = `${row.hsn} ${row.uqc} ${row.rateBp}`;
        const before = merged.get(key) ?? { qty: 0, split: zeroSplit };
        merged.set(key, { qty: before.qty + row.qtyMilli, split: addSplits(before.split, row.split) });
      }
      const rows = Object.fromEntries(
        [...merged].map(([key, { qty, split }]) => [
          key,
          [qty, split.taxableValuePaise, split.igstPaise, split.cgstPaise, split.sgstPaise, split.cessPaise],
        ]),
      );
      expect(rows).toEqual(
        Object.fromEntries(
          expected.items.map((item) => [
            `${item.l10n_in_hsn_code} ${item.uom_name} ${Math.round(item.rate * 100)}`,
            [
              Math.round(item.quantity * 1000),
              toPaise(item.amount_untaxed),
              toPaise(item.tax_amount_igst),
              toPaise(item.tax_amount_cgst),
              toPaise(item.tax_amount_sgst),
              toPaise(item.tax_amount_cess),
            ],
          ]),
        ),
      );
    },
  );

  it('run + left out = all, and none of this file is left out', () => {
    expect(run.length + leftOut.length).toBe(vectors.length);
    expect(leftOut).toEqual([]);
  });
});
