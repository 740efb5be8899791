import { describe, expect, it } from 'vitest';
import { seeded } from '../random.ts';
import { arima, expand, filter, fitArima, forecastArima, toFree } from './arima.ts';
import { candidates, difference, kpss, rankOrders, seasonalStrength } from './arima-orders.ts';
import { nelderMead } from './nelder-mead.ts';

function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
function autoregressive(phi: number, days: number, seed: number, mean = 0): Float64Array {
  const random = seeded(seed);
  let last = 0;
  return Float64Array.from({ length: days }, () => {
    last = phi * last + gaussian(random);
    return mean + last;
  });
}
const ar1 = candidates[7] ?? { p: 1, q: 0, seasonalP: 1, seasonalQ: 0 };

describe('Nelder–Mead', () => {
  it("finds the least of Rosenbrock's valley and of a bowl", () => {
    const valley = nelderMead(
      ([x = 0, y = 0]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
      Float64Array.of(-1.2, 1),
      0.5,
      400,
    );
    expect(valley.at[0]).toBeCloseTo(1, 2);
    expect(valley.at[1]).toBeCloseTo(1, 2);
    const bowl = nelderMead(
      (x) => x.reduce((sum, value, j) => sum + (value - j) ** 2, 0),
      new Float64Array(3),
      0.3,
      300,
    );
    expect(bowl.value).toBeLessThan(1e-4);
  });
});

describe('orders', () => {
  it('sees a week where there is one', () => {
    const random = seeded(3);
    const noise = Float64Array.from({ length: 280 }, () => gaussian(random));
    expect(seasonalStrength(noise)).toBeLessThan(0.1);
    expect(seasonalStrength(noise.map((value, t) => value + (t % 7 === 5 ? 8 : 0)))).toBeGreaterThan(0.8);
  });
  it('has a KPSS statistic of one sixth on average for noise, and far more for a walk', () => {
    const [mean, walked] = [false, true].map((isWalk) => {
      let total = 0;
      for (let seed = 0; seed < 60; seed += 1) {
        const random = seeded(seed);
        let level = 0;
        const units = Float64Array.from({ length: 300 }, () => {
          level = isWalk ? level + gaussian(random) : gaussian(random);
          return level;
        });
        total += kpss(units) / 60;
      }
      return total;
    });
    // The mean of the limit, ∫ E[bridge²] = 1/6 (Kwiatkowski et al. 1992, §3).
    expect(mean).toBeCloseTo(1 / 6, 1);
    expect(walked).toBeGreaterThan(1);
  });
  it('start near the truth and rank it above orders that miss it', () => {
    const ranked = rankOrders(autoregressive(0.7, 400, 5));
    const best = ranked[0];
    expect(best?.orders.p).toBeGreaterThan(0);
    const without = ranked.find(({ orders }) => orders.p === 0 && orders.q === 0);
    expect(best?.aicc).toBeLessThan((without?.aicc ?? 0) - 50);
    const found = ranked.find(({ orders }) => orders === ar1);
    expect(found?.start[0]).toBeCloseTo(0.7, 1);
    expect(ranked).toHaveLength(12);
  });
  it('differences by the week', () => {
    expect([...difference(Float64Array.of(1, 2, 4, 8), 1)]).toEqual([Number.NaN, 1, 2, 4]);
  });
});

describe('ARIMA', () => {
  it('comes back from free numbers to coefficients and the other way', () => {
    for (const orders of candidates) {
      const terms = orders.p + orders.q + orders.seasonalP + orders.seasonalQ;
      const free = Float64Array.from({ length: terms }, (_, k) => 0.3 - 0.2 * k);
      const { ar, ma } = expand(free, orders);
      const start = [
        ...[ar[1], ar[2]].slice(0, orders.p),
        ...[ma[1], ma[2]].slice(0, orders.q),
        ...(orders.seasonalP ? [ar[7]] : []),
        ...(orders.seasonalQ ? [ma[7]] : []),
      ].map((value) => value ?? 0);
      const back = toFree(Float64Array.from(start), orders);
      for (let k = 0; k < terms; k += 1) expect(back[k]).toBeCloseTo(free[k] ?? 0, 9);
    }
  });
  it('multiplies the polynomials: what it filters, two filters in a row filter', () => {
    const random = seeded(8);
    const w = Float64Array.from({ length: 80 }, () => gaussian(random));
    const orders = { p: 2, q: 2, seasonalP: 1, seasonalQ: 1 };
    const { ar, ma } = expand(Float64Array.of(0.4, -0.3, 0.5, 0.2, 0.6, 0.7), orders);
    const shocks = new Float64Array(80);
    filter(w.slice(), { ar, ma }, shocks);
    const times = (from: Float64Array, lags: readonly (readonly [number, number])[]): Float64Array =>
      from.map((value, t) => lags.reduce((sum, [lag, c]) => sum + (t >= lag ? c * (from[t - lag] ?? 0) : 0), value));
    const left = times(
      times(w, [
        [1, -(ar[1] ?? 0)],
        [2, -(ar[2] ?? 0)],
      ]),
      [[7, -(ar[7] ?? 0)]],
    );
    const right = times(
      times(shocks, [
        [1, ma[1] ?? 0],
        [2, ma[2] ?? 0],
      ]),
      [[7, ma[7] ?? 0]],
    );
    for (let t = 0; t < 80; t += 1) expect(left[t]).toBeCloseTo(right[t] ?? 0, 9);
  });
  it('makes the sum of squares as small as least squares does where that has a closed form', () => {
    const w = autoregressive(0.6, 300, 11);
    let [xy, xx] = [0, 0];
    for (let t = 1; t < w.length; t += 1) {
      xy += (w[t] ?? 0) * (w[t - 1] ?? 0);
      xx += (w[t - 1] ?? 0) ** 2;
    }
    const orders = { p: 1, q: 0, seasonalP: 0, seasonalQ: 0 };
    const shocks = new Float64Array(300);
    const { at } = nelderMead(
      (free) => filter(w.slice(), expand(free, orders), shocks).squares,
      new Float64Array(1),
      0.2,
      80,
    );
    expect(expand(at, orders).ar[1]).toBeCloseTo(xy / xx, 3);
  });
  it('goes back to the mean as an autoregression does, and widens by its ψ weights', () => {
    const units = autoregressive(0.8, 390, 2, 30);
    const fit = { orders: ar1, d: 0, weekD: 0, mean: 30, squares: 1 };
    const ar = new Float64Array(10);
    ar[1] = 0.8;
    const { mean, growth } = forecastArima({ ...fit, expanded: { ar, ma: new Float64Array(10) } }, units, 10);
    const last = (units[389] ?? 0) - 30;
    for (let h = 1; h <= 10; h += 1) {
      expect(mean[h - 1]).toBeCloseTo(30 + 0.8 ** h * last, 9);
      expect(growth[h - 1]).toBeCloseTo(Math.sqrt((1 - 0.64 ** h) / 0.36), 9);
    }
  });
  it('adds differences back: a line goes on, a week repeats', () => {
    const none = { ar: new Float64Array(10), ma: new Float64Array(10) };
    const weekly = Float64Array.from({ length: 70 }, (_, t) => 10 + (t % 7) + t);
    const model = { orders: ar1, d: 1, weekD: 1, mean: 0, squares: 0, expanded: none };
    const { mean, fitted } = forecastArima(model, weekly, 14);
    for (let h = 0; h < 14; h += 1) expect(mean[h]).toBeCloseTo(10 + ((70 + h) % 7) + 70 + h, 8);
    expect(fitted[40]).toBeCloseTo(weekly[40] ?? 0, 8);
  });
  it('goes on over a gap and needs no more than its level then', () => {
    const units = autoregressive(0.5, 200, 4, 25);
    units.fill(Number.NaN, 90, 130);
    units.fill(Number.NaN, 195, 200);
    expect(fitArima(units)).not.toBeNull();
    for (const value of arima({ units, firstDay: 0 }, 14).mean) {
      expect(value).toBeGreaterThan(20);
      expect(value).toBeLessThan(30);
    }
  });
});
