/**
 * One head, trained in a worker thread: rows come as shared memory, the trees go back. Rule kept: it does nothing but
 * `train`; what it returns is what `train` would return in the caller's thread.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { BinnedTable } from './bins.ts';
import { train, type TrainSettings } from './train.ts';

export type TrainOrder = {
  readonly table: BinnedTable;
  readonly target: Float64Array;
  readonly weight: Float64Array;
  readonly settings: TrainSettings;
};

const { table, target, weight, settings } = workerData as TrainOrder;
parentPort?.postMessage(train(table, target, weight, settings));
