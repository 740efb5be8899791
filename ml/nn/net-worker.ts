/**
 * One net, trained in a worker thread: windows come as shared memory, the weights go back, null where
 * training ran away. Rule kept: it does nothing but `trainNet`; what it returns is what that would return in the caller's
 * thread.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { TrainingDiverged } from './learner.ts';
import { type NetOrder, trainNet } from './train-net.ts';

const found = await trainNet(workerData as NetOrder).catch((error: unknown) => {
  if (error instanceof TrainingDiverged) return null;
  throw error;
});
parentPort?.postMessage(found);
