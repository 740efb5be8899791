/**
 * The worker thread behind backup.ts. Makes: copies the books page by page in one step (a reader holds no writer up in
 * WAL, and a copy in slices begins anew at each bill), packs and encrypts the copy, reads the file back and checks what
 * comes out. Opens: decrypts into an empty folder, checks, migrates, checks again. Rule kept: the books are only read;
 * what has not been read back whole is not called a backup.
 */
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import {
  BackupError,
  type BackupFault,
  type BackupHeader,
  openBackup,
  type WrappedKey,
  writeBackup,
} from './backup-file.ts';
import { makeBills } from './bills.ts';
import { connect, type Database, makeDurable } from './connection.ts';
import { diskTroubleOf, errorCode } from './disk-fault.ts';
import { makeJournal } from './journal.ts';
import { checkSchema, migrate } from './migrate.ts';
import type { ShopDb } from './open.ts';
import { makeTransactions } from './transactions.ts';

export type KeyTask = { readonly id: string; readonly key: string; readonly wraps: readonly WrappedKey[] };
export type BackupTask =
  | {
      readonly kind: 'make';
      readonly path: string;
      /** Clear copies lie here for a moment: in the shop's own folder. */
      readonly workDir: string;
      readonly outPath: string;
      readonly key: KeyTask;
      readonly says: Pick<BackupHeader, 'madeAtMs' | 'storeId' | 'tillId' | 'tillName' | 'series'>;
    }
  | {
      readonly kind: 'open';
      readonly from: string;
      /** Empty; afterwards shop.db lies in it. */
      readonly toDir: string;
      readonly key: Omit<KeyTask, 'wraps'>;
    };
/** Steps a person may see. `done` and `total` are bytes of the database. */
export type BackupProgress = {
  readonly doing: 'copying' | 'writing' | 'checking';
  readonly done: number;
  readonly total: number;
};
export type BackupOutcome =
  | { readonly kind: 'done'; readonly header: BackupHeader; readonly fileBytes: number }
  | { readonly kind: 'refused'; readonly fault: BackupFault | 'newerSchema' | 'brokenChain' }
  /** The books themselves are damaged: a copy of them is no backup. */
  | { readonly kind: 'booksDamaged'; readonly detail: string }
  | { readonly kind: 'diskFull' }
  | { readonly kind: 'notDone'; readonly message: string };
export type BackupMessage = BackupOutcome | { readonly kind: 'progress'; readonly progress: BackupProgress };

const tell = (progress: BackupProgress): void => parentPort?.postMessage({ kind: 'progress', progress });
const removeDb = (path: string): void => {
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(path + suffix, { force: true });
};
const shopOf = (sql: Database): ShopDb => ({ ...makeTransactions(sql), sql }) as ShopDb;

/** null when every page is sound. */
function whatIsDamaged(sql: Database): string | null {
  const rows = sql.pragma('integrity_check(1)') as { integrity_check: string }[];
  const text = rows[0]?.integrity_check ?? 'no answer';
  return text === 'ok' ? null : text;
}

type Facts = Pick<BackupHeader, 'schemaVersion' | 'journalSeq' | 'journalHash'>;
function factsOf(sql: Database): Facts {
  const head = makeJournal(shopOf(sql)).head();
  return {
    schemaVersion: Number(sql.pragma('user_version', { simple: true })),
    journalSeq: head?.seq ?? 0,
    journalHash: head?.hash.toString('hex') ?? '',
  };
}

async function make(task: BackupTask & { kind: 'make' }): Promise<BackupOutcome> {
  const [copy, back] = [join(task.workDir, 'backup-copy.tmp.db'), join(task.workDir, 'backup-back.tmp.db')];
  try {
    for (const path of [copy, back]) removeDb(path);
    rmSync(task.outPath, { force: true });
    const total = statSync(task.path).size;
    tell({ doing: 'copying', done: 0, total });
    const books = connect(task.path, { readonly: true });
    try {
      await books.backup(copy, { progress: () => 0x7fff_ffff });
    } finally {
      books.close();
    }
    const source = connect(copy, { readonly: true });
    const facts = factsOf(source);
    source.close();
    const dbBytes = statSync(copy).size;
    const key = { id: task.key.id, key: Buffer.from(task.key.key, 'base64') };
    const says = { ...task.says, ...facts, wraps: task.key.wraps, dbBytes };
    await writeBackup(copy, task.outPath, says, key, (done) => tell({ doing: 'writing', done, total: dbBytes }));
    removeDb(copy);
    const header = await openBackup(task.outPath, back, key, (done) =>
      tell({ doing: 'checking', done, total: dbBytes }),
    );
    const read = connect(back);
    try {
      const damaged = whatIsDamaged(read);
      if (damaged !== null) return { kind: 'booksDamaged', detail: damaged };
      if (makeJournal(shopOf(read)).verify().firstBroken !== null) return { kind: 'refused', fault: 'brokenChain' };
    } finally {
      read.close();
    }
    return { kind: 'done', header, fileBytes: statSync(task.outPath).size };
  } finally {
    for (const path of [copy, back]) removeDb(path);
  }
}

async function open(task: BackupTask & { kind: 'open' }): Promise<BackupOutcome> {
  const path = join(task.toDir, 'shop.db');
  mkdirSync(dirname(path), { recursive: true });
  const key = { id: task.key.id, key: Buffer.from(task.key.key, 'base64') };
  const total = statSync(task.from).size;
  const header = await openBackup(task.from, path, key, (done) =>
    tell({ doing: 'copying', done, total: Math.max(done, total) }),
  );
  tell({ doing: 'checking', done: 0, total: header.dbBytes });
  const sql = connect(path);
  try {
    const damaged = whatIsDamaged(sql);
    if (damaged !== null) return { kind: 'booksDamaged', detail: damaged };
    const schema = checkSchema(sql);
    if (!schema.ok) return { kind: 'refused', fault: schema.error.type === 'SchemaNewer' ? 'newerSchema' : 'damaged' };
    makeDurable(sql);
    migrate(sql, task.toDir, schema.value.fileVersion);
    const shop = shopOf(sql);
    const { contentOf } = makeBills(shop);
    if (makeJournal(shop).verify(contentOf).firstBroken !== null) return { kind: 'refused', fault: 'brokenChain' };
    if (factsOf(sql).journalHash !== header.journalHash) return { kind: 'refused', fault: 'damaged' };
  } finally {
    sql.close();
  }
  return { kind: 'done', header, fileBytes: total };
}

async function answer(task: BackupTask): Promise<BackupOutcome> {
  try {
    const outcome = await (task.kind === 'make' ? make(task) : open(task));
    if (task.kind === 'make' && outcome.kind !== 'done') rmSync(task.outPath, { force: true });
    return outcome;
  } catch (error) {
    if (task.kind === 'make') rmSync(task.outPath, { force: true });
    if (error instanceof BackupError) return { kind: 'refused', fault: error.fault };
    const message = error instanceof Error ? error.message : String(error);
    const code = errorCode(error);
    if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return { kind: 'booksDamaged', detail: message };
    return diskTroubleOf(error) === 'diskFull' ? { kind: 'diskFull' } : { kind: 'notDone', message };
  }
}

if (parentPort !== null) parentPort.postMessage(await answer(workerData as BackupTask));
