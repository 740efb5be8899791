/**
 * A blank PC becomes the till that was lost: the newest good backup is opened, checked and given a new name in the
 * books: another till id and another bill series. Rule kept: nothing that is there is overwritten, and it is taken over
 * only when all of it stands; bills that died with the disk can't be known, so the old series is closed.
 */
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { seriesAfter } from '#core/billing/next-series.ts';
import { makeIds, type RandomBytes } from '#core/ids.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { Clock } from '#core/time.ts';
import { type BackupFault, BackupError, type BackupHeader, type BackupKey, unwrapByCode } from '#db/backup-file.ts';
import { runBackupTask } from '#db/backup.ts';
import type { BackupProgress } from '#db/backup-worker.ts';
import { openShop } from '#db/open.ts';
import { isBlankShop, markRestored, restoringDir } from '#db/restored.ts';
import { logEvent } from '../log.ts';
import { freshShop, makeShopSettings } from '../shop-settings.ts';
import { openTables } from '../tables.ts';
import { findBackups } from './find-backup.ts';

export type RestoreRefusal =
  | { readonly type: 'ShopThere' }
  | { readonly type: 'NoBackup' }
  | { readonly type: 'WrongCode' }
  | { readonly type: 'BackupFaulty'; readonly fault: BackupFault | 'newerSchema' | 'brokenChain' | 'booksDamaged' }
  | { readonly type: 'DiskFull' }
  | { readonly type: 'NotDone'; readonly message: string };

/** What opens a backup: the code on paper, or the key that head office kept. */
export type RestoreKey = { readonly code: string } | { readonly key: BackupKey };
/** How the new till is to be known at head office: by a code of it, or by what the lost till was known by. */
export type Replacement = { readonly url: string; readonly code: string | null };
export type RestoreOptions = {
  readonly shopDir: string;
  /** A backup file, or a folder of them. */
  readonly from: string;
  readonly opens: RestoreKey;
  readonly replacement?: Replacement | undefined;
  /** Which of the candidates head office has free; the first where nobody is asked. */
  readonly pickSeries?: ((candidates: readonly string[]) => Promise<string>) | undefined;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly onProgress?: ((progress: BackupProgress) => void) | undefined;
  readonly workerUrl?: URL | undefined;
};
export type Restored = {
  readonly header: BackupHeader;
  readonly shopName: string;
  readonly oldSeries: string;
  readonly series: string;
  readonly bills: number;
  readonly isJoined: boolean;
  /** Newer files that could not be used, and why. */
  readonly skipped: number;
};

const keyOf = (header: BackupHeader, opens: RestoreKey): BackupKey | null =>
  'key' in opens ? (opens.key.id === header.keyId ? opens.key : null) : unwrapByCode(header, opens.code);

/**
 * Leaves the shop ready beside the folder's own (db/restored.ts); the next start takes it over. Refusals are data; a bug
 * throws.
 */
export async function restoreShop(options: RestoreOptions): Promise<Result<Restored, RestoreRefusal>> {
  const { shopDir } = options;
  if (existsSync(shopDir) && !isBlankShop(shopDir)) return err({ type: 'ShopThere' });
  let found: Awaited<ReturnType<typeof findBackups>>;
  try {
    found = await findBackups(options.from);
  } catch (error) {
    if (error instanceof BackupError) return err({ type: 'BackupFaulty', fault: error.fault });
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return err({ type: 'NoBackup' });
    throw error;
  }
  if (found.length === 0) return err({ type: 'NoBackup' });
  const staging = restoringDir(shopDir);
  let first: RestoreRefusal | null = null;
  for (const [skipped, { path, header }] of found.entries()) {
    const key = keyOf(header, options.opens);
    if (key === null) {
      first ??= { type: 'WrongCode' };
      continue;
    }
    rmSync(staging, { recursive: true, force: true });
    const outcome = await runBackupTask(
      { kind: 'open', from: path, toDir: staging, key: { id: key.id, key: key.key.toString('base64') } },
      options,
    );
    if (outcome.kind === 'done') {
      const restored = await takeNewName(options, header, dirname(path));
      markRestored(shopDir);
      return ok({ ...restored, skipped });
    }
    rmSync(staging, { recursive: true, force: true });
    if (outcome.kind === 'diskFull') return err({ type: 'DiskFull' });
    if (outcome.kind === 'notDone') first ??= { type: 'NotDone', message: outcome.message };
    else first ??= { type: 'BackupFaulty', fault: outcome.kind === 'refused' ? outcome.fault : 'booksDamaged' };
  }
  return err(first ?? { type: 'NoBackup' });
}

/** A restored till that is lost before its first backup leaves this beside the file it came from. */
const takenMark = (series: string): string => `billmitra-series-${series}.taken`;
const takenSeries = (folder: string): readonly string[] =>
  readdirSync(folder).flatMap((name) => /^billmitra-series-([A-Z0-9]{2,4})\.taken$/.exec(name)?.[1] ?? []);

async function takeNewName(options: RestoreOptions, header: BackupHeader, folder: string) {
  const { clock, randomBytes } = options;
  const opened = openShop(restoringDir(options.shopDir), { clock, randomBytes });
  if (!opened.ok) throw new Error(`the restored shop does not open: ${opened.error.type}`);
  const tables = openTables(opened.value);
  try {
    const newId = makeIds(clock, randomBytes);
    const settings = makeShopSettings(tables.settings, () => freshShop(newId(), newId()));
    const old = settings.get();
    const used = new Set([...tables.bills.seriesUsed(), ...takenSeries(folder)]);
    const candidates = seriesAfter(old.series, used);
    const joined = old.headOffice;
    const series = (await options.pickSeries?.(candidates)) ?? candidates[0];
    if (series === undefined) throw new Error(`no series is left after ${old.series}`);
    const tillId = newId();
    const throughSeq = tables.journal.head()?.seq ?? 0;
    const url = options.replacement?.url ?? joined?.url ?? null;
    const code = options.replacement?.code ?? null;
    tables.transact(() => {
      settings.save({
        tillId,
        series,
        // It is known there under its old name until head office has heard of the new one.
        headOffice: null,
        replaces:
          url === null
            ? null
            : { url, code, tillId: old.tillId, storeName: joined?.storeName ?? '', throughSeq, isKnown: false },
      });
      const what = { tillId: old.tillId, series: old.series, madeAtMs: header.madeAtMs, throughSeq };
      tables.journal.append('restored', tillId, clock.now(), JSON.stringify(what));
    });
    try {
      writeFileSync(join(folder, takenMark(series)), `${new Date(clock.now()).toISOString()}\n`);
    } catch (error) {
      // A stick that can't be written: the first backup there will carry the series.
      logEvent('warn', 'restore', { message: String(error) });
    }
    const bills = tables.bills.count();
    return { header, shopName: old.name, oldSeries: old.series, series, bills, isJoined: url !== null };
  } finally {
    opened.value.close();
  }
}
