/**
 * A shop that was brought back lies in DIR/restored until the next start takes it. Rule kept: it takes the place of a
 * blank shop only; where anything was sold or anybody was named, nothing is replaced.
 */
import { existsSync, fsyncSync, closeSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from './connection.ts';
import { lockFolder } from './lock.ts';
import { shopFile } from './open.ts';

export const restoredDir = (dir: string): string => join(dir, 'restored');
/** Written while it is not ready yet. */
export const restoringDir = (dir: string): string => join(dir, 'restoring');

/** Nothing is there, or a shop that nobody has used. Throws what SQLite says of a file that is none. */
export function isBlankShop(dir: string): boolean {
  const path = shopFile(dir);
  if (!existsSync(path)) return !existsSync(`${path}-wal`);
  const sql = connect(path, { readonly: true });
  try {
    const count = (table: string): number =>
      sql
        .prepare<[string], number>("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?")
        .pluck()
        .get(table) === 1
        ? (sql.prepare<[], number>(`SELECT count(*) FROM (SELECT 1 FROM ${table} LIMIT 1)`).pluck().get() ?? 0)
        : 0;
    return count('document') === 0 && count('staff') === 0 && count('item') === 0;
  } finally {
    sql.close();
  }
}

/** The restored shop is ready: it is whole and closed. */
export function markRestored(dir: string): void {
  const fd = openSync(shopFile(restoringDir(dir)), 'r+');
  fsyncSync(fd);
  closeSync(fd);
  rmSync(restoredDir(dir), { recursive: true, force: true });
  renameSync(restoringDir(dir), restoredDir(dir));
}

/** Before the shop is opened. True when a restored shop took its place. */
export function takeRestored(dir: string): boolean {
  const from = shopFile(restoredDir(dir));
  if (!existsSync(from)) return false;
  const lock = lockFolder(dir);
  // Another till has it: opening will say so.
  if (!lock.ok) return false;
  try {
    if (!isBlankShop(dir)) return false;
    for (const suffix of ['-wal', '-shm']) rmSync(shopFile(dir) + suffix, { force: true });
    renameSync(from, shopFile(dir));
    rmSync(restoredDir(dir), { recursive: true, force: true });
    return true;
  } finally {
    lock.value.release();
  }
}
