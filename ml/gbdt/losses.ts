/**
 * What a boosted model makes small. Rule kept: each loss gives first and second derivative by the raw score, weighted;
 * a pinball's second derivative is nil, so its leaves are set anew to the weighted quantile of what is left over
 * (Friedman 2001, §4.3 for the absolute loss; Koenker & Bassett 1978 for quantiles).
 */
export type Loss =
  | { readonly kind: 'squared' }
  /** Target in 0–1. */
  | { readonly kind: 'logistic' }
  | { readonly kind: 'poisson' }
  /** Power 1–2: between Poisson and gamma (Jørgensen 1987). */
  | { readonly kind: 'tweedie'; readonly power: number }
  | { readonly kind: 'pinball'; readonly q: number };

export const linkOf = (loss: Loss): 'identity' | 'log' =>
  loss.kind === 'poisson' || loss.kind === 'tweedie' ? 'log' : 'identity';

const maxLog = 30;

/** Writes weighted gradient and curvature of each row, side by side. */
export function derive(
  loss: Loss,
  target: Float64Array,
  raw: Float64Array,
  weight: Float64Array,
  slopes: Float64Array,
): void {
  const n = target.length;
  switch (loss.kind) {
    case 'squared':
      for (let k = 0; k < n; k += 1) {
        const w = weight[k] ?? 0;
        slopes[2 * k] = w * ((raw[k] ?? 0) - (target[k] ?? 0));
        slopes[2 * k + 1] = w;
      }
      return;
    case 'logistic':
      for (let k = 0; k < n; k += 1) {
        const [w, p] = [weight[k] ?? 0, 1 / (1 + Math.exp(-(raw[k] ?? 0)))];
        slopes[2 * k] = w * (p - (target[k] ?? 0));
        slopes[2 * k + 1] = w * Math.max(p * (1 - p), 1e-6);
      }
      return;
    case 'poisson':
      for (let k = 0; k < n; k += 1) {
        const [w, mu] = [weight[k] ?? 0, Math.exp(Math.min(raw[k] ?? 0, maxLog))];
        slopes[2 * k] = w * (mu - (target[k] ?? 0));
        slopes[2 * k + 1] = w * Math.max(mu, 1e-6);
      }
      return;
    case 'tweedie': {
      const { power } = loss;
      for (let k = 0; k < n; k += 1) {
        const [w, y, s] = [weight[k] ?? 0, target[k] ?? 0, Math.min(raw[k] ?? 0, maxLog)];
        const [a, b] = [Math.exp((1 - power) * s), Math.exp((2 - power) * s)];
        slopes[2 * k] = w * (b - y * a);
        slopes[2 * k + 1] = w * Math.max((2 - power) * b - (1 - power) * y * a, 1e-6);
      }
      return;
    }
    case 'pinball': {
      const { q } = loss;
      for (let k = 0; k < n; k += 1) {
        const w = weight[k] ?? 0;
        slopes[2 * k] = w * ((target[k] ?? 0) > (raw[k] ?? 0) ? -q : 1 - q);
        slopes[2 * k + 1] = w;
      }
    }
  }
}

/** The best constant raw score. */
export function baseOf(loss: Loss, target: Float64Array, weight: Float64Array): number {
  if (loss.kind === 'pinball') return weightedQuantile(Float64Array.from(target), Float64Array.from(weight), loss.q);
  let [sum, total] = [0, 0];
  for (let k = 0; k < target.length; k += 1) {
    sum += (target[k] ?? 0) * (weight[k] ?? 0);
    total += weight[k] ?? 0;
  }
  const mean = total > 0 ? sum / total : 0;
  if (loss.kind === 'squared') return mean;
  if (loss.kind === 'logistic') return Math.log(Math.max(mean, 1e-6) / Math.max(1 - mean, 1e-6));
  return Math.log(Math.max(mean, 1e-6));
}

/** Least v with at least q of the weight at or below it. Changes the order of both arrays (quickselect, Hoare 1961). */
export function weightedQuantile(values: Float64Array, weights: Float64Array, q: number): number {
  let total = 0;
  for (const w of weights) total += w;
  let want = q * total;
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const pivot = values[(low + high) >> 1] ?? 0;
    let [i, j, below] = [low, high, 0];
    while (i <= j) {
      while ((values[i] ?? 0) < pivot) i += 1;
      while ((values[j] ?? 0) > pivot) j -= 1;
      if (i <= j) {
        const [v, w] = [values[i] ?? 0, weights[i] ?? 0];
        values[i] = values[j] ?? 0;
        weights[i] = weights[j] ?? 0;
        values[j] = v;
        weights[j] = w;
        i += 1;
        j -= 1;
      }
    }
    for (let k = low; k <= j; k += 1) below += weights[k] ?? 0;
    if (want <= below) high = j;
    else {
      let middle = 0;
      for (let k = j + 1; k < i; k += 1) middle += weights[k] ?? 0;
      if (want <= below + middle) return pivot;
      want -= below + middle;
      low = i;
    }
  }
  return values[low] ?? 0;
}
