/**
 * The server's HTTP: what a till and a browser may ask. Rule kept: who asks is found before anything is read; a body
 * is bounded before and after unpacking; a fault answers an incident id and no inner word.
 */
import { randomUUID } from 'node:crypto';
import { gunzip } from 'node:zlib';
import { promisify } from 'node:util';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { enrolRequest, maxBatchBytes, pushBatch } from '#contract/sync.ts';
import { push, type PushDeps } from '../ingest/push.ts';
import { enrol } from '../identity/enrol.ts';
import { tillOfHeader } from '../identity/till-key.ts';
import type { AnswerShape } from '../shapes/shape-http.ts';
import { serveSyncShapes } from '../shapes/sync-shapes.ts';

const unpack = promisify(gunzip);

export type ServerDeps = PushDeps & { readonly answerShape: AnswerShape };

export function makeServer(deps: ServerDeps): FastifyInstance {
  const app = Fastify({ bodyLimit: maxBatchBytes, logger: false, forceCloseConnections: true });
  app.addContentTypeParser(
    'application/json+gzip',
    { parseAs: 'buffer' },
    async (_request: FastifyRequest, body: Buffer) =>
      JSON.parse((await unpack(body, { maxOutputLength: maxBatchBytes })).toString('utf8')),
  );
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.status(status).send({ message: error.message });
    const incidentId = randomUUID().slice(0, 8);
    process.stderr.write(
      `${JSON.stringify({ level: 'error', incidentId, message: error.message, stack: error.stack })}\n`,
    );
    return reply.status(500).send({ incidentId });
  });
  app.get('/health', () => ({ ok: true }));
  app.post('/v1/sync/push', async (request, reply) => {
    const till = await tillOfHeader(deps.pool, request.headers.authorization);
    if (till === null) return reply.status(401).send({ message: 'This till is not enrolled here.' });
    const batch = pushBatch.safeParse(request.body);
    if (!batch.success) return reply.status(400).send({ message: batch.error.issues[0]?.message ?? 'not a batch' });
    return push(deps, till, batch.data);
  });
  app.post('/v1/enrol', async (request, reply) => {
    const asked = enrolRequest.safeParse(request.body);
    if (!asked.success) return reply.status(400).send({ message: asked.error.issues[0]?.message ?? 'not a request' });
    const answer = await enrol(deps.pool, asked.data, deps.clock.now());
    return reply.status(answer.ok ? 200 : 403).send(answer);
  });
  serveSyncShapes(app, deps.pool, deps.answerShape);
  return app;
}
