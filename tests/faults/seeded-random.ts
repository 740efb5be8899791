/**
 * Chance of the fault rigs: the same numbers for the same seed. Rule kept: nothing in a rig asks any other
 * source of chance, so that a failing cut can be made again from its seed and number.
 */
export type Random = {
  /** 0 ≤ x < 1 */
  readonly fraction: () => number;
  /** 0 ≤ n < limit */
  readonly below: (limit: number) => number;
  readonly isLikely: (share: number) => boolean;
  readonly pick: <T>(list: readonly T[]) => T;
  /** A version 7 UUID's form; the bits are chance alone. */
  readonly uuid: () => string;
};

/** Mulberry32: small and good enough to choose what to break. */
export function seededRandom(seed: number): Random {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(fraction() * limit);
  const hex = (digits: number): string => Array.from({ length: digits }, () => below(16).toString(16)).join('');
  return {
    fraction,
    below,
    isLikely: (share) => fraction() < share,
    pick: (list) => {
      const one = list[below(list.length)];
      if (one === undefined) throw new Error('nothing to pick from');
      return one;
    },
    uuid: () => `${hex(8)}-${hex(4)}-7${hex(3)}-8${hex(3)}-${hex(12)}`,
  };
}
