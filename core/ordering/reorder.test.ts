import { describe, expect, it } from 'vitest';
import { quantileOf, type Spread } from './demand-spread.ts';
import { daysLeftOf, type OrderRules, reorder, type StockFacts } from './reorder.ts';

const day = (mean: number, variance = mean): Spread => ({ mean, variance });
const facts = (more: Partial<StockFacts> = {}): StockFacts => ({
  days: Array.from({ length: 14 }, () => day(4)),
  tie: 0,
  isCounted: true,
  onHandMilli: 0,
  comingMilli: 0,
  packMilli: 1_000,
  shelfDays: null,
  ...more,
});
const rules: OrderRules = { leadDays: 2, coverDays: 7, serviceLevelBp: 9_500 };

describe('what to order', () => {
  it('covers lead and cover days at the service level, less what is there and coming', () => {
    // Poisson(36): its 95 % quantile is 46, its middle 36.
    const made = reorder(facts(), rules);
    expect(made).toMatchObject({ isDue: true, busyMilli: 46_000, likelyMilli: 36_000, neededMilli: 46_000, packs: 46 });
    expect(reorder(facts({ onHandMilli: 10_000, comingMilli: 5_000 }), rules).neededMilli).toBe(31_000);
  });

  it('is due at the reorder point and not above it', () => {
    // Until delivery and tomorrow's look: three days, Poisson(12), 95 %: 18.
    expect(reorder(facts({ onHandMilli: 18_000 }), rules)).toMatchObject({ isDue: true, reorderPointMilli: 18_000 });
    expect(reorder(facts({ onHandMilli: 19_000 }), rules).isDue).toBe(false);
  });

  it('orders whole packs, and no more than sells before it spoils', () => {
    expect(reorder(facts({ packMilli: 12_000 }), rules).packs).toBe(4);
    // Lead and two days of shelf life: Poisson(16), its middle is 16.
    expect(reorder(facts({ shelfDays: 2 }), rules)).toMatchObject({ neededMilli: 16_000, packs: 16 });
    expect(reorder(facts({ shelfDays: 2, packMilli: 48_000 }), rules).packs).toBe(0);
  });

  it('goes on with the last week past what is forecast, and reads nothing as nothing', () => {
    const far = { leadDays: 20, coverDays: 40, serviceLevelBp: 5_000 };
    expect(reorder(facts(), far).likelyMilli).toBe(240_000);
    const none = reorder(facts({ days: Array.from({ length: 14 }, () => day(0)) }), rules);
    expect(none).toMatchObject({ isDue: false, packs: 0, busyMilli: 0, daysLeftTenths: 0 });
  });

  it('sold into the red needs that much more', () => {
    expect(reorder(facts({ onHandMilli: -4_000 }), rules).neededMilli).toBe(50_000);
  });

  it('counts the days that are left', () => {
    expect(daysLeftOf([4, 4, 4], 10_000)).toBe(25);
    expect(daysLeftOf([4, 4, 4], 13_000)).toBeNull();
    expect(daysLeftOf([4], 0)).toBe(0);
    expect(daysLeftOf([0, 0], 1_000)).toBeNull();
  });
});

/** mulberry32. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Rule = (stock: StockFacts) => number;
type Outcome = { readonly fillRate: number; readonly roundsWhole: number; readonly meanStock: number };

/** Years of days at one item: goods come `leadDays` after the order; what is not there is not sold. */
function simulate(rule: Rule, days: readonly Spread[], seed: number): Outcome {
  const random = seeded(seed);
  const pipeline: { at: number; units: number }[] = [];
  let [stock, asked, sold, stocked, rounds, whole, isShort] = [60, 0, 0, 0, 0, 0, false];
  const length = 4_000;
  for (let t = 0; t < length; t += 1) {
    const arrived = pipeline.filter(({ at }) => at === t);
    for (const { units } of arrived) {
      rounds += 1;
      if (!isShort) whole += 1;
      isShort = false;
      stock += units;
    }
    const today = days[t % 7] ?? day(0);
    const wanted = quantileOf(today, Math.min(0.999_999, Math.max(1e-9, random())), true);
    const got = Math.min(stock, wanted);
    if (got < wanted) isShort = true;
    asked += wanted;
    sold += got;
    stock -= got;
    stocked += stock;
    const coming = pipeline.filter(({ at }) => at > t).reduce((sum, { units }) => sum + units, 0);
    const ahead = Array.from({ length: 14 }, (_, h) => days[(t + 1 + h) % 7] ?? day(0));
    const units = rule(facts({ days: ahead, onHandMilli: stock * 1000, comingMilli: coming * 1000 }));
    if (units > 0) pipeline.push({ at: t + 1 + rules.leadDays, units });
  }
  return { fillRate: sold / asked, roundsWhole: whole / Math.max(1, rounds), meanStock: stocked / length };
}

describe('a shop that orders by it', () => {
  // Overdispersed, with a weekend.
  const week = [3, 3, 3, 4, 5, 9, 8].map((mean) => day(mean, 2.5 * mean));
  const byRule =
    (serviceLevelBp: number): Rule =>
    (stock) => {
      const { isDue, packs } = reorder(stock, { ...rules, serviceLevelBp });
      return isDue ? packs : 0;
    };

  it('keeps its service level, and pays in stock for a higher one', () => {
    const found = [5_000, 8_000, 9_500, 9_900].map((level) => simulate(byRule(level), week, 1));
    for (const [k, { roundsWhole }] of found.entries()) {
      // A round ends without a customer sent away at least as often as was asked for.
      expect(roundsWhole).toBeGreaterThanOrEqual(([0.5, 0.8, 0.95, 0.99][k] ?? 0) - 0.03);
      expect(found[k]?.meanStock ?? 0).toBeGreaterThan(found[k - 1]?.meanStock ?? 0);
      expect(found[k]?.fillRate ?? 0).toBeGreaterThan((found[k - 1]?.fillRate ?? 0) - 0.002);
    }
    expect(found[2]?.fillRate).toBeGreaterThan(0.99);
  });

  it('and its controls: the sum of daily quantiles buys far too much, the mean alone runs out', () => {
    const ours = simulate(byRule(9_500), week, 2);
    const summed = simulate(
      ({ days, onHandMilli, comingMilli }) => {
        const level = days.slice(0, 9).reduce((sum, each) => sum + quantileOf(each, 0.95, true), 0);
        const soon = days.slice(0, 3).reduce((sum, each) => sum + quantileOf(each, 0.95, true), 0);
        const position = (onHandMilli + comingMilli) / 1000;
        return position <= soon ? Math.ceil(level - position) : 0;
      },
      week,
      2,
    );
    const meanOnly = simulate(
      ({ days, onHandMilli, comingMilli }) => {
        const position = (onHandMilli + comingMilli) / 1000;
        const soon = days.slice(0, 3).reduce((sum, each) => sum + each.mean, 0);
        const level = days.slice(0, 9).reduce((sum, each) => sum + each.mean, 0);
        return position <= soon ? Math.ceil(level - position) : 0;
      },
      week,
      2,
    );
    expect(summed.meanStock).toBeGreaterThan(1.25 * ours.meanStock);
    expect(meanOnly.roundsWhole).toBeLessThan(0.85);
    expect(ours.roundsWhole).toBeGreaterThan(0.93);
  });
});
