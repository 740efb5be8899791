/** One thread of a simulation: its share of the schedules, and what came of them. */
import { parentPort, workerData } from 'node:worker_threads';
import { memoryRunner, runMany } from './run.ts';
import { sqliteRunner } from './run-sqlite.ts';

export type Share = {
  readonly store: 'memory' | 'sqlite';
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly by: number;
};

const { store, seed, from, to, by } = workerData as Share;
const run = store === 'memory' ? memoryRunner(seed) : sqliteRunner(seed);
const tally = await runMany(run, from, to, by, (done) => parentPort?.postMessage({ done }));
parentPort?.postMessage({ tally });
