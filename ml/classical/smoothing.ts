/**
 * Simple exponential smoothing, and the mean of what is recent. Rule kept: the weight is the one with the least squared
 * one-day error on the item's own past; a day that is not known leaves the level as it was.
 *
 * Brown 1959, "Statistical forecasting for inventory control"; Hyndman & Athanasopoulos, "Forecasting: Principles and
 * Practice", 3rd ed., §8.1. The search is golden section (Kiefer 1953) around the best of a coarse grid.
 */
import { flat, knownMean, type LocalFit, type LocalModel, smoothingGrowth } from './local-model.ts';

const grid = [0.01, 0.02, 0.04, 0.07, 0.12, 0.2, 0.3, 0.45, 0.65, 0.9] as const;
const golden = (Math.sqrt(5) - 1) / 2;
const warmUpDays = 7;

export type Smoothed = { readonly level: number; readonly squares: number };

/** Runs down the history; writes the level before each day to `fitted` where it is given. */
export function smooth(units: Float64Array, alpha: number, start: number, fitted: Float64Array | null): Smoothed {
  let [level, squares] = [start, 0];
  for (let t = 0; t < units.length; t += 1) {
    if (fitted !== null) fitted[t] = level;
    const error = (units[t] ?? Number.NaN) - level;
    if (error !== error) continue;
    squares += error * error;
    level += alpha * error;
  }
  return { level, squares };
}

/** Weight in .005–.99 with the least squared error. */
export function bestWeight(units: Float64Array, start: number): number {
  let at = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [k, alpha] of grid.entries()) {
    const { squares } = smooth(units, alpha, start, null);
    if (squares < least) [least, at] = [squares, k];
  }
  let [low, high] = [grid[at - 1] ?? 0.005, grid[at + 1] ?? 0.99];
  const loss = (alpha: number): number => smooth(units, alpha, start, null).squares;
  let [a, b] = [high - golden * (high - low), low + golden * (high - low)];
  let [fa, fb] = [loss(a), loss(b)];
  for (let round = 0; round < 6; round += 1) {
    if (fa <= fb) {
      [high, b, fb] = [b, a, fa];
      a = high - golden * (high - low);
      fa = loss(a);
    } else {
      [low, a, fa] = [a, b, fb];
      b = low + golden * (high - low);
      fb = loss(b);
    }
  }
  const [best, found] = fa <= fb ? [a, fa] : [b, fb];
  return found <= least ? best : (grid[at] ?? best);
}

export function startLevel(units: Float64Array): number {
  for (let days = 14; days < units.length + 14; days *= 2) {
    const mean = knownMean(units, 0, days);
    if (!Number.isNaN(mean)) return mean;
  }
  return 0;
}

export const ses: LocalModel = ({ units }, horizon) => {
  const start = startLevel(units);
  const alpha = bestWeight(units, start);
  const fitted = new Float64Array(units.length);
  const { level } = smooth(units, alpha, start, fitted);
  fitted.fill(Number.NaN, 0, Math.min(warmUpDays, units.length));
  return { mean: flat(level, horizon), fitted, growth: smoothingGrowth(alpha, horizon) };
};

/** Half of the mean of 28 days and half of that of 91: level of the boosted model, and a hard one to beat. */
export const recentMean: LocalModel = ({ units }, horizon): LocalFit => {
  const n = units.length;
  const fitted = new Float64Array(n).fill(Number.NaN);
  const sums = new Float64Array(n + 1);
  const counts = new Int32Array(n + 1);
  for (let t = 0; t < n; t += 1) {
    const value = units[t] ?? Number.NaN;
    sums[t + 1] = (sums[t] ?? 0) + (value === value ? value : 0);
    counts[t + 1] = (counts[t] ?? 0) + (value === value ? 1 : 0);
  }
  const mean = (days: number, to: number): number => {
    const from = Math.max(0, to - days);
    const known = (counts[to] ?? 0) - (counts[from] ?? 0);
    return known === 0 ? Number.NaN : ((sums[to] ?? 0) - (sums[from] ?? 0)) / known;
  };
  const at = (to: number): number => {
    const longer = mean(91, to);
    const recent = mean(28, to);
    const both = 0.5 * (Number.isNaN(recent) ? longer : recent) + 0.5 * longer;
    return Number.isNaN(both) ? mean(n, to) : both;
  };
  for (let t = warmUpDays; t < n; t += 1) fitted[t] = at(t);
  const last = at(n);
  return { mean: flat(Number.isNaN(last) ? 0 : last, horizon), fitted, growth: flat(1, horizon) };
};
