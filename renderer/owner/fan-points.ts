/**
 * What a fan chart is drawn from: past, band and middle on one axis of whole days, joined at today. Rule kept: values are as
 * the till told them; nothing is added up or smoothed here.
 */
import type { FestivalMark, GroupForecast, ItemForecast, WeekPoint } from '#contract/till-forecast.ts';
import { dayNumber, passedDays } from './figures.ts';

export type FanPoint = {
  /** Days since 1970. */
  readonly day: number;
  readonly low: number | null;
  readonly middle: number | null;
  readonly high: number | null;
  readonly sold: number | null;
  /** Out of stock on the day. */
  readonly isOut: boolean;
};
export type Fan = {
  readonly points: readonly FanPoint[];
  /** Yesterday: where past and forecast join, or later where no forecast was made since; of weeks: between the last one and the next. */
  readonly today: number;
  /** The days between two words of the axis. */
  readonly step: number;
  readonly festivals: readonly FestivalMark[];
};

/** Where the drawn area lies within the chart, in px. */
export type Plot = { readonly left: number; readonly top: number; readonly width: number; readonly height: number };

type Dated = Pick<GroupForecast, 'festivals' | 'origin' | 'today'>;
type Value = { readonly date: string; readonly value: number; readonly isOut: boolean };
type Band = { readonly date: string; readonly low: number; readonly middle: number; readonly high: number };

const mostFlags = 4;
/** Nearer to each other than this share of the axis, two flags would lie on each other. */
const flagRoom = 0.14;
/** A shop's greatest days keep their flag where another would lie on it. */
const greatest: ReadonlySet<string> = new Set(['diwali', 'holi', 'eidAlFitr']);
const rank = ({ family }: FestivalMark): number => (greatest.has(family) ? 0 : 1);

/** At most four flags, those nearest to today, each with room for its word. */
function nearest(marks: readonly FestivalMark[], from: number, to: number, today: number): readonly FestivalMark[] {
  const day = ({ date }: FestivalMark): number => dayNumber(date);
  const taken: FestivalMark[] = [];
  const wanted = marks
    .filter((mark) => day(mark) > from && day(mark) <= to)
    .sort((a, b) => rank(a) - rank(b) || Math.abs(day(a) - today) - Math.abs(day(b) - today));
  for (const mark of wanted) {
    const hasRoom = taken.every((other) => Math.abs(day(other) - day(mark)) >= flagRoom * (to - from));
    if (hasRoom && taken.length < mostFlags) taken.push(mark);
  }
  return taken.sort((a, b) => day(a) - day(b));
}

/** Days before anything was sold are no past of the item's; two weeks always stand. */
function sinceOpening(past: readonly Value[]): readonly Value[] {
  const first = past.findIndex(({ value }) => value > 0);
  return past.slice(Math.min(first < 0 ? past.length : first, Math.max(0, past.length - 15)));
}

/** `step` days between two points; at most eight weeks stand on the axis. */
function fanOf(
  past: readonly Value[],
  ahead: readonly Band[],
  step: number,
  { festivals: marks, ...dates }: Dated,
): Fan {
  const last = past.at(-1);
  const today = dayNumber(last?.date ?? ahead[0]?.date ?? '1970-01-01');
  const shown = Math.max(1, 56 - ahead.length);
  const points: FanPoint[] = sinceOpening(past)
    .slice(-shown - 1)
    .map(({ date, value, isOut }) => ({
      day: dayNumber(date),
      low: null,
      middle: null,
      high: null,
      sold: value,
      isOut,
    }));
  const joint = points.at(-1);
  if (joint !== undefined) {
    points[points.length - 1] = { ...joint, low: joint.sold, middle: joint.sold, high: joint.sold };
  }
  for (const { date, low, middle, high } of ahead) {
    points.push({ day: dayNumber(date), low, middle, high, sold: null, isOut: false });
  }
  const first = points[0]?.day ?? today;
  const end = points.at(-1)?.day ?? today;
  return {
    points,
    today: Math.min(end, today + passedDays(dates)),
    step,
    festivals: nearest(marks, first, end, today),
  };
}

export const fanOfItem = ({ past, days, ...dated }: ItemForecast): Fan =>
  fanOf(
    past.map(({ date, soldMilli, isOut }) => ({ date, value: soldMilli / 1000, isOut })),
    days.map(({ date, p10Milli, p50Milli, p90Milli }) => ({
      date,
      low: p10Milli / 1000,
      middle: p50Milli / 1000,
      high: p90Milli / 1000,
    })),
    1,
    dated,
  );

/** So many dates have room under a picture. */
export const mostTicks = 9;

/** Fewer weeks, those to come counted, are no picture. */
export const fewestWeeks = 4;

/** Weeks that are over, with the band that those were given which were forecast, and those to come. */
function weeksOf(weeks: readonly WeekPoint[], size: number, { festivals: marks, ...dates }: Dated): Fan {
  const sized = (value: number | null): number | null => (value === null ? null : value / size);
  const gaps = weeks.length - 1;
  const every = Math.ceil(gaps / mostTicks);
  // So that a date stands under a point, the oldest may go.
  const shown = weeks.slice(every > 1 ? gaps % every : 0);
  const points = shown.map(
    ({ weekStart, sold, p10, p50, p90, isOut }): FanPoint => ({
      day: dayNumber(weekStart),
      low: sized(p10),
      middle: sized(p50),
      high: sized(p90),
      sold: sized(sold),
      isOut,
    }),
  );
  const today = dayNumber(dates.origin) - 2.5 + passedDays(dates);
  return { points, today, step: 7, festivals: nearest(marks, points[0]?.day ?? 0, points.at(-1)?.day ?? 0, today) };
}

export const weeksOfItem = ({ weeks, ...dated }: ItemForecast): Fan => weeksOf(weeks, 1000, dated);
export const weeksOfGroup = ({ weeks, unit, ...dated }: GroupForecast): Fan =>
  weeksOf(weeks, unit === null ? 100 : 1000, dated);

/** Units where there is one unit, rupees where there is none. */
export function fanOfGroup({ past, days, unit, ...dated }: GroupForecast): Fan {
  const size = unit === null ? 100 : 1000;
  return fanOf(
    past.map(({ date, value }) => ({ date, value: value / size, isOut: false })),
    days.map(({ date, p10, p50, p90 }) => ({ date, low: p10 / size, middle: p50 / size, high: p90 / size })),
    1,
    dated,
  );
}
