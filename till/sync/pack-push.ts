/**
 * A batch as the till sends it (contract/sync.ts, `pushType`). Rule kept: a text goes as the journal has it, to the byte;
 * its hash goes ahead of it, so that a batch that comes again costs the server no more than a look.
 */
import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { PushEntry, PushHead } from '#contract/sync.ts';

const zip = promisify(gzip);

export async function packPush(
  entries: readonly PushEntry[],
  afterSeq?: number,
  isAgain?: true,
): Promise<Buffer<ArrayBuffer>> {
  const texts = entries.map((entry) => Buffer.from(entry.content));
  const head: PushHead = {
    entries: entries.map(({ seq, kind, id, atMs }, i) => {
      const text = texts[i] ?? Buffer.alloc(0);
      return { seq, kind, id, atMs, bytes: text.length, hash: hash('sha256', text, 'hex') };
    }),
    afterSeq,
    isAgain,
  };
  const [packedHead, packedTexts] = await Promise.all(
    [Buffer.from(JSON.stringify(head)), Buffer.concat(texts)].map((bytes) => zip(bytes, { level: 1 })),
  );
  if (packedHead === undefined || packedTexts === undefined) throw new Error('not packed');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(packedHead.length);
  return Buffer.concat([length, packedHead, packedTexts]);
}
