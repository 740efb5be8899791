/**
 * ARIMA (p,d,q)(P,D,Q)₇, the BillMitra baseline. Rule kept: roots stay outside the unit circle whatever the search
 * tries; a day that is not known is taken at what is expected of it, so it shocks nothing.
 *
 * Box & Jenkins 1970; conditional sum of squares made small by Nelder–Mead; stationarity by partial autocorrelations
 * in (−1, 1) (Monahan 1984). Orders: arima-orders.ts. Spread ahead: the ψ weights (Box & Jenkins, §5.1).
 */
import { difference, needsDifference, needsWeekDifference, type Orders, rankOrders, week } from './arima-orders.ts';
import { run, startOf } from './holt-winters.ts';
import { knownMean, type LocalFit, type LocalModel } from './local-model.ts';
import { nelderMead } from './nelder-mead.ts';
import { recentMean } from './smoothing.ts';

/** A year and a month: more says little of next week and costs. */
const historyDays = 400;
const leastDays = 42;
const refined = 1;
const maxPartial = 0.98;
const maxLag = week + 2;

/** Coefficients by lag, [0] unused: w_t = Σ ar[k] w_{t−k} + e_t + Σ ma[k] e_{t−k}. */
export type Expanded = { readonly ar: Float64Array; readonly ma: Float64Array };

/** One or two partial autocorrelations to coefficients of a stationary polynomial. */
const toCoefficients = (a: number, b: number): readonly [number, number] => [a * (1 - b), b];

/** From free numbers to lag coefficients; order as in arima-orders: φ, θ, Φ, Θ. */
export function expand(free: Float64Array, { p, q, seasonalP, seasonalQ }: Orders): Expanded {
  let at = 0;
  const next = (): number => maxPartial * Math.tanh(free[at++] ?? 0);
  const pair = (count: number): readonly [number, number] => {
    const a = count > 0 ? next() : 0;
    const b = count > 1 ? next() : 0;
    return toCoefficients(a, b);
  };
  const phi = pair(p);
  const thetas = pair(q);
  const seasonalPhi = seasonalP > 0 ? next() : 0;
  const seasonalTheta = seasonalQ > 0 ? next() : 0;
  const product = ([a, b]: readonly [number, number], s: number, sign: number): Float64Array => {
    const lag = new Float64Array(maxLag + 1);
    lag[1] = a;
    lag[2] = b;
    lag[week] = s;
    lag[week + 1] = sign * a * s;
    lag[week + 2] = sign * b * s;
    return lag;
  };
  return { ar: product(phi, seasonalPhi, -1), ma: product([-thetas[0], -thetas[1]], -seasonalTheta, 1) };
}

/** The free numbers that give the regression's coefficients, kept inside the region. */
export function toFree(start: Float64Array, { p, q, seasonalP, seasonalQ }: Orders): Float64Array {
  const free = start.slice();
  const inside = (value: number): number => Math.atanh(Math.max(-0.95, Math.min(0.95, value / maxPartial)));
  const pair = (from: number, count: number, sign: number): void => {
    const b = count > 1 ? Math.max(-0.9, Math.min(0.9, sign * (start[from + 1] ?? 0))) : 0;
    if (count > 0) free[from] = inside((sign * (start[from] ?? 0)) / (1 - b));
    if (count > 1) free[from + 1] = inside(b);
  };
  pair(0, p, 1);
  pair(p, q, -1);
  if (seasonalP > 0) free[p + q] = inside(start[p + q] ?? 0);
  if (seasonalQ > 0) free[p + q + seasonalP] = inside(-(start[p + q + seasonalP] ?? 0));
  return free;
}

export type Filtered = { readonly squares: number; readonly known: number };

/** One-day errors; `w` is changed: days not known get their expectation. Values before the first are nil. */
export function filter(w: Float64Array, { ar, ma }: Expanded, shocks: Float64Array): Filtered {
  const [a1 = 0, a2 = 0, a7 = 0, a8 = 0, a9 = 0] = [ar[1], ar[2], ar[7], ar[8], ar[9]];
  const [m1 = 0, m2 = 0, m7 = 0, m8 = 0, m9 = 0] = [ma[1], ma[2], ma[7], ma[8], ma[9]];
  let [squares, known] = [0, 0];
  for (let t = 0; t < w.length; t += 1) {
    let expected: number;
    if (t >= maxLag) {
      expected =
        a1 * (w[t - 1] as number) +
        a2 * (w[t - 2] as number) +
        a7 * (w[t - 7] as number) +
        a8 * (w[t - 8] as number) +
        a9 * (w[t - 9] as number) +
        m1 * (shocks[t - 1] as number) +
        m2 * (shocks[t - 2] as number) +
        m7 * (shocks[t - 7] as number) +
        m8 * (shocks[t - 8] as number) +
        m9 * (shocks[t - 9] as number);
    } else {
      expected = 0;
      for (let k = 1; k <= t; k += 1) expected += (ar[k] ?? 0) * (w[t - k] ?? 0) + (ma[k] ?? 0) * (shocks[t - k] ?? 0);
    }
    const value = w[t] as number;
    if (value !== value) {
      w[t] = expected;
      shocks[t] = 0;
      continue;
    }
    const shock = value - expected;
    shocks[t] = shock;
    squares += shock * shock;
    known += 1;
  }
  return { squares, known };
}

