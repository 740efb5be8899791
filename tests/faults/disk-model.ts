/**
 * A disk that loses power: takes the operations of a trace one by one and can say at any moment what would be
 * found after a cut. Rule kept: what was synced before is there whole; of what was not, any part may be:
 * each write whole, not at all, or torn at 512 bytes, in any order; a new, removed or renamed name without a
 * sync of its folder may or may not have come to the disk. It models POSIX, not a disk that lies.
 */
import type { Random } from './seeded-random.ts';
import type { Operation } from './trace.ts';

type Change = { readonly offset: number; readonly bytes: Buffer } | { readonly size: number };
type NameChange =
  | { readonly kind: 'create'; readonly path: string; readonly file: TracedFile }
  | { readonly kind: 'unlink'; readonly path: string }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string };

/** One file, whatever it is called: what is on the disk for sure, and what is on its way. */
type TracedFile = { durable: Buffer; size: number; pending: Change[]; settled: number };
type Handle =
  /** Changes of the file up to the begin of the sync that runs, counted since the file was made. */
  | { readonly kind: 'file'; readonly file: TracedFile; begun: number }
  | { readonly kind: 'folder'; readonly path: string; begun: ReadonlySet<NameChange> };

export type Disk = {
  readonly apply: (operation: Operation) => void;
  /** Files by path, as a cut at this moment might leave them. */
  readonly afterCut: (random: Random) => ReadonlyMap<string, Buffer>;
};

const sector = 512;
/** Shared between processes and rebuilt by SQLite at each opening: never synced, never kept. */
const isRebuilt = (path: string): boolean => path.endsWith('-shm');
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** A file of `size` bytes whose buffer may have room for more. */
type Content = { buffer: Buffer; size: number };

function resize(content: Content, size: number): void {
  if (size > content.buffer.length) {
    const larger = Buffer.alloc(Math.max(size, content.buffer.length * 2));
    content.buffer.copy(larger, 0, 0, content.size);
    content.buffer = larger;
  }
  // What lay behind the end must read as zeros when the file grows over it again.
  if (size < content.size) content.buffer.fill(0, size, content.size);
  content.size = size;
}

function put(content: Content, offset: number, bytes: Buffer): void {
  if (offset + bytes.length > content.size) resize(content, offset + bytes.length);
  bytes.copy(content.buffer, offset);
}

function settle(file: TracedFile, count: number): void {
  const content: Content = { buffer: file.durable, size: file.size };
  file.settled += count;
  for (const change of file.pending.splice(0, count)) {
    if ('bytes' in change) put(content, change.offset, change.bytes);
    else resize(content, change.size);
  }
  file.durable = content.buffer;
  file.size = content.size;
}

