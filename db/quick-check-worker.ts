/**
 * The worker thread behind quick-check.ts: copies the books page by page (SQLite's backup, which sees one
 * moment and damage as it is), runs quick_check on the copy, deletes it. Rule kept: reads the books, never
 * writes them.
 */
import { rmSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { connect } from './connection.ts';
import { errorCode } from './disk-fault.ts';

export type QuickCheckTask = { readonly path: string; readonly copyPath: string };

export type QuickCheckOutcome =
  | { readonly kind: 'sound' }
  /** What SQLite says of the first faults. */
  | { readonly kind: 'damaged'; readonly details: readonly string[] }
  /** The check itself could not be done (no room for a copy); says nothing about the books. */
  | { readonly kind: 'notDone'; readonly message: string };

const removeCopy = (path: string): void => {
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(path + suffix, { force: true });
};

/** All pages in one step: readers do not hold writers up in WAL, and a step by step copy would begin anew at each bill. */
async function check(task: QuickCheckTask): Promise<QuickCheckOutcome> {
  removeCopy(task.copyPath);
  const books = connect(task.path, { readonly: true });
  try {
    await books.backup(task.copyPath, { progress: () => 0x7fff_ffff });
  } finally {
    books.close();
  }
  const copy = connect(task.copyPath);
  try {
    const rows = copy.pragma('quick_check(5)') as { quick_check: string }[];
    const details = rows.map((row) => row.quick_check).filter((text) => text !== 'ok');
    return details.length === 0 ? { kind: 'sound' } : { kind: 'damaged', details };
  } finally {
    copy.close();
  }
}

async function answer(task: QuickCheckTask): Promise<QuickCheckOutcome> {
  try {
    return await check(task);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const code = errorCode(error);
    const isDamage = code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB';
    return isDamage ? { kind: 'damaged', details: [message] } : { kind: 'notDone', message };
  } finally {
    removeCopy(task.copyPath);
  }
}

if (parentPort !== null) parentPort.postMessage(await answer(workerData as QuickCheckTask));
