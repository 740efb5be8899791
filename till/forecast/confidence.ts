/**
 * How far an item's forecast may be trusted, 0 … 100: how narrow its week is, times how much was learnt from. Rule kept:
 * a wider band, a shorter past or more days without goods never raise it (the formula is ml/ensemble/confidence.ts's).
 */
import { confidenceOf as shareOf } from '#ml/ensemble/confidence.ts';

/** Quantiles of the week, units. */
export function confidenceOf(
  week: { readonly p10: number; readonly p50: number; readonly p90: number },
  daysLearnt: number,
  daysLeftOut: number,
): number {
  return Math.round(100 * shareOf({ ...week, daysLearnt, daysLeftOut, skill: null }));
}
