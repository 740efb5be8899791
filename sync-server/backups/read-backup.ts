/**
 * Reads a till's backup to prove that it opens: every chunk, in its order, to the last. Written from the format's
 * description (docs/decisions/0070), not from the till's code, so that a fault of the writer is no fault of the reader
 * too. Rule kept: what comes out goes to a file that is removed; nothing of a shop stays here in clear.
 */
import { createDecipheriv, hash, hkdfSync } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';

const head = z.object({
  format: z.literal(1),
  keyId: z.string(),
  salt: z.string(),
  journalSeq: z.int(),
  journalHash: z.string(),
  dbBytes: z.int(),
});
export type ReadBackup = z.infer<typeof head>;

/** So many bytes at a time of a stream. */
function takeFrom(stream: Readable): (bytes: number) => Promise<Buffer> {
  const pieces = stream[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  return async (bytes) => {
    const parts = [rest];
    let has = rest.length;
    while (has < bytes) {
      const next = await pieces.next();
      if (next.done === true) throw new Error('cut short');
      parts.push(next.value as Buffer);
      has += (next.value as Buffer).length;
    }
    const all = Buffer.concat(parts);
    rest = all.subarray(bytes);
    return all.subarray(0, bytes);
  };
}

function openChunk(closed: Buffer, key: Buffer, bound: Buffer, at: number, isLast: boolean): Buffer | null {
  const nonce = Buffer.alloc(12);
  nonce[0] = isLast ? 1 : 0;
  nonce.writeBigUInt64BE(BigInt(at), 4);
  const opener = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 });
  opener.setAAD(bound).setAuthTag(closed.subarray(-16));
  const plain = opener.update(closed.subarray(0, -16));
  try {
    return Buffer.concat([plain, opener.final()]);
  } catch {
    return null;
  }
}

/** Throws an Error that says in a few words what is wrong. */
export async function readBackup(stream: Readable, keys: ReadonlyMap<string, Buffer>, to: string): Promise<ReadBackup> {
  const take = takeFrom(stream);
  const start = await take(13);
  if (start.toString('latin1', 0, 9) !== 'BMBACKUP\u0001') throw new Error('no backup of this form');
  const length = start.readUInt32BE(9);
  if (length > 65_536) throw new Error('the header is too long');
  const text = await take(length);
  const header = head.parse(JSON.parse(text.toString('utf8')));
  const shopKey = keys.get(header.keyId);
  if (shopKey === undefined) throw new Error('no key for it is kept here');
  const bound = hash('sha256', Buffer.concat([start, text]), 'buffer');
  const salt = Buffer.from(header.salt, 'base64');
  const key = Buffer.from(hkdfSync('sha256', shopKey, salt, 'billmitra backup 1', 32));
  async function* chunks(): AsyncIterable<Buffer> {
    for (let at = 0; ; at += 1) {
      const closed = await take((await take(4)).readUInt32BE());
      const middle = openChunk(closed, key, bound, at, false);
      const plain = middle ?? openChunk(closed, key, bound, at, true);
      if (plain === null) throw new Error(`chunk ${at} does not open`);
      yield plain;
      if (middle === null) return;
    }
  }
  const out = createWriteStream(to);
  await pipeline(Readable.from(chunks(), { objectMode: false }), createGunzip(), out);
  if (out.bytesWritten !== header.dbBytes) throw new Error('another length than it says');
  return header;
}
