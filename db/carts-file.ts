/**
 * carts.db: the carts that are open or held, as JSON. Rule kept: off the books' file, so that saving a cart
 * never waits for, nor grows, the books' log; NORMAL is enough, as losing the last 250 ms of a cart is
 * allowed. A file that can't be read is set aside, never deleted: a shop must open without its open carts.
 */
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type Database } from './connection.ts';
import { errorCode } from './disk-fault.ts';

const cartsVersion = 1;

export type CartsFile = { readonly db: Database; readonly isSetAside: boolean };

export function openCarts(dir: string): CartsFile {
  const path = join(dir, 'carts.db');
  try {
    return { db: openAt(path), isSetAside: false };
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'SQLITE_NOTADB' && !code.startsWith('SQLITE_CORRUPT')) throw error;
  }
  let n = 1;
  while (existsSync(join(dir, `carts-damaged-${n}.db`))) n += 1;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, join(dir, `carts-damaged-${n}.db${suffix}`));
  }
  return { db: openAt(path), isSetAside: true };
}

function openAt(path: string): Database {
  const db = connect(path);
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    db.pragma('mmap_size = 0');
    db.pragma('trusted_schema = OFF');
    if (Number(db.pragma('user_version', { simple: true })) < cartsVersion) {
      db.transaction(() => {
        db.exec(`CREATE TABLE IF NOT EXISTS stored_cart (
          id TEXT PRIMARY KEY, state TEXT NOT NULL, json TEXT NOT NULL, saved_at_ms INTEGER NOT NULL
        ) WITHOUT ROWID`);
        db.pragma(`user_version = ${cartsVersion}`);
      }).immediate();
    }
    if (db.pragma('quick_check(1)', { simple: true }) !== 'ok') {
      throw Object.assign(new Error('carts.db is damaged'), { code: 'SQLITE_CORRUPT' });
    }
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
