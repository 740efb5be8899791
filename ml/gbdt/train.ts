/**
 * Gradient boosting of histogram trees: best leaf first, sums by bin, the larger child's sums by subtraction. Rule kept:
 * same rows, settings and seed give the same trees to the bit; all randomness comes from the seed.
 *
 * Friedman 2001, "Greedy function approximation"; Ke et al. 2017, "LightGBM" (leaf-wise growth, histogram
 * subtraction). Missing values go to the side where the gain is greater (Chen & Guestrin 2016, §3.4).
 */
import { seeded } from '../random.ts';
import type { BinnedTable } from './bins.ts';
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
  readonly sums: Float64Array;
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
  const gradient = new Float64Array(rows);
  const curvature = new Float64Array(rows);
  let meanCurvature = 0;
  const trees: Tree[] = [];
  const order = new Int32Array(rows);
  for (let round = 0; round < settings.trees; round += 1) {
    derive(settings.loss, target, raw, weight, gradient, curvature);
    if (round === 0) {
      for (const c of curvature) meanCurvature += c;
      meanCurvature = Math.max(meanCurvature / Math.max(rows, 1), 1e-12);
    }
    let used = 0;
    for (let row = 0; row < rows; row += 1) {
      if (settings.rowShare >= 1 || random() < settings.rowShare) {
        order[used] = row;
        used += 1;
      }
    }
    const mask = pickFeatures(features, settings.featureShare, random);
    const grown = grow(table, order.subarray(0, used), gradient, curvature, mask, settings, meanCurvature);
    const values = leafValues(grown, order, target, raw, weight, settings, meanCurvature);
    const tree: Tree = { ...grown.tree, value: values };
    trees.push(tree);
    addTree(table, grown, values, raw);
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
  order: Int32Array,
  gradient: Float64Array,
  curvature: Float64Array,
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
  const scratch = new Int32Array(order.length);
  const find = (leaf: Leaf): Leaf => {
    leaf.best = leaf.depth < settings.maxDepth ? bestSplit(table, leaf, mask, settings, unit) : null;
    return leaf;
  };
  const leaves: Leaf[] = [
    find(makeLeaf(0, 0, order.length, 0, sumsOf(table, order, 0, order.length, gradient, curvature, mask), mask)),
  ];
  let nodes = 1;
  while (leaves.length < settings.maxLeaves) {
    let at = -1;
    for (let k = 0; k < leaves.length; k += 1) {
      if (leaves[k]?.best !== null && (at < 0 || (leaves[k]?.best?.gain ?? 0) > (leaves[at]?.best?.gain ?? 0))) at = k;
    }
    const leaf = leaves[at];
    if (leaf === undefined || leaf.best === null) break;
    const { best } = leaf;
    const middle = partition(table, order, scratch, leaf, best);
    feature[leaf.node] = best.feature;
    threshold[leaf.node] = table.edges[best.feature]?.[best.bin - 1] ?? Number.NEGATIVE_INFINITY;
    missingLeft[leaf.node] = best.missingLeft ? 1 : 0;
    bin[leaf.node] = best.bin;
    left[leaf.node] = nodes;
    right[leaf.node] = nodes + 1;
    const isLeftSmaller = middle - leaf.from < leaf.to - middle;
    const small = isLeftSmaller
      ? sumsOf(table, order, leaf.from, middle, gradient, curvature, mask)
      : sumsOf(table, order, middle, leaf.to, gradient, curvature, mask);
    const large = leaf.sums;
    for (let k = 0; k < large.length; k += 1) large[k] = (large[k] ?? 0) - (small[k] ?? 0);
    leaves[at] = find(makeLeaf(nodes, leaf.from, middle, leaf.depth + 1, isLeftSmaller ? small : large, mask));
    leaves.push(find(makeLeaf(nodes + 1, middle, leaf.to, leaf.depth + 1, isLeftSmaller ? large : small, mask)));
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

function makeLeaf(node: number, from: number, to: number, depth: number, sums: Float64Array, mask: Int32Array): Leaf {
  let [g, h] = [0, 0];
  const at = 512 * (mask[0] ?? 0);
  for (let b = 0; b < 256; b += 1) {
    g += sums[at + 2 * b] ?? 0;
    h += sums[at + 2 * b + 1] ?? 0;
  }
  return { node, from, to, depth, sums, g, h, best: null };
}

/** [features × 256 bins × (gradient, curvature)] of the rows order[from…to). */
function sumsOf(
  table: BinnedTable,
  order: Int32Array,
  from: number,
  to: number,
  gradient: Float64Array,
  curvature: Float64Array,
  mask: Int32Array,
): Float64Array {
  const { features, bins } = table;
  const sums = new Float64Array(features * 512);
  const used = mask.length;
  for (let k = from; k < to; k += 1) {
    const row = order[k] ?? 0;
    const [g, h] = [gradient[row] ?? 0, curvature[row] ?? 0];
    const start = row * features;
    for (let m = 0; m < used; m += 1) {
      const f = mask[m] ?? 0;
      const at = (f << 9) + ((bins[start + f] ?? 0) << 1);
      sums[at] = (sums[at] ?? 0) + g;
      sums[at + 1] = (sums[at + 1] ?? 0) + h;
    }
  }
  return sums;
}

function bestSplit(
  table: BinnedTable,
  leaf: Leaf,
  mask: Int32Array,
  settings: TrainSettings,
  unit: number,
): Split | null {
  const lambda = settings.lambda * unit;
  const least = settings.minRows * unit;
  const { sums, g, h } = leaf;
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

/** Left rows first, in the same order as before; where the right ones begin. */
function partition(table: BinnedTable, order: Int32Array, scratch: Int32Array, leaf: Leaf, split: Split): number {
  const { features, bins } = table;
  let [write, aside] = [leaf.from, 0];
  for (let k = leaf.from; k < leaf.to; k += 1) {
    const row = order[k] ?? 0;
    const b = bins[row * features + split.feature] ?? 0;
    const goesLeft = b === 0 ? split.missingLeft : b <= split.bin;
    if (goesLeft) {
      order[write] = row;
      write += 1;
    } else {
      scratch[aside] = row;
      aside += 1;
    }
  }
  order.set(scratch.subarray(0, aside), write);
  return write;
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

/** Adds the tree's leaf to every row's raw score, sampled or not. */
function addTree(table: BinnedTable, grown: Grown, values: Float32Array, raw: Float64Array): void {
  const { rows, features, bins } = table;
  const { feature, left, right, missingLeft } = grown.tree;
  const { bin } = grown;
  for (let row = 0; row < rows; row += 1) {
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
