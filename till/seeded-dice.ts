/**
 * Chance that repeats: the same seed throws the same dice. Rule kept: only made-up shops use it; nothing of a
 * real shop is ever decided here.
 */

export type Dice = {
  /** [0, 1) */
  readonly next: () => number;
  /** Whole, from 0 to below `n`. */
  readonly below: (n: number) => number;
  readonly chance: (p: number) => boolean;
  readonly pick: <T>(from: readonly T[]) => T;
};

/** Mulberry32: 32 bits of state, enough for a demo. */
export function makeDice(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return {
    next,
    below,
    chance: (p) => next() < p,
    pick: (from) => from[below(from.length)] as (typeof from)[number],
  };
}
