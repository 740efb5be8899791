/**
 * A date as a person in India types it: 21/11/2026, 21-11-26, 21/11, 21112026, 21 Nov, 21 नवंबर 2026. Rule kept: the day
 * comes first, whatever the browser's locale; what is no day of the calendar is null, never the next one that is.
 */
import { type BusinessDate, daysBetween, parseBusinessDate } from '#core/time.ts';

const monthsIn = (locale: string): readonly string[] =>
  Array.from({ length: 12 }, (_, month) =>
    plain(new Intl.DateTimeFormat(locale, { month: 'long', timeZone: 'UTC' }).format(Date.UTC(2026, month, 1))),
  );
/** One way of writing: नवम्बर is नवंबर. */
const plain = (text: string): string => text.normalize('NFC').toLocaleLowerCase('en').replaceAll('म्ब', 'ंब');
const fewestLetters = 3;

function monthOf(text: string): number | null {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  if (text.length < fewestLetters) return null;
  const at = ['en-IN', 'hi-IN'].map((locale) => monthsIn(locale).findIndex((name) => name.startsWith(text)));
  const found = at.find((month) => month >= 0);
  return found === undefined ? null : found + 1;
}

const made = (year: number, month: number, day: number): BusinessDate | null =>
  parseBusinessDate(`${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`);

/** The year that puts the day nearest to today. */
function nearestYear(month: number, day: number, today: BusinessDate): BusinessDate | null {
  const year = Number(today.slice(0, 4));
  const all = [year, year + 1, year - 1].flatMap((one) => made(one, month, day) ?? []);
  return all.toSorted((a, b) => Math.abs(daysBetween(today, a)) - Math.abs(daysBetween(today, b)))[0] ?? null;
}

/** null: no day of the calendar. `today`: for a day without its year. */
export function parseTypedDate(typed: string, today: BusinessDate): BusinessDate | null {
  const text = plain(typed.trim()).replaceAll(/[०-९]/g, (digit) => String(digit.charCodeAt(0) - 0x966));
  if (/^\d{4}-\d{1,2}-\d{1,2}$/.test(text)) {
    const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
    return made(year, month, day);
  }
  const packed = /^(\d{2})(\d{2})(\d{2}|\d{4})$/.exec(text);
  const [day = '', month = '', year = '', more] = packed === null ? text.split(/[\s/.,-]+/) : packed.slice(1);
  const monthNo = monthOf(month);
  if (more !== undefined || monthNo === null || !/^\d{1,2}$/.test(day)) return null;
  if (year === '') return nearestYear(monthNo, Number(day), today);
  if (!/^(?:\d{2}|\d{4})$/.test(year)) return null;
  return made(Number(year) + (year.length === 2 ? 2000 : 0), monthNo, Number(day));
}

/** "21/11/2026", which is read back as the same day. */
export const typedDate = (date: string): string => date.split('-').toReversed().join('/');
