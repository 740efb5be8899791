/**
 * Brings a lost till back from wherever a person says: a file, a folder, head office with a code. Rule kept: one answer
 * for the command line and the screen; a copy that was fetched is removed again.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RestoredView } from '#contract/till-backup.ts';
import type { RestoreRefusedReason } from '#core/errors.ts';
import type { RandomBytes } from '#core/ids.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { Clock } from '#core/time.ts';
import type { BackupProgress } from '#db/backup-worker.ts';
import { logEvent } from '../log.ts';
import { askSeries, fetchBackup, openPlace } from './fetch-backup.ts';
import { type Restored, type RestoreOptions, type RestoreRefusal, restoreShop } from './restore.ts';

export type RestoreFrom = {
  readonly shopDir: string;
  readonly from:
    | { readonly kind: 'file'; readonly path: string; readonly code: string }
    | { readonly kind: 'headOffice'; readonly url: string; readonly code: string };
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly onProgress?:
    | ((progress: { readonly doing: string; readonly done: number; readonly total: number }) => void)
    | undefined;
  readonly workerUrl?: URL | undefined;
};

function reasonOf(refusal: RestoreRefusal): RestoreRefusedReason {
  switch (refusal.type) {
    case 'ShopThere':
      return 'shopThere';
    case 'NoBackup':
      return 'noBackup';
    case 'WrongCode':
      return 'wrongCode';
    case 'DiskFull':
      return 'diskFull';
    case 'NotDone':
      logEvent('error', 'restore', { message: refusal.message });
      return 'notDone';
    case 'BackupFaulty':
      if (refusal.fault === 'wrongKey') return 'wrongCode';
      if (refusal.fault === 'notABackup' || refusal.fault === 'cutShort') return refusal.fault;
      return refusal.fault === 'newerFormat' || refusal.fault === 'newerSchema' ? 'newerVersion' : 'damaged';
  }
}

const viewOf = ({ header, ...restored }: Restored): RestoredView => ({ ...restored, madeAtMs: header.madeAtMs });

export async function restoreFrom(options: RestoreFrom): Promise<Result<RestoredView, RestoreRefusedReason>> {
  const { from, shopDir, clock, randomBytes, workerUrl } = options;
  const parts = {
    shopDir,
    clock,
    randomBytes,
    workerUrl,
    onProgress: options.onProgress as (p: BackupProgress) => void,
  };
  const run = async (more: Pick<RestoreOptions, 'from' | 'opens' | 'replacement' | 'pickSeries'>) => {
    const answer = await restoreShop({ ...parts, ...more });
    return answer.ok ? ok(viewOf(answer.value)) : err(reasonOf(answer.error));
  };
  if (from.kind === 'file') {
    return run({ from: from.path, opens: { code: from.code } });
  }
  const place = await openPlace(from.url, from.code);
  if (!place.ok) return err(place.error);
  const folder = join(shopDir, 'fetched');
  mkdirSync(folder, { recursive: true });
  try {
    // The newest first; one that is damaged there is passed over for the one before.
    let first: RestoreRefusedReason = 'noBackup';
    for (const [at, backup] of place.value.backups.entries()) {
      const path = join(folder, `${at}.bmbackup`);
      const isFetched = await fetchBackup(from.url, from.code, backup, path, (done) =>
        options.onProgress?.({ doing: 'fetching', done, total: backup.bytes }),
      );
      if (!isFetched) return err('noServer');
      const key = place.value.keys.find((one) => one.id === backup.keyId);
      const answer =
        key === undefined
          ? err('wrongCode' as const)
          : await run({
              from: path,
              opens: { key },
              replacement: { url: from.url, code: from.code },
              pickSeries: (candidates) => askSeries(from.url, from.code, candidates),
            });
      rmSync(path, { force: true });
      if (answer.ok || answer.error === 'shopThere' || answer.error === 'diskFull') return answer;
      if (first === 'noBackup') first = answer.error;
    }
    return err(first);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
