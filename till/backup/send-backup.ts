/**
 * A backup to head office over HTTP: the key once, the file whole. Rule kept: whatever a network answers is an outcome,
 * never an exception.
 */
import { openAsBlob } from 'node:fs';
import type { BackupTrouble } from '#contract/till-backup.ts';
import type { BackupHeader } from '#db/backup-file.ts';
import type { SyncServer } from '../sync/till-access.ts';

/** An hour's worth of a slow line: 500 MB at 1 Mbit/s. */
const mostMs = 3_600_000;

const outcomeOf = (response: Response): BackupTrouble | null =>
  response.ok ? null : response.status === 401 || response.status === 403 ? 'notEnrolled' : 'noServer';

/** null: it is there. */
export async function sendKey(
  server: SyncServer,
  key: { readonly id: string; readonly key: string },
  signal: AbortSignal,
): Promise<BackupTrouble | null> {
  try {
    const response = await server.fetch(new URL('/v1/backups/key', server.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ keyId: key.id, key: key.key }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
    });
    return outcomeOf(response);
  } catch {
    return 'noServer';
  }
}

/** null: it is there, whole. */
export async function sendBackup(
  server: SyncServer,
  path: string,
  header: BackupHeader,
  signal: AbortSignal,
): Promise<BackupTrouble | null> {
  const { keyId, madeAtMs, journalSeq, schemaVersion, series } = header;
  const says = {
    keyId,
    series,
    madeAtMs: String(madeAtMs),
    journalSeq: String(journalSeq),
    schemaVersion: String(schemaVersion),
  };
  try {
    const response = await server.fetch(new URL(`/v1/backups?${new URLSearchParams(says)}`, server.url), {
      method: 'PUT',
      headers: { 'content-type': 'application/x-billmitra-backup' },
      body: await openAsBlob(path),
      signal: AbortSignal.any([signal, AbortSignal.timeout(mostMs)]),
    });
    return outcomeOf(response);
  } catch {
    return 'noServer';
  }
}
