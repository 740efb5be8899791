/**
 * Opens a shop's folder: the lock, the books (shop.db), the open carts (carts.db). Rule kept: either every
 * promise holds (alone on the folder, our schema, synchronous=FULL read back after a write, last bills
 * readable) or the shop does not open and says in one word why; nothing is repaired silently.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { RandomBytes } from '#core/ids.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { Clock } from '#core/time.ts';
import { openCarts } from './carts-file.ts';
import {
  connect,
  type Database,
  isNodeTooOld,
  isSqliteTooOld,
  makeDurable,
  sqliteVersion,
  whatIsNotDurable,
} from './connection.ts';
import { diskTroubleOf, errorCode } from './disk-fault.ts';
import { lockFolder } from './lock.ts';
import { checkSchema, migrate } from './migrate.ts';
import { troubleInHeader, troubleInLastDocuments } from './open-checks.ts';
import { makeTransactions, type Transactions } from './transactions.ts';

export type OpenRefusal =
  | { readonly type: 'SchemaNewer'; readonly fileVersion: number; readonly ownVersion: number }
  | { readonly type: 'FileDamaged'; readonly detail: string }
  | { readonly type: 'DiskFull' }
  | { readonly type: 'DiskReadOnly' }
  | { readonly type: 'FolderInUse'; readonly pid: number | null }
  | { readonly type: 'NotAFolder'; readonly path: string }
  | { readonly type: 'NodeTooOld' }
  | { readonly type: 'SqliteTooOld'; readonly version: string };

export type OpenProgress = {
  readonly doing: 'opening' | 'migrating' | 'checking';
  readonly done: number;
  readonly total: number;
};
export type OpenOptions = {
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly onProgress?: ((progress: OpenProgress) => void) | undefined;
};

export type ShopDb = Transactions & {
  readonly dir: string;
  /** The books: WAL, synchronous=FULL, never checkpoints by itself. */
  readonly sql: Database;
  /** Open carts, in a file of their own: WAL, synchronous=NORMAL. */
  readonly carts: Database;
  /** The last till that had this folder closed it. */
  readonly wasClean: boolean;
  /** carts.db could not be read and was set aside; open carts are gone, no bill is. */
  readonly cartsSetAside: boolean;
  readonly close: () => void;
};

export const shopFile = (dir: string): string => join(dir, 'shop.db');

/** Creates the folder and the files when they are not there. Refusals are data; a bug throws. */
export function openShop(dir: string, options: OpenOptions): Result<ShopDb, OpenRefusal> {
  if (isNodeTooOld()) return err({ type: 'NodeTooOld' });
  const progress = options.onProgress ?? (() => undefined);
  progress({ doing: 'opening', done: 0, total: 1 });
  const undo: (() => void)[] = [];
  const refuse = (refusal: OpenRefusal): Result<ShopDb, OpenRefusal> => {
    for (const step of undo.toReversed()) step();
    return err(refusal);
  };
  try {
    makeFolder(dir);
    probeWriting(dir);
    const lock = lockFolder(dir);
    if (!lock.ok) return refuse({ type: 'FolderInUse', pid: lock.error.pid });
    undo.push(lock.value.release);

    const path = shopFile(dir);
    const headerTrouble = troubleInHeader(path);
    if (headerTrouble !== null) return refuse({ type: 'FileDamaged', detail: headerTrouble });
    const sql = connect(path);
    undo.push(() => sql.close());
    const version = sqliteVersion(sql);
    if (isSqliteTooOld(version)) return refuse({ type: 'SqliteTooOld', version });
    const schema = checkSchema(sql);
    if (!schema.ok) return refuse(schema.error);
    makeDurable(sql);
    demandDurable(sql);
    migrate(sql, dir, schema.value.fileVersion, (done, total) => progress({ doing: 'migrating', done, total }));

    progress({ doing: 'checking', done: 0, total: 1 });
    const billTrouble = troubleInLastDocuments(sql);
    if (billTrouble !== null) return refuse({ type: 'FileDamaged', detail: billTrouble });
    const wasClean = readIsOpen(sql) === 0;
    markOpen(sql, options.clock.now());
    demandDurable(sql);
    const carts = openCarts(dir);
    undo.push(() => carts.db.close());

    progress({ doing: 'checking', done: 1, total: 1 });
    return ok({
      ...makeTransactions(sql),
      dir,
      sql,
      carts: carts.db,
      wasClean,
      cartsSetAside: carts.isSetAside,
      close: () => close(sql, carts.db, lock.value.release),
    });
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal !== null) return refuse(refusal);
    for (const step of undo.toReversed()) step();
    throw error;
  }
}

/** On a read-only disk Node says ENOENT of a folder it may not make: the nearest one that is there says why. */
function makeFolder(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true });
  } catch (error) {
    let parent = dirname(resolve(dir));
    while (!existsSync(parent) && parent !== dirname(parent)) parent = dirname(parent);
    if (errorCode(error) === 'ENOENT') probeWriting(parent);
    throw error;
  }
}

/** Says EROFS, EACCES or ENOSPC in the system's own words, which SQLite would blur to "unable to open". */
function probeWriting(dir: string): void {
  const probe = join(dir, `write-probe-${process.pid}`);
  try {
    writeFileSync(probe, 'x');
  } finally {
    rmSync(probe, { force: true });
  }
}

const pathOf = (error: unknown): string =>
  error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : '';

function refusalOf(error: unknown): OpenRefusal | null {
  const trouble = diskTroubleOf(error);
  if (trouble === 'diskFull') return { type: 'DiskFull' };
  if (trouble === 'diskReadOnly') return { type: 'DiskReadOnly' };
  const code = errorCode(error);
  // A file stands where the shop's folder, or one on the way to it, should be.
  if (code === 'EEXIST' || code === 'ENOTDIR') return { type: 'NotAFolder', path: pathOf(error) };
  const isDamage = code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB' || code === 'SQLITE_FORMAT';
  // A short read in the middle of the file is a file that was cut; SQLite calls it an I/O error.
  if (isDamage || code === 'SQLITE_IOERR_SHORT_READ') {
    return { type: 'FileDamaged', detail: error instanceof Error ? error.message : code };
  }
  // Pages that decode but make no sense: a table or a column that every version has is not there.
  if (code === 'SQLITE_ERROR' && error instanceof Error && /no such (table|column)|malformed/.test(error.message)) {
    return { type: 'FileDamaged', detail: error.message };
  }
  return null;
}

function demandDurable(sql: Database): void {
  const trouble = whatIsNotDurable(sql);
  if (trouble !== '') throw new Error(`the database would not be durable: ${trouble}`);
}

const readIsOpen = (sql: Database): number =>
  sql.prepare<[], number>('SELECT is_open FROM shop_state WHERE only = 1').pluck().get() ?? 0;

function markOpen(sql: Database, atMs: number): void {
  sql.prepare('UPDATE shop_state SET is_open = 1, opened_at_ms = ? WHERE only = 1').run(atMs);
}

function close(sql: Database, carts: Database, release: () => void): void {
  if (!sql.open) return;
  try {
    sql.pragma('analysis_limit = 400');
    sql.pragma('optimize');
    sql.prepare('UPDATE shop_state SET is_open = 0 WHERE only = 1').run();
  } finally {
    carts.close();
    sql.close();
    release();
  }
}
