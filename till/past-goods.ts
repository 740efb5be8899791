/**
 * How each item of a made-up shop sells: a few fast ones, a long tail that sells now and then, new ones that
 * come and old ones that die. Rule kept: drawn once from the seed; on-hand is counted along so that a sale
 * never takes what isn't there. It asks no till.
 */
import type { Item } from '#core/catalogue/item.ts';
import type { Uuid } from '#core/ids.ts';
import { isMeasured } from '#core/quantity.ts';
import type { BusinessDate } from '#core/time.ts';
import { wantedOn } from './past-calendar.ts';
import type { Dice } from './seeded-dice.ts';

export type Goods = {
  readonly id: Uuid;
  readonly item: Item;
  readonly weight: number;
  /** Not on sale before that day of the past, and rare after this one. */
  readonly fromDay: number;
  readonly dyingFrom: number | null;
  /** The day its rate changes, often none; ever more for what grows. */
  readonly priceDays: readonly number[];
  /** Thousandths, counted along. */
  onHandMilli: number;
  /** Ordered and not here yet. */
  dueDay: number | null;
};

const categoryWeights: Readonly<Record<string, number>> = {
  Dairy: 3.2,
  Vegetables: 3,
  Staples: 2,
  Snacks: 2,
  'Biscuits and Bakery': 2.2,
  'Loose Staples': 1.8,
  Fruit: 1.8,
  'Tea and Coffee': 1.4,
  'Oils and Ghee': 1.3,
  Dals: 1.2,
  'Loose Dals': 1.2,
  Drinks: 1.2,
  Household: 0.5,
  Stationery: 0.35,
  Pooja: 0.5,
  Baby: 0.4,
  'Dry Fruits': 0.5,
};
const grown: readonly string[] = ['Vegetables', 'Fruit'];

/** `firstDay`: for goods whose oldest lot is packed later, the day it is. */
export function goodsOf(item: Item, onHandMilli: number, firstDay: number, days: number, dice: Dice): Goods {
  // A long tail: one in ten items makes half of the sales, half of them sell once in a week or less.
  const weight =
    (categoryWeights[item.category ?? ''] ?? 1) * Math.exp(2.4 * (dice.next() + dice.next() + dice.next() - 1.5));
  const isNew = days > 60 && dice.chance(0.06);
  const isDying = days > 60 && dice.chance(0.05);
  const isGrown = grown.includes(item.category ?? '');
  const changes = item.batches.length > 0 ? 0 : isGrown ? days / 9 : days / 150;
  const priceDays = Array.from({ length: Math.floor(changes + dice.next()) }, () => 1 + dice.below(days));
  return {
    id: item.id,
    item,
    weight,
    fromDay: Math.max(firstDay, isNew ? dice.below(days) : 0),
    dyingFrom: isDying ? dice.below(days) : null,
    priceDays,
    onHandMilli,
    dueDay: null,
  };
}

/** How much it is wanted on a day of the past, in no unit. */
export function wishFor(goods: Goods, day: number, date: BusinessDate): number {
  if (day < goods.fromDay) return 0;
  const age = goods.fromDay === 0 ? 1 : Math.min(1, (day - goods.fromDay + 3) / 21);
  const dying = goods.dyingFrom === null || day < goods.dyingFrom ? 1 : Math.exp((goods.dyingFrom - day) / 25);
  return goods.weight * age * dying * wantedOn(goods.item.category ?? '', date);
}

/** Pieces mostly one at a time; loose goods by the quarter. Thousandths. */
export function quantityOf(goods: Goods, dice: Dice): number {
  if (isMeasured(goods.item.unit)) return dice.pick([250, 500, 500, 1000, 1000, 1000, 2000]);
  return dice.pick([1000, 1000, 1000, 1000, 1000, 2000, 2000, 3000]);
}

/** The quantity on average, thousandths. */
export const usualMilli = (goods: Goods): number => (isMeasured(goods.item.unit) ? 893 : 1500);
