/**
 * The worker thread behind checkpoint.ts: copies the log into the file (PASSIVE: never makes a writer wait).
 * Rule kept: a connection of its own, set as durable as the books' own; it writes no row. While bills go on it
 * tries some rounds, each with less left to copy, so that it meets the moment at which all is copied.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { connect, type Database, makeDurable, whatIsNotDurable } from './connection.ts';

export type CheckpointTask = { readonly path: string };
export type CheckpointAnswer =
  | { readonly kind: 'done'; readonly isWhole: boolean }
  | { readonly kind: 'failed'; readonly message: string };

const mostRounds = 5;

function checkpoint(db: Database): CheckpointAnswer {
  try {
    const trouble = whatIsNotDurable(db);
    if (trouble !== '') return { kind: 'failed', message: trouble };
    let isWhole = false;
    for (let round = 0; round < mostRounds && !isWhole; round += 1) {
      const [row] = db.pragma('wal_checkpoint(PASSIVE)') as { busy: number; log: number; checkpointed: number }[];
      isWhole = row !== undefined && row.busy === 0 && row.log === row.checkpointed;
    }
    return { kind: 'done', isWhole };
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

function listen(port: NonNullable<typeof parentPort>, task: CheckpointTask): void {
  const db = connect(task.path, { fileMustExist: true });
  makeDurable(db);
  port.on('message', (message: 'checkpoint' | 'stop') => {
    if (message === 'checkpoint') {
      port.postMessage(checkpoint(db));
      return;
    }
    db.close();
    port.close();
  });
}

if (parentPort !== null) listen(parentPort, workerData as CheckpointTask);
