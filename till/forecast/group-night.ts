/**
 * A category's or the whole shop's forecast: days and weeks ahead, why next week is as it is, and how good such forecasts
 * would have been. Rule kept: a week that is over is judged by what was known before it; amounts stay in the group's own
 * unit (milli-units, or paise), whole.
 *
 * One series by level × season (models/season.ts, models/level-season.ts), with bands of its own past errors. It is divided
 * by its dispersion before the Poisson regression, so that takings in paise weigh no more than they know (quasi-likelihood:
 * McCullagh & Nelder 1989, "Generalized Linear Models", ch. 9).
 */
import { spreadOfDay, sumOfDays } from '#core/ordering/demand-spread.ts';
import { addDays, type BusinessDate } from '#core/time.ts';
import type { GroupForecast } from '#contract/till-forecast.ts';
import type { NewGroup } from '#db/forecasts.ts';
import { emptyForecasts, type Forecasts } from '#ml/evaluate/forecast-table.ts';
import { demandLevels, type DemandLevels } from '#ml/features/demand-levels.ts';
import type { DayTable, SeriesFrame } from '#ml/frame/series-frame.ts';
import { forecastByRule, weekdayMean } from '#ml/models/naive.ts';
import { fitSeason, type SeasonFactors } from '#ml/models/season.ts';
import { effectsOf, type NearFestival, shareOut } from './drivers.ts';
import { pastDays, weekDays, weekOf } from './make-rows.ts';
import type { GroupSeries, ShopPast } from './shop-past.ts';
import { weekPoints, type WeekBand } from './week-points.ts';

/** Days from the first sale from which on a season is fitted. */
const leastDays = 42;
const judgedWeeks = 8;
/** So many days must lie before the first week that is judged. */
const daysBeforeJudged = 63;
const errorDays = 182;
const usualGroupTie = 0.3;
const mostTie = 0.9;
/** Weeks that the usual counts as. */
const tieWeeks = 20;
/** One mad week counts as no more than so many variances. */
const mostSquares = 4;

/** What of a shop's past a group needs. */
type GroupPast = Pick<ShopPast, 'days' | 'ahead' | 'firstDay' | 'lastDay'> & {
  readonly frame: Pick<ShopPast['frame'], 'firstDay' | 'calendar'>;
};
export type GroupContent = Omit<GroupForecast, 'of' | 'name' | 'origin' | 'today' | 'festivals'>;
type Fitted = { readonly frame: SeriesFrame; readonly season: SeasonFactors; readonly levels: DemandLevels };

/** One group as it is forecast, before its weeks are given their spread. */
type Made = {
  readonly group: GroupSeries;
  readonly size: number;
  readonly start: number;
  readonly fitted: Fitted | null;
  readonly made: Forecasts;
  readonly replayed: Replayed;
};
/** Forecasts of the last weeks that are over, in a size of their own. */
type Replayed = { readonly size: number; readonly weeks: readonly Forecasts[] };

/** All groups of a night: how much the days of a group's week go together is learnt from all of them. */
export function groupsNight(
  past: GroupPast,
  groups: readonly GroupSeries[],
  near: readonly NearFestival[],
): readonly NewGroup[] {
  const all = groups.map((group) => makeGroup(past, group));
  const tie = groupTie(all);
  return all.map((one) => ({
    kind: one.group.kind,
    name: one.group.name,
    content: JSON.stringify(contentOf(past, one, near, tie)),
  }));
}

function makeGroup(past: GroupPast, group: GroupSeries): Made {
  const size = dispersionOf(group.values);
  const frame = frameOf(group.values, size, past.frame.firstDay, past.ahead, past.frame.calendar);
  const start = frame.starts[0] ?? past.days;
  const fitted = past.days - start < leastDays ? null : fit(frame, past.days);
  const made = fitted === null ? byRule(frame, past) : byLevel(fitted, start, past.days, past.days, past.ahead);
  return { group, size, start, fitted, made, replayed: replay(past, group.values, start) };
}

