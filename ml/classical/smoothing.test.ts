import { describe, expect, it } from 'vitest';
import { seeded } from '../random.ts';
import { holtWinters, run, season, startOf } from './holt-winters.ts';
import { bestWeight, recentMean, ses, smooth, startLevel } from './smoothing.ts';
import { lineThrough, thetaWith } from './theta.ts';

/** Saudi oil production 1996–2013: Hyndman & Athanasopoulos, "Forecasting: Principles and Practice", 2nd ed., table 7.1. */
const oil = Float64Array.of(
  445.36,
  453.2,
  454.41,
  422.38,
  456.04,
  440.39,
  425.19,
  486.21,
  500.43,
  521.28,
  508.95,
  488.89,
  509.87,
  456.72,
  473.82,
  525.95,
  549.83,
  542.34,
);

function wandering(days: number, seed: number): Float64Array {
  const random = seeded(seed);
  let level = 20;
  return Float64Array.from({ length: days }, () => {
    level += random() - 0.5;
    return level + 6 * (random() - 0.5);
  });
}
const withGap = (units: Float64Array, days: number): Float64Array =>
  Float64Array.from([...units, ...new Array<number>(days).fill(Number.NaN)]);

describe('simple smoothing', () => {
  it("gives the textbook's forecast with the textbook's weight and start", () => {
    expect(smooth(oil, 0.8339, 446.5868, null).level).toBeCloseTo(542.68, 2);
  });
  it('finds the weight that a search through all weights finds', () => {
    for (const seed of [1, 2, 3]) {
      const units = wandering(300, seed);
      const start = startLevel(units);
      let least = Number.POSITIVE_INFINITY;
      for (let alpha = 0.005; alpha < 0.99; alpha += 0.001)
        least = Math.min(least, smooth(units, alpha, start, null).squares);
      expect(smooth(units, bestWeight(units, start), start, null).squares).toBeLessThan(least * 1.0005);
    }
  });
  it('stands still over days that are not known, at the end or in the middle', () => {
    const units = wandering(60, 4);
    const plain = ses({ units, firstDay: 0 }, 3).mean;
    expect(ses({ units: withGap(units, 30), firstDay: 0 }, 3).mean).toEqual(plain);
    const split = Float64Array.from([
      ...units.subarray(0, 30),
      ...withGap(new Float64Array(), 9),
      ...units.subarray(30),
    ]);
    expect(ses({ units: split, firstDay: 0 }, 3).mean[0]).toBeCloseTo(plain[0] ?? 0, 10);
  });
  it('of nothing known is nil', () => {
    expect([...ses({ units: withGap(new Float64Array(), 20), firstDay: 0 }, 2).mean]).toEqual([0, 0]);
  });
});

describe('the mean of what is recent', () => {
  it('is half of 28 days and half of 91', () => {
    const units = Float64Array.from({ length: 120 }, (_, t) => t);
    const mean = (from: number, to: number): number => (from + to) / 2;
    const { mean: ahead, fitted } = recentMean({ units, firstDay: 0 }, 1);
    expect(ahead[0]).toBeCloseTo(0.5 * mean(92, 119) + 0.5 * mean(29, 119), 9);
    expect(fitted[119]).toBeCloseTo(0.5 * mean(91, 118) + 0.5 * mean(28, 118), 9);
  });
});

describe('Holt-Winters', () => {
  const weekly = [4, 5, 6, 7, 9, 14, 2];
  it('goes on exactly with a week that repeats itself', () => {
    const units = Float64Array.from({ length: 120 }, (_, t) => weekly[t % 7] ?? 0);
    const { mean } = holtWinters({ units, firstDay: 0 }, 14);
    for (let h = 0; h < 14; h += 1) expect(mean[h]).toBeCloseTo(weekly[(120 + h) % 7] ?? 0, 0);
  });
  it('widens as much as one shock moves the days ahead', () => {
    // The derivative of the forecast h days on by today's error is the weight that the variance formula is made of.
    const units = wandering(200, 9);
    const weights = { alpha: 0.2, beta: 0.02, gamma: 0.05 };
    const ahead = (bump: number): Float64Array => {
      const seen = units.slice();
      seen[199] = (seen[199] ?? 0) + bump;
      const { level, amounts } = startOf(units);
      const { level: last, trend } = run(seen, weights, level, amounts, null);
      let [damped, power] = [0, 1];
      return Float64Array.from({ length: 10 }, (_, h) => {
        power *= 0.9;
        damped += power;
        return last + damped * trend + (amounts[(200 + h) % season] ?? 0);
      });
    };
    const [low, high] = [ahead(0), ahead(1)];
    let [damped, power] = [0, 1];
    for (let h = 0; h < 10; h += 1) {
      power *= 0.9;
      damped += power;
      const expected = weights.alpha + weights.beta * damped + ((h + 1) % season === 0 ? weights.gamma : 0);
      expect((high[h] ?? 0) - (low[h] ?? 0)).toBeCloseTo(expected, 9);
    }
  });
  it('keeps its week over days that are not known', () => {
    const units = Float64Array.from({ length: 120 }, (_, t) => (t % 11 === 3 ? Number.NaN : (weekly[t % 7] ?? 0)));
    const { mean } = holtWinters({ units, firstDay: 0 }, 7);
    for (let h = 0; h < 7; h += 1) expect(mean[h]).toBeCloseTo(weekly[(120 + h) % 7] ?? 0, 0);
  });
});

describe('Theta', () => {
  it('is simple smoothing with a drift of half the slope (Hyndman & Billah 2003)', () => {
    for (const [seed, alpha] of [
      [1, 0.2],
      [2, 0.6],
      [3, 0.05],
    ] as const) {
      const units = wandering(90, seed).map((value, t) => value + 0.3 * t);
      const n = units.length;
      const { slope } = lineThrough(units);
      const { level } = smooth(units, alpha, units[0] ?? 0, null);
      const { mean } = thetaWith(units, alpha, 5);
      for (let h = 1; h <= 5; h += 1) {
        const drift = (slope / 2) * (h - 1 + 1 / alpha - (1 - alpha) ** n / alpha);
        expect(mean[h - 1]).toBeCloseTo(level + drift, 6);
      }
    }
  });
  it('goes through a straight line with half of its slope ahead', () => {
    const units = Float64Array.from({ length: 50 }, (_, t) => 10 + 2 * t);
    expect(lineThrough(units)).toEqual({ at: 10, slope: 2 });
  });
});
