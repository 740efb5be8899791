/**
 * A backup as a file: a header that anybody may read, then the shop's database, packed and encrypted in chunks. Rule
 * kept: each chunk is bound to the header, its place and whether it is the last one (the STREAM construction, Hoang et
 * al. 2015), so a chunk that was changed, moved, left out or cut off is found before a byte of it is used. Layout:
 * "BMBACKUP", one byte 1, 4 bytes length of the header, the header in JSON, then chunks of 4 bytes length, ciphertext, tag.
 */
import { createCipheriv, createDecipheriv, hash, hkdfSync, randomBytes, scryptSync } from 'node:crypto';
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';

/** The backup key, closed by a secret that a person or head office has. AES-256-GCM; the key's id is its associated data. */
export type WrappedKey = {
  /** Opened by the shop's printed recovery code: scrypt, RFC 7914. */
  readonly kind: 'recoveryCode';
  readonly n: number;
  /** base64, as are the two below. */
  readonly salt: string;
  readonly nonce: string;
  readonly closed: string;
};
export type BackupKey = { readonly id: string; readonly key: Buffer };

/** What stands in clear: enough to choose among files, nothing of what was sold. */
export type BackupHeader = {
  readonly format: 1;
  readonly keyId: string;
  readonly wraps: readonly WrappedKey[];
  /** base64; makes this file's own key. */
  readonly salt: string;
  readonly madeAtMs: number;
  readonly storeId: string;
  readonly tillId: string;
  readonly tillName: string;
  readonly series: string;
  readonly schemaVersion: number;
  /** The journal's last entry: 0 and '' where there is none. */
  readonly journalSeq: number;
  readonly journalHash: string;
  /** Of the database, unpacked. */
  readonly dbBytes: number;
};

/** Told as data; the words are the screen's. */
export type BackupFault = 'notABackup' | 'newerFormat' | 'wrongKey' | 'damaged' | 'cutShort';
/** A class, so that it passes through streams. */
export class BackupError extends Error {
  readonly fault: BackupFault;
  constructor(fault: BackupFault) {
    super(`backup: ${fault}`);
    this.fault = fault;
  }
}

const magic = Buffer.from('BMBACKUP\u0001', 'latin1');
const chunkBytes = 1024 * 1024;
const tagBytes = 16;
const mostHeaderBytes = 64 * 1024;
const scryptN = 4_096;

export const makeBackupKey = (): BackupKey => ({ id: randomBytes(8).toString('hex'), key: randomBytes(32) });
/** As a person reads it from paper: any case, with or without dashes. */
const plainCode = (code: string): string => code.toUpperCase().replaceAll(/[^0-9A-Z]/g, '');
const keyOfCode = (code: string, salt: Buffer, n: number): Buffer =>
  scryptSync(plainCode(code), salt, 32, { N: n, r: 8, p: 1, maxmem: 256 * n * 8 + 1_048_576 });

/** The code has 20 letters of 30 (98 bits): nobody guesses it from the file. */
export function wrapByCode({ id, key }: BackupKey, code: string): WrappedKey {
  const [salt, nonce] = [randomBytes(16), randomBytes(12)];
  const cipher = createCipheriv('aes-256-gcm', keyOfCode(code, salt, scryptN), nonce).setAAD(Buffer.from(id));
  const closed = Buffer.concat([cipher.update(key), cipher.final(), cipher.getAuthTag()]);
  const text = (bytes: Buffer): string => bytes.toString('base64');
  return { kind: 'recoveryCode', n: scryptN, salt: text(salt), nonce: text(nonce), closed: text(closed) };
}

