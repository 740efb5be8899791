/**
 * When and where the till's books are copied: daily and after a shift to a stick or a second disk, hourly to head office.
 * Rule kept: one at a time, in a thread of its own, never on the way of a bill; a stick that is not there is told and
 * tried again, it stops nothing. A copy counts when it was read back whole.
 */
import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { BackupTarget, BackupTrouble, BackupView, LastBackup } from '#contract/till-backup.ts';
import type { Clock } from '#core/time.ts';
import { runBackupTask } from '#db/backup.ts';
import type { BackupOutcome } from '#db/backup-worker.ts';
import { shopFile } from '#db/open.ts';
import { type Feed, makeFeed } from '../feed.ts';
import { logEvent } from '../log.ts';
import type { ShopSettings } from '../shop-settings.ts';
import type { SyncServer } from '../sync/till-access.ts';
import type { Tables } from '../tables.ts';
import { bareBackupKey } from './backup-key.ts';
import { backupName, removeOldBackups, unfinishedName } from './find-backup.ts';
import { sendBackup, sendKey } from './send-backup.ts';

export type BackupDesk = {
  readonly view: () => BackupView;
  readonly feed: Feed<BackupView>;
  /** To everywhere that is set, due or not. Resolves when all is done. */
  readonly runNow: () => Promise<void>;
  /** Does what is due; the timer and tests call it. */
  readonly look: () => Promise<void>;
  /** Where copies go has changed. */
  readonly changed: () => void;
  readonly close: () => Promise<void>;
};
export type BackupDeskDeps = {
  readonly tables: Tables;
  readonly settings: ShopSettings;
  readonly clock: Clock;
  /** Head office as the sync desk reaches it; null where there is none. */
  readonly server: () => SyncServer | null;
  readonly workerUrl?: URL | undefined;
};

type Kept = { readonly last: Record<BackupTarget, LastBackup | null>; readonly keyAt: string | null };

const keptKey = 'backups';
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const everyMs: Readonly<Record<BackupTarget, number>> = { folder: dayMs, headOffice: hourMs };
const againMs: Readonly<Record<BackupTarget, number>> = { folder: 10 * 60_000, headOffice: 5 * 60_000 };
const targets: readonly BackupTarget[] = ['folder', 'headOffice'];

function troubleOf(outcome: BackupOutcome): BackupTrouble {
  if (outcome.kind === 'diskFull') return 'diskFull';
  if (outcome.kind === 'booksDamaged') return 'booksDamaged';
  if (outcome.kind === 'refused') return outcome.fault === 'brokenChain' ? 'booksDamaged' : 'notReadable';
  const isReadOnly = outcome.kind === 'notDone' && /EROFS|EACCES|EPERM/.test(outcome.message);
  return isReadOnly ? 'folderReadOnly' : 'fault';
}

