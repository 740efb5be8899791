/**
 * Why next week is as it is: effects in units against a plain week. Rule kept: the effects and the plain week add up to
 * what level and season say of the week, term by term; what the better model says beyond that is the rest, and is named so.
 *
 * A plain week is the mean week of the last quarter. From there: trend (today's level against the quarter's), season
 * (the time of year and the days of the week that the shop is open), festival (what the season says of
 * days near one, by how far it is).
 */
import type { FestivalMark } from '#contract/till-forecast.ts';
import type { BusinessDate } from '#core/time.ts';
import { daysAfter, daysBefore } from '#ml/calendar/festivals.ts';
import type { DemandLevels } from '#ml/features/demand-levels.ts';
import type { SeriesFrame } from '#ml/frame/series-frame.ts';
import type { SeasonFactors } from '#ml/models/season.ts';

export type Effect = {
  readonly kind: 'trend' | 'season' | 'festival';
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
  readonly season: Pick<SeasonFactors, 'festivals'>;
};

const weekDays = 7;
const quarterDays = 91;
/** As the season has it (calendar/festivals.ts): from so many days before a festival to so many after. */
const [before, after] = [daysBefore, daysAfter];

export function effectsOf(
  { frame, levels, season: { festivals: felt } }: EffectSource,
  i: number,
  origin: number,
  festivals: readonly NearFestival[],
): Effects {
  const factor = (t: number): number => levels.factor(i, t);
  const from = Math.max(frame.starts[i] ?? 0, origin - quarterDays);
  let [units, known, factors] = [0, 0, 0];
  for (let t = from; t < origin; t += 1) {
    const value = frame.units[i * frame.days + t] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    units += value;
    factors += factor(t);
    known += 1;
  }
  if (known === 0) return { plainWeek: 0, effects: [] };
  const plainWeek = (units / known) * weekDays;
  const usualFactor = factors / known;
  const quarterLevel = usualFactor > 0 ? units / factors : 0;
  const level = levels.level(i, origin);
  let [whole, festive] = [0, 0];
  const shares = new Map<NearFestival, number>();
  for (let t = origin; t < Math.min(frame.days, origin + weekDays); t += 1) {
    whole += factor(t);
    const near = nearest(festivals, t);
    if (near === null) continue;
    const share = factor(t) * (1 - Math.exp(-(felt?.own[i * frame.days + t] ?? 0)));
    festive += share;
    shares.set(near, (shares.get(near) ?? 0) + share);
  }
  const trend = (level - quarterLevel) * usualFactor * weekDays;
  const season = level * (whole - festive - usualFactor * weekDays);
  return {
    plainWeek,
    effects: [
      { kind: 'trend', festival: null, units: trend, lastTimeBp: null },
      { kind: 'season', festival: null, units: season, lastTimeBp: null },
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

const isNear = (festival: number, t: number): boolean => t >= festival - before && t <= festival + after;

/** The festival that a day is shopped for: the next one before the one that is over. */
function nearest(festivals: readonly NearFestival[], t: number): NearFestival | null {
  const near = festivals.filter(({ column }) => isNear(column, t));
  return near.find(({ column }) => column >= t) ?? near[0] ?? null;
}

/** Sales of the week up to the festival the last time against the weeks before it, hundredths of a percent more. */
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
  const usual = mean(lastColumn - before - 4 * weekDays, lastColumn - before);
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
