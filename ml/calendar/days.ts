/**
 * Days as whole numbers: days since 1970-01-01, without zones or clocks, so that a frame's column is a subtraction.
 * Rule kept: proleptic Gregorian arithmetic only (Hinnant, "chrono-Compatible Low-Level Date Algorithms"); no Date.
 */

const pattern = /^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$/;

/** `2017-10-22` (a time behind it is ignored) to days since 1970-01-01; null when it is no date. */
export function dayOf(text: string): number | null {
  const found = pattern.exec(text);
  if (found === null) return null;
  const [year, month, date] = [Number(found[1]), Number(found[2]), Number(found[3])];
  const day = dayOfParts(year, month, date);
  const back = partsOf(day);
  return back.year === year && back.month === month && back.date === date ? day : null;
}

/** month 1–12, date 1–31. */
export function dayOfParts(year: number, month: number, date: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + date - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

export type DayParts = { readonly year: number; readonly month: number; readonly date: number };

export function partsOf(day: number): DayParts {
  const z = day + 719468;
  const era = Math.floor(z / 146097);
  const dayOfEra = z - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const mp = Math.floor((5 * dayOfYear + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    date: dayOfYear - Math.floor((153 * mp + 2) / 5) + 1,
  };
}

const two = (n: number): string => String(n).padStart(2, '0');

export function textOfDay(day: number): string {
  const { year, month, date } = partsOf(day);
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(date)}`;
}

/** 0 = Monday … 6 = Sunday. 1970-01-01 was a Thursday. */
export const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7;

/** 1–366. */
export const dayOfYear = (day: number): number => day - dayOfParts(partsOf(day).year, 1, 1) + 1;
