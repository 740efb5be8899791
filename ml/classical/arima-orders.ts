/**
 * Which ARIMA a series gets: how often it is differenced, then the best of twelve orders. Rule kept: every order is
 * judged on the same differenced days, by one set of cross products, so that a series costs microseconds.
 *
 * Differences as in Hyndman & Khandakar 2008: seasonal by strength of season (Wang, Smith & Hyndman 2006), plain by the
 * KPSS test (Kwiatkowski et al. 1992). Starting values and AICc by Hannan & Rissanen 1982: a long autoregression (Yule–
 * Walker, Levinson 1947; Durbin 1960) gives the shocks, least squares on lagged values and shocks the rest; AICc of Hurvich & Tsai 1989.
 */
import { solvePositive } from '../algebra/cholesky.ts';

export const week = 7;
export type Orders = {
  readonly p: number;
  readonly q: number;
  readonly seasonalP: number;
  readonly seasonalQ: number;
};
export type Candidate = { readonly orders: Orders; readonly aicc: number; readonly start: Float64Array };

const orders = (p: number, q: number, seasonalP: number, seasonalQ: number): Orders => ({ p, q, seasonalP, seasonalQ });
export const candidates: readonly Orders[] = [
  orders(0, 0, 0, 1),
  orders(1, 0, 0, 1),
  orders(0, 1, 0, 1),
  orders(1, 1, 0, 1),
  orders(2, 1, 0, 1),
  orders(1, 2, 0, 1),
  orders(0, 0, 1, 0),
  orders(1, 0, 1, 0),
  orders(0, 1, 1, 0),
  orders(1, 1, 1, 0),
  orders(1, 1, 1, 1),
  orders(2, 2, 0, 1),
];

/** Share of the variance that weekdays explain above this: differenced by the week. */
const strongSeason = 0.4;
const kpssCritical = 0.463;
const longOrder = 15;

/** y_t − y_{t−lag}; the first `lag` days are not known. */
export function difference(y: Float64Array, lag: number): Float64Array {
  return y.map((value, t) => (t < lag ? Number.NaN : value - (y[t - lag] ?? Number.NaN)));
}

/** 1 − variance about the weekday's mean ÷ variance, corrected for the six means that were drawn. */
export function seasonalStrength(y: Float64Array): number {
  const sums = new Float64Array(week);
  const counts = new Int32Array(week);
  let [sum, squares, n] = [0, 0, 0];
  for (let t = 0; t < y.length; t += 1) {
    const value = y[t] ?? Number.NaN;
    if (value !== value) continue;
    sums[t % week] = (sums[t % week] ?? 0) + value;
    counts[t % week] = (counts[t % week] ?? 0) + 1;
    sum += value;
    squares += value * value;
    n += 1;
  }
  if (n < 4 * week) return 0;
  const total = squares - (sum * sum) / n;
  let left = squares;
  for (let k = 0; k < week; k += 1) left -= (sums[k] ?? 0) ** 2 / Math.max(1, counts[k] ?? 0);
  return total <= 0 ? 0 : Math.max(0, 1 - left / (n - week) / (total / (n - 1)));
}

/** KPSS statistic for a level, Bartlett weights to 4 (n/100)^¼ lags; days not known count as the mean. */
export function kpss(y: Float64Array): number {
  const x = centred(y);
  const n = x.length;
  if (n < 20) return 0;
  const lags = Math.trunc(4 * (n / 100) ** 0.25);
  let [partial, sum] = [0, 0];
  for (const value of x) {
    partial += value;
    sum += partial * partial;
  }
  let variance = product(x, 0);
  for (let k = 1; k <= lags; k += 1) variance += 2 * (1 - k / (lags + 1)) * product(x, k);
  return variance > 0 ? sum / (n * n) / variance : 0;
}

export const needsWeekDifference = (y: Float64Array): boolean => seasonalStrength(y) > strongSeason;
export const needsDifference = (y: Float64Array): boolean => kpss(y) > kpssCritical;

/** Without its mean, days not known at nil, those before the first known day left out. */
function centred(y: Float64Array): Float64Array {
  const first = y.findIndex((value) => !Number.isNaN(value));
  const seen = y.subarray(Math.max(0, first));
  let [sum, n] = [0, 0];
  for (const value of seen) {
    if (value !== value) continue;
    sum += value;
    n += 1;
  }
  const mean = n > 0 ? sum / n : 0;
  return seen.map((value) => (value === value ? value - mean : 0));
}

