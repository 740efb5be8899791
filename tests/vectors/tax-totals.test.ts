/**
 * Peers' vectors of whole documents (tax_totals.json): totals and each tax group's tax, in the document's
 * own currency. Foreign currency columns are not compared: a till's bills are in rupees.
 */
import { describe, expect, it } from 'vitest';
import { paise, roundToStep } from '#core/money.ts';
import { noData } from '../data.ts';
import {
  chargeDocument,
  flatten,
  type PeerDocument,
  readVectors,
  toPaise,
  totalsOf,
  whyNotDocument,
} from './peer-taxes.ts';

type Group = { readonly id: number; readonly tax_amount_currency: number };
type Vector = {
  readonly test: string;
  readonly input: { readonly document: PeerDocument; readonly soft: boolean };
  readonly expected: {
    readonly base_amount_currency: number;
    readonly tax_amount_currency: number;
    readonly total_amount_currency: number;
    readonly subtotals?: readonly { readonly tax_groups: readonly Group[] }[];
  };
};

const vectors = readVectors<Vector>('tax_totals.json');
const whyNot = (vector: Vector): string | null => whyNotDocument(vector.input.document);
const run = vectors.filter((vector) => whyNot(vector) === null);
const leftOut = vectors.flatMap((vector) => whyNot(vector) ?? []);

describe.skipIf(vectors.length === 0)(`peers' document totals (${vectors.length === 0 ? noData : 'recorded'})`, () => {
  it.each(run.map((v) => [`${v.test.split('.')[1]} ${vectors.indexOf(v)}`, v] as const))(
    '%s',
    (_, { input, expected }) => {
      const lines = chargeDocument(input.document);
      const totals = totalsOf(lines);
      const step = input.document.cash_rounding === null ? 1 : Math.round(input.document.cash_rounding.rounding * 100);
      expect(roundToStep(paise(totals.total), paise(step))).toBe(toPaise(expected.total_amount_currency));
      if (input.soft) return;
      expect(totals.tax).toBe(toPaise(expected.tax_amount_currency));
      if (step === 1) expect(totals.base).toBe(toPaise(expected.base_amount_currency));
      const groups = (expected.subtotals ?? []).flatMap((subtotal) => subtotal.tax_groups);
      const all = lines.flatMap((line) => line.taxes);
      const isNamed = input.document.lines.every((line) =>
        flatten(line.tax_ids ?? []).every((tax) => tax.tax_group_id !== undefined),
      );
      if (!isNamed) return;
      for (const group of groups) {
        const tax = all.filter((c) => c.tax.tax_group_id === group.id).reduce((sum, c) => sum + c.taxPaise, 0);
        expect(tax, `group ${group.id}`).toBe(toPaise(group.tax_amount_currency));
      }
    },
  );

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
