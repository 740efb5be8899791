/** The simulator of sync: the product's steps hold, the same seed gives the same run, and a mistake is found. */
import { describe, expect, it } from 'vitest';
import { isClean, runSchedule, scoreMutants, simulate } from './run.ts';

describe('sync simulator', () => {
  it('loses, doubles, blocks and bends nothing', () => {
    const { lost, doubled, stuck, diverged, failed } = simulate({ schedules: 2_000, seed: 7, say: () => undefined });
    expect({ lost, doubled, stuck, diverged, failed }).toEqual({
      lost: 0,
      doubled: 0,
      stuck: 0,
      diverged: 0,
      failed: [],
    });
  });

  it('finds every mistake that is one', () => {
    const score = scoreMutants(1, 2_000, () => undefined);
    expect(score.missed).toEqual([]);
    expect(score.caught).toBe(score.mutants - score.equivalent);
  });

  it('replays a schedule bit for bit', () => {
    expect(Array.from({ length: 20 }, (_, n) => runSchedule(3, n))).toEqual(
      Array.from({ length: 20 }, (_, n) => runSchedule(3, n)),
    );
    expect(isClean(runSchedule(3, 0))).toBe(true);
  });
});
