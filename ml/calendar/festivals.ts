/**
 * What a day is to an Indian shop: how far the festivals are, and whether wages are just in. Rule kept: days are measured
 * to the festival, never to the date, since a lunar festival moves by three weeks; a state has the families that it
 * keeps. Dates are the project's own table, 2015–2035; beyond it nothing is known.
 */
import { dayOf, partsOf } from './days.ts';
import { festivalTable } from './festival-table.ts';

export type FestivalDay = {
  readonly family: string;
  readonly name: string;
  readonly isMain: boolean;
  /** GST codes of States; null: all of India. */
  readonly states: readonly string[] | null;
  readonly day: number;
  /** The sighting of the moon will decide it. */
  readonly isEstimated: boolean;
  readonly isCorrected: boolean;
};

/** Days before and after a festival in which it may be felt. */
export const daysBefore = 21;
export const daysAfter = 7;

const allDays: readonly FestivalDay[] = festivalTable
  .trim()
  .split('\n')
  .flatMap((line) => {
    const [family = '', name = '', role, states = '', dates = ''] = line.split('|');
    return dates.split(' ').map((text) => ({
      family,
      name,
      isMain: role === 'main',
      states: states === 'ALL' ? null : states.split(' '),
      day: dayOf(text.slice(0, 10)) ?? 0,
      isEstimated: text.includes('~'),
      isCorrected: text.includes('*'),
    }));
  });

/** Festivals that a State keeps, by day. state: its GST code; null, or a code that no State has: what all of India keeps. */
export function festivalDaysOf(state: string | null): readonly FestivalDay[] {
  return allDays
    .filter(({ states }) => states === null || (state !== null && states.includes(state)))
    .toSorted((a, b) => a.day - b.day);
}

/** Families whose main day, or any other, the state keeps; in the table's order. */
export function familiesOf(state: string | null): readonly string[] {
  const kept = new Set(festivalDaysOf(state).map(({ family }) => family));
  return [...new Set(allDays.map(({ family }) => family))].filter((family) => kept.has(family));
}

/**
 * Days to measure a family from, as the state keeps it: its main days, or where the state keeps another day of the
 * family only, that one. Ascending.
 */
export function mainDaysOf(family: string, state: string | null): readonly number[] {
  const kept = festivalDaysOf(state).filter((day) => day.family === family);
  const main = kept.filter(({ isMain }) => isMain);
  const name = kept[0]?.name;
  return (main.length > 0 ? main : kept.filter((day) => day.name === name)).map(({ day }) => day);
}

/** Days from the nearest of `mains` to `day`: −21 … −1 before it, 0 on it, 1 … 7 after; null: none is near. */
export function signedDistance(mains: readonly number[], day: number): number | null {
  let best: number | null = null;
  for (const main of mains) {
    const distance = day - main;
    if (distance < -daysBefore || distance > daysAfter) continue;
    if (best === null || Math.abs(distance) < Math.abs(best)) best = distance;
  }
  return best;
}

/** Days of the month on which wages are in, both ends included. */
export type PaydayWindow = readonly [from: number, to: number];
export const usualPaydays: readonly PaydayWindow[] = [
  [1, 7],
  [25, 31],
];

export function isPayday(day: number, windows: readonly PaydayWindow[] = usualPaydays): boolean {
  const { date } = partsOf(day);
  return windows.some(([from, to]) => date >= from && date <= to);
}
