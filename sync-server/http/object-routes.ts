/**
 * The objects of a folder store by signed URL. Rule kept: who asks needs nothing but the URL, and the URL opens one
 * object for its time; a bucket answers such URLs by itself and this room is not there.
 */
import { Transform } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { FolderStore } from '../objects/folder-store.ts';

type Asked = { readonly Params: { readonly '*': string }; readonly Querystring: Readonly<Record<string, string>> };

/** Lets through what comes after so many bytes. */
function withoutFirst(bytes: number): Transform {
  let left = bytes;
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      const skipped = Math.min(left, chunk.byteLength);
      left -= skipped;
      done(null, chunk.subarray(skipped));
    },
  });
}

export function serveObjects(app: FastifyInstance, store: FolderStore): void {
  app.get<Asked>('/v1/objects/*', async (request, reply) => {
    const { expires = '', signature = '' } = request.query;
    const key = store.readSigned(request.params['*'], { expires, signature });
    if (key === null) return reply.status(403).send({ message: 'This link is not, or no longer, good.' });
    const found = await store.get(key);
    if (found === null) return reply.status(404).send({ message: 'There is nothing here any more.' });
    const { bytes } = found.head;
    void reply
      .header('content-type', 'application/octet-stream')
      .header('accept-ranges', 'bytes')
      .header('cache-control', 'private, no-store');
    // A download that broke asks for the rest (RFC 9110, §14.2); any other range is answered with all of it.
    const from = Number(/^bytes=(\d{1,15})-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (from === 0) return reply.header('content-length', bytes).send(found.stream);
    if (from >= bytes) {
      found.stream.destroy();
      return reply.status(416).header('content-range', `bytes */${bytes}`).send({ message: 'There is no more.' });
    }
    return reply
      .status(206)
      .header('content-length', bytes - from)
      .header('content-range', `bytes ${from}-${bytes - 1}/${bytes}`)
      .send(found.stream.pipe(withoutFirst(from)));
  });
}
