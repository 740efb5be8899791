/**
 * One till per folder: an exclusive SQLite transaction held open on DIR/lock.db. Rule kept: the lock is the
 * operating system's, so it dies with the process, whatever killed it, on Windows as on Linux. The process id
 * beside it is only for the sentence a person reads.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '#core/result.ts';
import { connect, type Database } from './connection.ts';
import { errorCode } from './disk-fault.ts';

export type FolderLock = { readonly release: () => void };

const pidFile = (dir: string): string => join(dir, 'lock.pid');

/** Error: the process id of whoever holds the folder, null when it can't be told. Throws what the disk says. */
export function lockFolder(dir: string): Result<FolderLock, { readonly pid: number | null }> {
  const db = connect(join(dir, 'lock.db'), { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    const code = errorCode(error);
    if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return err({ pid: readPid(dir) });
    throw error;
  }
  try {
    writeFileSync(pidFile(dir), String(process.pid));
  } catch (error) {
    release(db);
    throw error;
  }
  return ok({ release: () => release(db) });
}

function release(db: Database): void {
  if (!db.open) return;
  if (db.inTransaction) db.exec('ROLLBACK');
  db.close();
}

function readPid(dir: string): number | null {
  try {
    const pid = Number(readFileSync(pidFile(dir), 'utf8'));
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
  } catch {
    // Only a nicety: without the file the sentence goes without a number.
    return null;
  }
}
