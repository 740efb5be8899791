/**
 * How much the days of one item's week go together. Rule kept: measured on weeks that are over, from forecasts that stood
 * before them, by how fast items sell; few weeks leave it near what is usual.
 *
 * With equal correlation ρ of any two days, Var(week) = Σv + ρ((Σ√v)² − Σv): ρ is read from the mean of (week − forecast)²
 * (method of moments).
 */
import { spreadOfDay } from '#core/ordering/demand-spread.ts';
import type { Forecasts } from '../evaluate/forecast-table.ts';
import type { SeriesFrame } from '../frame/series-frame.ts';

/** Mean units a day up to which each class goes. */
const edges = [0.3, 1, 3, 10, 30] as const;
export const usualTie = 0.1;
const mostTie = 0.6;
/** Weeks that the usual counts as. */
const prior = 60;
/** One mad week counts as no more than so many variances. */
const mostSquares = 16;
const weekDays = 7;

export type WeekTies = readonly number[];
/** Where no window is over. */
export const usualTies: WeekTies = Array.from({ length: edges.length + 1 }, () => usualTie);
const classOf = (mean: number): number => edges.filter((edge) => mean >= edge).length;
export const tieOf = (ties: WeekTies, meanPerDay: number): number => ties[classOf(meanPerDay)] ?? usualTie;

/** `windows`: forecasts of weeks that are over; their first seven days are held against the frame. */
export function learnTies(
  frame: SeriesFrame,
  windows: readonly Forecasts[],
  isCounted: (i: number) => boolean,
): WeekTies {
  const sums = Array.from({ length: edges.length + 1 }, () => ({ over: 0, common: 0, weeks: 0 }));
  for (const made of windows) {
    for (let i = 0; i < made.series; i += 1) {
      let [units, mean, variances, deviations, known] = [0, 0, 0, 0, 0];
      for (let h = 0; h < weekDays; h += 1) {
        const k = i * made.horizon + h;
        const y = frame.units[i * frame.days + made.origin + h] ?? Number.NaN;
        const [p10 = 0, p50 = 0, p90 = 0, expected = 0] = [made.p10[k], made.p50[k], made.p90[k], made.mean[k]];
        const day = spreadOfDay({ p10, p50, p90, mean: expected }, isCounted(i));
        if (Number.isNaN(y)) break;
        known += 1;
        units += y;
        mean += day.mean;
        variances += day.variance;
        deviations += Math.sqrt(day.variance);
      }
      if (known < weekDays || !(variances > 0)) continue;
      const sum = sums[classOf(mean / weekDays)];
      if (sum === undefined) continue;
      const square = Math.min((units - mean) ** 2, mostSquares * deviations * deviations);
      // Each week in units of its own common variance, so that fast sellers don't speak for all.
      const common = deviations * deviations - variances;
      if (!(common > 0)) continue;
      sum.over += (square - variances) / common;
      sum.weeks += 1;
    }
  }
  return sums.map(({ over, weeks }) => Math.min(mostTie, Math.max(0, (over + prior * usualTie) / (weeks + prior))));
}
