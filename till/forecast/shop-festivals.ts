/**
 * The festivals that a shop's state keeps, as marks on its days. Rule kept: the main day of each family once; public
 * holidays on which nobody shops for anything are left to the calendar's own columns.
 */
import { addDays, type BusinessDate, daysBetween } from '#core/time.ts';
import type { FestivalMark } from '#contract/till-forecast.ts';
import { dayOf, textOfDay } from '#ml/calendar/days.ts';
import { familiesOf, mainDaysOf } from '#ml/calendar/festivals.ts';
import { type NearFestival, nearFestivals } from './drivers.ts';

const notShoppedFor: ReadonlySet<string> = new Set([
  'gandhiJayanti',
  'ambedkarJayanti',
  'republicDay',
  'independenceDay',
]);

/** Both ends included, in order. */
export function festivalMarks(stateCode: string, from: BusinessDate, to: BusinessDate): readonly FestivalMark[] {
  const [first, last] = [dayOf(from) ?? 0, dayOf(to) ?? 0];
  return familiesOf(stateCode)
    .filter((family) => !notShoppedFor.has(family))
    .flatMap((family) =>
      mainDaysOf(family, stateCode)
        .filter((day) => day >= first && day <= last)
        .map((day) => ({ family, date: textOfDay(day) as BusinessDate })),
    )
    .toSorted((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}

/** Those that touch next week, with the time before, by column of the shop's past. */
export const festivalsNear = (
  firstDay: BusinessDate,
  lastDay: BusinessDate,
  ahead: number,
  stateCode: string,
): readonly NearFestival[] =>
  nearFestivals(
    festivalMarks(stateCode, firstDay, addDays(lastDay, 2 * ahead)).map((mark) => ({
      ...mark,
      column: daysBetween(firstDay, mark.date),
    })),
    daysBetween(firstDay, lastDay) + 1,
  );

/** Days that a chart has: the past shown, and the forecast. */
export const marksBeside = (stateCode: string, from: BusinessDate, origin: BusinessDate, ahead: number) =>
  festivalMarks(stateCode, from, addDays(origin, ahead));
