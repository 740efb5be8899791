/**
 * From what a model expected and what came, the quantiles of the days to come. Rule kept: never a Gaussian. Items that
 * sell now and then get a negative binomial of their own spread; the others the errors they had, in units of √expected,
 * because a busy day is off by more than a quiet one. Counts get whole numbers.
 *
 * Negative binomial by moments (Anscombe 1950) about the model's own expectation; empirical error quantiles, newest half
 * year, Hyndman & Athanasopoulos §5.5 ("bootstrapped residuals").
 */
import type { LocalFit } from './local-model.ts';

const errorDays = 182;
/** Days' worth of trust in the spread that all items have. */
const priorDays = 20;
const commonDispersion = 0.35;
/** More than one day in four without a sale: counted as intermittent here. */
const intermittentShare = 0.25;
/** Above this the sum of probabilities is long and the errors say it as well. */
const mostForCounts = 60;
/** A fortnight ahead is not much less known than tomorrow; what says so has misjudged the item's level. */
const mostGrowth = 1.5;
export const levels = [0.1, 0.5, 0.9] as const;
/** 10 %, 50 %, 90 % points of errors ÷ √expected of a count that is a little wider than Poisson. */
const commonPoints = [-1.45, -0.12, 1.55] as const;

export type Band = { readonly quantiles: readonly [number, number, number]; readonly mean: number };
export type Spread =
  | { readonly kind: 'counts' /** variance = mean + dispersion × mean² */; readonly dispersion: number }
  | {
      readonly kind: 'errors' /** 10 %, 50 %, 90 % points of errors ÷ √(expected + ¼) */;
      readonly points: readonly number[];
    };

const unit = (expected: number): number => Math.sqrt(Math.max(0, expected) + 0.25);

/** What the errors of a model on one item say of its spread. */
export function spreadOf(units: Float64Array, fitted: Float64Array, isCounts: boolean): Spread {
  const from = Math.max(0, units.length - errorDays);
  const all = new Float64Array(units.length - from);
  let [days, zeros, over, squares, total] = [0, 0, 0, 0, 0];
  for (let t = from; t < units.length; t += 1) {
    const y = units[t] ?? Number.NaN;
    const f = fitted[t] ?? Number.NaN;
    if (y !== y || f !== f) continue;
    const expected = Math.max(0, f);
    all[days] = (y - expected) / unit(expected);
    days += 1;
    if (y === 0) zeros += 1;
    total += y;
    over += (y - expected) ** 2 - expected;
    squares += expected * expected;
  }
  const mean = days > 0 ? total / days : 0;
  if (isCounts && mean < mostForCounts && (days < 28 || zeros > intermittentShare * days)) {
    const prior = priorDays * Math.max(mean * mean, 0.05);
    return { kind: 'counts', dispersion: Math.max(0, (over + commonDispersion * prior) / (squares + prior)) };
  }
  const errors = all.subarray(0, days).sort();
  const trust = errors.length / (errors.length + priorDays);
  const points = levels.map((q, k) => {
    const own = pointOf(errors, q);
    return errors.length === 0 ? commonPoints[k] : trust * own + (1 - trust) * (commonPoints[k] ?? 0);
  });
  return { kind: 'errors', points: points.map((point) => point ?? 0) };
}

/** Straight between order statistics (Hyndman & Fan 1996, type 8's middle: (n + ⅓) q + ⅓). */
function pointOf(sorted: Float64Array, q: number): number {
  const n = sorted.length;
  const at = Math.max(0, Math.min(n - 1, (n + 1 / 3) * q + 1 / 3 - 1));
  const low = Math.floor(at);
  return (sorted[low] ?? 0) + (at - low) * ((sorted[Math.min(n - 1, low + 1)] ?? 0) - (sorted[low] ?? 0));
}

/** Above this, counts are in lots: the sum is as long as the mean, and its first term too small to hold. */
const mostInPieces = 200;
const lots = 100;
/** 10 %, 50 %, 90 % points of the normal that many pieces with little spread come to. */
const normalPoints = [-1.2816, 0, 1.2816] as const;
const leastLotDispersion = 1e-4;

/** Least counts with 10, 50, 90 % of a negative binomial at or below; dispersion 0: Poisson. */
export function countQuantiles(mean: number, dispersion: number): readonly [number, number, number] {
  if (!(mean > 0)) return [0, 0, 0];
  if (mean <= mostInPieces) return pieceQuantiles(mean, dispersion);
  const lot = mean / lots;
  // The variance in units of the mean squared stays: 1 ÷ mean + dispersion.
  const ofLots = dispersion + 1 / mean - 1 / lots;
  if (ofLots > leastLotDispersion) {
    const [low, middle, high] = pieceQuantiles(lots, ofLots);
    return [Math.round(low * lot), Math.round(middle * lot), Math.round(high * lot)];
  }
  const spread = Math.sqrt(mean + dispersion * mean * mean);
  const [low, middle, high] = normalPoints.map((point) => Math.max(0, Math.round(mean + point * spread)));
  return [low ?? 0, middle ?? 0, high ?? 0];
}

function pieceQuantiles(mean: number, dispersion: number): readonly [number, number, number] {
  const found: [number, number, number] = [0, 0, 0];
  const size = dispersion > 1e-6 ? 1 / dispersion : Number.POSITIVE_INFINITY;
  let chance = size === Number.POSITIVE_INFINITY ? Math.exp(-mean) : (size / (size + mean)) ** size;
  const share = size === Number.POSITIVE_INFINITY ? 0 : mean / (size + mean);
  let [below, at] = [chance, 0];
  for (let count = 0; at < 3 && count < 4000; ) {
    while (at < 3 && below >= (levels[at] ?? 1)) {
      found[at] = count;
      at += 1;
    }
    chance *= size === Number.POSITIVE_INFINITY ? mean / (count + 1) : (share * (size + count)) / (count + 1);
    count += 1;
    below += chance;
    if (at < 3) found[at] = count;
  }
  return found;
}

/** Quantiles of day h, h counts from 0. */
export function bandOf(spread: Spread, { mean, growth }: LocalFit, h: number, isCounts: boolean): Band {
  const expected = Math.max(0, mean[h] ?? 0);
  const wider = Math.min(mostGrowth, growth[h] ?? 1);
  if (spread.kind === 'counts') {
    // Variance of the error h days ahead, as a dispersion about the same mean.
    const dispersion = spread.dispersion * wider * wider + (expected > 0 ? (wider * wider - 1) / expected : 0);
    return { quantiles: countQuantiles(expected, dispersion), mean: expected };
  }
  const [low = 0, middle = 0, high = 0] = spread.points.map((point, k) =>
    Math.max(0, expected + point * unit(expected) * (k === 1 ? 1 : wider)),
  );
  return { quantiles: isCounts ? snapped(low, middle, high) : [low, middle, high], mean: expected };
}

/** Whole numbers; what is nearly nil is nil. */
const snapped = (low: number, middle: number, high: number): readonly [number, number, number] => [
  Math.round(low),
  Math.round(middle),
  Math.round(high),
];
