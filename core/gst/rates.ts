/**
 * Dated GST rates by HSN and condition. A class is one code under one condition, with its rates over time;
 * a person chooses the class for an item, once. The one rule: where a code has several rates, they are
 * listed and never chosen here. It holds no rate of its own but the plain percentages a person may pick.
 */
import { basisPoints } from '../money.ts';
import type { BusinessDate } from '../time.ts';
import type { TaxRate, Treatment } from './tax.ts';

export type RateRow = {
  /** Stable name of the class, kept on items: "1905-biscuits". */
  readonly classKey: string;
  /** As notified: 2, 4, 6 or 8 digits; '' for a plain class. */
  readonly hsn: string;
  readonly description: string;
  /** What the goods must be for this class: "pre-packed and labelled"; '' when nothing. */
  readonly condition: string;
  readonly from: BusinessDate;
  /** Last day in force; null while it is. */
  readonly to: BusinessDate | null;
  readonly rate: TaxRate;
};

const isInForce = (row: RateRow, date: BusinessDate): boolean =>
  row.from <= date && (row.to === null || date <= row.to);

/** The rate of one class on a business date; null when the class had none then (never a guess). */
export const rateOn = (rows: readonly RateRow[], date: BusinessDate): TaxRate | null =>
  rows.find((row) => isInForce(row, date))?.rate ?? null;

/**
 * What a code may be taxed at on a date: rows whose code is a prefix of it, longest first, then the finer
 * rows below it (ice cream stands at 8 digits, so 2105 has to search downward). One row may be taken as the
 * answer only when its condition is empty and it is alone; otherwise a person is asked.
 */
export function candidatesFor(table: readonly RateRow[], hsn: string, date: BusinessDate): readonly RateRow[] {
  if (hsn === '') return [];
  const inForce = table.filter((row) => row.hsn !== '' && isInForce(row, date));
  const above = inForce.filter((row) => hsn.startsWith(row.hsn)).sort((a, b) => b.hsn.length - a.hsn.length);
  const below = inForce.filter((row) => row.hsn !== hsn && row.hsn.startsWith(hsn));
  return [...above, ...below.sort((a, b) => (a.hsn < b.hsn ? -1 : a.hsn > b.hsn ? 1 : 0))];
}

/** Rows of each class, oldest first. */
export function groupByClass(table: readonly RateRow[]): ReadonlyMap<string, readonly RateRow[]> {
  const classes = new Map<string, RateRow[]>();
  for (const row of table) {
    const rows = classes.get(row.classKey);
    if (rows === undefined) classes.set(row.classKey, [row]);
    else rows.push(row);
  }
  for (const rows of classes.values()) rows.sort((a, b) => (a.from < b.from ? -1 : 1));
  return classes;
}

/** The first class that has two rates on one day, or a row that ends before it starts; null when all is well. */
export function findOverlap(table: readonly RateRow[]): string | null {
  for (const [classKey, rows] of groupByClass(table)) {
    for (const [i, row] of rows.entries()) {
      const next = rows[i + 1];
      if (row.to !== null && row.to < row.from) return classKey;
      if (next !== undefined && (row.to === null || row.to >= next.from)) return classKey;
    }
  }
  return null;
}

const plain = (classKey: string, description: string, rateBp: number, treatment: Treatment): RateRow => ({
  classKey,
  hsn: '',
  description,
  condition: '',
  from: '2017-07-01' as BusinessDate,
  to: null,
  rate: { rateBp: basisPoints(rateBp), cess: null, treatment, valuation: 'transactionValue' },
});

const plainRows: readonly RateRow[] = [
  plain('plain-0', 'Nil rated', 0, 'nilRated'),
  plain('plain-25', 'GST 0.25 %', 25, 'taxable'),
  plain('plain-150', 'GST 1.5 %', 150, 'taxable'),
  plain('plain-300', 'GST 3 %', 300, 'taxable'),
  plain('plain-500', 'GST 5 %', 500, 'taxable'),
  plain('plain-1200', 'GST 12 %', 1200, 'taxable'),
  plain('plain-1800', 'GST 18 %', 1800, 'taxable'),
  plain('plain-2800', 'GST 28 %', 2800, 'taxable'),
  plain('plain-4000', 'GST 40 %', 4000, 'taxable'),
  plain('plain-exempt', 'Exempt', 0, 'exempt'),
  plain('plain-nongst', 'Outside GST', 0, 'nonGst'),
];

/** Percentages a person may choose without the schedule: undated, so they don't follow a change of law. */
export const plainRateRows = (): readonly RateRow[] => plainRows;
