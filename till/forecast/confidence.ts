/**
 * How far an item's forecast may be trusted, 0 … 100: how narrow its week is, times how much was learnt from. Rule kept:
 * a wider band, a shorter past or more days without goods never raise it (docs/ml.md has the formula).
 */

/** Days of sales from which the past counts in full. */
const fullDays = 182;

/** Quantiles of the week, units. */
export function confidenceOf(
  week: { readonly p10: number; readonly p50: number; readonly p90: number },
  daysLearnt: number,
  daysLeftOut: number,
): number {
  const width = (week.p90 - week.p10) / (2 * Math.max(week.p50, 1));
  const narrow = 1 - Math.min(1, Math.max(0, width));
  const past = Math.sqrt(Math.min(1, Math.max(0, daysLearnt) / fullDays));
  const inStock = daysLearnt + daysLeftOut > 0 ? daysLearnt / (daysLearnt + daysLeftOut) : 0;
  return Math.round(100 * narrow * (0.25 + 0.75 * past) * (0.5 + 0.5 * inStock));
}
