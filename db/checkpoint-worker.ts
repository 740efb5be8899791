/**
 * The worker thread behind checkpoint.ts: copies the log into the file (PASSIVE: never makes a writer wait).
 * Rule kept: a connection of its own, set as durable as the books' own; it writes no row. It copies as far as the
 * anchor of checkpoint.ts lets it, so that the log never begins again while it works.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { connect, type Database, makeDurable, whatIsNotDurable } from './connection.ts';

export type CheckpointTask = { readonly path: string };
export type CheckpointAnswer = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly message: string };

function checkpoint(db: Database): CheckpointAnswer {
  try {
    const trouble = whatIsNotDurable(db);
    if (trouble !== '') return { kind: 'failed', message: trouble };
    db.pragma('wal_checkpoint(PASSIVE)');
    return { kind: 'done' };
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
