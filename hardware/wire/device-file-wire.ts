/**
 * A device that the system gives as a file: /dev/usb/lp0 of Linux's printer driver, a tty, a FIFO, a spool file.
 * Rule kept: no call ever waits inside the system (O_NONBLOCK), for a printer without paper would hold one of this
 * process's few file threads; a device that takes nothing now is asked again a little later. It makes no file.
 */
import { close, constants, open, read, stat, write } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { err, ok, type Result } from '#core/result.ts';
import { type Link, makeWire, type Reports } from './make-wire.ts';
import type { Wire, WireTrouble } from './wire.ts';

const [openFile, closeFile, statFile] = [promisify(open), promisify(close), promisify(stat)];

/** Half of a plain printer's buffer. */
const chunkBytes = 2_048;
/** How often a device that takes nothing, or says nothing, is asked again. */
const askAgainMs = 10;

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

export function fileTrouble(code: string): WireTrouble {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'noPermission';
    case 'EBUSY':
      return 'busy';
    case 'EISDIR':
    case 'EINVAL':
      return 'unsupported';
    default:
      // ENOENT, ENODEV, ENXIO (a FIFO that nobody reads).
      return 'absent';
  }
}

/** "Not now": the driver's buffer is full. ENOSPC is usblp's and lp's word for a printer without paper. */
const isLater = (code: string, isDevice: boolean): boolean =>
  code === 'EAGAIN' || code === 'EINTR' || (code === 'ENOSPC' && isDevice);

/** How many bytes were taken, or the error's code. */
const writeOnce = (fd: number, bytes: Uint8Array): Promise<number | string> =>
  new Promise((resolve) => write(fd, bytes, (error, count) => resolve(error === null ? count : codeOf(error))));
const readOnce = (fd: number, into: Uint8Array): Promise<number | string> =>
  new Promise((resolve) =>
    read(fd, into, 0, into.length, null, (error, count) => resolve(error === null ? count : codeOf(error))),
  );

/** Whether the path still leads to the device that was opened. */
const isStillThere = (path: string, device: number): Promise<boolean> =>
  statFile(path).then(
    (now) => now.rdev === device,
    () => false,
  );

type OpenFile = { readonly fd: number; readonly path: string; readonly isDevice: boolean; readonly rdev: number };

function linkOf({ fd, path, isDevice, rdev }: OpenFile, reports: Reports): Link {
  let isFreed = false;
  let writing: Promise<unknown> = Promise.resolve();

  const sendAll = async (chunk: Uint8Array, ms: number): Promise<WireTrouble | null> => {
    const until = performance.now() + ms;
    for (let at = 0; at < chunk.length; ) {
      if (isFreed) return 'broken';
      const took = await writeOnce(fd, chunk.subarray(at));
      if (typeof took === 'number') at += took;
      else if (!isLater(took, isDevice)) return 'broken';
      else if (performance.now() > until) return 'timeout';
      else await sleep(askAgainMs);
    }
    return null;
  };

  const listen = async (): Promise<void> => {
    const into = new Uint8Array(4_096);
    let hasHeard = false;
    while (!isFreed) {
      const count = await readOnce(fd, into);
      if (isFreed) return;
      if (typeof count === 'number' && count > 0) {
        hasHeard = true;
        reports.heard(into.slice(0, count));
        continue;
      }
      // EBADF, EINVAL: a device that is only written.
      if (count === 'EBADF' || (count === 'EINVAL' && !hasHeard)) return;
      if (typeof count === 'string' && !isLater(count, isDevice)) return reports.broke('broken');
      // Nothing to say is EAGAIN or, from some printers, 0; and 0 is what a tty says for ever after its plug was pulled.
      if (count === 0 && !(await isStillThere(path, rdev))) return reports.broke('broken');
      await sleep(askAgainMs);
    }
  };
  // A FIFO read here would give back what we wrote ourselves; a plain file has nothing to say.
  const listening = isDevice ? listen() : Promise.resolve();

  return {
    chunkBytes,
    send: (chunk, ms) => {
      const done = sendAll(chunk, ms);
      writing = done;
      return done;
    },
    // The system has it; there is no way to ask how much of it the printer has.
    drain: () => Promise.resolve(),
    free: async () => {
      isFreed = true;
      // A number that is closed under a running call may be another file's by then.
      await Promise.all([writing, listening]);
      await closeFile(fd);
    },
  };
}

export async function openDeviceFileWire(path: string): Promise<Result<Wire, WireTrouble>> {
  // Windows knows neither flag.
  const { O_RDWR, O_WRONLY, O_APPEND, O_NONBLOCK = 0, O_NOCTTY = 0 } = constants;
  try {
    const what = await statFile(path);
    if (what.isDirectory()) return err('unsupported');
    const isDevice = what.isCharacterDevice();
    const open = (mode: number): Promise<number> => openFile(path, mode | O_NONBLOCK | O_NOCTTY);
    const fd = isDevice
      ? // Some drivers only write; being asked to read they say EACCES or EINVAL.
        await open(O_RDWR).catch((error: unknown) =>
          ['EACCES', 'EINVAL'].includes(codeOf(error)) ? open(O_WRONLY) : Promise.reject(error),
        )
      : await open(what.isFile() ? O_WRONLY | O_APPEND : O_WRONLY);
    return ok(makeWire((reports) => linkOf({ fd, path, isDevice, rdev: what.rdev }, reports)));
  } catch (error) {
    const code = codeOf(error);
    if (code === '') throw error;
    return err(fileTrouble(code));
  }
}
