/**
 * How busy a made-up shop is on a day, and with what: weekdays, paydays, festivals, seasons. Rule kept: pure
 * functions of the date; a demo's past is drawn from it and no forecast may ever read it.
 */
import { type BusinessDate, daysBetween } from '#core/time.ts';

type Festival = {
  readonly date: BusinessDate;
  /** Shopping starts so many days before and ends on the day. */
  readonly daysBefore: number;
  readonly crowd: number;
  readonly categories: Readonly<Record<string, number>>;
};

const at = (
  date: string,
  daysBefore: number,
  crowd: number,
  categories: Readonly<Record<string, number>>,
): Festival => ({ date: date as BusinessDate, daysBefore, crowd, categories });

const diwali = { 'Sweets and Chocolate': 3.5, 'Dry Fruits': 3, Pooja: 4, 'Oils and Ghee': 1.8, Cleaning: 1.6 };
const holi = { 'Sweets and Chocolate': 2, Snacks: 1.7, Drinks: 2, Dairy: 1.5 };
const rakhi = { 'Sweets and Chocolate': 2.5, 'Dry Fruits': 1.6 };
const eid = { 'Dry Fruits': 2.2, Dairy: 1.8, Masala: 1.4, 'Sweets and Chocolate': 1.5 };
const dussehra = { Pooja: 2, 'Sweets and Chocolate': 1.6, Snacks: 1.2 };

const festivals: readonly Festival[] = [
  at('2025-10-02', 5, 1.15, dussehra),
  at('2025-10-20', 12, 1.5, diwali),
  at('2026-03-04', 5, 1.3, holi),
  at('2026-03-21', 6, 1.2, eid),
  at('2026-05-27', 4, 1.15, eid),
  at('2026-08-28', 4, 1.25, rakhi),
  at('2026-10-20', 5, 1.15, dussehra),
  at('2026-11-08', 12, 1.5, diwali),
  at('2027-03-22', 5, 1.3, holi),
];

/** Sunday first. */
const byWeekday = [1.3, 0.92, 0.9, 0.93, 0.97, 1.05, 1.2] as const;

const nearness = (festival: Festival, date: BusinessDate): number => {
  const left = daysBetween(date, festival.date);
  return left < 0 || left > festival.daysBefore ? 0 : 1 - left / (festival.daysBefore + 1);
};

/** Customers of the day over an ordinary day's. */
export function crowdOn(date: BusinessDate): number {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  const festive = festivals.reduce((most, f) => Math.max(most, 1 + (f.crowd - 1) * nearness(f, date)), 1);
  return (byWeekday[weekday] ?? 1) * (isPayday(date) ? 1.15 : 1) * festive;
}

/** First week of the month: wages are in, the month's stores are bought. */
export const isPayday = (date: BusinessDate): boolean => Number(date.slice(8)) <= 7;

/** How much more a category is wanted that day. */
export function wantedOn(category: string, date: BusinessDate): number {
  const festive = festivals.reduce(
    (most, f) => Math.max(most, 1 + ((f.categories[category] ?? 1) - 1) * nearness(f, date)),
    1,
  );
  return festive * seasonOf(category, Number(date.slice(5, 7)));
}

function seasonOf(category: string, month: number): number {
  const isHot = month >= 4 && month <= 6;
  const isCold = month === 12 || month <= 1;
  if (category === 'Drinks') return isHot ? 1.8 : isCold ? 0.6 : 1;
  if (category === 'Tea and Coffee') return isCold ? 1.3 : isHot ? 0.85 : 1;
  if (category === 'Dry Fruits') return isCold ? 1.3 : 1;
  return 1;
}

/** Milliseconds after midnight at which a customer pays: two rushes, before noon and after work. `dice` in [0, 1). */
export function payingTime(a: number, b: number, c: number): number {
  const hour = a < 0.4 ? 10.8 + (b + c - 1) * 2.2 : a < 0.9 ? 18.8 + (b + c - 1) * 2 : 8.5 + b * 12.5;
  return Math.round(Math.min(21.3, Math.max(8.2, hour)) * 3_600_000);
}
