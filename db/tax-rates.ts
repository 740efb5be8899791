/**
 * Dated tax rates by class and by HSN code, as the till seeded them from its data file. Rule kept: holds rows,
 * never chooses between them (core/gst/rates.ts does, or a person).
 */
import type { RateRow } from '#core/gst/rates.ts';
import type { BusinessDate } from '#core/time.ts';
import { columnsToRate, rateToColumns, type RateColumns } from './codes.ts';
import type { ShopDb } from './open.ts';

export type TaxRates = {
  /** Oldest first; empty when the class is unknown. */
  readonly rowsOf: (classKey: string) => readonly RateRow[];
  /** Inserts or replaces, by class and first day. */
  readonly put: (rows: readonly RateRow[]) => void;
  /** Rows of exactly this code ('' = the plain classes). */
  readonly byHsn: (hsn: string) => readonly RateRow[];
  readonly all: () => readonly RateRow[];
  readonly count: () => number;
};

type Row = RateColumns & {
  class_key: string;
  from_date: BusinessDate;
  to_date: BusinessDate | null;
  hsn: string;
  description: string;
  condition: string;
};
const fromRow = (row: Row): RateRow => ({
  classKey: row.class_key,
  hsn: row.hsn,
  description: row.description,
  condition: row.condition,
  from: row.from_date,
  to: row.to_date,
  rate: columnsToRate(row),
});

export function makeTaxRates(shop: ShopDb): TaxRates {
  const { sql } = shop;
  const ofClass = sql.prepare<[string], Row>('SELECT * FROM tax_rate WHERE class_key = ? ORDER BY from_date');
  const byHsn = sql.prepare<[string], Row>('SELECT * FROM tax_rate WHERE hsn = ? ORDER BY class_key, from_date');
  const all = sql.prepare<[], Row>('SELECT * FROM tax_rate ORDER BY class_key, from_date');
  const count = sql.prepare<[], number>('SELECT count(*) FROM tax_rate').pluck();
  const put = sql.prepare(
    `INSERT OR REPLACE INTO tax_rate (class_key, from_date, to_date, hsn, description, condition,
       rate_bp, treatment, valuation, cess_rule, cess_rate_bp, cess_per_unit_milli_paise)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return {
    rowsOf: (classKey) => ofClass.all(classKey).map(fromRow),
    put: (rows) =>
      shop.transact(() => {
        for (const row of rows) {
          const r = rateToColumns(row.rate);
          put.run(
            row.classKey,
            row.from,
            row.to,
            row.hsn,
            row.description,
            row.condition,
            r.rate_bp,
            r.treatment,
            r.valuation,
            r.cess_rule,
            r.cess_rate_bp,
            r.cess_per_unit_milli_paise,
          );
        }
      }),
    byHsn: (hsn) => byHsn.all(hsn).map(fromRow),
    all: () => all.all().map(fromRow),
    count: () => count.get() ?? 0,
  };
}
