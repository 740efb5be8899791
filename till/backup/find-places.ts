/**
 * Sticks and second disks that a copy could go to. Rule kept: what can't be read is left out, and a path that a person
 * types is as good as any of these.
 */
import { readdir, stat, statfs } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { BackupPlace } from '#contract/till-backup.ts';

const driveLetters = 'DEFGHIJKLMNOPQRSTUVWXYZ';

async function candidates(): Promise<readonly string[]> {
  if (process.platform === 'win32') return [...driveLetters].map((letter) => `${letter}:\\`);
  const { username } = userInfo();
  const parents =
    process.platform === 'darwin' ? ['/Volumes'] : [`/media/${username}`, `/run/media/${username}`, '/media', '/mnt'];
  const lists = await Promise.all(
    parents.map(async (parent) => (await readdir(parent).catch(() => [])).map((name) => join(parent, name))),
  );
  return lists.flat();
}

/** The device a path lies on; null when it can't be told. */
export const deviceOf = async (path: string): Promise<number | null> =>
  stat(path).then(
    (found) => (found.isDirectory() ? found.dev : null),
    () => null,
  );

export async function findPlaces(shopDir: string): Promise<readonly BackupPlace[]> {
  const ours = await deviceOf(shopDir);
  const found = await Promise.all(
    (await candidates()).map(async (path): Promise<readonly BackupPlace[]> => {
      const device = await deviceOf(path);
      // An empty mount point is on the disk itself.
      if (device === null || device === ours || path.startsWith(homedir())) return [];
      const free = await statfs(path).catch(() => null);
      return free === null ? [] : [{ path, freeBytes: free.bavail * free.bsize, isSameDisk: false }];
    }),
  );
  return found.flat();
}