/** null: the code opens none of them. */
export function unwrapByCode({ keyId, wraps }: Pick<BackupHeader, 'keyId' | 'wraps'>, code: string): BackupKey | null {
  for (const wrap of wraps) {
    // A header is not proved yet: what it asks for is bounded.
    if (wrap.kind !== 'recoveryCode' || wrap.n > 262_144) continue;
    const closed = Buffer.from(wrap.closed, 'base64');
    try {
      const key = keyOfCode(code, Buffer.from(wrap.salt, 'base64'), wrap.n);
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(wrap.nonce, 'base64'))
        .setAAD(Buffer.from(keyId))
        .setAuthTag(closed.subarray(-tagBytes));
      return { id: keyId, key: Buffer.concat([decipher.update(closed.subarray(0, -tagBytes)), decipher.final()]) };
    } catch {
      // Another code's wrap: the next one.
      continue;
    }
  }
  return null;
}

const fileKey = (key: Buffer, salt: string): Buffer =>
  Buffer.from(hkdfSync('sha256', key, Buffer.from(salt, 'base64'), 'billmitra backup 1', 32));

function nonceOf(at: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt8(isLast ? 1 : 0, 0);
  nonce.writeBigUInt64BE(BigInt(at), 4);
  return nonce;
}

const uint32 = (n: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(n);
  return bytes;
};

async function write(to: WriteStream, bytes: Buffer): Promise<void> {
  if (!to.write(bytes)) await new Promise<void>((done) => to.once('drain', done));
}

/** Packs and encrypts the file at `from` into a new file at `to`, synced. `onBytes` hears how much of `from` was read. */
export async function writeBackup(
  from: string,
  to: string,
  header: Omit<BackupHeader, 'format' | 'keyId' | 'salt'>,
  key: BackupKey,
  onBytes: (bytes: number) => void,
): Promise<BackupHeader> {
  const whole: BackupHeader = { format: 1, keyId: key.id, salt: randomBytes(32).toString('base64'), ...header };
  const text = Buffer.from(JSON.stringify(whole));
  const head = Buffer.concat([magic, uint32(text.length), text]);
  const bound = hash('sha256', head, 'buffer');
  const secret = fileKey(key.key, whole.salt);
  const out = createWriteStream(to, { flags: 'wx', flush: true });
  const broke = new Promise<never>((_, fail) => out.once('error', fail));
  broke.catch(() => undefined);
  const work = async (): Promise<void> => {
    await write(out, head);
    let at = 0;
    const seal = async (plain: Buffer, isLast: boolean): Promise<void> => {
      const cipher = createCipheriv('aes-256-gcm', secret, nonceOf(at, isLast)).setAAD(bound);
      at += 1;
      const closed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
      await write(out, Buffer.concat([uint32(closed.length), closed]));
    };
    const source = createReadStream(from, { highWaterMark: chunkBytes });
    let read = 0;
    source.on('data', (chunk) => onBytes((read += chunk.length)));
    const packer = createGzip({ level: 1 });
    const packing = pipeline(source, packer);
    packing.catch(() => undefined);
    let rest = Buffer.alloc(0);
    for await (const piece of packer) {
      rest = Buffer.concat([rest, piece as Buffer]);
      // One chunk is always kept back: the last one says so.
      for (; rest.length > chunkBytes; rest = rest.subarray(chunkBytes))
        await seal(rest.subarray(0, chunkBytes), false);
    }
    await packing;
    await seal(rest, true);
    await new Promise<void>((done) => out.end(done));
  };
  try {
    await Promise.race([work(), broke]);
  } finally {
    out.destroy();
  }
  return whole;
}

