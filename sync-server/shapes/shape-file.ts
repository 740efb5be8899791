/**
 * One shape on disk: what it is, its first rows, its log, in one append-only file. Rule kept: each line carries its own
 * checksum, and what a crash left torn is cut off at the end of the last whole transaction; what was cut comes
 * again from Postgres, since it is confirmed there only after `sync`. It knows no HTTP and no Postgres.
 *
 * Lines: `M` meta, `S` a chunk of the snapshot, `Z` the end of it, `E` a message, `L` the last message of a transaction.
 */
import {
  closeSync,
  fdatasync,
  ftruncateSync,
  openSync,
  read,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import type { Offset } from './offset.ts';

const readAt = promisify(read);
const syncData = promisify(fdatasync);

export type LogEntry = { readonly offset: Offset; readonly text: string };
/** Where a line's content lies. */
export type Piece = { readonly at: number; readonly bytes: number };
export type LogPiece = Piece & { readonly offset: Offset };
export type ShapeFileContent = { readonly meta: string; readonly chunks: Piece[]; readonly entries: LogPiece[] };

export type ShapeFile = {
  readonly content: ShapeFileContent;
  /** Appended and readable at once; safe only after `sync`. `isWhole`: the last one ends its transaction. */
  readonly append: (entries: readonly LogEntry[]) => void;
  /** The contents of pieces that lie one after the other. */
  readonly texts: (pieces: readonly Piece[]) => Promise<readonly string[]>;
  readonly sync: () => Promise<void>;
  readonly bytes: () => number;
  /** Without it the file stays for the next start. */
  readonly remove: () => void;
  readonly close: () => void;
};

const headOf = (kind: string, place: string, content: Buffer): string =>
  `${kind} ${place} ${content.length} ${crc32(content, crc32(`${kind} ${place}`)).toString(16)} `;

function lineOf(kind: string, place: string, text: string): { readonly line: Buffer; readonly headBytes: number } {
  const content = Buffer.from(text, 'utf8');
  const head = Buffer.from(headOf(kind, place, content));
  return { line: Buffer.concat([head, content, Buffer.from('\n')]), headBytes: head.length };
}

/** Writes the first part; nothing is a shape until `finish`. */
export function beginShapeFile(path: string, meta: string) {
  const part = `${path}.part`;
  const fd = openSync(part, 'w+');
  let size = 0;
  const chunks: Piece[] = [];
  const write = (kind: string, place: string, text: string): Piece => {
    const { line, headBytes } = lineOf(kind, place, text);
    writeSync(fd, line);
    const piece = { at: size + headBytes, bytes: line.length - headBytes - 1 };
    size += line.length;
    return piece;
  };
  write('M', '-', meta);
  return {
    chunk: (text: string): void => void chunks.push(write('S', String(chunks.length), text)),
    abandon: (): void => {
      closeSync(fd);
      rmSync(part, { force: true });
    },
    finish: async (): Promise<ShapeFile> => {
      write('Z', '-', '');
      await syncData(fd);
      // Windows renames no open file.
      closeSync(fd);
      renameSync(part, path);
      return openFile(path, openSync(path, 'r+'), size, { meta, chunks, entries: [] });
    },
  };
}

const lineHead = /^([MSZEL]) (\S+) (\d+) ([0-9a-f]+) /;
const headAt = (bytes: Buffer, at: number) => lineHead.exec(bytes.toString('latin1', at, at + 80));
const isLineAt = (
  bytes: Buffer,
  at: number,
  [whole, kind = '', place = '', length = '0']: RegExpExecArray,
): boolean => {
  const from = at + whole.length;
  const content = bytes.subarray(from, from + Number(length));
  return headOf(kind, place, content) === whole && bytes[from + content.length] === 10;
};

/**
 * Is what does not read as a line damage of what was synced, and not a crash's torn end? `through`: all before it was
 * synced. Cut off there, it would never come again: Postgres has forgotten it.
 */
function isDamaged(bytes: Buffer, from: number, through: bigint): boolean {
  for (let at = from; ; ) {
    const head = headAt(bytes, at);
    const lsn = head === null || !/^\d+_\d+$/.test(head[2] ?? '') ? null : BigInt((head[2] ?? '').split('_')[0] ?? '0');
    // One that the file's end cuts is torn, whatever its head says.
    const isWhole = head !== null && at + head[0].length + Number(head[3]) < bytes.length;
    if (isWhole && lsn !== null && lsn < through && (at === from || isLineAt(bytes, at, head))) return true;
    const end = bytes.indexOf(10, at);
    if (end === -1 || end + 1 >= bytes.length) return false;
    at = end + 1;
  }
}

/** null: not a whole shape; it is removed. `through`: everything before this place was synced. */
export function readShapeFile(path: string, through: bigint): ShapeFile | null {
  const bytes = readFileSync(path);
  let meta: string | null = null;
  let isSnapshotWhole = false;
  const chunks: Piece[] = [];
  const entries: LogPiece[] = [];
  let [at, good, goodEntries] = [0, 0, 0];
  while (at < bytes.length) {
    const head = headAt(bytes, at);
    if (head === null || !isLineAt(bytes, at, head)) break;
    const [whole, kind = '', place = '', length = '0'] = head;
    const from = at + whole.length;
    const content = bytes.subarray(from, from + Number(length));
    at = from + content.length + 1;
    const piece = { at: from, bytes: content.length };
    if (kind === 'M') meta = content.toString('utf8');
    else if (kind === 'S') chunks.push(piece);
    else if (kind === 'Z') isSnapshotWhole = true;
    else {
      const [lsn = '0', op = '0'] = place.split('_');
      entries.push({ ...piece, offset: { lsn: BigInt(lsn), op: Number(op) } });
    }
    if (kind !== 'Z' && kind !== 'L') continue;
    good = at;
    goodEntries = entries.length;
  }
  if (meta === null || !isSnapshotWhole || (at < bytes.length && isDamaged(bytes, at, through))) {
    rmSync(path, { force: true });
    return null;
  }
  const fd = openSync(path, 'r+');
  if (good < bytes.length) ftruncateSync(fd, good);
  return openFile(path, fd, good, { meta, chunks, entries: entries.slice(0, goodEntries) });
}

function openFile(path: string, fd: number, firstSize: number, content: ShapeFileContent): ShapeFile {
  let size = firstSize;
  let busy = 0;
  let isClosed = false;
  let isUnwanted = false;
  const letGo = (): void => {
    if (!isClosed || busy > 0) return;
    closeSync(fd);
    if (isUnwanted) rmSync(path, { force: true });
  };
  /** The file stays open while somebody reads or syncs it. */
  const hold = async <T>(work: () => Promise<T>): Promise<T> => {
    busy += 1;
    try {
      return await work();
    } finally {
      busy -= 1;
      letGo();
    }
  };
  return {
    content,
    append: (more) => {
      if (isClosed || more.length === 0) return;
      const lines: Buffer[] = [];
      const found: LogPiece[] = [];
      let at = size;
      for (const [i, { offset, text }] of more.entries()) {
        const isLast = i === more.length - 1;
        const { line, headBytes } = lineOf(isLast ? 'L' : 'E', `${offset.lsn}_${offset.op}`, text);
        lines.push(line);
        found.push({ offset, at: at + headBytes, bytes: line.length - headBytes - 1 });
        at += line.length;
      }
      const all = Buffer.concat(lines);
      for (let done = 0; done < all.length; ) done += writeSync(fd, all, done, all.length - done, size + done);
      size = at;
      for (const piece of found) content.entries.push(piece);
    },
    texts: (pieces) =>
      hold(async () => {
        const [first, last] = [pieces[0], pieces.at(-1)];
        if (first === undefined || last === undefined || isClosed) return [];
        const bytes = Buffer.allocUnsafe(last.at + last.bytes - first.at);
        for (let done = 0; done < bytes.length; ) {
          const { bytesRead } = await readAt(fd, bytes, done, bytes.length - done, first.at + done);
          if (bytesRead === 0) throw new Error(`a shape's file ends too early: ${path}`);
          done += bytesRead;
        }
        return pieces.map((piece) => bytes.toString('utf8', piece.at - first.at, piece.at - first.at + piece.bytes));
      }),
    sync: () => hold(async () => (isClosed ? undefined : syncData(fd))),
    bytes: () => size,
    remove: () => {
      isUnwanted = true;
      if (isClosed) return;
      isClosed = true;
      letGo();
    },
    close: () => {
      if (isClosed) return;
      isClosed = true;
      letGo();
    },
  };
}