function product(x: Float64Array, lag: number): number {
  let sum = 0;
  for (let t = lag; t < x.length; t += 1) sum += (x[t] ?? 0) * (x[t - lag] ?? 0);
  return sum / x.length;
}

/** Shocks that a long autoregression leaves. */
function shocksOf(x: Float64Array): Float64Array {
  const gamma = Float64Array.from({ length: longOrder + 1 }, (_, k) => product(x, k));
  let phi = new Float64Array(longOrder + 1);
  let variance = gamma[0] ?? 0;
  for (let k = 1; k <= longOrder && variance > 1e-12; k += 1) {
    let reflect = gamma[k] ?? 0;
    for (let j = 1; j < k; j += 1) reflect -= (phi[j] ?? 0) * (gamma[k - j] ?? 0);
    reflect /= variance;
    const next = phi.slice();
    next[k] = reflect;
    for (let j = 1; j < k; j += 1) next[j] = (phi[j] ?? 0) - reflect * (phi[k - j] ?? 0);
    phi = next;
    variance *= 1 - reflect * reflect;
  }
  const shocks = new Float64Array(x.length);
  for (let t = 0; t < x.length; t += 1) {
    let expected = 0;
    for (let k = 1; k <= Math.min(longOrder, t); k += 1) expected += (phi[k] ?? 0) * (x[t - k] ?? 0);
    shocks[t] = (x[t] ?? 0) - expected;
  }
  return shocks;
}

/** Columns of the regression: values 1, 2, 7 days back, then shocks 1, 2, 7 days back, last the value itself. */
const lags = [1, 2, week] as const;
const columns = 2 * lags.length;

/** All twelve by AICc, best first; `start` holds φ, θ, Φ, Θ as the regression gives them. w: differenced, NaN where not known. */
export function rankOrders(w: Float64Array): readonly Candidate[] {
  const x = centred(w);
  const shocks = shocksOf(x);
  const width = columns + 1;
  const gram = new Float64Array(width * width);
  const row = new Float64Array(width);
  const from = Math.min(longOrder + week, x.length);
  for (let t = from; t < x.length; t += 1) {
    for (let k = 0; k < lags.length; k += 1) {
      row[k] = x[t - (lags[k] ?? 1)] ?? 0;
      row[lags.length + k] = shocks[t - (lags[k] ?? 1)] ?? 0;
    }
    row[columns] = x[t] ?? 0;
    for (let a = 0; a < width; a += 1) {
      const value = row[a] ?? 0;
      for (let b = 0; b <= a; b += 1) gram[a * width + b] = (gram[a * width + b] ?? 0) + value * (row[b] ?? 0);
    }
  }
  const n = x.length - from;
  const total = gram[columns * width + columns] ?? 0;
  const at = (a: number, b: number): number => gram[Math.max(a, b) * width + Math.min(a, b)] ?? 0;
  return candidates
    .map((each) => {
      const used = usedColumns(each);
      const k = used.length;
      const a = new Float64Array(k * k);
      for (let i = 0; i < k; i += 1)
        for (let j = 0; j < k; j += 1) a[i * k + j] = at(used[i] ?? 0, used[j] ?? 0) + (i === j ? 1e-9 * total : 0);
      const b = Float64Array.from(used, (column) => at(columns, column));
      const start = solvePositive(a, b);
      let left = total;
      for (let i = 0; i < k; i += 1) left -= (start[i] ?? 0) * (b[i] ?? 0);
      const terms = k + 1;
      const penalty = 2 * terms + (2 * terms * (terms + 1)) / Math.max(1, n - terms - 1);
      return {
        orders: each,
        start,
        aicc: n * Math.log(Math.max(left, 1e-9 * total, 1e-12) / Math.max(1, n)) + penalty,
      };
    })
    .toSorted((a, b) => a.aicc - b.aicc);
}

/** In the order φ1, φ2, θ1, θ2, Φ, Θ. */
function usedColumns({ p, q, seasonalP, seasonalQ }: Orders): readonly number[] {
  const used: number[] = [];
  for (let k = 0; k < p; k += 1) used.push(k);
  for (let k = 0; k < q; k += 1) used.push(lags.length + k);
  if (seasonalP > 0) used.push(2);
  if (seasonalQ > 0) used.push(lags.length + 2);
  return used;
}