export type Arima = {
  readonly orders: Orders;
  readonly d: number;
  readonly weekD: number;
  readonly mean: number;
  readonly expanded: Expanded;
  readonly squares: number;
};

const looksFor = (terms: number): number => 8 + 8 * terms;

/** Fits the last 400 days; null where there is too little to fit. */
export function fitArima(units: Float64Array): Arima | null {
  const raw = units.subarray(Math.max(0, units.length - historyDays));
  if (raw.length < leastDays) return null;
  const y = bridged(raw);
  const weekD = needsWeekDifference(y) ? 1 : 0;
  const afterWeek = weekD === 1 ? difference(y, week) : y;
  const d = needsDifference(afterWeek) ? 1 : 0;
  const w = d === 1 ? difference(afterWeek, 1) : afterWeek;
  const skip = weekD * week + d;
  const mean = skip === 0 ? knownMean(w, 0, w.length) : 0;
  const seen = Float64Array.from(w.subarray(skip), (value, t) =>
    Number.isNaN(raw[t + skip] ?? Number.NaN) ? Number.NaN : value - mean,
  );
  if (seen.filter((value) => !Number.isNaN(value)).length < leastDays - week - 1) return null;
  const shocks = new Float64Array(seen.length);
  const work = new Float64Array(seen.length);
  const ranked = rankOrders(seen).slice(0, refined);
  let best: Arima | null = null;
  for (const { orders, start } of ranked) {
    const squaresOf = (free: Float64Array): number => {
      work.set(seen);
      return filter(work, expand(free, orders), shocks).squares;
    };
    const { at, value } = nelderMead(squaresOf, toFree(start, orders), 0.15, looksFor(start.length));
    if (best === null || value < best.squares)
      best = { orders, d, weekD, mean, expanded: expand(at, orders), squares: value };
  }
  return best;
}

/** Days not known at what level and weekday say of them, so that the day behind a gap still has one to differ from. */
function bridged(units: Float64Array): Float64Array {
  const { level, amounts } = startOf(units);
  const expected = new Float64Array(units.length);
  run(units, { alpha: 0.1, beta: 0, gamma: 0.05 }, level, amounts, expected);
  return units.map((value, t) => (value === value ? value : Math.max(0, expected[t] ?? 0)));
}

/** Lag coefficients of 1 − (1 − B)^d (1 − B⁷)^D: what of earlier days is added back. */
function addBack(d: number, weekD: number): readonly (readonly [number, number])[] {
  if (d === 1 && weekD === 1)
    return [
      [1, 1],
      [week, 1],
      [week + 1, -1],
    ];
  if (d === 1) return [[1, 1]];
  return weekD === 1 ? [[week, 1]] : [];
}

/** What is expected of the days after `units`, and of each day before. units: [any number of days], NaN: not known. */
export function forecastArima(model: Arima, units: Float64Array, horizon: number): LocalFit {
  const { d, weekD, mean, expanded } = model;
  const n = units.length;
  const back = addBack(d, weekD);
  const skip = weekD * week + d;
  const fitted = new Float64Array(n).fill(Number.NaN);
  const w = new Float64Array(n + horizon).fill(Number.NaN);
  const level = new Float64Array(n + horizon);
  level.set(bridged(units));
  for (let t = skip; t < n; t += 1) {
    let value = (units[t] ?? Number.NaN) - mean;
    for (const [lag, sign] of back) value -= sign * (level[t - lag] ?? 0);
    w[t] = value;
  }
  w.fill(0, 0, skip);
  const shocks = new Float64Array(n + horizon);
  filter(w, expanded, shocks);
  for (let t = skip; t < n + horizon; t += 1) {
    let expected = mean + (w[t] ?? 0) - (shocks[t] ?? 0);
    for (const [lag, sign] of back) expected += sign * (level[t - lag] ?? 0);
    if (t >= n) level[t] = expected;
    else if (t >= Math.max(skip, 2 * week)) fitted[t] = expected;
  }
  const forecast = Float64Array.from({ length: horizon }, (_, h) => Math.max(0, level[n + h] ?? 0));
  return { mean: forecast, fitted, growth: psiGrowth(expanded, back, horizon) };
}

/** √Σ ψ² of the first h weights. */
function psiGrowth({ ar, ma }: Expanded, back: readonly (readonly [number, number])[], horizon: number): Float64Array {
  const w = new Float64Array(horizon);
  const psi = new Float64Array(horizon);
  const growth = new Float64Array(horizon);
  let sum = 0;
  for (let h = 0; h < horizon; h += 1) {
    let value = h === 0 ? 1 : (ma[h] ?? 0);
    for (let k = 1; k <= Math.min(h, maxLag); k += 1) value += (ar[k] ?? 0) * (w[h - k] ?? 0);
    w[h] = value;
    for (const [lag, sign] of back) if (h >= lag) value += sign * (psi[h - lag] ?? 0);
    psi[h] = value;
    sum += value * value;
    growth[h] = Math.sqrt(sum);
  }
  return growth;
}

export const arima: LocalModel = (history, horizon) => {
  const model = fitArima(history.units);
  if (model === null) return recentMean(history, horizon);
  return forecastArima(model, history.units, horizon);
};
