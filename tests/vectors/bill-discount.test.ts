/**
 * Peers' vectors of bill discounts (bill_discount_india.json). The peer takes its percentage off the bill
 * after tax: each head, and the total, of the whole bill is scaled, and the base takes what is left. That is
 * what splitShare does with a taxed bill (as in a credit note for the same share), and so it is run here.
 * This project's own discount goes off the lines before tax (CGST Act s. 15(3)(a)), each line being taxed
 * anew; that path is run on the same bills too, and may differ from the peer only by the rounding of heads.
 */
import { describe, expect, it } from 'vitest';
import { apportionBillDiscount, billDiscountAmount, discountedValues } from '#core/gst/bill-discount.ts';
import { splitShare, splitTotal, type TaxSplit, taxTotal } from '#core/gst/tax.ts';
import { addPaise, basisPoints, type Paise, paise, zeroPaise } from '#core/money.ts';
import { milli } from '#core/quantity.ts';
import { noData } from '../data.ts';
import {
  type Charged,
  charge,
  chargeDocument,
  lineMilli,
  lineRupees,
  type PeerDocument,
  readVectors,
  toPaise,
  totalsOf,
  whyNotDocument,
} from './peer-taxes.ts';

type Group = { readonly id: number; readonly tax_amount_currency: number };
type Vector = {
  readonly test: string;
  readonly kind: 'global_discount' | 'tax_totals_summary';
  readonly input: {
    readonly document: PeerDocument;
    readonly amount_type?: 'percent' | 'fixed';
    readonly amount?: number;
    readonly soft: boolean;
  };
  readonly expected: {
    readonly base_amount_currency?: number;
    readonly tax_amount_currency?: number;
    readonly total_amount_currency: number;
    readonly subtotals?: readonly { readonly tax_groups: readonly Group[] }[];
  };
};

const vectors = readVectors<Vector>('bill_discount_india.json');

const byGroup = (charged: readonly Charged[]): ReadonlyMap<number, Paise> => {
  const groups = new Map<number, Paise>();
  for (const { tax, taxPaise } of charged) {
    const id = tax.tax_group_id ?? tax.id;
    groups.set(id, addPaise(groups.get(id) ?? zeroPaise, taxPaise));
  }
  return groups;
};

function whyNot({ input }: Vector): string | null {
  if (byGroup(chargeable(input.document)).size > 3)
    return 'A bill with more than three taxes has more heads than an intra-State bill.';
  return whyNotDocument(input.document);
}
const chargeable = (document: PeerDocument): readonly Charged[] =>
  whyNotDocument(document) === null ? chargeDocument(document).flatMap((line) => line.taxes) : [];

const run = vectors.filter((vector) => whyNot(vector) === null);
const leftOut = vectors.flatMap((vector) => whyNot(vector) ?? []);

/** The whole bill as one split: first and second group as CGST and SGST, a third as cess. */
function billSplit(document: PeerDocument): { readonly split: TaxSplit; readonly groupIds: readonly number[] } {
  const lines = chargeDocument(document);
  const groups = byGroup(lines.flatMap((line) => line.taxes));
  const [cgstPaise = zeroPaise, sgstPaise = zeroPaise, cessPaise = zeroPaise] = [...groups.values()];
  const split = {
    taxableValuePaise: paise(totalsOf(lines).base),
    cgstPaise,
    sgstPaise,
    cessPaise,
    utgstPaise: zeroPaise,
    igstPaise: zeroPaise,
  };
  return { split, groupIds: [...groups.keys()] };
}

/** What is left of the bill, as kept ÷ whole. */
function keptOf({ input }: Vector, total: Paise): { readonly kept: number; readonly whole: number } {
  if (input.amount === undefined) return { kept: 1, whole: 1 };
  if (input.amount_type === 'percent') return { kept: 10_000 - Math.round(input.amount * 100), whole: 10_000 };
  return { kept: total - toPaise(input.amount), whole: total };
}

describe.skipIf(vectors.length === 0)(`peers' bill discounts (${vectors.length === 0 ? noData : 'recorded'})`, () => {
  const title = (v: Vector): string =>
    `${v.input.document.rounding_method} less ${v.input.amount ?? 0} ${v.input.amount_type ?? ''} ${vectors.indexOf(v)}`;

  it.each(run.map((v) => [title(v), v] as const))('%s', (_, vector) => {
    const { expected, input } = vector;
    const { split, groupIds } = billSplit(input.document);
    const { kept, whole } = keptOf(vector, splitTotal(split));
    const left = splitShare(split, milli(whole), milli(0), milli(kept));
    expect(splitTotal(left)).toBe(toPaise(expected.total_amount_currency));
    if (input.soft) return;
    expect(taxTotal(left)).toBe(toPaise(expected.tax_amount_currency ?? Number.NaN));
    expect(left.taxableValuePaise).toBe(toPaise(expected.base_amount_currency ?? Number.NaN));
    const heads = [left.cgstPaise, left.sgstPaise, left.cessPaise];
    for (const group of (expected.subtotals ?? []).flatMap((subtotal) => subtotal.tax_groups)) {
      expect(heads[groupIds.indexOf(group.id)], `group ${group.id}`).toBe(toPaise(group.tax_amount_currency));
    }
  });

  const own = run.filter(
    (v) => v.input.amount_type === 'percent' && v.input.document.rounding_method === 'round_per_line',
  );
  it.each(own.map((v) => [title(v), v] as const))('discount before tax, %s', (_, { input, expected }) => {
    const { lines } = input.document;
    const values = lines.map((line) => toPaise(lineRupees(line)));
    const rateBp = basisPoints(Math.round((input.amount ?? 0) * 100));
    const discount = billDiscountAmount({ kind: 'percent', rateBp }, addPaise(...values));
    const shares = apportionBillDiscount(discount, values);
    expect(addPaise(...shares)).toBe(discount);
    const after = discountedValues(values, shares);
    const totals = totalsOf(lines.map((line, i) => charge(after[i] ?? zeroPaise, lineMilli(line), line.tax_ids ?? [])));
    // Half a paisa for each rounding on either side: the discount, and each head of each line, twice.
    const roundings = 1 + 2 * lines.reduce((n, line) => n + (line.tax_ids ?? []).length, 0);
    expect(Math.abs(totals.total - toPaise(expected.total_amount_currency))).toBeLessThanOrEqual(roundings / 2);
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
