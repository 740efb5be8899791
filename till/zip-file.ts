/**
 * Opens and writes zip files in memory, for workbooks that came from anywhere. Rule kept: every entry is
 * unpacked by the directory at the file's end and its checksum is right, or the whole file is refused; what is
 * written again has plain headers, so that a streaming reader can't be left waiting for bytes that never come.
 * Source: PKWARE APPNOTE 6.3.10, §4.3. No encryption, no ZIP64: no workbook needs them.
 */
import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';

export type ZipEntry = { readonly name: string; readonly data: Buffer };
export type ZipRead =
  | { readonly ok: true; readonly entries: readonly ZipEntry[] }
  | { readonly ok: false; readonly reason: 'damaged' | 'tooLarge' };

const endMark = 0x06054b50;
const directoryMark = 0x02014b50;
const localMark = 0x04034b50;
const damaged = { ok: false, reason: 'damaged' } as const;

type Listed = {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly start: number;
};

/** What the directory at the end lists; null when it is not one. */
function readDirectory(file: Buffer): readonly Listed[] | null {
  const mark = Buffer.alloc(4);
  mark.writeUInt32LE(endMark);
  const end = file.lastIndexOf(mark);
  if (end < 0 || end + 22 > file.length) return null;
  const listed: Listed[] = [];
  let at = file.readUInt32LE(end + 16);
  for (let i = file.readUInt16LE(end + 10); i > 0; i -= 1) {
    if (at + 46 > file.length || file.readUInt32LE(at) !== directoryMark) return null;
    const nameLength = file.readUInt16LE(at + 28);
    const local = file.readUInt32LE(at + 42);
    const isEncrypted = (file.readUInt16LE(at + 8) & 1) === 1;
    if (isEncrypted || local + 30 > file.length || file.readUInt32LE(local) !== localMark) return null;
    listed.push({
      name: file.toString('utf8', at + 46, at + 46 + nameLength),
      method: file.readUInt16LE(at + 10),
      crc: file.readUInt32LE(at + 16),
      packed: file.readUInt32LE(at + 20),
      size: file.readUInt32LE(at + 24),
      start: local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28),
    });
    at += 46 + nameLength + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  }
  return listed;
}

const inflate = promisify<Buffer, { maxOutputLength: number }, Buffer>(inflateRaw);

async function unpack(file: Buffer, entry: Listed): Promise<Buffer | null> {
  const packed = file.subarray(entry.start, entry.start + entry.packed);
  if (packed.length !== entry.packed || (entry.method !== 0 && entry.method !== 8)) return null;
  try {
    const data = entry.method === 0 ? packed : await inflate(packed, { maxOutputLength: Math.max(1, entry.size) });
    return data.length === entry.size && crc32(data) === entry.crc ? data : null;
  } catch (cause) {
    if (cause instanceof Error) return null;
    throw cause;
  }
}

/** The entries whose names `isWanted`, unpacked (off the main thread) and checked; refused above `maxBytes` together. */
export async function readZip(file: Buffer, isWanted: (name: string) => boolean, maxBytes: number): Promise<ZipRead> {
  const listed = readDirectory(file)?.filter((entry) => isWanted(entry.name));
  if (listed === undefined) return damaged;
  if (listed.reduce((sum, entry) => sum + entry.size, 0) > maxBytes) return { ok: false, reason: 'tooLarge' };
  const entries: ZipEntry[] = [];
  for (const entry of listed) {
    const data = await unpack(file, entry);
    if (data === null) return damaged;
    entries.push({ name: entry.name, data });
  }
  return { ok: true, entries };
}

/** A zip of these entries as they are, unpacked, in pieces for a stream. */
export function writeStoredZip(entries: readonly ZipEntry[]): readonly Buffer[] {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, data } of entries) {
    const nameBytes = Buffer.from(name, 'utf8');
    // Version 2.0, no flags, stored, no date; checksum, both sizes, name's length, no extra field.
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt32LE(crc32(data), 10);
    shared.writeUInt32LE(data.length, 14);
    shared.writeUInt32LE(data.length, 18);
    shared.writeUInt16LE(nameBytes.length, 22);
    const local = Buffer.alloc(4);
    local.writeUInt32LE(localMark);
    const head = Buffer.alloc(6);
    head.writeUInt32LE(directoryMark);
    head.writeUInt16LE(20, 4);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    pieces.push(local, shared, nameBytes, data);
    directory.push(head, shared, tail, nameBytes);
    at += 30 + nameBytes.length + data.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(endMark);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(
    directory.reduce((sum, piece) => sum + piece.length, 0),
    12,
  );
  end.writeUInt32LE(at, 16);
  return [...pieces, ...directory, end];
}
