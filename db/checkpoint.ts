/**
 * Keeps the books' log short without the sale's connection ever copying a page while a bill waits: a worker
 * thread with its own connection copies (PASSIVE) when the log has grown. Rule kept: no bill waits for a
 * checkpoint between its request and its answer, and none pays the second sync of a log that begins again. A log
 * copied whole begins again with the next write, so the worker may never copy all of it: a reader of ours (the
 * anchor) holds on to an older state, and the last few pages and the write that begins the log again are done
 * here, in one go between two bills.
 */
import { Worker } from 'node:worker_threads';
import type { CheckpointAnswer, CheckpointTask } from './checkpoint-worker.ts';
import { connect, type Database } from './connection.ts';
import { shopFile, type ShopDb } from './open.ts';

export type Checkpointer = {
  /**
   * Has the log copied when that is due. Some microseconds: call it after each bill, once it is answered. The
   * copying begins with the look after the next bill; in an idle moment a tiny write takes that bill's place.
   */
  readonly look: (isIdle?: boolean) => void;
  /** Everything in the log is in the file: `restart` lets it begin again. */
  readonly isBackfilled: () => boolean;
  /** The tiny write after which the log begins again. Off the sale's path. */
  readonly restart: () => void;
  /** Bytes of the log in use; the file itself keeps its room, so that bills overwrite and need not grow it. */
  readonly logBytes: () => number;
  /** The worker copies just now: a look does nothing until it has answered. */
  readonly isCopying: () => boolean;
  /** Resolves when the worker has gone; before ShopDb.close. */
  readonly stop: () => Promise<void>;
};
export type CheckpointOptions = {
  /** The worker's own file; a bundle says where it put it. */
  readonly workerUrl?: URL | undefined;
  /** Due from this size of the log on. */
  readonly fromBytes?: number | undefined;
  /** What went wrong in the worker; the books are not in danger, their log grows. */
  readonly onTrouble?: ((message: string) => void) | undefined;
  /** The log was copied whole and begins again. */
  readonly onRestarted?: (() => void) | undefined;
};

const defaultFromBytes = 4 * 1024 * 1024;
/** What may be copied between two bills: about four of them, one to three milliseconds. */
const fewFrames = 64;
/** A page of 4,096 bytes and its header. */
const frameBytes = 4_120;

type LogState = { readonly log: number; readonly checkpointed: number };

export function startCheckpointer(shop: Pick<ShopDb, 'sql' | 'dir'>, options: CheckpointOptions = {}): Checkpointer {
  const fromBytes = options.fromBytes ?? defaultFromBytes;
  const task: CheckpointTask = { path: shopFile(shop.dir) };
  const worker = new Worker(options.workerUrl ?? new URL('./checkpoint-worker.ts', import.meta.url), {
    workerData: task,
    // It only tells SQLite to copy: a default heap would cost more memory than the books' page cache.
    resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 24 },
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

  // Held from one look to the end of the copying that the next one asks for.
  let anchor: { readonly db: Database; readonly log: number } | null = null;
  const holdAnchor = (log: number): void => {
    const db = connect(task.path, { readonly: true });
    db.exec('BEGIN');
    db.prepare('SELECT only FROM shop_state').get();
    anchor = { db, log };
  };
  const letAnchorGo = (): void => {
    anchor?.db.close();
    anchor = null;
  };

  const afterCopy = (): void => {
    letAnchorGo();
    const { log, checkpointed } = read();
    // Many bills came while it copied: the next look has the worker copy those.
    if (log - checkpointed > fewFrames) return;
    copyRest.all();
    if (!isBackfilled()) return;
    restart.run();
    options.onRestarted?.();
  };

  worker.on('message', (answer: CheckpointAnswer) => {
    isBusy = false;
    if (answer.kind === 'failed') {
      letAnchorGo();
      options.onTrouble?.(answer.message);
    } else if (!isStopped) afterCopy();
  });
  worker.on('error', (error: Error) => {
    isStopped = true;
    letAnchorGo();
    options.onTrouble?.(error.message);
  });

  return {
    look: (isIdle = false) => {
      if (isBusy || isStopped) return;
      const { log, checkpointed } = read();
      if (log * frameBytes < fromBytes || log === checkpointed) return;
      if (anchor === null) holdAnchor(log);
      // Only what was written after the anchor stays behind: without any such thing the worker would copy all.
      if (anchor?.log === log) {
        if (!isIdle) return;
        restart.run();
      }
      isBusy = true;
      worker.postMessage('checkpoint');
    },
    isBackfilled,
    restart: () => void restart.run(),
    logBytes: () => read().log * frameBytes,
    isCopying: () => isBusy,
    stop: async () => {
      if (isStopped) return;
      isStopped = true;
      letAnchorGo();
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
