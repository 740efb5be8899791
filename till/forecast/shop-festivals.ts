/**
 * The festivals that a shop's state keeps, as marks on its days. Rule kept: the main day of each family once; public
 * holidays on which nobody shops for anything are left to the calendar's own columns.
 */
import { addDays, type BusinessDate } from '#core/time.ts';
import type { FestivalMark } from '#contract/till-forecast.ts';
import { dayOf, textOfDay } from '#ml/calendar/days.ts';
import { familiesOf, mainDaysOf } from '#ml/calendar/festivals.ts';

/** GST code of a state to the letters of its vehicle plates, by which the table of festivals goes. */
const letters: Readonly<Record<string, string>> = {
  '01': 'JK',
  '02': 'HP',
  '03': 'PB',
  '04': 'CH',
  '05': 'UK',
  '06': 'HR',
  '07': 'DL',
  '08': 'RJ',
  '09': 'UP',
  '10': 'BR',
  '11': 'SK',
  '12': 'AR',
  '13': 'NL',
  '14': 'MN',
  '15': 'MZ',
  '16': 'TR',
  '17': 'ML',
  '18': 'AS',
  '19': 'WB',
  '20': 'JH',
  '21': 'OR',
  '22': 'CG',
  '23': 'MP',
  '24': 'GJ',
  '26': 'DH',
  '27': 'MH',
  '29': 'KA',
  '30': 'GA',
  '31': 'LD',
  '32': 'KL',
  '33': 'TN',
  '34': 'PY',
  '35': 'AN',
  '36': 'TS',
  '37': 'AP',
  '38': 'LA',
};

const notShoppedFor: ReadonlySet<string> = new Set([
  'gandhiJayanti',
  'ambedkarJayanti',
  'republicDay',
  'independenceDay',
]);

/** Both ends included, in order. */
export function festivalMarks(stateCode: string, from: BusinessDate, to: BusinessDate): readonly FestivalMark[] {
  const state = letters[stateCode] ?? null;
  const [first, last] = [dayOf(from) ?? 0, dayOf(to) ?? 0];
  return familiesOf(state)
    .filter((family) => !notShoppedFor.has(family))
    .flatMap((family) =>
      mainDaysOf(family, state)
        .filter((day) => day >= first && day <= last)
        .map((day) => ({ family, date: textOfDay(day) as BusinessDate })),
    )
    .toSorted((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}

/** Days that a chart has: the past shown, and the forecast. */
export const marksBeside = (stateCode: string, from: BusinessDate, origin: BusinessDate, ahead: number) =>
  festivalMarks(stateCode, from, addDays(origin, ahead));
