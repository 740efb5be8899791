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

/** One series after the other, thousands a night: a room for each would be tens of megabytes of waste. */
let rooms = { hessian: new Float64Array(0), columns: new Int32Array(0), starts: new Int32Array(0) };

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
  if (rooms.hessian.length < p * p) rooms = { ...rooms, hessian: new Float64Array(p * p) };
  const hessian = rooms.hessian.subarray(0, p * p);
  const gradient = new Float64Array(p);
  // Most columns are nil on most days (festivals): only the others are walked. The sums stay the same to the bit.
  const { at: filled, from: rowFrom } = filledColumns(x, p, from, to);
  for (let round = 0; round < rounds; round += 1) {
    hessian.fill(0);
    gradient.fill(0);
    let [pearson, n] = [0, 0];
    for (let t = from; t < to; t += 1) {
      const units = y[t] ?? Number.NaN;
      if (Number.isNaN(units)) continue;
      let eta = offset[t] ?? 0;
      const row = t * p;
      const [first, last] = [rowFrom[t - from] ?? 0, rowFrom[t - from + 1] ?? 0];
      for (let a = first; a < last; a += 1) eta += (x[row + (filled[a] ?? 0)] ?? 0) * (beta[filled[a] ?? 0] ?? 0);
      const mu = Math.max(Math.exp(Math.min(eta, maxEta)), 1e-6);
      pearson += (units - mu) ** 2 / mu;
      n += 1;
      const over = units - mu;
      for (let a = first; a < last; a += 1) {
        const j = filled[a] ?? 0;
        const xj = x[row + j] ?? 0;
        gradient[j] = (gradient[j] ?? 0) + xj * over;
        const w = xj * mu;
        for (let b = first; b <= a; b += 1) {
          const k = filled[b] ?? 0;
          hessian[j * p + k] = (hessian[j * p + k] ?? 0) + w * (x[row + k] ?? 0);
        }
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

/** Columns that are not nil, row after row, and where each row of them begins; holds until the next call. */
function filledColumns(x: Float64Array, p: number, from: number, to: number): { at: Int32Array; from: Int32Array } {
  const rows = Math.max(0, to - from);
  if (rooms.starts.length <= rows) rooms = { ...rooms, starts: new Int32Array(rows + 1) };
  const { starts } = rooms;
  let count = 0;
  for (let at = from * p; at < to * p; at += 1) if (x[at] !== 0) count += 1;
  if (rooms.columns.length < count) rooms = { ...rooms, columns: new Int32Array(count) };
  const { columns } = rooms;
  starts[0] = 0;
  count = 0;
  for (let t = from; t < to; t += 1) {
    for (let j = 0; j < p; j += 1) {
      if (x[t * p + j] === 0) continue;
      columns[count] = j;
      count += 1;
    }
    starts[t - from + 1] = count;
  }
  return { at: columns, from: starts };
}
