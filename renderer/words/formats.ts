/**
 * Dates, times and names as a shop reads them. Rule kept: digits stay 0–9 in every language and money is
 * printed only by core/money. Never reckons with an amount.
 */
import type { Language } from '#contract/views.ts';
import { formatPaise, type Paise } from '#core/money.ts';
import { formatQty, type Milli, type Unit } from '#core/quantity.ts';
import { indianDay, instant, localParts } from '#core/time.ts';
import type { Say, Word } from './words.ts';

const zone = 'Asia/Kolkata';
const locale = (language: Language): string => (language === 'hi' ? 'hi-IN-u-nu-latn' : 'en-IN');

/** "6:41 pm"; Hindi says the part of the day first: "शाम 6:41". */
export function clockTime(atMs: number, language: Language): string {
  const { hour, minute } = localParts(instant(atMs), indianDay);
  const text = `${hour % 12 === 0 ? 12 : hour % 12}:${String(minute).padStart(2, '0')}`;
  if (language === 'en') return `${text} ${hour < 12 ? 'am' : 'pm'}`;
  const part = hour < 4 ? 'रात' : hour < 12 ? 'सुबह' : hour < 16 ? 'दोपहर' : hour < 20 ? 'शाम' : 'रात';
  return `${part} ${text}`;
}

/** "Fri 20 Nov" */
export const shortDay = (atMs: number, language: Language): string =>
  new Intl.DateTimeFormat(locale(language), { weekday: 'short', day: 'numeric', month: 'short', timeZone: zone })
    .format(atMs)
    .replace(',', '');

/** "Friday, 20 November" */
export const fullDay = (atMs: number, language: Language): string =>
  new Intl.DateTimeFormat(locale(language), { weekday: 'long', day: 'numeric', month: 'long', timeZone: zone }).format(
    atMs,
  );

/** "12 Nov 2026" from "2026-11-12". */
export const longDate = (date: string, language: Language): string =>
  new Intl.DateTimeFormat(locale(language), {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(Date.parse(`${date}T00:00:00Z`));

/** "Nov 2026" from "2026-11-12". */
export const monthOf = (date: string, language: Language): string =>
  new Intl.DateTimeFormat(locale(language), { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(
    Date.parse(`${date}T00:00:00Z`),
  );

export const unitWord = (unit: Unit, say: Say): string => say(`u_${unit}` as Word);
/** Pieces need no unit beside them. */
export const unitBeside = (unit: Unit, say: Say): string => (unit === 'pc' ? '' : unitWord(unit, say));

export const qtyText = (qty: Milli, unit: Unit, say: Say): string => {
  const beside = unitBeside(unit, say);
  return beside === '' ? formatQty(qty, unit) : `${formatQty(qty, unit)} ${beside}`;
};

/** An amount taken off, shown with its minus; a zero shows none. */
export const offText = (amount: Paise): string => (amount === 0 ? formatPaise(amount) : `−${formatPaise(amount)}`);
/** The size of an amount, sign left out: the word beside it says which way. */
export const sizeText = (amount: Paise): string => formatPaise(amount).replace('−', '');
/** Whole rupees without ".00", for notes. */
export const shortRupees = (amount: Paise): string => formatPaise(amount).replace(/\.00$/, '');

export const nameIn = (named: { readonly name: string; readonly nameHi: string | null }, language: Language): string =>
  language === 'hi' && named.nameHi !== null && named.nameHi !== '' ? named.nameHi : named.name;

export const ageText = (ms: number, say: Say): string => {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  return minutes < 60 ? say('minutes', { n: minutes }) : say('hours', { h: Math.floor(minutes / 60), m: minutes % 60 });
};
