/**
 * How far what a model is told has moved since it was promoted: the population stability index over the deciles of then
 * (Siddiqi 2006, "Credit Risk Scorecards", ch. 6). Rule kept: a share of nil counts as a ten-thousandth, so that an empty
 * bin is far away and not infinitely so; what is not known is a bin of its own.
 */

export type FeatureBins = {
  readonly name: string;
  /** Upper edges of all bins but the last; a bin for "not known" follows. */
  readonly edges: readonly number[];
  readonly shares: readonly number[];
};

const bins = 10;
const leastShare = 1e-4;

function sharesOf(edges: readonly number[], values: Float32Array): readonly number[] {
  const counts = new Float64Array(edges.length + 2);
  for (const value of values) {
    let bin = 0;
    while (bin < edges.length && value > (edges[bin] ?? 0)) bin += 1;
    if (Number.isNaN(value)) bin = edges.length + 1;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return Array.from(counts, (count) => count / Math.max(1, values.length));
}

export function binsOf(name: string, values: Float32Array): FeatureBins {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  const at = (share: number): number => known[Math.min(known.length - 1, Math.floor(share * known.length))] ?? 0;
  const edges = [...new Set(Array.from({ length: bins - 1 }, (_, k) => at((k + 1) / bins)))];
  return { name, edges, shares: sharesOf(edges, values) };
}

/** 0: as then; above .2: another population. */
export function stabilityIndex(then: FeatureBins, values: Float32Array): number {
  let sum = 0;
  for (const [bin, share] of sharesOf(then.edges, values).entries()) {
    const [a, b] = [Math.max(share, leastShare), Math.max(then.shares[bin] ?? 0, leastShare)];
    sum += (a - b) * Math.log(a / b);
  }
  return sum;
}
