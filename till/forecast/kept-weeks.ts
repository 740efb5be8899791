/**
 * Weeks that are held against what was sold: the one that begins tomorrow, for a young shop its last ones worked out
 * afterwards, and the sales of those that are over. Rule kept: numbers in columns until a piece of them is written, since
 * eight weeks of a large shop are hundreds of thousands of rows; a week with a day out of stock is told as such.
 */
import { addDays, type BusinessDate, daysBetween } from '#core/time.ts';
import { type NewForecastWeek, shortMilli } from '#db/forecast-weeks.ts';
import type { Forecasts } from '#ml/evaluate/forecast-table.ts';
import { usualTie } from '#ml/ensemble/week-tie.ts';
import { isCountedUnit, toMilli, weekDays, weekOf } from './make-rows.ts';
import { replayWeeks } from './plain-night.ts';
import type { ShopPast } from './shop-past.ts';

/** Of all items of a shop. */
export type WeekColumns = {
  /** The shop's column that it begins on. */
  readonly origin: number;
  /** [items × (p10, p50, p90)], milli-units. */
  readonly bands: Float64Array;
  readonly isOver: boolean;
};

const emptyWeek = (past: ShopPast, origin: number, isOver: boolean): WeekColumns => ({
  origin,
  bands: new Float64Array(3 * past.items.length),
  isOver,
});

/** Row k of `made` is item i. */
function putWeek(past: ShopPast, to: WeekColumns, i: number, made: Forecasts, k: number, tie: number): void {
  const { p10, p50, p90 } = weekOf(made, k, tie, isCountedUnit(past.items[i]?.unit ?? ''));
  to.bands.set([toMilli(p10), toMilli(p50), toMilli(p90)], 3 * i);
}

/** A shop that has kept no week yet: the last ones, from what was known before each. */
export function weeksAfterwards(past: ShopPast, weeks: number, seed: number): readonly WeekColumns[] {
  const made: WeekColumns[] = [];
  for (const { from, weeks: block } of replayWeeks(past, weeks, seed)) {
    for (const [at, part] of block.entries()) {
      const week = made[at] ?? emptyWeek(past, part.origin, true);
      made[at] = week;
      for (let k = 0; k < part.series; k += 1) putWeek(past, week, from + k, part, k, usualTie);
    }
  }
  return made;
}

/** Whether the last week that was kept is over by tomorrow. */
export const isWeekToKeep = (past: ShopPast, last: BusinessDate | null): boolean =>
  past.days >= weekDays && (last === null || addDays(last, weekDays) <= addDays(past.lastDay, 1));

/** The week that begins tomorrow. */
export function weekAhead(past: ShopPast, made: Forecasts, tieAt: (i: number) => number): WeekColumns {
  const week = emptyWeek(past, made.origin, false);
  for (const i of past.items.keys()) putWeek(past, week, i, made, i, tieAt(i));
  return week;
}

/** One after the other, as they are written. */
export function* weekRows(past: ShopPast, weeks: readonly WeekColumns[]): Generator<NewForecastWeek> {
  for (const { origin, bands, isOver } of weeks) {
    const weekStart = addDays(past.firstDay, origin);
    for (const [i, { itemNo }] of past.items.entries()) {
      if ((past.frame.starts[i] ?? past.days) >= origin) continue;
      let naive = 0;
      for (let t = origin - weekDays; t < origin; t += 1) naive += past.sold[i * past.days + t] ?? 0;
      yield {
        weekStart,
        itemNo,
        p10Milli: bands[3 * i] ?? 0,
        p50Milli: bands[3 * i + 1] ?? 0,
        p90Milli: bands[3 * i + 2] ?? 0,
        naiveMilli: toMilli(naive),
        soldMilli: isOver ? soldMilliOf(past, i, origin) : null,
      };
    }
  }
}

/** What an item's week came to; null: a day of it was not known. */
function weekSold(past: ShopPast, i: number, from: number): number | null {
  let sum = 0;
  for (let t = from; t < from + weekDays; t += 1) {
    const isKnown = !Number.isNaN(past.frame.units[i * past.frame.days + t] ?? Number.NaN);
    if (t >= (past.frame.starts[i] ?? 0) && !isKnown) return null;
    sum += past.sold[i * past.days + t] ?? 0;
  }
  return sum;
}

const soldMilliOf = (past: ShopPast, i: number, from: number): number => {
  const sold = weekSold(past, i, from);
  return sold === null ? shortMilli : toMilli(sold);
};

/** Sales of weeks that are over; a week with a day out of stock is told as such. */
export function settleWeeks(past: ShopPast, openWeeks: readonly BusinessDate[]) {
  const settled: Pick<NewForecastWeek, 'weekStart' | 'itemNo' | 'soldMilli'>[] = [];
  for (const weekStart of openWeeks) {
    const from = daysBetween(past.firstDay, weekStart);
    if (addDays(weekStart, weekDays - 1) > past.lastDay || from < 0) continue;
    for (const [i, { itemNo }] of past.items.entries())
      settled.push({ weekStart, itemNo, soldMilli: soldMilliOf(past, i, from) });
  }
  return settled;
}
