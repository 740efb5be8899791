/**
 * Fifty rows of features that every program must make alike, from the made-up shop's rows. Rule kept: whoever builds
 * features compares with the committed rows before a model is trusted with them: |difference| ≤ 1e-6 of the larger of 1
 * and the value, unknown where unknown.
 */
import { withIndianDays } from '../calendar/indian-days.ts';
import { demandFeatures } from '../features/demand-features.ts';
import { gatherBills } from '../frame/bill-book.ts';
import { type BillFrame, frameOfBook } from '../frame/bill-frame.ts';
import type { BillRows } from '../frame/bill-rows.ts';
import { fitSeason } from '../models/season.ts';
import { goldenState } from './golden-shop.ts';

export const goldenCount = 50;
const horizon = 14;

export type FeatureBatch = { readonly names: readonly string[]; readonly rows: number; readonly values: Float32Array };

/** Frame of a shop's rows as known on the evening before column `origin`, with its calendar. */
export function shopFrame(rows: BillRows, origin: number, state: string | null): BillFrame {
  return withIndianDays(frameOfBook(gatherBills(rows), { days: origin, ahead: horizon }), state);
}

/** Rows 0 … 49: items in turn, days ahead in turn. `origin`: the frame's own unless an earlier one is asked for. */
export function featureBatch(rows: BillRows, origin: number): FeatureBatch {
  const frame = shopFrame(rows, origin, goldenState);
  const features = demandFeatures(frame, fitSeason(frame, origin));
  const values = new Float32Array(goldenCount * features.count);
  for (let row = 0; row < goldenCount; row += 1) {
    features.write(row % frame.names.length, origin, (row * 5) % horizon, values, row * features.count);
  }
  return { names: features.names, rows: goldenCount, values };
}

/** The largest difference, relative to the larger of 1 and the value; Infinity where one is unknown and the other not. */
export function worstDifference(made: Float32Array, golden: Float32Array): number {
  if (made.length !== golden.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (const [at, value] of made.entries()) {
    const other = golden[at] ?? 0;
    if (Number.isNaN(value) !== Number.isNaN(other)) return Number.POSITIVE_INFINITY;
    if (!Number.isNaN(value)) worst = Math.max(worst, Math.abs(value - other) / Math.max(1, Math.abs(other)));
  }
  return worst;
}
