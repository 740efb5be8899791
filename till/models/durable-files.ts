/**
 * The few things done to files in the folder of models. Rule kept: a file appears under its name only when all of it is on
 * the disk (written beside, synced, renamed); Windows, where a scanner may hold a file for a moment, is asked again. A
 * test puts its own in front, which fails at any step.
 */
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export type DurableFiles = {
  /** null: there is none. */
  readonly read: (path: string) => Promise<Uint8Array | null>;
  /** Written and synced under this very name; folders are made. */
  readonly write: (path: string, bytes: Uint8Array) => Promise<void>;
  readonly rename: (from: string, to: string) => Promise<void>;
  /** A file, or a folder with all in it; no error where there is none. */
  readonly remove: (path: string) => Promise<void>;
};

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';
const isHeld = (error: unknown): boolean => ['EPERM', 'EACCES', 'EBUSY'].includes(codeOf(error));
const triesWhenHeld = 6;

async function renameWhenFree(from: string, to: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await rename(from, to);
      break;
    } catch (error) {
      if (process.platform !== 'win32' || !isHeld(error) || tries === triesWhenHeld) throw error;
      await wait(20 * 2 ** tries);
    }
  }
  // The name itself; NTFS journals names and has no such call.
  if (process.platform === 'win32') return;
  const at = await open(dirname(to), 'r');
  try {
    await at.sync();
  } finally {
    await at.close();
  }
}

export const durableFiles: DurableFiles = {
  read: async (path) => {
    try {
      return await readFile(path);
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return null;
      throw error;
    }
  },
  write: async (path, bytes) => {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  },
  rename: renameWhenFree,
  remove: (path) => rm(path, { recursive: true, force: true, maxRetries: 3 }),
};

/** The old one, or all of the new one: never a part. */
export async function replaceFile(files: DurableFiles, path: string, bytes: Uint8Array): Promise<void> {
  await files.write(`${path}.new`, bytes);
  await files.rename(`${path}.new`, path);
}
