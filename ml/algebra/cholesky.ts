/**
 * Solves A x = b for a symmetric positive definite A. Rule kept: a matrix that is not positive definite gets a small
 * ridge until it is, so that a covariate without a second value never stops a night's work.
 */

/** A: [n × n] row-major, not changed. */
export function solvePositive(a: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  let trace = 0;
  for (let i = 0; i < n; i += 1) trace += a[i * n + i] ?? 0;
  for (let ridge = 0, step = 0; step < 12; step += 1) {
    const l = factor(a, n, ridge);
    if (l !== null) return backSolve(l, b);
    ridge = ridge === 0 ? 1e-10 * (trace / n + 1) : ridge * 10;
  }
  return new Float64Array(n);
}

/** One room for all factors, one after the other: each writes the lower half that it reads. */
let room = new Float64Array(0);

/** Holds until the next call. */
function factor(a: Float64Array, n: number, ridge: number): Float64Array | null {
  if (room.length < n * n) room = new Float64Array(n * n);
  const l = room;
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = (a[i * n + j] ?? 0) + (i === j ? ridge : 0);
      for (let k = 0; k < j; k += 1) sum -= (l[i * n + k] ?? 0) * (l[j * n + k] ?? 0);
      if (i === j) {
        if (!(sum > 1e-14)) return null;
        l[i * n + i] = Math.sqrt(sum);
      } else l[i * n + j] = sum / (l[j * n + j] ?? 1);
    }
  }
  return l;
}

function backSolve(l: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const x = Float64Array.from(b);
  for (let i = 0; i < n; i += 1) {
    for (let k = 0; k < i; k += 1) x[i] = (x[i] ?? 0) - (l[i * n + k] ?? 0) * (x[k] ?? 0);
    x[i] = (x[i] ?? 0) / (l[i * n + i] ?? 1);
  }
  for (let i = n - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < n; k += 1) x[i] = (x[i] ?? 0) - (l[k * n + i] ?? 0) * (x[k] ?? 0);
    x[i] = (x[i] ?? 0) / (l[i * n + i] ?? 1);
  }
  return x;
}
