/**
 * When goods that are ordered today come. Rule kept: a supplier who comes on certain days of the week comes on the first
 * of them that is not before its days of notice; where nothing is said of days, any day will do.
 */
import type { BusinessDate } from '../time.ts';

export type Delivery = {
  /** Days from order to delivery, at the least. */
  readonly leadDays: number;
  /** 0 Sunday … 6 Saturday; empty: any day. */
  readonly weekdays: readonly number[];
};

const weekDays = 7;
const weekdayOf = (date: BusinessDate): number => new Date(`${date}T00:00:00Z`).getUTCDay();

/** Whole days from an order on `today` to its goods: leadDays to leadDays + 6. */
export function daysUntilGoods(today: BusinessDate, { leadDays, weekdays }: Delivery): number {
  if (weekdays.length === 0) return leadDays;
  const first = weekdayOf(today) + leadDays;
  for (let wait = 0; wait < weekDays; wait += 1)
    if (weekdays.includes((first + wait) % weekDays)) return leadDays + wait;
  return leadDays;
}
