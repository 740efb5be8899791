/**
 * Holt-Winters: level, a trend that dies out, and an amount a weekday, each smoothed. Rule kept: additive, so that a
 * day of nil is no special case; weights come from a grid of thirty, the best by squared one-day error; a day that is
 * not known moves nothing but the trend.
 *
 * Holt 1957; Winters 1960; damped by Gardner & McKenzie 1985; spread h days ahead by Hyndman, Koehler, Ord & Snyder
 * 2008, table 6.1 (A,Ad,A).
 */
import { type LocalFit, type LocalModel, knownMean } from './local-model.ts';

export const season = 7;
const damping = 0.9;
export type Weights = { readonly alpha: number; readonly beta: number; readonly gamma: number };

/** alpha × beta (of the trend, as a share of alpha) × gamma. */
const grid: readonly Weights[] = [0.02, 0.05, 0.1, 0.2, 0.4].flatMap((alpha) =>
  [0, 0.1].flatMap((share) => [0.01, 0.05, 0.15].map((gamma) => ({ alpha, beta: alpha * share, gamma }))),
);
const startWeeks = 8;

export type SeasonStart = { readonly level: number; readonly amounts: Float64Array };

/** Level and weekday amounts of the first weeks; amounts add up to nil. Slot 0 is the history's first day. */
export function startOf(units: Float64Array): SeasonStart {
  const days = Math.min(units.length, startWeeks * season);
  const amounts = new Float64Array(season);
  const level = knownMean(units, 0, days);
  if (Number.isNaN(level)) return { level: 0, amounts };
  let sum = 0;
  for (let slot = 0; slot < season; slot += 1) {
    let [total, n] = [0, 0];
    for (let t = slot; t < days; t += season) {
      const value = units[t] ?? Number.NaN;
      if (value !== value) continue;
      total += value - level;
      n += 1;
    }
    // Two days' worth of "like any other day": few weeks say little of a weekday.
    amounts[slot] = total / (n + 2);
    sum += amounts[slot] ?? 0;
  }
  for (let slot = 0; slot < season; slot += 1) amounts[slot] = (amounts[slot] ?? 0) - sum / season;
  return { level, amounts };
}

export type Run = { readonly level: number; readonly trend: number; readonly squares: number };

/** Runs down the history from `start`; `amounts` is changed in place. */
export function run(
  units: Float64Array,
  { alpha, beta, gamma }: Weights,
  level0: number,
  amounts: Float64Array,
  fitted: Float64Array | null,
): Run {
  let [level, trend, squares, slot] = [level0, 0, 0, 0];
  for (let t = 0; t < units.length; t += 1) {
    const ahead = level + damping * trend;
    const amount = amounts[slot] ?? 0;
    if (fitted !== null) fitted[t] = ahead + amount;
    const error = (units[t] ?? Number.NaN) - ahead - amount;
    trend *= damping;
    if (error === error) {
      squares += error * error;
      level = ahead + alpha * error;
      trend += beta * error;
      amounts[slot] = amount + gamma * error;
    } else level = ahead;
    slot = slot === season - 1 ? 0 : slot + 1;
  }
  return { level, trend, squares };
}

export function bestWeights(units: Float64Array): Weights {
  const start = startOf(units);
  const amounts = new Float64Array(season);
  let [best, least] = [grid[0] ?? { alpha: 0.1, beta: 0, gamma: 0.05 }, Number.POSITIVE_INFINITY];
  for (const weights of grid) {
    amounts.set(start.amounts);
    const { squares } = run(units, weights, start.level, amounts, null);
    if (squares < least) [best, least] = [weights, squares];
  }
  return best;
}

export const holtWinters: LocalModel = ({ units }, horizon): LocalFit => {
  const weights = bestWeights(units);
  const { level: start, amounts } = startOf(units);
  const fitted = new Float64Array(units.length);
  const { level, trend } = run(units, weights, start, amounts, fitted);
  fitted.fill(Number.NaN, 0, Math.min(2 * season, units.length));
  const mean = new Float64Array(horizon);
  const growth = new Float64Array(horizon);
  let [damped, power, variance] = [0, 1, 1];
  for (let h = 0; h < horizon; h += 1) {
    power *= damping;
    damped += power;
    mean[h] = Math.max(0, level + damped * trend + (amounts[(units.length + h) % season] ?? 0));
    growth[h] = Math.sqrt(variance);
    // What an error today still says h + 1 days on: all of alpha, the trend so far, and gamma on the same weekday.
    variance += (weights.alpha + weights.beta * damped + ((h + 1) % season === 0 ? weights.gamma : 0)) ** 2;
  }
  return { mean, fitted, growth };
};
