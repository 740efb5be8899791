/**
 * Dates as files of other programs write them: 2017-10-22, 2017/10/22, 20171022, 22-10-2017, 10/22/17, 22 Oct 2017, with or
 * without a time behind. Rule kept: whether a day or a month stands first is one answer for a whole file, taken from its own
 * dates; a text that is no date in it is none, and is never bent into another.
 */
import { dayOf } from './days.ts';

const time = /[T ,]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[AP]M)?(?:Z| ?[+-]\d{2}:?\d{2}| UTC)?$/i;
const yearFirst = /^(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|(\d{2})(\d{2}))$/;
const yearLast = /^(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})$/;
const dayWord = /^(\d{1,2})(?:st|nd|rd|th)?[-/. ]([a-z]{3,9})\.?[-/., ]+(\d{4}|\d{2})$/i;
const wordDay = /^([a-z]{3,9})\.?[-/. ](\d{1,2})(?:st|nd|rd|th)?[-/., ]+(\d{4})$/i;
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] as const;

const two = (text: string): string => text.padStart(2, '0');
const full = (year: string): string => (year.length === 2 ? `20${year}` : year);

/** null where the parts are no day of any month. */
function dayFrom(year: string, month: string, date: string): number | null {
  return dayOf(`${year}-${two(month)}-${two(date)}`);
}
const dayFromWord = (year: string, word: string, date: string): number | null => {
  const month = months.findIndex((name) => word.toLowerCase().startsWith(name));
  return month < 0 ? null : dayFrom(full(year), String(month + 1), date);
};

/** The same whatever the file's order is; undefined: it hangs on the order. */
function plainDay(text: string): number | null | undefined {
  const iso = dayOf(text);
  if (iso !== null) return iso;
  const bare = text.replace(time, '').trim();
  const [, y = '', , m, d = '', compactMonth = '', compactDay = ''] = yearFirst.exec(bare) ?? [];
  if (y !== '') return m === undefined ? dayFrom(y, compactMonth, compactDay) : dayFrom(y, m, d);
  const [, date = '', word = '', year = ''] = dayWord.exec(bare) ?? [];
  if (date !== '') return dayFromWord(year, word, date);
  const [, firstWord = '', itsDate = '', itsYear = ''] = wordDay.exec(bare) ?? [];
  if (firstWord !== '') return dayFromWord(itsYear, firstWord, itsDate);
  return yearLast.test(bare) ? undefined : null;
}

type Order = 'dayFirst' | 'monthFirst';
function orderedDay(text: string, order: Order): number | null {
  const [, a = '', , b = '', year = ''] = yearLast.exec(text.replace(time, '').trim()) ?? [];
  return order === 'dayFirst' ? dayFrom(full(year), b, a) : dayFrom(full(year), a, b);
}

/** Days of `texts`, one each; null for what is no date. */
export function daysOfTexts(texts: readonly string[]): readonly (number | null)[] {
  const plain = texts.map((text) => plainDay(text.trim()));
  const open = texts.filter((_, at) => plain[at] === undefined);
  const order = open.length === 0 ? 'dayFirst' : orderOf(open);
  return plain.map((day, at) => (day === undefined ? orderedDay(texts[at] ?? '', order) : day));
}

/** The order in which more of them are dates; where both do, the one in which they lie closer together, else the day first. */
function orderOf(texts: readonly string[]): Order {
  const read = (order: Order): readonly number[] =>
    texts.map((text) => orderedDay(text, order)).filter((day) => day !== null);
  const [day, month] = [read('dayFirst'), read('monthFirst')];
  if (day.length !== month.length) return day.length > month.length ? 'dayFirst' : 'monthFirst';
  return spanOf(month) < spanOf(day) ? 'monthFirst' : 'dayFirst';
}

function spanOf(days: readonly number[]): number {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const day of days) [least, most] = [Math.min(least, day), Math.max(most, day)];
  return most - least;
}
