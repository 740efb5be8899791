/**
 * Features as small whole numbers: each column cut at quantiles into at most 254 bins, bin 0 for what is not known.
 * Rule kept: a cut lies at a float32 number between two values that were seen, so that a tree that compares float32
 * values (ONNX does) decides as one that compares bins. Ke et al. 2017, "LightGBM"; Chen & Guestrin 2016, "XGBoost".
 */

/** Values row by row, [rows × features] float32; NaN: not known. */
export type FeatureTable = { readonly rows: number; readonly features: number; readonly values: Float32Array };

/** Per feature the ascending upper edges of bins 1, 2, …; a value v lies in bin 1 + (number of edges < v). */
export type BinEdges = readonly Float32Array[];
export type BinnedTable = {
  readonly rows: number;
  readonly features: number;
  /** [rows × features], row-major. */
  readonly bins: Uint8Array;
  readonly edges: BinEdges;
};

const sampleRows = 60_000;

export function findEdges(table: FeatureTable, maxBins: number): BinEdges {
  const { rows, features, values } = table;
  const step = Math.max(1, Math.floor(rows / sampleRows));
  return Array.from({ length: features }, (_, f) => {
    const seen = new Float32Array(Math.ceil(rows / step));
    let known = 0;
    for (let row = 0; row < rows; row += step) {
      const value = values[row * features + f] ?? Number.NaN;
      if (value !== value) continue;
      seen[known] = value;
      known += 1;
    }
    return edgesOf(seen.subarray(0, known).sort(), Math.min(maxBins, 254));
  });
}

function edgesOf(sorted: Float32Array, maxBins: number): Float32Array {
  const distinct: number[] = [];
  const counts: number[] = [];
  for (const value of sorted) {
    if (distinct.length > 0 && distinct[distinct.length - 1] === value)
      counts[counts.length - 1] = (counts[counts.length - 1] ?? 0) + 1;
    else {
      distinct.push(value);
      counts.push(1);
    }
  }
  const edges: number[] = [];
  const between = (k: number): number => middle(distinct[k] ?? 0, distinct[k + 1] ?? 0);
  if (distinct.length <= maxBins) {
    for (let k = 0; k + 1 < distinct.length; k += 1) edges.push(between(k));
    return Float32Array.from(edges);
  }
  let left = sorted.length;
  let binsLeft = maxBins;
  let inBin = 0;
  for (let k = 0; k + 1 < distinct.length && binsLeft > 1; k += 1) {
    inBin += counts[k] ?? 0;
    if (inBin >= left / binsLeft) {
      edges.push(between(k));
      left -= inBin;
      binsLeft -= 1;
      inBin = 0;
    }
  }
  return Float32Array.from(edges);
}

/** A float32 number at or above `a` and below `b`. */
function middle(a: number, b: number): number {
  const mid = Math.fround(a + (b - a) / 2);
  return mid < b ? mid : a;
}

/** Slots of equal width between the first and the last edge: each knows the first bin that its values can have. */
const slots = 2048;
const blockRows = 2048;

export function binTable(table: FeatureTable, edges: BinEdges): BinnedTable {
  const { rows, features, values } = table;
  const bins = new Uint8Array(new SharedArrayBuffer(rows * features));
  const starts = edges.map(startsOf);
  // Row blocks outside, so that a block's values stay in the cache while its columns are done.
  for (let from = 0; from < rows; from += blockRows) {
    const to = Math.min(rows, from + blockRows);
    for (let f = 0; f < features; f += 1) {
      const cut = edges[f] ?? new Float32Array();
      const start = starts[f] ?? new Uint8Array(slots);
      const n = cut.length;
      const low = cut[0] ?? 0;
      const perUnit = n > 1 ? slots / ((cut[n - 1] ?? 0) - low) : 0;
      for (let row = from; row < to; row += 1) {
        const value = values[row * features + f] ?? Number.NaN;
        if (value !== value) continue;
        const slot = (value - low) * perUnit;
        let bin = slot <= 0 ? 0 : slot >= slots ? (start[slots - 1] ?? 0) : (start[slot | 0] ?? 0);
        while (bin < n && (cut[bin] ?? 0) < value) bin += 1;
        bins[row * features + f] = bin + 1;
      }
    }
  }
  return { rows, features, bins, edges };
}

function startsOf(cut: Float32Array): Uint8Array {
  const start = new Uint8Array(slots);
  const [low, high] = [cut[0] ?? 0, cut[cut.length - 1] ?? 0];
  let bin = 0;
  for (let slot = 0; slot < slots; slot += 1) {
    // A hair below the slot's lower end: rounding must not skip an edge.
    const least = low + ((high - low) * (slot - 0.001)) / slots;
    while (bin < cut.length && (cut[bin] ?? 0) < least) bin += 1;
    start[slot] = bin;
  }
  return start;
}
