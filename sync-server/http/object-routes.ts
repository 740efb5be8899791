/**
 * The objects of a folder store by signed URL. Rule kept: who asks needs nothing but the URL, and the URL opens one
 * object for its time; a bucket answers such URLs by itself and this room is not there.
 */
import type { FastifyInstance } from 'fastify';
import type { FolderStore } from '../objects/folder-store.ts';

type Asked = { readonly Params: { readonly '*': string }; readonly Querystring: Readonly<Record<string, string>> };

export function serveObjects(app: FastifyInstance, store: FolderStore): void {
  app.get<Asked>('/v1/objects/*', async (request, reply) => {
    const { expires = '', signature = '' } = request.query;
    const key = store.readSigned(request.params['*'], { expires, signature });
    if (key === null) return reply.status(403).send({ message: 'This link is not, or no longer, good.' });
    const found = await store.get(key);
    if (found === null) return reply.status(404).send({ message: 'There is nothing here any more.' });
    return reply
      .header('content-type', 'application/octet-stream')
      .header('content-length', found.head.bytes)
      .header('cache-control', 'private, no-store')
      .send(found.stream);
  });
}
