/**
 * The thorough check of the books, on a copy: after an unclean stop and once a day. Rule kept: sales go on
 * while it runs; the copy is made and read by a worker thread with a connection of its own, and is gone
 * afterwards. It finds damage, it mends nothing.
 */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { shopFile, type ShopDb } from './open.ts';
import type { QuickCheckOutcome, QuickCheckTask } from './quick-check-worker.ts';

export type QuickCheckOptions = {
  /** The worker's own file; a bundle says where it put it. */
  readonly workerUrl?: URL | undefined;
};

/** Resolves, never rejects. */
export function quickCheckOnSnapshot(
  shop: Pick<ShopDb, 'dir'>,
  options: QuickCheckOptions = {},
): Promise<QuickCheckOutcome> {
  const task: QuickCheckTask = { path: shopFile(shop.dir), copyPath: join(shop.dir, 'quick-check.tmp.db') };
  return new Promise((resolve) => {
    const worker = new Worker(options.workerUrl ?? new URL('./quick-check-worker.ts', import.meta.url), {
      workerData: task,
    });
    worker.once('message', (outcome: QuickCheckOutcome) => resolve(outcome));
    worker.once('error', (error: Error) => resolve({ kind: 'notDone', message: error.message }));
    // After an answer this changes nothing.
    worker.once('exit', () => resolve({ kind: 'notDone', message: 'the check stopped without an answer' }));
  });
}
