/**
 * One net, trained in a worker thread: windows come as shared memory, the weights go back. Rule kept: it does nothing but
 * `trainNet`; what it returns is what that would return in the caller's thread.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { type NetOrder, trainNet } from './train-net.ts';

parentPort?.postMessage(await trainNet(workerData as NetOrder));
