/**
 * What a fan chart is drawn from: past, band and middle on one axis of whole days, joined at today. Rule kept: values are as
 * the till told them; nothing is added up or smoothed here.
 */
import type { FestivalMark, GroupForecast, ItemForecast } from '#contract/till-forecast.ts';
import { dayNumber } from './figures.ts';

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
  /** The last day that was sold, where past and forecast join; of weeks: between the last one and the next. */
  readonly today: number;
  /** The days between two words of the axis. */
  readonly step: number;
  readonly festivals: readonly FestivalMark[];
};

/** Where the drawn area lies within the chart, in px. */
export type Plot = { readonly left: number; readonly top: number; readonly width: number; readonly height: number };

type Value = { readonly date: string; readonly value: number; readonly isOut: boolean };
type Band = { readonly date: string; readonly low: number; readonly middle: number; readonly high: number };

/** At most four flags, those nearest to today. */
const nearest = (marks: readonly FestivalMark[], from: number, to: number, today: number): readonly FestivalMark[] =>
  marks
    .filter(({ date }) => dayNumber(date) > from && dayNumber(date) <= to)
    .sort((a, b) => Math.abs(dayNumber(a.date) - today) - Math.abs(dayNumber(b.date) - today))
    .slice(0, 4)
    .sort((a, b) => dayNumber(a.date) - dayNumber(b.date));

/** Days before anything was sold are no past of the item's; two weeks always stand. */
function sinceOpening(past: readonly Value[]): readonly Value[] {
  const first = past.findIndex(({ value }) => value > 0);
  return past.slice(Math.min(first < 0 ? past.length : first, Math.max(0, past.length - 15)));
}

/** `step` days between two points; at most eight weeks stand on the axis. */
function fanOf(past: readonly Value[], ahead: readonly Band[], step: number, marks: readonly FestivalMark[]): Fan {
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
  return { points, today, step, festivals: nearest(marks, first, end, today) };
}

export const fanOfItem = ({ past, days, festivals }: ItemForecast): Fan =>
  fanOf(
    past.map(({ date, soldMilli, isOut }) => ({ date, value: soldMilli / 1000, isOut })),
    days.map(({ date, p10Milli, p50Milli, p90Milli }) => ({
      date,
      low: p10Milli / 1000,
      middle: p50Milli / 1000,
      high: p90Milli / 1000,
    })),
    1,
    festivals,
  );

/** Weeks that were judged, each with the band it was given, and the next one. */
export function weeksOfItem({ judged, row, origin }: ItemForecast): Fan {
  const weeks: FanPoint[] = judged.map(({ weekStart, soldMilli, p10Milli, p50Milli, p90Milli }) => ({
    day: dayNumber(weekStart),
    low: p10Milli / 1000,
    middle: p50Milli / 1000,
    high: p90Milli / 1000,
    sold: soldMilli / 1000,
    isOut: false,
  }));
  const { p10Milli, p50Milli, p90Milli } = row.nextWeek;
  weeks.push({
    day: dayNumber(origin) + 1,
    low: p10Milli / 1000,
    middle: p50Milli / 1000,
    high: p90Milli / 1000,
    sold: null,
    isOut: false,
  });
  return { points: weeks, today: dayNumber(origin) - 2.5, step: 7, festivals: [] };
}

/** Units where there is one unit, rupees where there is none. */
export function fanOfGroup({ past, days, festivals, unit }: GroupForecast): Fan {
  const size = unit === null ? 100 : 1000;
  return fanOf(
    past.map(({ date, value }) => ({ date, value: value / size, isOut: false })),
    days.map(({ date, p10, p50, p90 }) => ({ date, low: p10 / size, middle: p50 / size, high: p90 / size })),
    1,
    festivals,
  );
}