export function makeDisk(before: ReadonlyMap<string, Buffer>): Disk {
  const startFiles = [...before].map(([path, bytes]): [string, TracedFile] => [
    path,
    { durable: Buffer.from(bytes), size: bytes.length, pending: [], settled: 0 },
  ]);
  /** Names as the running process sees them, and as they are on the disk for sure. */
  const names = new Map<string, TracedFile>(startFiles);
  const durableNames = new Map<string, TracedFile>(startFiles);
  let pendingNames: NameChange[] = [];
  const handles = new Map<number, Handle>();

  const rename = (change: NameChange): void => {
    pendingNames.push(change);
    applyName(names, change);
  };

  const apply = (operation: Operation): void => {
    switch (operation.kind) {
      case 'open': {
        const { fd, path } = operation;
        const known = names.get(path);
        if (known === undefined && !operation.creates) {
          handles.set(fd, { kind: 'folder', path, begun: new Set() });
          return;
        }
        const file = known ?? { durable: Buffer.alloc(0), size: 0, pending: [], settled: 0 };
        if (known === undefined) rename({ kind: 'create', path, file });
        else if (operation.empties) file.pending.push({ size: 0 });
        handles.set(fd, { kind: 'file', file, begun: 0 });
        return;
      }
      case 'close':
        handles.delete(operation.fd);
        return;
      case 'unlink':
        rename(operation);
        return;
      case 'rename':
        rename(operation);
        return;
      case 'ack':
        return;
      default:
        applyToHandle(operation);
    }
  };

  function applyToHandle(
    operation: Extract<Operation, { kind: 'write' | 'truncate' | 'syncBegin' | 'syncEnd' }>,
  ): void {
    const handle = handles.get(operation.fd);
    if (handle === undefined) throw new Error(`${operation.kind} on a descriptor that is not open: ${operation.fd}`);
    if (handle.kind === 'folder') {
      if (operation.kind === 'syncBegin') handle.begun = new Set(pendingNames);
      else if (operation.kind === 'syncEnd') syncFolder(handle.path, handle.begun);
      return;
    }
    const { file } = handle;
    if (operation.kind === 'write') file.pending.push({ offset: operation.offset, bytes: operation.bytes });
    else if (operation.kind === 'truncate') file.pending.push({ size: operation.size });
    else if (operation.kind === 'syncBegin') handle.begun = file.settled + file.pending.length;
    else settle(file, Math.max(0, handle.begun - file.settled));
  }

  /** Names of this folder that changed before the sync began are on the disk now. */
  function syncFolder(folder: string, begun: ReadonlySet<NameChange>): void {
    const isOfFolder = (c: NameChange): boolean => folderOf(c.kind === 'rename' ? c.to : c.path) === folder;
    const left: NameChange[] = [];
    for (const change of pendingNames) {
      if (begun.has(change) && isOfFolder(change)) applyName(durableNames, change);
      else left.push(change);
    }
    pendingNames = left;
  }

  const afterCut = (random: Random): ReadonlyMap<string, Buffer> => {
    // Some cuts lose all that was not synced, some nothing, most a part: each finds other mistakes.
    const mood = random.pick([
      'nothing',
      'few',
      'half',
      'half',
      'half',
      'torn',
      'torn',
      'torn',
      'most',
      'all',
    ] as const);
    const share = { nothing: 0, few: 0.1, half: 0.5, torn: 0.5, most: 0.9, all: 1 }[mood];
    const kept = new Map(durableNames);
    for (const change of pendingNames) if (random.isLikely(share)) applyName(kept, change);
    const files = new Map<string, Buffer>();
    for (const [path, file] of kept) {
      if (!isRebuilt(path)) files.set(path, fileAfterCut(file, share, mood === 'torn', random));
    }
    return files;
  };
  return { apply, afterCut };
}

function applyName(names: Map<string, TracedFile>, change: NameChange): void {
  if (change.kind === 'create') names.set(change.path, change.file);
  else if (change.kind === 'unlink') names.delete(change.path);
  else {
    const file = names.get(change.from);
    if (file === undefined) return;
    names.delete(change.from);
    names.set(change.to, file);
  }
}

function fileAfterCut(file: TracedFile, share: number, isTorn: boolean, random: Random): Buffer {
  const content: Content = { buffer: Buffer.from(file.durable.subarray(0, file.size)), size: file.size };
  for (const change of file.pending) {
    if (!('bytes' in change)) {
      if (random.isLikely(share)) resize(content, change.size);
    } else if (!isTorn) {
      if (random.isLikely(share)) put(content, change.offset, change.bytes);
    } else {
      const { offset, bytes } = change;
      // Sectors of the disk, not of the write: a write may begin in the middle of one.
      for (let from = offset; from < offset + bytes.length; ) {
        const to = Math.min(offset + bytes.length, (Math.floor(from / sector) + 1) * sector);
        if (random.isLikely(share)) put(content, from, bytes.subarray(from - offset, to - offset));
        from = to;
      }
    }
  }
  return content.buffer.subarray(0, content.size);
}
