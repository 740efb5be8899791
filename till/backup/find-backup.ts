/**
 * Backup files in a folder: their names, which is the newest, which are to go. Rule kept: a file is judged by its own
 * header, not by its name or date; what is no backup of ours is left alone.
 */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BackupError, type BackupHeader, readBackupHeader } from '#db/backup-file.ts';

export const backupEnding = '.bmbackup';
const unfinishedEnding = '.part';

export type FoundBackup = { readonly path: string; readonly header: BackupHeader };

/** `billmitra-T1-20261120-093000-8f3a.bmbackup`: sorts by time within a till, and no two tills share one. */
export function backupName(series: string, tillId: string, atMs: number): string {
  const at = new Date(atMs).toISOString().replaceAll(/[-:]/g, '').slice(0, 15).replace('T', '-');
  return `billmitra-${series}-${at}-${tillId.slice(-4)}${backupEnding}`;
}

/** All that can be read, newest first. `path`: a folder or one file. */
export async function findBackups(path: string): Promise<readonly FoundBackup[]> {
  const isFolder = (await stat(path)).isDirectory();
  const names = isFolder ? (await readdir(path)).filter((name) => name.endsWith(backupEnding)) : [''];
  const found: FoundBackup[] = [];
  let fault: unknown = null;
  for (const name of names) {
    const at = name === '' ? path : join(path, name);
    try {
      found.push({ path: at, header: await readBackupHeader(at) });
    } catch (error) {
      if (!(error instanceof BackupError)) throw error;
      fault = error;
    }
  }
  // One file was named: what is wrong with it is the answer.
  if (!isFolder && fault !== null) throw fault;
  return found.toSorted((a, b) => b.header.madeAtMs - a.header.madeAtMs || b.header.journalSeq - a.header.journalSeq);
}

/** Keeps this till's last `keep`; unfinished ones of a crash go too. */
export async function removeOldBackups(folder: string, tillId: string, keep: number): Promise<number> {
  for (const name of await readdir(folder)) {
    if (name.endsWith(backupEnding + unfinishedEnding)) await rm(join(folder, name), { force: true });
  }
  const old = (await findBackups(folder)).filter(({ header }) => header.tillId === tillId).slice(keep);
  for (const { path } of old) await rm(path, { force: true });
  return old.length;
}

export const unfinishedName = (path: string): string => path + unfinishedEnding;
