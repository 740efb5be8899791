/**
 * The thread that forecasts: reads the books, forecasts, and hands rows over in pieces. Rule kept: it writes nothing and
 * waits for each piece to be taken, so that the counter goes first; the same books and seed give the same rows.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { stepBack } from '#ml/onnx/step-back.ts';
import { runJob } from './run-job.ts';
import type { JobMessage, JobOrder } from './job-messages.ts';

if (parentPort !== null) {
  const port = parentPort;
  let taken: (() => void) | null = null;
  port.on('message', () => taken?.());
  const post = (message: JobMessage): void => port.postMessage(message);
  /** Resolves when the till has taken it. */
  const hand = (message: JobMessage): Promise<void> =>
    new Promise((resolve) => {
      taken = resolve;
      post(message);
    });
  stepBack();
  await runJob(workerData as JobOrder, { post, hand });
  port.close();
}
