/**
 * HSN summary of a bill or a period (GSTR-1 table 12): one row for each code, unit, rate and treatment. The
 * one rule: a row is the sum of its lines' own figures, never a tax computed again from a sum, so that the
 * rows always add up to the lines. It never merges units or rates.
 */
import { addPaise, type BasisPoints, type Paise } from '../money.ts';
import { type Milli, milli } from '../quantity.ts';
import { addSplits, splitTotal, type TaxSplit, type Treatment, zeroSplit } from './tax.ts';

/** One taxed line; returns carry a negative quantity and a negated split. */
export type HsnLine = {
  /** '' where the shop may leave it off (unregistered buyer, turnover up to ₹5 crore). */
  readonly hsn: string;
  readonly uqc: string;
  readonly qtyMilli: Milli;
  readonly rateBp: BasisPoints;
  readonly treatment: Treatment;
  readonly split: TaxSplit;
};

export type HsnRow = HsnLine & {
  /** Taxable value + all taxes. */
  readonly totalPaise: Paise;
};

const keyOf = (line: HsnLine): string => `${line.hsn}|${line.uqc}|${line.rateBp}|${line.treatment}`;

/** Rows in order of code, then unit, then rate, then treatment. */
export function summariseHsn(lines: readonly HsnLine[]): readonly HsnRow[] {
  const rows = new Map<string, HsnLine>();
  for (const line of lines) {
    const key = keyOf(line);
    const row = rows.get(key) ?? { ...line, qtyMilli: milli(0), split: zeroSplit };
    rows.set(key, { ...row, qtyMilli: milli(row.qtyMilli + line.qtyMilli), split: addSplits(row.split, line.split) });
  }
  const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return [...rows.values()]
    .sort((a, b) => text(a.hsn, b.hsn) || text(a.uqc, b.uqc) || a.rateBp - b.rateBp || text(a.treatment, b.treatment))
    .map((row) => ({ ...row, totalPaise: splitTotal(row.split) }));
}

const lineAlone = ({ hsn, uqc, qtyMilli, rateBp, treatment, split }: HsnLine): HsnLine => ({
  hsn,
  uqc,
  qtyMilli,
  rateBp,
  treatment,
  split,
});

/** Table 12 since May 2025: sales to registered and to unregistered buyers apart. */
export function summariseHsnByBuyer(lines: readonly (HsnLine & { readonly isB2b: boolean })[]): {
  readonly b2b: readonly HsnRow[];
  readonly b2c: readonly HsnRow[];
} {
  return {
    b2b: summariseHsn(lines.filter((line) => line.isB2b).map(lineAlone)),
    b2c: summariseHsn(lines.filter((line) => !line.isB2b).map(lineAlone)),
  };
}

/** Σ of rows: what the bill or the section comes to. */
export const sumHsnRows = (rows: readonly HsnRow[]): { readonly split: TaxSplit; readonly totalPaise: Paise } => ({
  split: addSplits(...rows.map((row) => row.split)),
  totalPaise: addPaise(...rows.map((row) => row.totalPaise)),
});
