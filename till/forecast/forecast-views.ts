/**
 * Forecasts as the owner's screens draw them. Rule kept: what is shown was made by one whole run; only what is on hand is
 * of this moment.
 */
import { quantileOf, spreadOfDay, sumOfDays } from '#core/ordering/demand-spread.ts';
import { daysLeftOf } from '#core/ordering/reorder.ts';
import { type Milli, milli } from '#core/quantity.ts';
import { addDays, type BusinessDate, daysBetween } from '#core/time.ts';
import type {
  Driver,
  FestivalMark,
  ForecastDay,
  ForecastReason,
  ForecastRow,
  ForecastSource,
  GroupForecast,
  ItemForecast,
  PastDay,
} from '#contract/till-forecast.ts';
import type { JudgedWeek } from '#db/forecast-weeks.ts';
import type { ForecastRun, KeptForecast } from '#db/forecasts.ts';
import type { GroupContent } from './group-night.ts';
import { isCountedUnit } from './make-rows.ts';
import { type WeekBand, weekPoints } from './week-points.ts';

const inUnits = 1000;
const toMilli = (units: number): Milli => milli(Math.round(units * inUnits));
const wholeMilli = (n: number): Milli => milli(Math.round(n));

const daysIn = (kept: KeptForecast): number => kept.days.length / 4;
export const meansOf = (kept: KeptForecast): readonly number[] =>
  Array.from({ length: daysIn(kept) }, (_, h) => kept.days[h * 4 + 3] ?? 0);

/** `passed`: days since the run's last day but one; its first days may be over by now. */
export function rowView(kept: KeptForecast, onHandMilli: Milli, passed: number): ForecastRow {
  const tenths = daysLeftOf(meansOf(kept).slice(passed), onHandMilli);
  return {
    itemId: kept.itemId,
    name: kept.name,
    nameHi: kept.nameHi,
    code: kept.code,
    category: kept.category,
    unit: kept.unit,
    onHandMilli,
    soldLastWeekMilli: wholeMilli(kept.soldWeekMilli),
    nextWeek: {
      p10Milli: wholeMilli(kept.weekP10Milli),
      p50Milli: wholeMilli(kept.weekP50Milli),
      p90Milli: wholeMilli(kept.weekP90Milli),
    },
    source: kept.source as ForecastSource,
    confidence: kept.confidence,
    daysLeft: tenths === null ? null : Math.floor(tenths / 10),
  };
}

export const daysView = (kept: KeptForecast, origin: BusinessDate): readonly ForecastDay[] =>
  Array.from({ length: daysIn(kept) }, (_, h) => ({
    date: addDays(origin, h + 1),
    p10Milli: toMilli(kept.days[h * 4] ?? 0),
    p50Milli: toMilli(kept.days[h * 4 + 1] ?? 0),
    p90Milli: toMilli(kept.days[h * 4 + 2] ?? 0),
  }));

const weekDays = 7;

/** Next week as it was kept, and the one after it from its days' distributions. */
function weeksAhead(kept: KeptForecast): readonly WeekBand[] {
  const next = { p10: kept.weekP10Milli, p50: kept.weekP50Milli, p90: kept.weekP90Milli };
  if (daysIn(kept) < 2 * weekDays) return [next];
  const isCounted = isCountedUnit(kept.unit);
  const days = Array.from({ length: weekDays }, (_, k) => {
    const at = (weekDays + k) * 4;
    const [p10 = 0, p50 = 0, p90 = 0, mean = 0] = kept.days.subarray(at, at + 4);
    return spreadOfDay({ p10, p50, p90, mean }, isCounted);
  });
  const week = sumOfDays(days, kept.dayTieBp / 10_000);
  const at = (q: number): number => toMilli(quantileOf(week, q, isCounted));
  return [next, { p10: at(0.1), p50: at(0.5), p90: at(0.9) }];
}

export const pastView = (
  kept: KeptForecast,
  origin: BusinessDate,
  from: BusinessDate,
  sold: ReadonlyMap<BusinessDate, number>,
): readonly PastDay[] =>
  Array.from({ length: daysBetween(from, origin) + 1 }, (_, k) => {
    const date = addDays(from, k);
    const back = daysBetween(date, origin);
    return {
      date,
      soldMilli: wholeMilli(Math.max(0, sold.get(date) ?? 0)),
      isOut: (((kept.daysOut[back >> 3] ?? 0) >> (back & 7)) & 1) === 1,
    };
  });

const missBp = (weeks: readonly JudgedWeek[], of: (week: JudgedWeek) => number): number | null => {
  let [miss, sold] = [0, 0];
  for (const week of weeks) {
    miss += Math.abs(week.soldMilli - of(week));
    sold += week.soldMilli;
  }
  return sold === 0 ? null : Math.round((10_000 * miss) / sold);
};
const ours = (week: JudgedWeek): number => week.p50Milli;
const same = (week: JudgedWeek): number => week.naiveMilli;

/** The run's model did not forecast an item that stands on another rung. */
const isTrained = (source: string): boolean => source === 'trees' || source === 'netAndTrees';

export function itemView(
  run: ForecastRun,
  today: BusinessDate,
  kept: KeptForecast,
  row: ForecastRow,
  past: readonly PastDay[],
  judged: readonly JudgedWeek[],
  festivals: readonly FestivalMark[],
): ItemForecast {
  const first = past[0]?.date ?? run.originDate;
  const short = new Set(past.filter(({ isOut }) => isOut).map(({ date }) => date));
  return {
    row,
    origin: run.originDate,
    today,
    past,
    days: daysView(kept, run.originDate),
    festivals,
    plainWeekMilli: wholeMilli(kept.plainWeekMilli),
    drivers: JSON.parse(kept.drivers) as readonly Driver[],
    reason: kept.reason as ForecastReason,
    weeks: weekPoints(
      first,
      run.originDate,
      new Map(past.map(({ date, soldMilli }) => [date, soldMilli])),
      judged.map(({ weekStart, soldMilli, p10Milli, p50Milli, p90Milli }) => ({
        weekStart,
        sold: soldMilli,
        p10: p10Milli,
        p50: p50Milli,
        p90: p90Milli,
      })),
      weeksAhead(kept),
      (day) => short.has(day),
    ),
    judged: judged.map(({ weekStart, soldMilli, p10Milli, p50Milli, p90Milli }) => ({
      weekStart,
      soldMilli,
      p10Milli,
      p50Milli,
      p90Milli,
    })),
    missBp: missBp(judged, ours),
    lastWeekMissBp: missBp(judged, same),
    daysLearnt: kept.daysLearnt,
    daysLeftOut: kept.daysLeftOut,
    model:
      run.modelVersion === null || run.modelSinceMs === null || !isTrained(kept.source)
        ? null
        : { name: run.modelVersion, sinceMs: run.modelSinceMs },
    order: null,
  };
}

/** What a run of an older version did not keep. */
const nothingMore = {
  weeks: [],
  plainWeek: null,
  drivers: [],
  judged: [],
  missBp: null,
  lastWeekMissBp: null,
  daysLearnt: 0,
} satisfies Partial<GroupContent>;

export function groupView(
  run: ForecastRun,
  today: BusinessDate,
  of: 'category' | 'store',
  name: string | null,
  content: string,
  festivalsFrom: (first: BusinessDate) => readonly FestivalMark[],
) {
  const kept = { ...nothingMore, ...(JSON.parse(content) as GroupContent) };
  const festivals = festivalsFrom(kept.past[0]?.date ?? run.originDate);
  return { of, name, origin: run.originDate, today, festivals, ...kept } satisfies GroupForecast;
}
