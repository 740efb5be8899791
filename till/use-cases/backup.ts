/**
 * Where the shop's copies go, and this PC becoming a lost till. Rule kept: a folder is taken when it can be written;
 * only a blank till is replaced, and it takes the restored books at its next start.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import type { BackupView, RestoredView } from '#contract/till-backup.ts';
import { restoreFrom, type RestoreFrom } from '../backup/restore-from.ts';
import type { TillContext } from '../context.ts';
import { logEvent } from '../log.ts';
import { refuse } from '../refusal.ts';

export function setBackupFolder(ctx: TillContext, folder: string | null): BackupView {
  if (folder !== null) demandFolder(ctx, folder);
  ctx.settings.save({ backup: { ...ctx.settings.get().backup, folder } });
  ctx.backup.changed();
  return ctx.backup.view();
}

function demandFolder(ctx: TillContext, folder: string): void {
  if (!isAbsolute(folder)) refuse({ type: 'BackupFolderInvalid', reason: 'notAbsolute' });
  // Inside the shop's own folder it would be lost with it, and opening the shop would trip over it.
  if (!relative(ctx.tables.shop.dir, folder).startsWith('..') && !isAbsolute(relative(ctx.tables.shop.dir, folder))) {
    refuse({ type: 'BackupFolderInvalid', reason: 'inShop' });
  }
  const isThere = (() => {
    try {
      return statSync(folder).isDirectory();
    } catch {
      // Not there, or not to be looked at: the same to whoever chose it.
      return false;
    }
  })();
  if (!isThere) refuse({ type: 'BackupFolderInvalid', reason: 'notThere' });
  try {
    rmSync(mkdtempSync(join(folder, 'billmitra-')), { recursive: true });
  } catch (error) {
    logEvent('warn', 'backupFolder', { message: String(error) });
    refuse({ type: 'BackupFolderInvalid', reason: 'readOnly' });
  }
}

export function backUpNow(ctx: TillContext): BackupView {
  const view = ctx.backup.view();
  if (view.folder === null && !view.isJoined) refuse({ type: 'BackupFolderInvalid', reason: 'notSet' });
  if (view.running === null) void ctx.backup.runNow();
  return ctx.backup.view();
}

export async function restoreHere(
  ctx: TillContext,
  from: RestoreFrom['from'],
  onProgress: RestoreFrom['onProgress'],
): Promise<RestoredView> {
  const { clock, randomBytes } = ctx;
  const shopDir = ctx.tables.shop.dir;
  const answer = await restoreFrom({ shopDir, from, clock, randomBytes, onProgress });
  if (!answer.ok) refuse({ type: 'RestoreRefused', reason: answer.error });
  return answer.value;
}
