/**
 * Festivals as columns of the season's regression: an effect by signed distance to the festival, so that it moves with
 * it. Rule kept: a family speaks only where its day lies in the past that is learnt from, and each coefficient is pulled
 * to nil — for an item, to what its shop and its category do at that festival.
 *
 * Straight lines between knots (linear B-splines: Eilers & Marx 1996) in the holiday part of Prophet's regression
 * (Taylor & Letham 2018); the pull of an item to its category is a hierarchical prior (Gelman & Hill 2007, ch. 12).
 */
import { daysAfter, daysBefore } from '../calendar/festivals.ts';
import type { DayTable, SeriesFrame } from '../frame/series-frame.ts';

export type SeasonColumn = { readonly sd: number; readonly at: (t: number) => number };
type Span = { readonly from: number; readonly to: number };

/** Days from the festival at which the effect is free. */
export const wideKnots: readonly number[] = [-14, -7, -3, -1, 0, 1, 3];
export const fewKnots: readonly number[] = [-7, -2, 0, 2];
/** Of a family's effect as a multiple of what stands above it. */
const profileSd = 0.5;
/** Below this a family does nothing at the level above, and there is no profile to follow. */
const leastEffect = 0.05;

/** The calendar's families by column of the frame, once for all regressions over it. */
export type Festivals = {
  /** Signed distance of each family; NaN: not near. */
  readonly distances: readonly Float64Array[];
  /** Columns of each family's own days. */
  readonly days: readonly (readonly number[])[];
  /** The family that is nearest, −1: none. */
  readonly nearest: Int16Array;
};

/** null: a calendar without festivals. */
export function festivalsOf(frame: SeriesFrame): Festivals | null {
  const columns = frame.calendar?.columns.filter(({ isDistance }) => isDistance === true) ?? [];
  if (frame.calendar === null || columns.length === 0) return null;
  const shift = frame.firstDay - frame.calendar.firstDay;
  const distances = columns.map(({ values }) =>
    Float64Array.from({ length: frame.days }, (_, t) => values[t + shift] ?? Number.NaN),
  );
  const nearest = new Int16Array(frame.days).fill(-1);
  const least = new Float64Array(frame.days).fill(Number.POSITIVE_INFINITY);
  for (const [family, distance] of distances.entries()) {
    for (const [t, days] of distance.entries()) {
      if (!(Math.abs(days) < (least[t] ?? 0))) continue;
      least[t] = Math.abs(days);
      nearest[t] = family;
    }
  }
  const days = distances.map((distance) => [...distance.keys()].filter((t) => distance[t] === 0));
  return { distances, days, nearest };
}

/** The family's day, and the days before it, lie in the span. */
const isSeen = (days: readonly number[], span: Span): boolean => days.some((t) => t >= span.from + 3 && t < span.to);

export function festivalHats(
  { distances, days }: Festivals,
  span: Span,
  knots: readonly number[],
  sd: number,
): readonly SeasonColumn[] {
  return distances
    .filter((_, family) => isSeen(days[family] ?? [], span))
    .flatMap((distance) =>
      knots.map((knot, k) => {
        const left = knots[k - 1] ?? -daysBefore - 1;
        const right = knots[k + 1] ?? daysAfter + 1;
        const at = (t: number): number => {
          const d = distance[t] ?? Number.NaN;
          if (Number.isNaN(d) || d <= left || d >= right) return 0;
          return d <= knot ? (d - left) / (knot - left) : (right - d) / (right - knot);
        };
        return { sd, at };
      }),
    );
}

/** One column a family: what the level above does at it. A coefficient of 1 doubles the log effect, −1 takes it away. */
export function festivalProfiles(
  { days, nearest }: Festivals,
  span: Span,
  above: Float64Array,
): readonly SeasonColumn[] {
  const most = new Float64Array(days.length);
  for (let t = span.from; t < span.to; t += 1) {
    const family = nearest[t] ?? -1;
    if (family >= 0) most[family] = Math.max(most[family] ?? 0, Math.abs(above[t] ?? 0));
  }
  return days.flatMap((own, family) =>
    (most[family] ?? 0) < leastEffect || !isSeen(own, span)
      ? []
      : [{ sd: profileSd, at: (t: number): number => (nearest[t] === family ? (above[t] ?? 0) : 0) }],
  );
}

/** Days to the next festival of any family and since the last, by day of the calendar; NaN: none within reach. */
export function nearestFestival(calendar: DayTable): {
  readonly toNext: Float64Array;
  readonly sinceLast: Float64Array;
} {
  const toNext = new Float64Array(calendar.days).fill(Number.NaN);
  const sinceLast = toNext.slice();
  for (const { values, isDistance } of calendar.columns) {
    if (isDistance !== true) continue;
    for (const [t, distance] of values.entries()) {
      if (distance <= 0 && !(-distance >= (toNext[t] ?? 0))) toNext[t] = -distance;
      if (distance >= 0 && !(distance >= (sinceLast[t] ?? 0))) sinceLast[t] = distance;
    }
  }
  return { toNext, sinceLast };
}
