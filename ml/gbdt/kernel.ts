/**
 * The three loops in which a trainer spends its time: sums by bin, a child's sums by subtraction, rows to the left or the
 * right. Rule kept: the WebAssembly form and this one add the same numbers in the same order, so they give the same trees
 * to the bit; where WebAssembly is missing this one runs.
 */
import type { BinnedTable } from './bins.ts';

/** Numbers of one bin: gradient and curvature; of one feature: 256 bins. */
export const perFeature = 512;

export type Kernel = {
  /** Row numbers; the trainer fills it, `partition` reorders it. */
  readonly order: Int32Array;
  /** [rows × (gradient, curvature)]. */
  readonly slopes: Float64Array;
  /** Sums of slot s: [features × 256 × (gradient, curvature)]. */
  readonly sums: (slot: number) => Float64Array;
  /** Sets slot's sums of `mask`'s features to those of rows order[from…to). */
  readonly histogram: (slot: number, from: number, to: number, mask: Int32Array) => void;
  /** slot −= other. */
  readonly subtract: (slot: number, other: number) => void;
  /** Left rows first, both sides in the order they had; where the right ones begin. */
  readonly partition: (from: number, to: number, feature: number, bin: number, missingLeft: boolean) => number;
};

export function plainKernel({ rows, features, bins }: BinnedTable, slots: number): Kernel {
  const order = new Int32Array(rows);
  const slopes = new Float64Array(rows * 2);
  const scratch = new Int32Array(rows);
  const all = Array.from({ length: slots }, () => new Float64Array(features * perFeature));
  const sums = (slot: number): Float64Array => all[slot] ?? new Float64Array();
  return {
    order,
    slopes,
    sums,
    histogram: (slot, from, to, mask) => {
      const into = sums(slot).fill(0);
      for (let k = from; k < to; k += 1) {
        const row = order[k] ?? 0;
        const [g, h] = [slopes[2 * row] ?? 0, slopes[2 * row + 1] ?? 0];
        for (let m = 0; m < mask.length; m += 1) {
          const f = mask[m] ?? 0;
          const at = f * perFeature + 2 * (bins[row * features + f] ?? 0);
          into[at] = (into[at] ?? 0) + g;
          into[at + 1] = (into[at + 1] ?? 0) + h;
        }
      }
    },
    subtract: (slot, other) => {
      const [into, less] = [sums(slot), sums(other)];
      for (let k = 0; k < into.length; k += 1) into[k] = (into[k] ?? 0) - (less[k] ?? 0);
    },
    partition: (from, to, feature, bin, missingLeft) => {
      let [write, aside] = [from, 0];
      for (let k = from; k < to; k += 1) {
        const row = order[k] ?? 0;
        const b = bins[row * features + feature] ?? 0;
        if (b === 0 ? missingLeft : b <= bin) {
          order[write] = row;
          write += 1;
        } else {
          scratch[aside] = row;
          aside += 1;
        }
      }
      order.set(scratch.subarray(0, aside), write);
      return write;
    },
  };
}
