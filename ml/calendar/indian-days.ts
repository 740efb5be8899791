/**
 * The Indian calendar as known-future columns for models: days to each festival family that a state keeps, and pay-days.
 * Rule kept: a festival is a signed distance, −21 before to 7 after, never a date; outside of that, nothing (NaN).
 */
import type { DayColumn, DayTable, SeriesFrame } from '../frame/series-frame.ts';
import { familiesOf, isPayday, mainDaysOf, type PaydayWindow, signedDistance, usualPaydays } from './festivals.ts';

/** state: GST code, null where it is not known. Days from firstDay on; take as many as will be forecast too. */
export function indianDays(
  state: string | null,
  firstDay: number,
  days: number,
  paydays: readonly PaydayWindow[] = usualPaydays,
): DayTable {
  const columns: DayColumn[] = familiesOf(state).map((family) => {
    const mains = mainDaysOf(family, state);
    const values = Float64Array.from({ length: days }, (_, t) => signedDistance(mains, firstDay + t) ?? Number.NaN);
    return { name: `festival.${family}`, values, labels: null, isDistance: true };
  });
  for (const window of paydays) {
    const values = Float64Array.from({ length: days }, (_, t) => (isPayday(firstDay + t, [window]) ? 1 : 0));
    columns.push({ name: `payday.${window[0]}-${window[1]}`, values, labels: null });
  }
  return { firstDay, days, columns: columns.filter(({ values }) => values.some((value) => !Number.isNaN(value))) };
}

/** The same frame with the State's calendar beside what it knows of its days already. */
export function withIndianDays<T extends SeriesFrame>(
  frame: T,
  state: string | null,
  paydays: readonly PaydayWindow[] = usualPaydays,
): T {
  const { calendar, firstDay, days } = frame;
  const made = indianDays(state, firstDay, days, paydays);
  if (calendar === null) return { ...frame, calendar: made };
  const shift = firstDay - calendar.firstDay;
  const own = calendar.columns.map((column) => ({
    ...column,
    values: Float64Array.from({ length: days }, (_, t) => column.values[t + shift] ?? Number.NaN),
  }));
  return { ...frame, calendar: { ...made, columns: [...made.columns, ...own] } };
}
