/**
 * One regression tree as flat arrays, and a forest of them. Rule kept: node 0 is the root; a row goes left when its value
 * is ≤ the threshold, or when it is not known and `missingLeft` says so; a leaf has no children and a value.
 */
export type Tree = {
  readonly feature: Int16Array;
  readonly threshold: Float32Array;
  readonly missingLeft: Uint8Array;
  /** Node numbers; −1 at a leaf. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly value: Float32Array;
};

export type Forest = {
  readonly base: number;
  readonly trees: readonly Tree[];
  /** What the sum of leaves is: the value itself, or its logarithm. */
  readonly link: 'identity' | 'log';
};

/** Sum of leaves for rows of [rows × features] values, before the link. */
export function rawPredict(forest: Forest, values: Float32Array, rows: number, features: number): Float64Array {
  const sums = new Float64Array(rows).fill(forest.base);
  for (const { feature, threshold, missingLeft, left, right, value } of forest.trees) {
    for (let row = 0; row < rows; row += 1) {
      let node = 0;
      let next = left[0] ?? -1;
      while (next >= 0) {
        const x = values[row * features + (feature[node] ?? 0)] ?? Number.NaN;
        const goesLeft = x === x ? x <= (threshold[node] ?? 0) : missingLeft[node] === 1;
        node = goesLeft ? next : (right[node] ?? 0);
        next = left[node] ?? -1;
      }
      sums[row] = (sums[row] ?? 0) + (value[node] ?? 0);
    }
  }
  return sums;
}

export function predict(forest: Forest, values: Float32Array, rows: number, features: number): Float64Array {
  const sums = rawPredict(forest, values, rows, features);
  return forest.link === 'log' ? sums.map((sum) => Math.exp(sum)) : sums;
}
