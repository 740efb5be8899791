/**
 * The server's HTTP: what a till and a browser may ask. Rule kept: who asks is found before anything is read; a body
 * is bounded before and after unpacking; a fault answers an incident id and no inner word.
 */
import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { gunzip } from 'node:zlib';
import { promisify } from 'node:util';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { maxBatchBytes, pushBatch } from '#contract/sync.ts';
import { push, type PushDeps } from '../ingest/push.ts';
import type { PushingTill } from '../ingest/write-batch.ts';

const unpack = promisify(gunzip);

/** `Bearer TILL.SECRET` */
async function tillOf(pool: Pool, request: FastifyRequest): Promise<PushingTill | null> {
  const said = /^Bearer ([0-9a-f-]{36})\.([A-Za-z0-9_-]{20,100})$/.exec(request.headers.authorization ?? '');
  if (said === null) return null;
  const [, tillId = '', secret = ''] = said;
  const found = await pool.query<{ tenant_id: string; store_id: string; key_hash: Buffer; revoked_at_ms: string | null }>(
    'SELECT tenant_id, store_id, key_hash, revoked_at_ms FROM till WHERE till_id = $1',
    [tillId],
  );
  const row = found.rows[0];
  if (row === undefined || row.revoked_at_ms !== null) return null;
  const isRight = timingSafeEqual(createHash('sha256').update(secret).digest(), row.key_hash);
  return isRight ? { tenantId: row.tenant_id, storeId: row.store_id, tillId } : null;
}

export function makeServer(deps: PushDeps): FastifyInstance {
  const app = Fastify({ bodyLimit: maxBatchBytes, logger: false });
  app.addContentTypeParser('application/json+gzip', { parseAs: 'buffer' }, async (_request: FastifyRequest, body: Buffer) =>
    JSON.parse((await unpack(body, { maxOutputLength: maxBatchBytes })).toString('utf8')),
  );
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.status(status).send({ message: error.message });
    const incidentId = randomUUID().slice(0, 8);
    process.stderr.write(`${JSON.stringify({ level: 'error', incidentId, message: error.message, stack: error.stack })}\n`);
    return reply.status(500).send({ incidentId });
  });
  app.get('/health', () => ({ ok: true }));
  app.post('/v1/sync/push', async (request, reply) => {
    const till = await tillOf(deps.pool, request);
    if (till === null) return reply.status(401).send({ message: 'This till is not enrolled here.' });
    const batch = pushBatch.safeParse(request.body);
    if (!batch.success) return reply.status(400).send({ message: batch.error.issues[0]?.message ?? 'not a batch' });
    return push(deps, till, batch.data);
  });
  return app;
}
