/**
 * The key that closes a shop's backups. Rule kept: one key for the shop's life, closed anew when a new recovery code is
 * printed; older backups stay open to the code that was printed when they were made, and to head office.
 */
import { makeBackupKey, wrapByCode } from '#db/backup-file.ts';
import type { BackupKeyRecord } from '../shop-settings.ts';

/** `code`: the recovery code as it was just made or typed rightly. */
export function backupKeyFor(before: BackupKeyRecord | null, code: string): BackupKeyRecord {
  const key = before === null ? makeBackupKey() : { id: before.id, key: Buffer.from(before.key, 'base64') };
  return { id: key.id, key: key.key.toString('base64'), wraps: [wrapByCode(key, code)] };
}

/** A shop whose code is not known any more (made before there were backups) can still be kept at head office. */
export function bareBackupKey(): BackupKeyRecord {
  const { id, key } = makeBackupKey();
  return { id, key: key.toString('base64'), wraps: [] };
}
