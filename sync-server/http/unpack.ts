/**
 * A gzipped body, unpacked within bounds: JSON, or a push as a till packs it. Rule kept: a bomb is stopped at the
 * limit, not after it; what is no gzip, no JSON or no batch is the sender's fault (400, 413), never a fault of the
 * server.
 */
import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { pushBatch, type PushHead, pushHead } from '#contract/sync.ts';
import { sha256 } from '../ingest/judge-entry.ts';
import { receivedOf, type ReceivedBatch } from '../ingest/received.ts';

const unpackBytes = promisify(gunzip);
/**
 * In one piece where it fits: Node's 16 KiB cost forty ways to its threads and back for a batch of 100 bills. How long
 * it is a gzip says at its end (RFC 1952, ISIZE); one that lies only makes more pieces.
 */
const pieceOf = (body: Buffer): number =>
  Math.min(Math.max(body.length < 4 ? 0 : body.readUInt32LE(body.length - 4), 1_024), 1024 * 1024) + 1_024;

const refusal = (statusCode: number, message: string): Error => Object.assign(new Error(message), { statusCode });

async function unpacked(body: Buffer, most: number): Promise<Buffer> {
  return unpackBytes(body, { maxOutputLength: most, chunkSize: pieceOf(body) }).catch(
    (error: Error & { code?: string }) => {
      throw error.code === 'ERR_BUFFER_TOO_LARGE' ? refusal(413, 'too large, unpacked') : refusal(400, 'not gzip');
    },
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What stands in it is nobody's business here.
    throw refusal(400, 'not JSON');
  }
}

/** Throws an Error with statusCode 400 or 413. Memory: at most `most` bytes and their text. */
export const unpackJson = async (body: Buffer, most: number): Promise<unknown> =>
  parsed((await unpacked(body, most)).toString('utf8'));

/** 500 entries of 250 bytes, with room. */
const mostOfHead = 512 * 1024;

async function textsOf(packed: Buffer, { entries }: PushHead, most: number): Promise<readonly Buffer[]> {
  const bytes = await unpacked(packed, most);
  if (!isUtf8(bytes)) throw refusal(400, 'not UTF-8');
  let at = 0;
  const texts = entries.map((entry) => {
    const text = bytes.subarray(at, at + entry.bytes);
    at += entry.bytes;
    if (sha256(text) !== entry.hash) throw refusal(400, 'not what its head says');
    return text;
  });
  if (at !== bytes.length) throw refusal(400, 'not as long as it says');
  return texts;
}

/** `pushType`. Throws as `unpackJson`, and so does asking it for its texts, which are unpacked then. */
export async function unpackPush(body: Buffer, most: number): Promise<ReceivedBatch> {
  const end = 4 + (body.length < 4 ? 0 : body.readUInt32BE(0));
  if (body.length < end) throw refusal(400, 'not a batch');
  const read = pushHead.safeParse(parsed((await unpacked(body.subarray(4, end), mostOfHead)).toString('utf8')));
  if (!read.success) throw refusal(400, read.error.issues[0]?.message ?? 'not a batch');
  const head = read.data;
  return {
    entries: head.entries,
    afterSeq: head.afterSeq,
    isAgain: head.isAgain === true && head.entries.length === 1,
    texts: () => textsOf(body.subarray(end), head, most),
  };
}

/** A batch as JSON, of tills of before and of tests. Throws an Error with statusCode 400. */
export function readBatch(body: unknown): ReceivedBatch {
  const batch = pushBatch.safeParse(body);
  if (!batch.success) throw refusal(400, batch.error.issues[0]?.message ?? 'not a batch');
  return receivedOf(batch.data);
}
