import { describe, expect, it } from 'vitest';
import { quantileOf, spreadOfDay, sumOfDays } from './demand-spread.ts';

describe('demand over several days', () => {
  it('adds means, and variances with what the days have in common', () => {
    const day = { mean: 4, variance: 9 };
    const week = Array.from({ length: 7 }, () => day);
    expect(sumOfDays(week, 0)).toEqual({ mean: 28, variance: 63 });
    expect(sumOfDays(week, 1)).toEqual({ mean: 28, variance: 441 });
  });

  it('reads the quantiles of known distributions', () => {
    // Poisson(7): P(X ≤ 3) = 0.0818, P(X ≤ 4) = 0.173, P(X ≤ 10) = 0.901.
    expect([0.1, 0.5, 0.9].map((q) => quantileOf({ mean: 7, variance: 7 }, q, true))).toEqual([4, 7, 10]);
    // Negative binomial with r = 2, p = 0.5: P(0) = .25, P(≤1) = .5, P(≤2) = .6875, P(≤4) = .890625, P(≤5) = .9375.
    expect(quantileOf({ mean: 2, variance: 4 }, 0.49, true)).toBe(1);
    expect(quantileOf({ mean: 2, variance: 4 }, 0.9, true)).toBe(5);
    // Gamma(2, 1): 0.1 → 0.5318, 0.9 → 3.8897; χ²(40) ÷ 2 at 0.95 → 27.879.
    expect(quantileOf({ mean: 2, variance: 2 }, 0.1, false)).toBeCloseTo(0.5318, 3);
    expect(quantileOf({ mean: 2, variance: 2 }, 0.9, false)).toBeCloseTo(3.8897, 3);
    expect(quantileOf({ mean: 20, variance: 20 }, 0.95, false)).toBeCloseTo(27.879, 2);
  });

  it('of nothing is nothing, and no bad number comes out', () => {
    expect(quantileOf({ mean: 0, variance: 0 }, 0.99, true)).toBe(0);
    const odd = spreadOfDay({ p10: Number.NaN, p50: 1, p90: Number.POSITIVE_INFINITY, mean: Number.NaN }, true);
    expect(odd).toEqual({ mean: 0, variance: 0 });
    expect(quantileOf({ mean: 5, variance: 0 }, 0.9, false)).toBe(5);
  });

  it('is narrower than the sum of the days’ quantiles', () => {
    const day = { p10: 1, p50: 4, p90: 8, mean: 4.2 };
    const week = sumOfDays(
      Array.from({ length: 7 }, () => spreadOfDay(day, true)),
      0.1,
    );
    expect(quantileOf(week, 0.9, true)).toBeLessThan(56);
    expect(quantileOf(week, 0.9, true)).toBeGreaterThan(30);
  });
});
