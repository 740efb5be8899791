/**
 * Counts by a log-linear model with a prior on each coefficient: y ~ Poisson(e^(offset + Xβ)) overdispersed by φ,
 * β ~ N(0, sd²). Rule kept: a day whose units are not known weighs nothing; a coefficient with little behind it stays
 * near nil. Newton's method (McCullagh & Nelder 1989, ch. 2; φ by Pearson's statistic, ch. 6).
 */
import { solvePositive } from '../algebra/cholesky.ts';

export type Design = {
  /** [rows × columns]. */
  readonly x: Float64Array;
  readonly columns: number;
  /** Prior standard deviation of each coefficient; Infinity: free. */
  readonly sd: Float64Array;
};

const rounds = 8;
const maxEta = 25;

/** Coefficients for y of rows from…to; NaN in y: left out. */
export function fitPoisson(
  design: Design,
  y: Float64Array,
  offset: Float64Array,
  from: number,
  to: number,
): Float64Array {
  const { x, columns: p, sd } = design;
  const beta = new Float64Array(p);
  let [sumY, sumO] = [0, 0];
  for (let t = from; t < to; t += 1) {
    const units = y[t] ?? Number.NaN;
    if (Number.isNaN(units)) continue;
    sumY += units;
    sumO += Math.exp(offset[t] ?? 0);
  }
  if (!(sumY > 0)) return beta;
  beta[0] = Math.log(sumY / sumO);
  let phi = 1;
  for (let round = 0; round < rounds; round += 1) {
    const hessian = new Float64Array(p * p);
    const gradient = new Float64Array(p);
    let [pearson, n] = [0, 0];
    for (let t = from; t < to; t += 1) {
      const units = y[t] ?? Number.NaN;
      if (Number.isNaN(units)) continue;
      let eta = offset[t] ?? 0;
      const row = t * p;
      for (let j = 0; j < p; j += 1) eta += (x[row + j] ?? 0) * (beta[j] ?? 0);
      const mu = Math.max(Math.exp(Math.min(eta, maxEta)), 1e-6);
      pearson += (units - mu) ** 2 / mu;
      n += 1;
      const over = units - mu;
      for (let j = 0; j < p; j += 1) {
        const xj = x[row + j] ?? 0;
        if (xj === 0) continue;
        gradient[j] = (gradient[j] ?? 0) + xj * over;
        const w = xj * mu;
        for (let k = 0; k <= j; k += 1) hessian[j * p + k] = (hessian[j * p + k] ?? 0) + w * (x[row + k] ?? 0);
      }
    }
    if (round <= 3) phi = Math.max(1, pearson / Math.max(1, n));
    for (let j = 0; j < p; j += 1) {
      const prior = phi / (sd[j] ?? Number.POSITIVE_INFINITY) ** 2;
      gradient[j] = (gradient[j] ?? 0) - prior * (beta[j] ?? 0);
      hessian[j * p + j] = (hessian[j * p + j] ?? 0) + prior;
      for (let k = 0; k < j; k += 1) hessian[k * p + j] = hessian[j * p + k] ?? 0;
    }
    const step = solvePositive(hessian, gradient);
    let size = 0;
    for (const s of step) size = Math.max(size, Math.abs(s));
    const scale = size > 1.5 ? 1.5 / size : 1;
    for (let j = 0; j < p; j += 1) beta[j] = (beta[j] ?? 0) + scale * (step[j] ?? 0);
    if (size < 1e-4) break;
  }
  return beta;
}
