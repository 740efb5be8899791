/**
 * Quantities, shares, days and axis steps as the owner's desk writes them. Rule kept: digits stay 0–9, grouped the Indian
 * way; a forecast is written no finer than it is known. Never adds an amount of money.
 */
import type { Language } from '#contract/views.ts';
import { formatQty, isMeasured, isUnit, type Milli, type Unit } from '#core/quantity.ts';
import { type BusinessDate, daysBetween } from '#core/time.ts';
import type { Say, Word } from '../words/words.ts';

const grouped = new Intl.NumberFormat('en-IN', { maximumFractionDigits: 0 });
const groupedOne = new Intl.NumberFormat('en-IN', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
/** An axis says its own steps, "₹2.25 L", never a rounded neighbour of one. */
const axisStep = new Intl.NumberFormat('en-IN', { maximumFractionDigits: 2 });
const fine: ReadonlySet<Unit> = new Set(['kg', 'l', 'm']);

const minus = (text: string): string => text.replace('-', '−');

export const countText = (count: number): string => minus(grouped.format(count));

/** A quantity no finer than a forecast: "129", "2,450", "12.4" of what is weighed. */
export function roundQty(qtyMilli: number, unit: string): string {
  const isFine = isUnit(unit) && isMeasured(unit) && fine.has(unit) && Math.abs(qtyMilli) < 100_000;
  return minus((isFine ? groupedOne : grouped).format(qtyMilli / 1000)).replace(/^−(0(?:\.0)?)$/, '$1');
}
/** Exact, without the noughts behind it: a pack of "10" kg, not "10.000". */
export const plainQty = (qty: Milli, unit: string): string =>
  formatQty(qty, isUnit(unit) ? unit : 'pc')
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
/** With its sign: "+18", "−9", "0". */
export const signedQty = (qtyMilli: number, unit: string): string => {
  const text = roundQty(qtyMilli, unit);
  return qtyMilli > 0 && /[1-9]/.test(text) ? `+${text}` : text;
};

/** The unit written out beside a large number: "pieces", "kg". */
export const unitName = (unit: string, say: Say): string => (isUnit(unit) ? say(`owUnit_${unit}` as Word) : unit);

/** 1120 → "11 %" */
export const percent = (bp: number): string => `${grouped.format(bp / 100)}\u00A0%`;
/** Days to a tenth: 21 → "2.1". */
export const tenths = (value: number): string => groupedOne.format(value / 10);

const dayOf = (date: string): number => Date.parse(`${date}T00:00:00Z`);
const locale = (language: Language): string => (language === 'hi' ? 'hi-IN-u-nu-latn' : 'en-IN');
const dated = (date: string, language: Language, how: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(locale(language), { ...how, timeZone: 'UTC' }).format(dayOf(date)).replace(',', '');

/** "Sat 24 Nov" */
export const dayText = (date: string, language: Language): string =>
  dated(date, language, { weekday: 'short', day: 'numeric', month: 'short' });
/** "24 Nov" */
export const dateText = (date: string, language: Language): string =>
  dated(date, language, { day: 'numeric', month: 'short' });
/** "Sat" */
export const weekdayText = (date: string, language: Language): string => dated(date, language, { weekday: 'short' });
/** 0 → "Sun" */
export const dayOfWeek = (weekday: number, language: Language): string =>
  new Intl.DateTimeFormat(locale(language), { weekday: 'short', timeZone: 'UTC' }).format(
    Date.UTC(2023, 0, 1 + weekday),
  );
/** Whole days since 1970 and back: the chart's axis. */
export const dayNumber = (date: string): number => Math.round(dayOf(date) / 86_400_000);
export const dayFromNumber = (day: number): string => new Date(Math.round(day) * 86_400_000).toISOString().slice(0, 10);

/** The last day whose sales a forecast knows, and the till's today. */
export type Dates = { readonly origin: BusinessDate; readonly today: BusinessDate };
/** Days of the forecast that are over; 0 of one that was made of yesterday's books, or that is ahead of the PC's date. */
export const passedDays = ({ origin, today }: Dates): number => Math.max(0, daysBetween(origin, today) - 1);

const scales: readonly (readonly [number, Word])[] = [
  [10_000_000, 'owCrore'],
  [100_000, 'owLakh'],
  [1_000, 'owThousand'],
];
/** A whole rupee amount for an axis: "₹75k", "₹4.4 L", "₹1.2 cr". */
export function axisRupees(rupees: number, say: Say): string {
  const scale = scales.find(([size]) => Math.abs(rupees) >= size);
  if (scale === undefined) return `₹${grouped.format(rupees)}`;
  return say(scale[1], { n: `₹${axisStep.format(rupees / scale[0])}` });
}

/** The top of an axis that begins at 0 and has four equal steps of a round, whole size. */
export function axisTop(greatest: number): number {
  const rough = Math.max(1, greatest / 4);
  const power = 10 ** Math.floor(Math.log10(rough));
  const steps = power >= 10 ? [1, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5, 9, 10] : [1, 2, 3, 4, 5, 6, 8, 9, 10];
  const step = steps.find((one) => one * power >= rough * 0.999) ?? 10;
  return step * power * 4;
}
