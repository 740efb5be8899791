/**
 * What SQLite says about the disk, as three kinds that a person can act on. Rule kept: a disk's trouble is
 * thrown (it is no domain rule), but always as a DiskFault, never as a bare SqliteError; anything else passes
 * unchanged.
 */
export type DiskTrouble = 'diskFull' | 'diskReadOnly' | 'diskFailing';
export type DiskFault = Error & { readonly kind: DiskTrouble };

/** SQLite's or the system's error code; '' when there is none. */
export const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** What an error of SQLite or the file system says about the disk; null when it is about something else. */
export function diskTroubleOf(error: unknown): DiskTrouble | null {
  const code = errorCode(error);
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT') return 'diskFull';
  if (code === 'SQLITE_IOERR_SHMSIZE') return 'diskFull';
  if (code.startsWith('SQLITE_READONLY') || code === 'EROFS' || code === 'EACCES' || code === 'EPERM') {
    return 'diskReadOnly';
  }
  if (code.startsWith('SQLITE_IOERR') || code === 'EIO') return 'diskFailing';
  return null;
}

/** The error itself, or the DiskFault it means. */
export function asDiskFault(error: unknown): unknown {
  const kind = diskTroubleOf(error);
  if (kind === null || isDiskFault(error)) return error;
  return Object.assign(new Error(`${kind}: ${errorCode(error)}`, { cause: error }), { name: 'DiskFault', kind });
}

export const isDiskFault = (error: unknown): error is DiskFault =>
  error instanceof Error && error.name === 'DiskFault' && 'kind' in error;
