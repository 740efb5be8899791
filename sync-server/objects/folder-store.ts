/**
 * The object store on a folder: for a shop's own PC and for tests. Rule kept: an object appears under its name only when
 * all of it is on the disk (written beside, synced, then linked or renamed); after a crash there are only leftovers in
 * `.part`, which the next start removes. One server on a folder.
 */
import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, mkdir, open, readdir, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { demandKey, demandPrefix, isObjectKey, type ObjectBody, type ObjectHead, type ObjectStore } from './port.ts';

export type FolderStore = ObjectStore & {
  /** Whether a URL of `presignGet` is ours and still good; the key that it opens. */
  readonly readSigned: (key: string, query: { readonly expires: string; readonly signature: string }) => string | null;
};

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';
const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
/** A disk that knows no hard links (FAT). */
const hasNoLinks = (error: unknown): boolean => ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'].includes(codeOf(error));

/** The name itself is on the disk too. Windows has no such call and needs none: NTFS journals names. */
async function syncFolder(dir: string): Promise<void> {
  if (process.platform === 'win32') return;
  const at = await open(dir, 'r');
  try {
    await at.sync();
  } finally {
    await at.close();
  }
}

async function writeWhole(path: string, body: ObjectBody): Promise<void> {
  const file = await open(path, 'wx');
  try {
    let bytes = 0;
    if (body instanceof Uint8Array) await file.writeFile(body);
    else {
      for await (const chunk of body.stream) {
        bytes += (chunk as Buffer).byteLength;
        if (bytes > body.bytes) break;
        await file.writeFile(chunk as Buffer);
      }
      if (bytes !== body.bytes) throw new Error(`the stream has ${bytes} bytes, not ${body.bytes}`);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Kept beside the objects, so that a URL outlives a restart. */
async function readSecret(dir: string): Promise<Buffer> {
  const path = join(dir, '.sign');
  const made = await open(path, 'wx', 0o600).catch((error: unknown) => {
    if (codeOf(error) === 'EEXIST') return null;
    throw error;
  });
  if (made !== null) {
    await made.writeFile(randomBytes(32));
    await made.sync();
    await made.close();
  }
  return readFile(path);
}

/**
 * `nowMs`: for how long a URL is good. `path`: where the server answers them (http/object-routes.ts). `isOwner`: false for a
 * process of the server's that works beside it; it clears nothing away.
 */
export async function openFolderStore(
  dir: string,
  nowMs: () => number,
  path = '/v1/objects/',
  isOwner = true,
): Promise<FolderStore> {
  const parts = join(dir, '.part');
  if (isOwner) await rm(parts, { recursive: true, force: true });
  await mkdir(parts, { recursive: true });
  const secret = await readSecret(dir);
  const placeOf = (key: string): string => join(dir, ...demandKey(key).split('/'));
  const sign = (key: string, expires: string): string =>
    createHmac('sha256', secret).update(`${expires}\n${key}`).digest('base64url');
  /** For disks without links: one after the other in this process. */
  let turn: Promise<unknown> = Promise.resolve();

  async function write(key: string, body: ObjectBody, finish: (part: string, place: string) => Promise<boolean>) {
    const place = placeOf(key);
    const part = join(parts, randomUUID());
    try {
      await writeWhole(part, body);
      await mkdir(dirname(place), { recursive: true });
      const isWritten = await finish(part, place);
      if (isWritten) await syncFolder(dirname(place));
      return isWritten;
    } finally {
      await rm(part, { force: true });
    }
  }

  async function linkOrNot(part: string, place: string): Promise<boolean> {
    try {
      await link(part, place);
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      if (!hasNoLinks(error)) throw error;
    }
    const mine = turn.then(async () => {
      if ((await headOf(place)) !== null) return false;
      await rename(part, place);
      return true;
    });
    turn = mine.catch(() => undefined);
    return mine;
  }

  async function headOf(place: string): Promise<Omit<ObjectHead, 'key'> | null> {
    try {
      const found = await stat(place);
      return found.isFile() ? { bytes: found.size, writtenAtMs: found.mtimeMs } : null;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  async function* below(prefix: string): AsyncIterable<ObjectHead> {
    const entries = await readdir(join(dir, ...prefix.split('/')), { withFileTypes: true }).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    for (const entry of entries) {
      if (!isObjectKey(entry.name)) continue;
      const key = `${prefix}${entry.name}`;
      if (entry.isDirectory()) yield* below(`${key}/`);
      else {
        const head = await headOf(placeOf(key));
        if (head !== null) yield { key, ...head };
      }
    }
  }

  return {
    put: async (key, body) => {
      await write(key, body, async (part, place) => {
        await rename(part, place);
        return true;
      });
    },
    putIfAbsent: async (key, body) => {
      if ((await headOf(placeOf(key))) !== null) {
        if (!(body instanceof Uint8Array)) body.stream.destroy();
        return false;
      }
      return write(key, body, linkOrNot);
    },
    head: async (key) => {
      const head = await headOf(placeOf(key));
      return head === null ? null : { key, ...head };
    },
    get: async (key) => {
      const file = await open(placeOf(key), 'r').catch((error: unknown) => {
        if (isMissing(error)) return null;
        throw error;
      });
      if (file === null) return null;
      const found = await file.stat();
      const stream = createReadStream('', { fd: file, autoClose: true });
      return { head: { key, bytes: found.size, writtenAtMs: found.mtimeMs }, stream };
    },
    list: (prefix) => below(demandPrefix(prefix)),
    remove: async (key) => {
      await unlink(placeOf(key)).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
    },
    presignGet: async (key, seconds) => {
      const expires = String(Math.floor(nowMs() / 1_000) + seconds);
      return `${path}${demandKey(key)}?expires=${expires}&signature=${sign(key, expires)}`;
    },
    readSigned: (key, { expires, signature }) => {
      if (!isObjectKey(key) || !/^\d{1,12}$/.test(expires)) return null;
      const wanted = Buffer.from(sign(key, expires));
      const given = Buffer.from(signature);
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
      return Number(expires) * 1_000 > nowMs() ? key : null;
    },
  };
}
