/**
 * Brings a shop's file to this program's schema version. Rule kept: forward only, each step in one
 * transaction with its version number, and a file that holds anything is copied to DIR/backups before the
 * first step. It never touches a file that is newer or not ours.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '#core/result.ts';
import type { Database } from './connection.ts';
import { migrations, schemaVersion } from './migrations.ts';

/** "BMit": tells our files from any other SQLite file. */
export const applicationId = 0x424d6974;

export type MigrateRefusal =
  | { readonly type: 'SchemaNewer'; readonly fileVersion: number; readonly ownVersion: number }
  | { readonly type: 'FileDamaged'; readonly detail: string };
export type MigrateProgress = (done: number, total: number) => void;

const numberPragma = (db: Database, name: string): number => Number(db.pragma(name, { simple: true }));
const tableCount = (db: Database): number =>
  db.prepare<[], number>('SELECT count(*) FROM sqlite_schema').pluck().get() ?? 0;

/** Whether the file is ours and not newer; asked before anything in it is changed. */
export function checkSchema(db: Database): Result<{ readonly fileVersion: number }, MigrateRefusal> {
  const fileVersion = numberPragma(db, 'user_version');
  const id = numberPragma(db, 'application_id');
  const isEmpty = fileVersion === 0 && id === 0 && tableCount(db) === 0;
  if (!isEmpty && id !== applicationId) return err({ type: 'FileDamaged', detail: 'not a shop file of this program' });
  if (!isEmpty && fileVersion < 1) return err({ type: 'FileDamaged', detail: 'the schema version is missing' });
  if (fileVersion > schemaVersion) return err({ type: 'SchemaNewer', fileVersion, ownVersion: schemaVersion });
  return ok({ fileVersion });
}

/** Where the copy from before the step to `version` lies. */
export const backupPath = (dir: string, version: number): string =>
  join(dir, 'backups', `before-migration-${version}.db`);

/** Runs the missing steps; `upTo` is for tests. Throws what SQLite or the disk says; a step that threw left nothing. */
export function migrate(
  db: Database,
  dir: string,
  fileVersion: number,
  onProgress: MigrateProgress = () => undefined,
  upTo: number = schemaVersion,
): void {
  if (fileVersion >= upTo) return;
  if (fileVersion > 0) copyBefore(db, dir, fileVersion + 1);
  for (let version = fileVersion + 1; version <= upTo; version += 1) {
    onProgress(version - fileVersion - 1, upTo - fileVersion);
    db.exec('BEGIN IMMEDIATE');
    try {
      db.exec(migrations[version - 1] ?? '');
      db.pragma(`application_id = ${applicationId}`);
      db.pragma(`user_version = ${version}`);
      db.exec('COMMIT');
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }
  onProgress(upTo - fileVersion, upTo - fileVersion);
}

/** A copy is whole or absent: written under another name, synced, then renamed. */
function copyBefore(db: Database, dir: string, version: number): void {
  const path = backupPath(dir, version);
  if (existsSync(path)) return;
  mkdirSync(join(dir, 'backups'), { recursive: true });
  const unfinished = `${path}.part`;
  rmSync(unfinished, { force: true });
  db.prepare('VACUUM INTO ?').run(unfinished);
  const fd = openSync(unfinished, 'r+');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(unfinished, path);
}
