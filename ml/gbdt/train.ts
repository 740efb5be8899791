/**
 * Gradient boosting of histogram trees: best leaf first, sums by bin, the larger child's sums by subtraction. Rule kept:
 * same rows, settings and seed give the same trees to the bit; all randomness comes from the seed.
 *
 * Friedman 2001, "Greedy function approximation"; Ke et al. 2017, "LightGBM" (leaf-wise growth, histogram
 * subtraction). Missing values go to the side where the gain is greater (Chen & Guestrin 2016, §3.4).
 */
import { seeded } from '../random.ts';
import type { BinnedTable } from './bins.ts';
import { type Kernel, perFeature } from './kernel.ts';
import { makeKernel } from './kernel-wasm.ts';
import { baseOf, derive, linkOf, type Loss, weightedQuantile } from './losses.ts';
import type { Forest, Tree } from './tree.ts';

export type TrainSettings = {
  readonly loss: Loss;
  readonly trees: number;
  readonly learningRate: number;
  readonly maxLeaves: number;
  readonly maxDepth: number;
  /** Least sum of weights × curvature in a leaf, in units of the mean row. */
  readonly minRows: number;
  /** L2 on leaf values, in units of the mean row. */
  readonly lambda: number;
  readonly rowShare: number;
  readonly featureShare: number;
  readonly seed: number;
};

type Leaf = {
  readonly node: number;
  readonly from: number;
  readonly to: number;
  readonly depth: number;
  /** Where the kernel keeps its sums. */
  readonly slot: number;
  readonly g: number;
  readonly h: number;
  best: Split | null;
};
type Split = { readonly gain: number; readonly feature: number; readonly bin: number; readonly missingLeft: boolean };

export type Progress = (done: number, of: number) => void;

export function train(
  table: BinnedTable,
  target: Float64Array,
  weight: Float64Array,
  settings: TrainSettings,
  progress: Progress = () => {},
): Forest {
  const { rows, features } = table;
  const random = seeded(settings.seed);
  const base = baseOf(settings.loss, target, weight);
  const raw = new Float64Array(rows).fill(base);
  const kernel = makeKernel(table, settings.maxLeaves);
  const left = new Int32Array(rows);
  let unit = 0;
  const trees: Tree[] = [];
  for (let round = 0; round < settings.trees; round += 1) {
    derive(settings.loss, target, raw, weight, kernel.slopes);
    if (round === 0) {
      for (let row = 0; row < rows; row += 1) unit += kernel.slopes[2 * row + 1] ?? 0;
      unit = Math.max(unit / Math.max(rows, 1), 1e-12);
    }
    let [used, out] = [0, 0];
    for (let row = 0; row < rows; row += 1) {
      if (settings.rowShare >= 1 || random() < settings.rowShare) {
        kernel.order[used] = row;
        used += 1;
      } else {
        left[out] = row;
        out += 1;
      }
    }
    const mask = pickFeatures(features, settings.featureShare, random);
    const grown = grow(table, kernel, used, mask, settings, unit);
    const values = leafValues(grown, kernel.order, target, raw, weight, settings, unit);
    trees.push({ ...grown.tree, value: values });
    for (const { node, from, to } of grown.leaves) {
      const value = values[node] ?? 0;
      for (let k = from; k < to; k += 1) {
        const row = kernel.order[k] ?? 0;
        raw[row] = (raw[row] ?? 0) + value;
      }
    }
    addTree(table, grown, values, raw, left.subarray(0, out));
    progress(round + 1, settings.trees);
  }
  return { base, trees, link: linkOf(settings.loss) };
}

function pickFeatures(features: number, share: number, random: () => number): Int32Array {
  if (share >= 1) return Int32Array.from({ length: features }, (_, f) => f);
  const picked = Array.from({ length: features }, (_, f) => f).filter(() => random() < share);
  return Int32Array.from(picked.length > 0 ? picked : [Math.floor(random() * features)]);
}

type Grown = {
  readonly tree: Omit<Tree, 'value'>;
  /** Split bin of each node, for binned rows. */
  readonly bin: Uint8Array;
  readonly leaves: readonly Leaf[];
};

