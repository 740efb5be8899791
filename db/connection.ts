/**
 * Connections to SQLite. Rule kept: every connection that writes the books has synchronous=FULL, no mmap and
 * no checkpoint of its own, and says so when asked again after its first write; better-sqlite3's own default
 * in WAL mode (NORMAL) loses acknowledged bills at a power cut. The native module is loaded here alone, and
 * only once the Node that runs is known to carry it.
 */
import { createRequire } from 'node:module';
import type BetterSqlite3 from 'better-sqlite3';

export type Database = BetterSqlite3.Database;
export type Statement = BetterSqlite3.Statement<unknown[]>;

/** Below 3.51.3 two connections that write and checkpoint at once can corrupt the file. */
const oldestSqlite = [3, 51, 3] as const;

/** better-sqlite3 13 needs Node-API 10 (Node 22.14): an older Node would crash in it, not refuse. */
export const isNodeTooOld = (napi: string | undefined = process.versions['napi']): boolean => !(Number(napi) >= 10);

let loaded: typeof BetterSqlite3 | null = null;
const driver = (): typeof BetterSqlite3 => {
  loaded ??= createRequire(import.meta.url)('better-sqlite3') as typeof BetterSqlite3;
  return loaded;
};

export const connect = (path: string | Buffer, options: BetterSqlite3.Options = {}): Database =>
  new (driver())(path, options);

/** "3.54.1" */
export const sqliteVersion = (db: Database): string =>
  db.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? '0';

export function isSqliteTooOld(version: string): boolean {
  const parts = version.split('.').map(Number);
  for (const [i, oldest] of oldestSqlite.entries()) {
    const part = parts[i] ?? 0;
    if (part !== oldest) return part < oldest;
  }
  return false;
}

/** Settings of the books' connection; the one place they are written. */
export function makeDurable(db: Database): void {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('wal_autocheckpoint = 0');
  // The log keeps its room after a restart, up to here: overwriting syncs faster than growing.
  db.pragma('journal_size_limit = 16777216');
  db.pragma('mmap_size = 0');
  // 16 MB of pages (the default is 2): at 100,000 items a bill's look-ups would go to the file again and again.
  db.pragma('cache_size = -16384');
  db.pragma('foreign_keys = ON');
  db.pragma('temp_store = MEMORY');
  db.pragma('trusted_schema = OFF');
  db.pragma('cell_size_check = ON');
  if (process.platform === 'darwin') {
    // Without it macOS's fsync does not reach the platter.
    db.pragma('fullfsync = 1');
    db.pragma('checkpoint_fullfsync = 1');
  }
}

/** What is not as makeDurable set it; '' when all is. Asked after the first query and again after the first write. */
export function whatIsNotDurable(db: Database): string {
  const is = (name: string): unknown => db.pragma(name, { simple: true });
  if (is('journal_mode') !== 'wal') return `journal_mode is ${String(is('journal_mode'))}`;
  if (is('synchronous') !== 2) return `synchronous is ${String(is('synchronous'))}`;
  if (is('wal_autocheckpoint') !== 0) return 'wal_autocheckpoint is on';
  // Builds without mmap answer nothing at all.
  const mmap = is('mmap_size');
  return mmap === 0 || mmap === undefined ? '' : 'mmap is on';
}