function contentOf(
  past: GroupPast,
  { group, size, start, fitted, made, replayed }: Made,
  near: readonly NearFestival[],
  tie: number,
): GroupContent {
  const band = (from: number): WeekBand => inSize(weekOf(made, 0, tie, false, from), size);
  const nextWeek = band(0);
  const date = (t: number): BusinessDate => addDays(past.firstDay, t);
  // The spread that was usual then: what these weeks taught of it came after them.
  const judged = replayed.weeks.map((one) => ({
    weekStart: date(one.origin),
    sold: weekSum(group.values, one.origin),
    before: weekSum(group.values, one.origin - weekDays),
    ...inSize(weekOf(one, 0, usualGroupTie, false), replayed.size),
  }));
  const from = Math.max(0, past.days - pastDays);
  const shown = Array.from(group.values.subarray(from), (value, k) => ({
    date: date(from + k),
    value: Math.round(value),
  }));
  const effects = fitted === null ? null : effectsOf(fitted, 0, past.days, near);
  const plainWeek = Math.round((effects?.plainWeek ?? 0) * size);
  return {
    unit: group.unit,
    past: shown,
    days: Array.from({ length: past.ahead }, (_, h) => ({
      date: date(past.days + h),
      ...inSize({ p10: made.p10[h] ?? 0, p50: made.p50[h] ?? 0, p90: made.p90[h] ?? 0 }, size),
    })),
    nextWeek,
    weeks: weekPoints(
      date(Math.max(from, start)),
      past.lastDay,
      new Map(shown.map(({ date: day, value }) => [day, value])),
      judged.map(({ before: _before, ...week }) => week),
      Array.from({ length: Math.floor(past.ahead / weekDays) }, (_, k) => band(k * weekDays)),
    ),
    plainWeek: effects === null ? null : plainWeek,
    drivers: effects === null ? [] : shareOut(effects.effects, size, nextWeek.p50 - plainWeek),
    judged: judged.map(({ before: _before, ...week }) => week),
    missBp: missBp(judged, ({ p50 }) => p50),
    lastWeekMissBp: missBp(judged, ({ before }) => before),
    daysLearnt: Math.max(0, past.days - start),
  };
}

const weekSum = (values: Float64Array, from: number): number =>
  Math.round(values.subarray(from, from + weekDays).reduce((sum, value) => sum + value, 0));

/**
 * Correlation of any two days of a group's week, from the squares of weeks that are over (week-tie.ts has the formula).
 * What all items do together on a day does not even out in a sum, so that it is larger than an item's.
 */
function groupTie(all: readonly Made[]): number {
  let [over, weeks] = [usualGroupTie * tieWeeks, tieWeeks];
  for (const { group, replayed } of all) {
    for (const one of replayed.weeks) {
      const days = Array.from({ length: weekDays }, (_, h) =>
        spreadOfDay(
          { p10: one.p10[h] ?? 0, p50: one.p50[h] ?? 0, p90: one.p90[h] ?? 0, mean: one.mean[h] ?? 0 },
          false,
        ),
      );
      const [apart, common] = [sumOfDays(days, 0), sumOfDays(days, 1)];
      if (!(common.variance > apart.variance)) continue;
      const off = weekSum(group.values, one.origin) / replayed.size - apart.mean;
      const square = Math.min(off * off, mostSquares * common.variance);
      over += (square - apart.variance) / (common.variance - apart.variance);
      weeks += 1;
    }
  }
  return Math.min(mostTie, Math.max(0, over / weeks));
}

const inSize = ({ p10, p50, p90 }: WeekBand, size: number): WeekBand => ({
  p10: Math.round(p10 * size),
  p50: Math.round(p50 * size),
  p90: Math.round(p90 * size),
});