function grow(
  table: BinnedTable,
  kernel: Kernel,
  used: number,
  mask: Int32Array,
  settings: TrainSettings,
  unit: number,
): Grown {
  const maxNodes = 2 * settings.maxLeaves - 1;
  const feature = new Int16Array(maxNodes);
  const threshold = new Float32Array(maxNodes);
  const missingLeft = new Uint8Array(maxNodes);
  const left = new Int32Array(maxNodes).fill(-1);
  const right = new Int32Array(maxNodes).fill(-1);
  const bin = new Uint8Array(maxNodes);
  const leafOf = (node: number, from: number, to: number, depth: number, slot: number): Leaf => {
    const sums = kernel.sums(slot);
    const [g, h] = totals(sums, mask[0] ?? 0);
    const leaf: Leaf = { node, from, to, depth, slot, g, h, best: null };
    if (depth < settings.maxDepth) leaf.best = bestSplit(table, leaf, sums, mask, settings, unit);
    return leaf;
  };
  kernel.histogram(0, 0, used, mask);
  const leaves: Leaf[] = [leafOf(0, 0, used, 0, 0)];
  let nodes = 1;
  while (leaves.length < settings.maxLeaves) {
    let at = -1;
    for (let k = 0; k < leaves.length; k += 1) {
      if (leaves[k]?.best !== null && (at < 0 || (leaves[k]?.best?.gain ?? 0) > (leaves[at]?.best?.gain ?? 0))) at = k;
    }
    const leaf = leaves[at];
    if (leaf === undefined || leaf.best === null) break;
    const { best, from, to, depth } = leaf;
    const middle = kernel.partition(from, to, best.feature, best.bin, best.missingLeft);
    feature[leaf.node] = best.feature;
    threshold[leaf.node] = table.edges[best.feature]?.[best.bin - 1] ?? Number.NEGATIVE_INFINITY;
    missingLeft[leaf.node] = best.missingLeft ? 1 : 0;
    bin[leaf.node] = best.bin;
    left[leaf.node] = nodes;
    right[leaf.node] = nodes + 1;
    // The smaller child is summed up anew, the larger one is what is left of its parent.
    const isLeftSmaller = middle - from < to - middle;
    const fresh = leaves.length;
    if (isLeftSmaller) kernel.histogram(fresh, from, middle, mask);
    else kernel.histogram(fresh, middle, to, mask);
    kernel.subtract(leaf.slot, fresh);
    leaves[at] = leafOf(nodes, from, middle, depth + 1, isLeftSmaller ? fresh : leaf.slot);
    leaves.push(leafOf(nodes + 1, middle, to, depth + 1, isLeftSmaller ? leaf.slot : fresh));
    nodes += 2;
  }
  return {
    tree: {
      feature: feature.slice(0, nodes),
      threshold: threshold.slice(0, nodes),
      missingLeft: missingLeft.slice(0, nodes),
      left: left.slice(0, nodes),
      right: right.slice(0, nodes),
    },
    bin: bin.slice(0, nodes),
    leaves,
  };
}

function totals(sums: Float64Array, feature: number): [number, number] {
  let [g, h] = [0, 0];
  for (let at = perFeature * feature; at < perFeature * (feature + 1); at += 2) {
    g += sums[at] ?? 0;
    h += sums[at + 1] ?? 0;
  }
  return [g, h];
}

function bestSplit(
  table: BinnedTable,
  leaf: Leaf,
  sums: Float64Array,
  mask: Int32Array,
  settings: TrainSettings,
  unit: number,
): Split | null {
  const lambda = settings.lambda * unit;
  const least = settings.minRows * unit;
  const { g, h } = leaf;
  const before = (g * g) / (h + lambda);
  let [gain, feature, bin, missingLeft] = [1e-9, -1, 0, false];
  for (const f of mask) {
    const at = f << 9;
    const last = table.edges[f]?.length ?? 0;
    const [g0, h0] = [sums[at] ?? 0, sums[at + 1] ?? 0];
    let [gl, hl] = [0, 0];
    for (let b = 1; b <= last; b += 1) {
      gl += sums[at + 2 * b] ?? 0;
      hl += sums[at + 2 * b + 1] ?? 0;
      const [gr, hr] = [g - gl, h - hl];
      if (hl >= least && hr >= least) {
        const here = (gl * gl) / (hl + lambda) + (gr * gr) / (hr + lambda) - before;
        if (here > gain) [gain, feature, bin, missingLeft] = [here, f, b, false];
      }
      if (h0 > 0) {
        const [gm, hm] = [gl + g0, hl + h0];
        const [gq, hq] = [g - gm, h - hm];
        if (hm >= least && hq >= least) {
          const here = (gm * gm) / (hm + lambda) + (gq * gq) / (hq + lambda) - before;
          if (here > gain) [gain, feature, bin, missingLeft] = [here, f, b, true];
        }
      }
    }
  }
  return feature < 0 ? null : { gain, feature, bin, missingLeft };
}

function leafValues(
  grown: Grown,
  order: Int32Array,
  target: Float64Array,
  raw: Float64Array,
  weight: Float64Array,
  settings: TrainSettings,
  unit: number,
): Float32Array {
  const values = new Float32Array(grown.tree.feature.length);
  for (const leaf of grown.leaves) {
    if (settings.loss.kind === 'pinball') {
      const n = leaf.to - leaf.from;
      const over = new Float64Array(n);
      const weights = new Float64Array(n);
      let total = 0;
      for (let k = 0; k < n; k += 1) {
        const row = order[leaf.from + k] ?? 0;
        over[k] = (target[row] ?? 0) - (raw[row] ?? 0);
        weights[k] = weight[row] ?? 0;
        total += weights[k] ?? 0;
      }
      const shrink = total / (total + settings.lambda * unit);
      values[leaf.node] = n > 0 ? settings.learningRate * shrink * weightedQuantile(over, weights, settings.loss.q) : 0;
    } else values[leaf.node] = (-settings.learningRate * leaf.g) / (leaf.h + settings.lambda * unit);
  }
  return values;
}

/** Adds the tree's leaf to the raw score of the rows that the tree was not grown on. */
function addTree(table: BinnedTable, grown: Grown, values: Float32Array, raw: Float64Array, rows: Int32Array): void {
  const { features, bins } = table;
  const { feature, left, right, missingLeft } = grown.tree;
  const { bin } = grown;
  for (const row of rows) {
    let node = 0;
    let next = left[0] ?? -1;
    const start = row * features;
    while (next >= 0) {
      const b = bins[start + (feature[node] ?? 0)] ?? 0;
      node = (b === 0 ? missingLeft[node] === 1 : b <= (bin[node] ?? 0)) ? next : (right[node] ?? 0);
      next = left[node] ?? -1;
    }
    raw[row] = (raw[row] ?? 0) + (values[node] ?? 0);
  }
}
