/**
 * The list of goods to label, as plain data: rows are added by scans, counted, given a lot and a weight. Rule kept:
 * pure; the same goods of the same lot scanned again count one more instead of a second row.
 */
import type { LabelGoods, LabelLineInput } from '#contract/till-label.ts';
import { isMeasured, type Milli, parseQty } from '#core/quantity.ts';
import type { Uuid } from '#core/ids.ts';

export type LabelRow = {
  readonly key: number;
  readonly goods: LabelGoods;
  readonly batchId: Uuid | null;
  /** As typed; read when it is printed. */
  readonly count: string;
  readonly weight: string;
};
export type LabelRows = { readonly rows: readonly LabelRow[]; readonly at: number; readonly lastKey: number };
export const noRows: LabelRows = { rows: [], at: 0, lastKey: 0 };

/** 1 to 9,999; null for anything else. */
export const countOf = (text: string): number | null =>
  /^[1-9]\d{0,3}$/.test(text.trim()) ? Number(text.trim()) : null;
export const isWeighedGoods = (goods: LabelGoods): boolean => isMeasured(goods.unit);
export function weightOf(row: LabelRow): Milli | null {
  const weight = parseQty(row.weight);
  return weight === null || weight <= 0 ? null : weight;
}

export function addGoods(now: LabelRows, goods: LabelGoods): LabelRows {
  const weight = goods.weightMilli === null ? '' : String(goods.weightMilli / 1000);
  const same = now.rows.findIndex(
    (row) => row.goods.itemId === goods.itemId && row.batchId === goods.batchId && row.weight === weight,
  );
  const known = now.rows[same];
  if (known !== undefined) {
    const count = String(Math.min(9_999, (countOf(known.count) ?? 0) + 1));
    return { ...now, at: same, rows: now.rows.map((row, i) => (i === same ? { ...row, count } : row)) };
  }
  const key = now.lastKey + 1;
  const row: LabelRow = { key, goods, batchId: goods.batchId, count: '1', weight };
  return { rows: [...now.rows, row], at: now.rows.length, lastKey: key };
}

export const changeRow = (now: LabelRows, key: number, change: Partial<LabelRow>): LabelRows => ({
  ...now,
  rows: now.rows.map((row) => (row.key === key ? { ...row, ...change } : row)),
});

export function removeRow(now: LabelRows, at: number): LabelRows {
  const rows = now.rows.filter((_, i) => i !== at);
  return { ...now, rows, at: Math.max(0, Math.min(at, rows.length - 1)) };
}

export const totalOf = (rows: readonly LabelRow[]): number =>
  rows.reduce((sum, row) => sum + (countOf(row.count) ?? 0), 0);

/** What the till is asked to print; null when a count can't be read. */
export function linesOf(rows: readonly LabelRow[]): readonly LabelLineInput[] | null {
  const lines = rows.map((row) => {
    const count = countOf(row.count);
    return count === null
      ? null
      : { itemId: row.goods.itemId, batchId: row.batchId, weightMilli: weightOf(row), count };
  });
  return lines.every((line) => line !== null) ? lines : null;
}
