/**
 * Keeps the books' log short without the sale's connection ever copying a page: a worker thread with its own
 * connection checkpoints (PASSIVE) when the log has grown. Rule kept: no bill waits for a checkpoint between its
 * request and its answer. A log that is copied whole begins again with the next write, which costs that write
 * a second sync; `restart` is such a write, for an idle moment. Should no idle moment come (a queue of bills
 * without a pause), the last few pages are copied and the log restarted between two bills.
 */
import { Worker } from 'node:worker_threads';
import type { CheckpointAnswer, CheckpointTask } from './checkpoint-worker.ts';
import { shopFile, type ShopDb } from './open.ts';

export type Checkpointer = {
  /** Has the log copied when that is due. Some microseconds: call it after each bill, once it is answered. */
  readonly look: () => void;
  /** Everything in the log is in the file: `restart` lets it begin again. */
  readonly isBackfilled: () => boolean;
  /** The tiny write after which the log begins again. Off the sale's path. */
  readonly restart: () => void;
  /** Bytes of the log in use; the file itself keeps its room, so that bills overwrite and need not grow it. */
  readonly logBytes: () => number;
  /** Resolves when the worker has gone; before ShopDb.close. */
  readonly stop: () => Promise<void>;
};
export type CheckpointOptions = {
  /** The worker's own file; a bundle says where it put it. */
  readonly workerUrl?: URL | undefined;
  /** Due from this size of the log on. */
  readonly fromBytes?: number | undefined;
  /** From this size of the log on it no longer waits for an idle moment. */
  readonly crowdedBytes?: number | undefined;
  /** What went wrong in the worker; the books are not in danger, their log grows. */
  readonly onTrouble?: ((message: string) => void) | undefined;
  /** The log was copied whole: a good moment for `restart`, if the counter is idle. */
  readonly onBackfilled?: (() => void) | undefined;
};

const defaultFromBytes = 4 * 1024 * 1024;
const defaultCrowdedBytes = 8 * 1024 * 1024;
/** What may be copied between two bills: about four of them, one to three milliseconds. */
const fewFrames = 64;
/** A page of 4,096 bytes and its header. */
const frameBytes = 4_120;

type LogState = { readonly log: number; readonly checkpointed: number };

export function startCheckpointer(shop: Pick<ShopDb, 'sql' | 'dir'>, options: CheckpointOptions = {}): Checkpointer {
  const fromBytes = options.fromBytes ?? defaultFromBytes;
  const crowdedBytes = options.crowdedBytes ?? defaultCrowdedBytes;
  const task: CheckpointTask = { path: shopFile(shop.dir) };
  const worker = new Worker(options.workerUrl ?? new URL('./checkpoint-worker.ts', import.meta.url), {
    workerData: task,
  });
  worker.unref();
  let isBusy = false;
  let isStopped = false;
  // NOOP copies nothing, it only says how long the log is (SQLite 3.51).
  const state = shop.sql.prepare<[], LogState>('PRAGMA wal_checkpoint(NOOP)');
  const copyRest = shop.sql.prepare('PRAGMA wal_checkpoint(PASSIVE)');
  const restart = shop.sql.prepare('UPDATE shop_state SET log_restarts = log_restarts + 1 WHERE only = 1');
  const read = (): LogState => {
    const { log, checkpointed } = state.get() ?? { log: 0, checkpointed: 0 };
    return { log: Math.max(0, log), checkpointed: Math.max(0, checkpointed) };
  };
  const isBackfilled = (): boolean => {
    const { log, checkpointed } = read();
    return log > 0 && log === checkpointed;
  };

  const afterCopy = (): void => {
    const { log, checkpointed } = read();
    if (log === checkpointed) {
      options.onBackfilled?.();
    } else if (log * frameBytes >= crowdedBytes && log - checkpointed <= fewFrames) {
      copyRest.all();
      if (isBackfilled()) restart.run();
    }
  };

  worker.on('message', (answer: CheckpointAnswer) => {
    isBusy = false;
    if (answer.kind === 'failed') options.onTrouble?.(answer.message);
    else if (!isStopped) afterCopy();
  });
  worker.on('error', (error: Error) => {
    isStopped = true;
    options.onTrouble?.(error.message);
  });

  return {
    look: () => {
      if (isBusy || isStopped) return;
      const { log, checkpointed } = read();
      if (log * frameBytes < fromBytes || log === checkpointed) return;
      isBusy = true;
      worker.postMessage('checkpoint');
    },
    isBackfilled,
    restart: () => void restart.run(),
    logBytes: () => read().log * frameBytes,
    stop: async () => {
      if (isStopped) return;
      isStopped = true;
      // Until now it kept no process alive; the end of it does.
      worker.ref();
      const gone = new Promise<void>((resolve) => {
        worker.once('exit', () => resolve());
      });
      worker.postMessage('stop');
      await gone;
    },
  };
}