export function makeBackupDesk({ tables, settings, clock, server: getServer, workerUrl }: BackupDeskDeps): BackupDesk {
  const { dir } = tables.shop;
  const feed = makeFeed<BackupView>();
  const stopping = new AbortController();
  const trouble: Record<BackupTarget, BackupTrouble | null> = { folder: null, headOffice: null };
  const triedAtMs: Record<BackupTarget, number> = { folder: -Infinity, headOffice: -Infinity };
  let running: BackupView['running'] = null;
  let work: Promise<void> = Promise.resolve();
  let isStopped = false;

  const kept = (): Kept => {
    const text = tables.settings.get(keptKey);
    return text === null ? { last: { folder: null, headOffice: null }, keyAt: null } : (JSON.parse(text) as Kept);
  };
  const keep = (change: Partial<Kept>): void => tables.settings.set(keptKey, JSON.stringify({ ...kept(), ...change }));
  const isOnShopDisk = (folder: string): boolean => {
    try {
      return statSync(folder).dev === statSync(dir).dev;
    } catch {
      return false;
    }
  };
  const headSeq = (): number => tables.journal.head()?.seq ?? 0;

  const view = (): BackupView => {
    const { backup, backupKey, headOffice, isDemo } = settings.get();
    const { last } = kept();
    const newest = Math.max(last.folder?.atMs ?? -Infinity, last.headOffice?.atMs ?? -Infinity);
    const since = newest === -Infinity ? (tables.shifts.recent(1)[0]?.openedAtMs ?? null) : newest;
    const hasNew = headSeq() > Math.max(last.folder?.seq ?? 0, last.headOffice?.seq ?? 0);
    return {
      ...backup,
      isSameDisk: backup.folder !== null && isOnShopDisk(backup.folder),
      isJoined: headOffice !== null,
      hasCode: (backupKey?.wraps.length ?? 0) > 0,
      last,
      trouble: { ...trouble },
      running,
      isLate: !isDemo && hasNew && since !== null && clock.now() - since > dayMs,
    };
  };
  const publish = (): void => {
    if (!isStopped) feed.publish(view());
  };

  async function make(outPath: string, target: BackupTarget) {
    const shop = settings.get();
    const key = shop.backupKey ?? bareBackupKey();
    if (shop.backupKey === null) settings.save({ backupKey: key });
    const { storeId, tillId, tillName, series } = shop;
    const says = { madeAtMs: clock.now(), storeId, tillId, tillName, series };
    return runBackupTask(
      { kind: 'make', path: shopFile(dir), workDir: dir, outPath, key, says },
      {
        workerUrl,
        onProgress: (progress) => {
          running = { target, ...progress };
          publish();
        },
      },
    );
  }

  const done = (target: BackupTarget, last: LastBackup): void => {
    trouble[target] = null;
    keep({ last: { ...kept().last, [target]: last } });
    logEvent('info', 'backup', { target, ...last });
  };

  async function toFolder(folder: string): Promise<BackupTrouble | null> {
    try {
      if (!statSync(folder).isDirectory()) return 'folderMissing';
    } catch {
      return 'folderMissing';
    }
    const { series, tillId, backup } = settings.get();
    const path = join(folder, backupName(series, tillId, clock.now()));
    const outcome = await make(unfinishedName(path), 'folder');
    if (outcome.kind !== 'done') return troubleOf(outcome);
    try {
      renameSync(unfinishedName(path), path);
      await removeOldBackups(folder, tillId, backup.keep);
    } catch (error) {
      logEvent('warn', 'backup', { message: String(error) });
      return 'folderMissing';
    }
    done('folder', { atMs: outcome.header.madeAtMs, bytes: outcome.fileBytes, seq: outcome.header.journalSeq });
    return null;
  }

  async function toHeadOffice(): Promise<BackupTrouble | null> {
    const server = getServer();
    if (server === null) return null;
    const folder = join(dir, 'backups');
    mkdirSync(folder, { recursive: true });
    const path = join(folder, 'to-head-office.part');
    try {
      const outcome = await make(path, 'headOffice');
      if (outcome.kind !== 'done') return troubleOf(outcome);
      const { backupKey } = settings.get();
      const keyAt = `${server.url} ${settings.get().tillId} ${backupKey?.id}`;
      if (backupKey !== null && kept().keyAt !== keyAt) {
        const fault = await sendKey(server, backupKey, stopping.signal);
        if (fault !== null) return fault;
        keep({ keyAt });
      }
      running = { target: 'headOffice', doing: 'sending', done: 0, total: outcome.fileBytes };
      publish();
      const fault = await sendBackup(server, path, outcome.header, stopping.signal);
      if (fault !== null) return fault;
      const { madeAtMs, journalSeq } = outcome.header;
      done('headOffice', { atMs: madeAtMs, bytes: outcome.fileBytes, seq: journalSeq });
      return null;
    } finally {
      rmSync(path, { force: true });
    }
  }

  const isSet = (target: BackupTarget): boolean =>
    target === 'folder' ? settings.get().backup.folder !== null : settings.get().headOffice !== null;

  function isDue(target: BackupTarget): boolean {
    if (!isSet(target)) return false;
    const now = clock.now();
    // A clock that was set back is no reason to wait.
    if (trouble[target] !== null && Math.abs(now - triedAtMs[target]) < againMs[target]) return false;
    const last = kept().last[target];
    if (last === null) return true;
    if (last.seq === headSeq()) return false;
    if (Math.abs(now - last.atMs) >= everyMs[target]) return true;
    const closed = tables.shifts.recent(1)[0]?.closing?.closedAtMs ?? null;
    return target === 'folder' && closed !== null && closed > last.atMs;
  }

  const run = (which: (target: BackupTarget) => boolean): Promise<void> => {
    work = work.then(async () => {
      for (const target of targets) {
        if (isStopped || !which(target)) continue;
        triedAtMs[target] = clock.now();
        running = { target, doing: 'copying', done: 0, total: 0 };
        publish();
        try {
          const { folder } = settings.get().backup;
          trouble[target] = target === 'folder' ? await toFolder(folder ?? '') : await toHeadOffice();
        } catch (error) {
          trouble[target] = 'fault';
          logEvent('error', 'backup', { target, message: String(error) });
        }
        if (trouble[target] !== null) logEvent('warn', 'backup', { target, trouble: trouble[target] });
        running = null;
        publish();
      }
    });
    return work;
  };

  const timer = setInterval(() => {
    if (running === null) void run(isDue);
  }, 60_000);
  timer.unref();

  return {
    view,
    feed,
    runNow: () => run(isSet),
    look: () => run(isDue),
    changed: () => {
      for (const target of targets) trouble[target] = null;
      publish();
    },
    close: async () => {
      isStopped = true;
      clearInterval(timer);
      stopping.abort();
      await work;
    },
  };
}
