/**
 * Runs schedules on the stores that answer at once. Rule kept: what fails is answered by its number, to be run again
 * alone; of a hundred schedules one is run twice and must give the same trace.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Findings } from './checkers.ts';
import { memoryDisk } from './memory-disk.ts';
import type { Mutant } from './mutant.ts';
import { mutants } from './mutants.ts';
import { product, type Protocol } from './protocol.ts';
import { runAtOnce, runSteps, type ScheduleResult } from './schedule.ts';
import { memoryServer } from './sim-server.ts';
import { simFeed } from './sim-feed.ts';

export type Store = 'memory' | 'sqlite' | 'postgres';
export type RunOne = (n: number) => ScheduleResult;
/** Where a step of the product ends after a turn of the loop. */
export type RunLater = (n: number) => ScheduleResult | Promise<ScheduleResult>;

export const memoryRunner =
  (seed: number, protocol: Protocol = product): RunOne =>
  (n) => {
    const server = memoryServer(protocol);
    const feed = () => simFeed(protocol, server.isRevoked);
    return runAtOnce(runSteps(seed, n, protocol, { disk: () => memoryDisk(protocol), server, feed }));
  };

export const isClean = (found: Findings): boolean => found.lost + found.doubled + found.stuck + found.diverged === 0;

export type Tally = Findings & {
  /** Run twice, and how many of them went another way the second time. */
  replayed: number;
  unsteady: number;
  failed: { readonly n: number; readonly why: readonly string[] }[];
};
export const noTally = (): Tally => ({
  lost: 0,
  doubled: 0,
  stuck: 0,
  diverged: 0,
  replayed: 0,
  unsteady: 0,
  failed: [],
});

const findings = ['lost', 'doubled', 'stuck', 'diverged'] as const;

export function addResult(tally: Tally, n: number, result: ScheduleResult): void {
  for (const key of findings) tally[key] += result.found[key];
  if (!isClean(result.found) && tally.failed.length < 5) tally.failed.push({ n, why: result.why });
}
export function addTally(to: Tally, from: Tally): void {
  for (const key of [...findings, 'replayed', 'unsteady'] as const) to[key] += from[key];
  to.failed = [...to.failed, ...from.failed].toSorted((a, b) => a.n - b.n).slice(0, 5);
}

/** Schedules from, from + by, … below `to`. */
export async function runMany(
  run: RunLater,
  from: number,
  to: number,
  by: number,
  onDone: (count: number) => void,
): Promise<Tally> {
  const tally = noTally();
  for (let n = from, i = 0; n < to; n += by, i += 1) {
    const result = await run(n);
    addResult(tally, n, result);
    if (i % 100 === 0) {
      tally.replayed += 1;
      if ((await run(n)).trace !== result.trace) tally.unsteady += 1;
      onDone(i);
    }
    // What SQLite gave out is given back between turns only: without one, a long run ends by running out of memory.
    if (i % 10 === 0) await nextTurn();
  }
  return tally;
}

export type MutantScore = {
  readonly mutants: number;
  readonly equivalent: number;
  readonly caught: number;
  readonly missed: readonly string[];
  /** Schedules until it was caught: the middle one, and the one that took most. */
  readonly median: number;
  readonly slowest: number;
};

export function scoreMutants(seed: number, schedules: number, say: (line: string) => void): MutantScore {
  const at = (mutant: Mutant): { readonly n: number; readonly by: string } => {
    const run = memoryRunner(seed, mutant.protocol);
    for (let n = 0; n < schedules; n += 1) {
      const { found, why } = run(n);
      if (!isClean(found)) return { n, by: why[0]?.split(':')[0] ?? '' };
    }
    return { n: -1, by: '' };
  };
  const real = mutants.filter((mutant) => mutant.isEquivalent === undefined);
  const scores = real.map((mutant) => {
    const { n, by } = at(mutant);
    say(`${n < 0 ? 'not caught' : `caught by schedule ${n}, ${by}`}: ${mutant.name}`);
    return n;
  });
  for (const { name, isEquivalent } of mutants) {
    if (isEquivalent !== undefined) say(`equivalent: ${name} (${isEquivalent})`);
  }
  const caught = scores.filter((n) => n >= 0).toSorted((a, b) => a - b);
  return {
    mutants: mutants.length,
    equivalent: mutants.length - real.length,
    caught: caught.length,
    missed: real.filter((_, i) => (scores[i] ?? -1) < 0).map((mutant) => mutant.name),
    median: caught[Math.floor(caught.length / 2)] ?? 0,
    slowest: caught.at(-1) ?? 0,
  };
}