/** Variance over mean beside the mean of each weekday, of the last half year; 1 where nothing varies. */
function dispersionOf(values: Float64Array): number {
  const from = Math.max(0, values.length - errorDays);
  const [sums, counts] = [new Float64Array(weekDays), new Float64Array(weekDays)];
  for (let t = from; t < values.length; t += 1) {
    sums[t % weekDays] = (sums[t % weekDays] ?? 0) + (values[t] ?? 0);
    counts[t % weekDays] = (counts[t % weekDays] ?? 0) + 1;
  }
  let [squares, days] = [0, 0];
  for (let t = from; t < values.length; t += 1) {
    const mean = (sums[t % weekDays] ?? 0) / Math.max(1, counts[t % weekDays] ?? 0);
    if (!(mean > 0)) continue;
    squares += ((values[t] ?? 0) - mean) ** 2 / mean;
    days += 1;
  }
  return squares > 0 ? squares / days : 1;
}

function frameOf(
  values: Float64Array,
  size: number,
  firstDay: number,
  ahead: number,
  calendar: DayTable | null,
): SeriesFrame {
  const days = values.length;
  const units = new Float64Array(days + ahead).fill(Number.NaN);
  units.set(values.map((value) => value / size));
  const start = values.findIndex((value) => value > 0);
  const starts = new Int32Array([start < 0 ? days : start]);
  return { names: [''], groupings: [], firstDay, days: days + ahead, units, price: null, starts, calendar };
}

function fit(frame: SeriesFrame, origin: number): Fitted {
  const season = fitSeason(frame, origin);
  return { frame, season, levels: demandLevels(frame, season) };
}

const byRule = (frame: SeriesFrame, past: GroupPast): Forecasts =>
  (frame.starts[0] ?? past.days) >= past.days
    ? emptyForecasts(1, past.ahead, past.days)
    : forecastByRule(weekdayMean, frame, past.days, past.ahead);

/** `fittedAt`: the column up to which the season was learnt; errors are of the days before it. */
function byLevel({ frame, levels }: Fitted, start: number, fittedAt: number, origin: number, ahead: number): Forecasts {
  const made = emptyForecasts(1, ahead, origin);
  const errors = relativeErrors(frame.units, levels, Math.max(start + 28, fittedAt - errorDays), fittedAt);
  for (let h = 0; h < ahead; h += 1) {
    const mean = levels.level(0, origin) * levels.factor(0, origin + h);
    made.mean[h] = mean;
    made.p50[h] = mean * (1 + quantile(errors, 0.5));
    made.p10[h] = Math.max(0, mean * (1 + quantile(errors, 0.1)));
    made.p90[h] = mean * (1 + quantile(errors, 0.9));
  }
  return made;
}

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;

/** (sold − forecast) ÷ forecast of the days before, each from a level a day earlier; ascending. */
function relativeErrors(units: Float64Array, levels: DemandLevels, from: number, to: number): readonly number[] {
  const errors: number[] = [];
  for (let t = from; t < to; t += 1) {
    const expected = levels.level(0, t) * levels.factor(0, t);
    if (expected > 0) errors.push(((units[t] ?? 0) - expected) / expected);
  }
  return errors.toSorted((a, b) => a - b);
}

type Judged = WeekBand & { readonly sold: number; readonly before: number };

/** The last weeks that are over, each as it would have been forecast: all but the level from before the first of them. */
function replay(past: GroupPast, values: Float64Array, start: number): Replayed {
  const origins = Array.from({ length: judgedWeeks }, (_, w) => past.days - (judgedWeeks - w) * weekDays).filter(
    (origin) => origin - start >= daysBeforeJudged,
  );
  const [first] = origins;
  if (first === undefined) return { size: 1, weeks: [] };
  const size = dispersionOf(values.subarray(0, first));
  const fitted = fit(frameOf(values, size, past.frame.firstDay, past.ahead, past.frame.calendar), first);
  return { size, weeks: origins.map((origin) => byLevel(fitted, start, first, origin, weekDays)) };
}

function missBp(weeks: readonly Judged[], of: (week: Judged) => number): number | null {
  let [miss, sold] = [0, 0];
  for (const week of weeks) {
    miss += Math.abs(week.sold - of(week));
    sold += week.sold;
  }
  return sold === 0 ? null : Math.round((10_000 * miss) / sold);
}
