/**
 * Whole weeks for a page that shows weeks: those that are over, with the band they were given beforehand, and those to
 * come. Rule kept: a week's band is the week's own, never a sum of its days' bands; a week that nobody forecast has none.
 */
import { addDays, type BusinessDate } from '#core/time.ts';
import type { WeekPoint } from '#contract/till-forecast.ts';

const weekDays = 7;
export type WeekBand = { readonly p10: number; readonly p50: number; readonly p90: number };
export type PastWeek = WeekBand & { readonly weekStart: BusinessDate; readonly sold: number };

/**
 * `sold`: by day, from `first` to `origin`; `judged`: oldest first; `ahead`: from the day after the origin, a week each.
 * Weeks before the first one in which anything was sold are left out.
 */
export function weekPoints(
  first: BusinessDate,
  origin: BusinessDate,
  sold: ReadonlyMap<BusinessDate, number>,
  judged: readonly PastWeek[],
  ahead: readonly WeekBand[],
  isOut: (day: BusinessDate) => boolean = () => false,
): readonly WeekPoint[] {
  const known = new Map(judged.map((week) => [week.weekStart, week]));
  const soldIn = (weekStart: BusinessDate): number => {
    let sum = 0;
    for (let k = 0; k < weekDays; k += 1) sum += sold.get(addDays(weekStart, k)) ?? 0;
    return Math.max(0, Math.round(sum));
  };
  const over: WeekPoint[] = [];
  // Weeks begin as the judged ones do; without one, so that the last ends on the origin.
  for (let start = lastStart(judged, origin); start >= first || known.has(start); start = addDays(start, -weekDays)) {
    const week = known.get(start);
    over.push({
      weekStart: start,
      sold: week?.sold ?? soldIn(start),
      isOut: Array.from({ length: weekDays }, (_, k) => addDays(start, k)).some(isOut),
      p10: week?.p10 ?? null,
      p50: week?.p50 ?? null,
      p90: week?.p90 ?? null,
    });
  }
  const opening = over.findLastIndex(({ sold: amount, p50 }) => (amount ?? 0) > 0 || p50 !== null);
  return [
    ...over.slice(0, opening + 1).reverse(),
    ...ahead.map((band, k) => ({ weekStart: addDays(origin, 1 + k * weekDays), sold: null, isOut: false, ...band })),
  ];
}

/** The last whole week that begins on a weekday of the judged ones. */
function lastStart(judged: readonly PastWeek[], origin: BusinessDate): BusinessDate {
  const last = addDays(origin, 1 - weekDays);
  let start = judged.at(-1)?.weekStart ?? last;
  while (addDays(start, weekDays) <= last) start = addDays(start, weekDays);
  return start;
}
