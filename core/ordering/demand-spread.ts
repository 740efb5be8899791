/**
 * How much may be asked for over several days. Rule kept: quantiles of a sum are never sums of quantiles; means add up,
 * variances add up with what days have in common, and the quantile is read from the sum's own distribution.
 *
 * Counts: negative binomial (Poisson where the variance is no larger than the mean), as demand of slow items is
 * (Syntetos & Boylan 2006, "On the stock control performance of intermittent demand estimators"). Weighed goods and
 * large counts: gamma (Burgin 1975, "The gamma distribution and inventory control").
 */

/** Units; variance in units². */
export type Spread = { readonly mean: number; readonly variance: number };
/** Of one day, units. */
export type DayQuantiles = {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
  readonly mean: number;
};

/** Standard normal distance between the 10 % and the 90 % quantile. */
const p10ToP90 = 2.5631;
/** From this mean on a count is spread finely enough to be taken as an amount. */
const manyCounts = 150;

const finite = (value: number): number => (Number.isFinite(value) ? Math.max(0, value) : 0);

/** A count varies at least as a Poisson count does. */
export function spreadOfDay(day: DayQuantiles, isCounted: boolean): Spread {
  const mean = finite(day.mean);
  const deviation = Math.max(0, finite(day.p90) - finite(day.p10)) / p10ToP90;
  const variance = deviation * deviation;
  return { mean, variance: isCounted ? Math.max(variance, mean) : variance };
}

/** `tie`: correlation of any two of the days, 0 … 1. */
export function sumOfDays(days: readonly Spread[], tie: number): Spread {
  let [mean, variances, deviations] = [0, 0, 0];
  for (const day of days) {
    mean += day.mean;
    variances += day.variance;
    deviations += Math.sqrt(day.variance);
  }
  const common = Math.min(1, Math.max(0, tie));
  return { mean, variance: (1 - common) * variances + common * deviations * deviations };
}

/** The amount that with probability `q` (0 … 1, open) is enough. Whole for what is counted. */
export function quantileOf({ mean, variance }: Spread, q: number, isCounted: boolean): number {
  if (!(mean > 0)) return 0;
  if (isCounted && mean < manyCounts) return countQuantile(mean, variance, q);
  const amount = variance > 0 ? gammaQuantile((mean * mean) / variance, q) * (variance / mean) : mean;
  return isCounted ? Math.round(amount) : amount;
}

function countQuantile(mean: number, variance: number, q: number): number {
  const isPoisson = variance <= mean * 1.001;
  const r = isPoisson ? 0 : (mean * mean) / (variance - mean);
  const stay = isPoisson ? 1 : r / (r + mean);
  let chance = isPoisson ? Math.exp(-mean) : stay ** r;
  let below = chance;
  let k = 0;
  const most = Math.ceil(mean + 40 * Math.sqrt(Math.max(variance, mean)) + 40);
  while (below < q && k < most) {
    chance *= isPoisson ? mean / (k + 1) : ((k + r) / (k + 1)) * (1 - stay);
    below += chance;
    k += 1;
  }
  return k;
}

/** Of shape `a` and scale 1. Wilson & Hilferty 1931 where it is exact enough, else bisection. */
function gammaQuantile(a: number, q: number): number {
  const z = normalQuantile(q);
  const ninth = 1 / (9 * a);
  if (a > 15) return a * Math.max(0, 1 - ninth + z * Math.sqrt(ninth)) ** 3;
  let [low, high] = [0, a + 12 * Math.sqrt(a) + 12];
  for (let round = 0; round < 60; round += 1) {
    const middle = (low + high) / 2;
    if (gammaBelow(a, middle) < q) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Regularised lower incomplete gamma by its series (Abramowitz & Stegun 6.5.29). */
function gammaBelow(a: number, x: number): number {
  if (x <= 0) return 0;
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < 400 && term > sum * 1e-12; n += 1) {
    term *= x / (a + n);
    sum += term;
  }
  return Math.min(1, sum * Math.exp(-x + a * Math.log(x) - logGamma(a)));
}

const lanczos = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
] as const;

/** Lanczos 1964, g = 7. */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  let sum = 0.9999999999998099;
  for (const [i, c] of lanczos.entries()) sum += c / (x + i);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

/** Acklam 2003: |relative error| < 1.2e-9. */
function normalQuantile(q: number): number {
  const a = [
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
  ];
  const b = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572];
  const c = [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ];
  const d = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416];
  const poly = (k: readonly number[], x: number): number => k.reduce((sum, each) => sum * x + each, 0);
  const p = Math.min(1 - 1e-12, Math.max(1e-12, q));
  if (p < 0.02425) {
    const x = Math.sqrt(-2 * Math.log(p));
    return poly(c, x) / (poly(d, x) * x + 1);
  }
  if (p > 1 - 0.02425) return -normalQuantile(1 - p);
  const x = p - 0.5;
  const r = x * x;
  return (poly(a, r) * x) / (poly(b, r) * r + 1);
}
