/** The simulator of sync: the product's steps hold on each store, a seed gives the same run, a mistake is found. */
import { describe, expect, it } from 'vitest';
import { memoryRunner, noTally, type RunLater, runMany, scoreMutants, type Tally } from './run.ts';
import { sqliteRunner } from './run-sqlite.ts';

const nothing = (): void => undefined;
const clean: Tally = { ...noTally(), replayed: 10 };

describe('sync simulator', () => {
  it('loses, doubles, blocks and bends nothing, and goes the same way twice', async () => {
    const tally = await runMany(memoryRunner(7), 0, 1_000, 1, nothing);
    expect(tally).toEqual(clean);
  });

  it('goes the same way on real SQLite as in memory', async () => {
    const traces = async (run: RunLater) => {
      const all: string[] = [];
      for (let n = 0; n < 40; n += 1) all.push((await run(n)).trace);
      return all;
    };
    expect(await traces(sqliteRunner(3))).toEqual(await traces(memoryRunner(3)));
  });

  it('finds nearly every mistake at once (the rig goes on until the rare ones show)', () => {
    const score = scoreMutants(1, 700, nothing);
    expect(score.caught).toBeGreaterThanOrEqual(0.85 * (score.mutants - score.equivalent));
    expect(score.mutants).toBeGreaterThanOrEqual(90);
  });
});
