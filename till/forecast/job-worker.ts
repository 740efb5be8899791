/**
 * The thread that forecasts: reads the books, forecasts, and hands rows over in pieces. Rule kept: it writes nothing and
 * waits for each piece to be taken, so that the counter goes first; the same books and seed give the same rows.
 */
import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { runJob } from './run-job.ts';
import type { JobMessage, JobOrder } from './job-messages.ts';

/** Billing goes first where the system lets a thread say so; where it does not, the job is merely as quick as it is. */
function stepBack(): void {
  try {
    setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch (error) {
    process.emitWarning(`forecasting runs at the usual priority: ${String(error)}`);
  }
}

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
  // On Linux a priority is a thread's, elsewhere the whole program's: then the counter would step back with it.
  if (process.platform === 'linux') stepBack();
  await runJob(workerData as JobOrder, { post, hand });
  port.close();
}