async function exactly(file: FileHandle, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  let filled = 0;
  while (filled < bytes) {
    const { bytesRead } = await file.read(buffer, filled, bytes - filled, null);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

const isHeader = (value: Partial<BackupHeader> | null): value is BackupHeader =>
  typeof value === 'object' &&
  value !== null &&
  value.format === 1 &&
  [value.keyId, value.salt, value.storeId, value.tillId, value.tillName, value.series, value.journalHash].every(
    (text) => typeof text === 'string',
  ) &&
  [value.madeAtMs, value.schemaVersion, value.journalSeq, value.dbBytes].every(Number.isSafeInteger) &&
  Array.isArray(value.wraps);

type Head = { readonly header: BackupHeader; readonly bound: Buffer };

async function readHead(file: FileHandle): Promise<Head> {
  const start = await exactly(file, magic.length + 4);
  if (start.length < magic.length + 4 || !start.subarray(0, 8).equals(magic.subarray(0, 8))) {
    throw new BackupError('notABackup');
  }
  if (!start.subarray(0, magic.length).equals(magic)) throw new BackupError('newerFormat');
  const length = start.readUInt32BE(magic.length);
  if (length > mostHeaderBytes) throw new BackupError('damaged');
  const text = await exactly(file, length);
  if (text.length < length) throw new BackupError('cutShort');
  let header: unknown = null;
  try {
    header = JSON.parse(text.toString('utf8'));
  } catch {
    throw new BackupError('damaged');
  }
  if (!isHeader(header as Partial<BackupHeader> | null)) throw new BackupError('damaged');
  return { header: header as BackupHeader, bound: hash('sha256', Buffer.concat([start, text]), 'buffer') };
}

/** Throws a BackupError, or what the disk says. The header is proved only by opening the rest. */
export async function readBackupHeader(path: string): Promise<BackupHeader> {
  const file = await open(path, 'r');
  try {
    return (await readHead(file)).header;
  } finally {
    await file.close();
  }
}

async function* openChunks(file: FileHandle, { header, bound }: Head, key: Buffer): AsyncIterable<Buffer> {
  const secret = fileKey(key, header.salt);
  for (let at = 0, isLast = false; !isLast; at += 1) {
    const size = await exactly(file, 4);
    if (size.length < 4) throw new BackupError('cutShort');
    const length = size.readUInt32BE();
    if (length < tagBytes || length > chunkBytes + tagBytes) throw new BackupError('damaged');
    const closed = await exactly(file, length);
    if (closed.length < length) throw new BackupError('cutShort');
    const opened = openChunk(closed, secret, bound, at);
    if (opened === null) throw new BackupError(at === 0 ? 'wrongKey' : 'damaged');
    isLast = opened.isLast;
    yield opened.plain;
  }
  if ((await exactly(file, 1)).length > 0) throw new BackupError('damaged');
}

function openChunk(closed: Buffer, secret: Buffer, bound: Buffer, at: number) {
  for (const isLast of [false, true]) {
    try {
      const decipher = createDecipheriv('aes-256-gcm', secret, nonceOf(at, isLast))
        .setAAD(bound)
        .setAuthTag(closed.subarray(-tagBytes));
      return { plain: Buffer.concat([decipher.update(closed.subarray(0, -tagBytes)), decipher.final()]), isLast };
    } catch {
      // Not this one: the other, or none.
      continue;
    }
  }
  return null;
}

/** Opens the backup at `from` into a new file at `to`. Throws a BackupError; what `to` holds then is worthless. */
export async function openBackup(
  from: string,
  to: string,
  key: BackupKey,
  onBytes: (bytes: number) => void = () => undefined,
): Promise<BackupHeader> {
  const file = await open(from, 'r');
  try {
    const head = await readHead(file);
    if (head.header.keyId !== key.id) throw new BackupError('wrongKey');
    const out = createWriteStream(to, { flags: 'wx', flush: true });
    let read = 0;
    const unpacker = createGunzip();
    unpacker.on('data', (chunk: Buffer) => onBytes((read += chunk.length)));
    await pipeline(Readable.from(openChunks(file, head, key.key), { objectMode: false }), unpacker, out);
    if (out.bytesWritten !== head.header.dbBytes) throw new BackupError('damaged');
    return head.header;
  } catch (error) {
    // Every chunk was proved: what does not unpack was made wrong.
    throw String((error as NodeJS.ErrnoException).code).startsWith('Z_') ? new BackupError('damaged') : error;
  } finally {
    await file.close();
  }
}
