/**
 * Many schedules on a store, spread over the machine's cores. Rule kept: which thread runs a schedule changes nothing in
 * it; a schedule that fails is named with the command that runs it alone.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { addTally, memoryRunner, noTally, runMany, type Store, type Tally } from './run.ts';
import type { Share } from './sim-worker.ts';

export type SimOptions = {
  readonly store: Store;
  readonly schedules: number;
  readonly seed: number;
  /** The first schedule's number: a failed one is run again alone with `from` and one schedule. */
  readonly from: number;
  readonly say: (line: string) => void;
};
export type Simulation = Tally & { readonly schedules: number; readonly perSecond: number; readonly threads: number };

export const replayCommand = (options: SimOptions, n: number): string =>
  `npm run -s faults -- sync --schedules 1 --from ${n} --store ${options.store} --seed ${options.seed}`;

function inWorker(share: Share, onDone: () => void): Promise<Tally> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('sim-worker.ts', import.meta.url), { workerData: share });
    worker.on('message', (message: { readonly tally?: Tally }) => {
      if (message.tally === undefined) onDone();
      else resolve(message.tally);
    });
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`a thread of the simulator ended with ${code}`)));
  });
}

async function onThreads(options: SimOptions & { readonly store: Share['store'] }, threads: number): Promise<Tally> {
  const { store, seed, from, schedules, say } = options;
  const to = from + schedules;
  let hundreds = 0;
  const tell = (): void => {
    hundreds += 1;
    if (hundreds % 200 === 0) say(`about ${hundreds * 100} of ${schedules} schedules`);
  };
  const shares = Array.from({ length: threads }, (_, i) => ({ store, seed, from: from + i, to, by: threads }));
  const tally = noTally();
  for (const part of await Promise.all(shares.map((share) => inWorker(share, tell)))) addTally(tally, part);
  return tally;
}

async function runAll(options: SimOptions, threads: number): Promise<Tally> {
  const { store, seed, from, schedules, say } = options;
  if (store === 'postgres') {
    const { runOnPostgres } = await import('./run-postgres.ts');
    return runOnPostgres({ seed, from, schedules, say });
  }
  if (threads > 1) return onThreads({ ...options, store }, threads);
  const run = store === 'memory' ? memoryRunner(seed) : (await import('./run-sqlite.ts')).sqliteRunner(seed);
  return runMany(run, from, from + schedules, 1, () => undefined);
}

export async function simulate(options: SimOptions): Promise<Simulation> {
  const { schedules, say } = options;
  const threads = options.store === 'postgres' || schedules < 50 ? 1 : availableParallelism();
  const start = performance.now();
  const tally = await runAll(options, threads);
  const perSecond = Math.round(schedules / ((performance.now() - start) / 1_000));
  for (const { n, why } of tally.failed) {
    for (const line of why) say(`schedule ${n}: ${line}`);
    say(`again: ${replayCommand(options, n)}`);
  }
  return { schedules, ...tally, perSecond, threads };
}
