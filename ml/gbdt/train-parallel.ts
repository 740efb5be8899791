/**
 * Several heads at a time, each in a worker thread. Rule kept: at most `threads` at once; the answer does not depend on
 * how many.
 */
import { Worker } from 'node:worker_threads';
import type { TrainOrder } from './train-worker.ts';
import type { Forest } from './tree.ts';

/** Throws the first worker's fault. */
export async function trainParallel(
  orders: readonly TrainOrder[],
  threads: number,
  done: (count: number) => void = () => {},
): Promise<readonly Forest[]> {
  const forests: (Forest | undefined)[] = orders.map(() => undefined);
  let next = 0;
  let finished = 0;
  const one = async (): Promise<void> => {
    for (let at = next; at < orders.length; at = next) {
      next += 1;
      forests[at] = await trainInWorker(orders[at] as TrainOrder);
      finished += 1;
      done(finished);
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads, orders.length) }, one));
  return forests.filter((forest) => forest !== undefined);
}

/** In a bundle the thread's program is a file beside it. */
const workerFile = import.meta.url.endsWith('.mjs') ? './train-worker.mjs' : './train-worker.ts';

const trainInWorker = (order: TrainOrder): Promise<Forest> =>
  new Promise((done, fail) => {
    const worker = new Worker(new URL(workerFile, import.meta.url), { workerData: order });
    worker.once('message', done);
    worker.once('error', fail);
  });
