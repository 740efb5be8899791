/**
 * `POST /v1/sync/push`. Rule kept: who asks, and whether it asks too often, is found before a byte of the body is
 * unpacked, so that garbage and haste cost whoever sends them and never another till.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { maxBatchBytes, pushType } from '#contract/sync.ts';
import { knowTill } from '../identity/till-key.ts';
import type { PushDeps } from '../ingest/push.ts';
import { pushOrSetAside } from '../ingest/quarantine.ts';
import type { ReceivedBatch } from '../ingest/received.ts';
import type { PushingTill } from '../ingest/stored-entries.ts';
import type { DayFeed } from '../office/day-feed.ts';
import { logFault } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { RateLimit } from './rate-limit.ts';
import { readBatch, unpackJson, unpackPush } from './unpack.ts';

/** A till sends one after the other; a second may be under way when it did not wait for the first one's answer. */
const atOnce = 2;

type PushRoute = {
  readonly deps: PushDeps;
  readonly metrics: Metrics;
  readonly dayFeed: DayFeed;
  readonly limit: RateLimit;
};

export function servePush(app: FastifyInstance, { deps, metrics, dayFeed, limit }: PushRoute): void {
  const tills = new WeakMap<FastifyRequest, PushingTill>();
  const underWay = new Map<string, number>();
  /** Bodies that are batches already. */
  const unpacked = new WeakSet<object>();

  app.addContentTypeParser('application/json+gzip', { parseAs: 'buffer' }, (_request: FastifyRequest, body: Buffer) =>
    unpackJson(body, maxBatchBytes),
  );
  app.addContentTypeParser(pushType, { parseAs: 'buffer' }, async (_request: FastifyRequest, body: Buffer) => {
    const batch = await unpackPush(body, maxBatchBytes);
    unpacked.add(batch);
    return batch;
  });

  const leave = (name: string): void => {
    const left = (underWay.get(name) ?? 1) - 1;
    if (left === 0) underWay.delete(name);
    else underWay.set(name, left);
  };

  app.post('/v1/sync/push', {
    onRequest: async (request, reply) => {
      const nowMs = deps.clock.now();
      const known = await knowTill(deps.pool, request.headers.authorization, nowMs);
      if ('refusal' in known) {
        metrics.turnedAway();
        return reply.status(401).send({ message: 'This till is not enrolled here.', reason: known.refusal });
      }
      const name = `${known.till.tenantId} ${known.till.tillId}`;
      const running = underWay.get(name) ?? 0;
      const waitMs = running >= atOnce ? 1_000 : limit.take(name, nowMs);
      if (waitMs > 0) {
        metrics.slowedDown();
        return reply
          .status(429)
          .header('retry-after', Math.ceil(waitMs / 1_000))
          .send({ message: 'Too many pushes of this till.' });
      }
      underWay.set(name, running + 1);
      reply.raw.once('close', () => leave(name));
      tills.set(request, known.till);
      return undefined;
    },
    handler: async (request, reply) => {
      const till = tills.get(request);
      if (till === undefined) throw new Error('a push without a till');
      const { body } = request;
      const isBatch = typeof body === 'object' && body !== null && unpacked.has(body);
      const batch = isBatch ? (body as ReceivedBatch) : readBatch(body);
      const startedAt = performance.now();
      const answer = await pushOrSetAside(deps, till, batch, logFault);
      metrics.pushed(answer, (performance.now() - startedAt) / 1_000);
      dayFeed.changed(till.tenantId);
      return answer === 'busy' ? reply.status(503).send({ message: 'busy' }) : answer;
    },
  });
}
