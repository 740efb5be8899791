/**
 * A file as a printer: for tests, for a shop without one, and for what prints from a watched folder. Rule kept:
 * a job is in the file whole or not at all: a new file appears only under its final name when it is
 * complete, and a half-written append is cut back. File names are safe on Windows.
 */
import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { inTurn, type Printer, type PrintOutcome, type PrinterState, statusOf } from './port.ts';

const failed: PrintOutcome = { kind: 'notStarted', reason: 'error' };

/** Appends each job to `path`, or, in folder mode, writes `receipt-000001.bin` and so on into it. */
export function openFileSink(path: string, mode: 'append' | 'folder'): Printer {
  const run = inTurn();
  let isOpen = true;
  const write = mode === 'append' ? appendJob : makeFolderSink();
  const status = (): Promise<PrinterState> =>
    run(async () => (isOpen && canHold(mode === 'append' ? dirname(path) : path) ? 'ready' : 'offline'));
  return {
    name: basename(path),
    write: (job) => run(async () => (isOpen ? write(path, job) : failed)),
    status,
    look: async () => statusOf(await status()),
    onNews: () => () => undefined,
    canTell: () => false,
    close: () =>
      run(async () => {
        isOpen = false;
      }),
  };
}

function canHold(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    return true;
  } catch {
    // A folder that can't be made is this printer's "offline"; the caller shows it as such.
    return false;
  }
}

function writeWhole(file: number, job: Uint8Array, position: number): void {
  for (let sent = 0; sent < job.length; ) sent += writeSync(file, job, sent, job.length - sent, position + sent);
  fsyncSync(file);
}

function appendJob(path: string, job: Uint8Array): PrintOutcome {
  if (!canHold(dirname(path))) return { kind: 'notStarted', reason: 'offline' };
  let file: number | null = null;
  try {
    // 'a+' would ignore positions, 'r+' wants the file to exist: open for appending once to make it.
    closeSync(openSync(path, 'a'));
    file = openSync(path, 'r+');
    const before = fstatSync(file).size;
    try {
      writeWhole(file, job, before);
      return { kind: 'done' };
    } catch {
      // Disk full in the middle: what did go in is taken back, so that a retry can't double it.
      ftruncateSync(file, before);
      return failed;
    }
  } catch {
    return failed;
  } finally {
    if (file !== null) closeSync(file);
  }
}

const jobName = /^receipt-(\d+)\.bin$/;
const lastNumber = (folder: string): number =>
  readdirSync(folder).reduce((most, name) => Math.max(most, Number(jobName.exec(name)?.[1] ?? 0)), 0);

/** Numbers go on from the folder's highest, read once. */
function makeFolderSink(): (folder: string, job: Uint8Array) => PrintOutcome {
  let last: number | null = null;
  return (folder, job) => {
    if (!canHold(folder)) return { kind: 'notStarted', reason: 'offline' };
    const part = join(folder, 'receipt.part');
    try {
      const next = (last ?? lastNumber(folder)) + 1;
      const file = openSync(part, 'w');
      try {
        writeWhole(file, job, 0);
      } finally {
        closeSync(file);
      }
      renameSync(part, join(folder, `receipt-${String(next).padStart(6, '0')}.bin`));
      last = next;
      return { kind: 'done' };
    } catch {
      rmSync(part, { force: true });
      return failed;
    }
  };
}
