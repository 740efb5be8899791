/**
 * Why next week is as it is: effects in units against a plain week. Rule kept: the effects and the plain week add up to
 * what level and season say of the week, term by term; what the better model says beyond that is the rest, and is named so.
 *
 * A plain week is the mean week of the last quarter. From there: trend (today's level against the quarter's), season
 * (the time of year and the days that the shop is open), festival (what the season says of days near one, by how far it
 * is), pay-days (what it says of them, against a usual week's share of them). What a price does is asked of the model
 * that forecasts (../models/price-effect.ts).
 */
import type { FestivalMark, GroupDriver } from '#contract/till-forecast.ts';
import type { BusinessDate } from '#core/time.ts';
import { daysAfter, daysBefore } from '#ml/calendar/festivals.ts';
import type { DemandLevels } from '#ml/features/demand-levels.ts';
import type { SeriesFrame } from '#ml/frame/series-frame.ts';
import type { SeasonFactors } from '#ml/models/season.ts';

export type Effect = {
  readonly kind: 'trend' | 'season' | 'festival' | 'payday' | 'price';
  readonly festival: FestivalMark | null;
  readonly units: number;
  readonly lastTimeBp: number | null;
};
export type Effects = { readonly plainWeek: number; readonly effects: readonly Effect[] };

/** A festival to come or just over, with its days in the frame's columns. */
export type NearFestival = FestivalMark & {
  readonly column: number;
  /** When it was last, where the frame reaches back to it. */
  readonly lastColumn: number | null;
};

/** A block of the night. */
type EffectSource = {
  readonly frame: SeriesFrame;
  readonly levels: DemandLevels;
  readonly season: Pick<SeasonFactors, 'festivals' | 'paydays'>;
};

const weekDays = 7;
const quarterDays = 91;
/** As the season has it (calendar/festivals.ts): from so many days before a festival to so many after. */
const [before, after] = [daysBefore, daysAfter];

export function effectsOf(
  { frame, levels, season: { festivals: felt, paydays } }: EffectSource,
  i: number,
  origin: number,
  festivals: readonly NearFestival[],
): Effects {
  const factor = (t: number): number => levels.factor(i, t);
  const payday = paydayOf(frame, paydays, i);
  const from = Math.max(frame.starts[i] ?? 0, origin - quarterDays);
  let [units, known, factors, usualPaid] = [0, 0, 0, 0];
  for (let t = from; t < origin; t += 1) {
    const value = frame.units[i * frame.days + t] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    units += value;
    factors += factor(t);
    usualPaid += factor(t) * payday(t);
    known += 1;
  }
  if (known === 0) return { plainWeek: 0, effects: [] };
  const plainWeek = (units / known) * weekDays;
  const usualFactor = factors / known;
  const quarterLevel = usualFactor > 0 ? units / factors : 0;
  const level = levels.level(i, origin);
  let [whole, festive, paid] = [0, 0, 0];
  const shares = new Map<NearFestival, number>();
  for (let t = origin; t < Math.min(frame.days, origin + weekDays); t += 1) {
    whole += factor(t);
    const near = nearest(festivals, t);
    const share =
      near === null ? 0 : factor(t) * (1 - Math.exp(-(felt?.effects[(felt.own[i] ?? 0) * frame.days + t] ?? 0)));
    // Of what is not the festival's.
    paid += (factor(t) - share) * payday(t);
    if (near === null) continue;
    festive += share;
    shares.set(near, (shares.get(near) ?? 0) + share);
  }
  const trend = (level - quarterLevel) * usualFactor * weekDays;
  const morePaid = paid - (usualPaid / known) * weekDays;
  const season = level * (whole - festive - morePaid - usualFactor * weekDays);
  return {
    plainWeek,
    effects: [
      { kind: 'trend', festival: null, units: trend, lastTimeBp: null },
      { kind: 'season', festival: null, units: season, lastTimeBp: null },
      { kind: 'payday', festival: null, units: level * morePaid, lastTimeBp: null },
      ...[...shares].map(
        ([near, share]): Effect => ({
          kind: 'festival',
          festival: { date: near.date, family: near.family },
          units: level * share,
          lastTimeBp: lastTimeOf(frame, i, near),
        }),
      ),
    ],
  };
}

/** Share of a day's factor that is there because money came in; 0 on other days. */
function paydayOf(frame: SeriesFrame, paydays: SeasonFactors['paydays'], i: number): (t: number) => number {
  const { calendar } = frame;
  if (paydays === null || calendar === null) return () => 0;
  const shift = frame.firstDay - calendar.firstDay;
  const windows = paydays.columns.map((name, k) => ({
    values: calendar.columns.find((column) => column.name === name)?.values,
    effect: paydays.own[i * paydays.columns.length + k] ?? 0,
  }));
  return (t) =>
    1 - Math.exp(-windows.reduce((sum, { values, effect }) => sum + (values?.[t + shift] === 1 ? effect : 0), 0));
}

const isNear = (festival: number, t: number): boolean => t >= festival - before && t <= festival + after;

/** The festival that a day is shopped for: the next one before the one that is over. */
function nearest(festivals: readonly NearFestival[], t: number): NearFestival | null {
  const near = festivals.filter(({ column }) => isNear(column, t));
  return near.find(({ column }) => column >= t) ?? near[0] ?? null;
}

/**
 * Sales of the week up to the festival the last time against the four weeks before its days, or, where the books begin
 * later than those, the four after; hundredths of a percent more.
 */
function lastTimeOf(frame: SeriesFrame, i: number, { lastColumn }: NearFestival): number | null {
  if (lastColumn === null) return null;
  const mean = (from: number, to: number): number | null => {
    let [sum, known] = [0, 0];
    for (let t = Math.max(frame.starts[i] ?? 0, from); t < to; t += 1) {
      const value = frame.units[i * frame.days + t] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      sum += value;
      known += 1;
    }
    return known < 4 ? null : sum / known;
  };
  const then = mean(lastColumn - weekDays + 1, lastColumn + 1);
  const usual =
    mean(lastColumn - before - 4 * weekDays, lastColumn - before) ??
    mean(lastColumn + after + 1, lastColumn + after + 1 + 4 * weekDays);
  return then === null || usual === null || usual === 0 ? null : Math.round(10_000 * (then / usual - 1));
}

/** For a table of festivals: those that touch next week, with the time before. */
export function nearFestivals(
  marks: readonly { readonly date: BusinessDate; readonly family: string; readonly column: number }[],
  origin: number,
): readonly NearFestival[] {
  return marks
    .filter(({ column }) => column >= origin - after && column <= origin + weekDays + before)
    .map((mark) => ({
      ...mark,
      lastColumn:
        marks.findLast(({ family, column }) => family === mark.family && column < mark.column - 60 && column >= 0)
          ?.column ?? null,
    }));
}

/**
 * Whole amounts that add up to `total`; the rest takes rounding and what the better model says beyond. `size`: how many
 * of them a unit of the effects is.
 */
export function shareOut(effects: readonly Effect[], size: number, total: number): readonly GroupDriver[] {
  const made = effects
    .map(({ kind, festival, units, lastTimeBp }) => ({ kind, festival, effect: Math.round(units * size), lastTimeBp }))
    .filter(({ effect }) => effect !== 0);
  const left = made.reduce((rest, { effect }) => rest - effect, total);
  return left === 0 ? made : [...made, { kind: 'rest', festival: null, effect: left, lastTimeBp: null }];
}
