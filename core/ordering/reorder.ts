/**
 * When to order an item and how much of it. Rule kept: the levels are quantiles of what is asked for until the goods come
 * and must last, never sums of days' quantiles; nothing is ordered that is not likely to sell before it spoils.
 *
 * Periodic review with a reorder point and an order-up-to level, (R, s, S): Silver, Pyke & Thomas 2017, "Inventory and
 * Production Management in Supply Chains", ch. 7.
 */
import type { Milli } from '../quantity.ts';
import { quantileOf, type Spread, sumOfDays } from './demand-spread.ts';

export type OrderRules = {
  /** Days from order to delivery. */
  readonly leadDays: number;
  /** Days after delivery that the goods must last. */
  readonly coverDays: number;
  /** Share of order rounds without running out, hundredths of a percent. */
  readonly serviceLevelBp: number;
};
export type StockFacts = {
  /** Day by day from tomorrow on; at least a week. */
  readonly days: readonly Spread[];
  /** See sumOfDays. */
  readonly tie: number;
  readonly isCounted: boolean;
  readonly onHandMilli: number;
  /** Ordered or sent to this shop and not yet here. */
  readonly comingMilli: number;
  readonly packMilli: number;
  /** null: keeps as long as anybody cares. */
  readonly shelfDays: number | null;
};
export type Reorder = {
  /** Until delivery and through the days it must last: the middle, and the quantile of the service level. */
  readonly likelyMilli: Milli;
  readonly busyMilli: Milli;
  /** At or below this an order is due. */
  readonly reorderPointMilli: Milli;
  readonly isDue: boolean;
  readonly neededMilli: Milli;
  readonly packs: number;
  /** Days until what is likely has emptied the shelf, tenths; null: longer than is forecast. */
  readonly daysLeftTenths: number | null;
  /** Mean demand that stock on hand and coming does not meet if nothing is ordered. */
  readonly unmetMilli: Milli;
};

const whole = (milli: number): Milli => Math.max(0, Math.round(milli)) as Milli;

/** The first `count` days; past the last one its week goes on. */
function firstDays(days: readonly Spread[], count: number): readonly Spread[] {
  const week = days.slice(-7);
  return Array.from(
    { length: count },
    (_, k) => days[k] ?? week[(k - days.length) % week.length] ?? { mean: 0, variance: 0 },
  );
}

/** Tenths of a day; null past the last forecast day. */
export function daysLeftOf(means: readonly number[], onHandMilli: number): number | null {
  if (onHandMilli <= 0) return 0;
  let left = onHandMilli / 1000;
  for (const [k, mean] of means.entries()) {
    if (mean >= left && mean > 0) return Math.floor((k + left / mean) * 10);
    left -= mean;
  }
  return null;
}

export function reorder(facts: StockFacts, rules: OrderRules): Reorder {
  const { days, tie, isCounted } = facts;
  const level = rules.serviceLevelBp / 10_000;
  const demand = (count: number, q: number): number =>
    1000 * quantileOf(sumOfDays(firstDays(days, count), tie), q, isCounted);
  const through = rules.leadDays + rules.coverDays;
  const position = facts.onHandMilli + facts.comingMilli;
  // Today's list is the last look until tomorrow's.
  const reorderPoint = demand(rules.leadDays + 1, level);
  const busy = demand(through, level);
  const mean = 1000 * sumOfDays(firstDays(days, through), tie).mean;
  const room = facts.shelfDays === null ? null : demand(rules.leadDays + facts.shelfDays, 0.5) - Math.max(0, position);
  const wanted = Math.max(0, busy - position);
  const needed = room === null ? wanted : Math.min(wanted, Math.max(0, room));
  const pack = Math.max(1, facts.packMilli);
  // A pack that would spoil half sold is not bought.
  const packs = room === null || needed === wanted ? Math.ceil(needed / pack) : Math.floor(needed / pack + 0.5);
  return {
    likelyMilli: whole(demand(through, 0.5)),
    busyMilli: whole(busy),
    reorderPointMilli: whole(reorderPoint),
    isDue: position <= reorderPoint && wanted > 0,
    neededMilli: whole(needed),
    packs,
    daysLeftTenths: daysLeftOf(
      days.map((day) => day.mean),
      facts.onHandMilli,
    ),
    unmetMilli: whole(mean - Math.max(0, position)),
  };
}
