/**
 * A till's way in: a code for its first key, a key for an hour's access. Rule kept: nobody is known here yet, so each
 * asks within a limit of its own (an address; an address and the till it names), and one till's haste never holds up
 * another. No answer and no line of the log carries a secret.
 */
import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import { enrolRequest, tokenRequest } from '#contract/sync.ts';
import type { Clock } from '#core/time.ts';
import { enrol } from '../identity/enrol.ts';
import { rotateTillKey } from '../identity/till-tokens.ts';
import type { DayFeed } from '../office/day-feed.ts';
import { logEvent } from './log.ts';
import { makeRateLimit } from './rate-limit.ts';

export function serveTillKeys(
  app: FastifyInstance,
  { pool, clock }: { readonly pool: Pool; readonly clock: Clock },
  dayFeed: DayFeed,
): void {
  /** A shop enrols a few tills; 32^8 codes are not guessed at one every two seconds. */
  const ofAddress = makeRateLimit(60, 2_000);
  /** Once an hour is what a till needs; a line that breaks again and again asks more often. */
  const ofTill = makeRateLimit(30, 2_000);

  app.post('/v1/enrol', async (request, reply) => {
    const waitMs = ofAddress.take(request.ip, clock.now());
    if (waitMs > 0) {
      return reply
        .status(429)
        .header('retry-after', Math.ceil(waitMs / 1_000))
        .send({ message: 'too many' });
    }
    const asked = enrolRequest.safeParse(request.body);
    if (!asked.success) return reply.status(400).send({ message: asked.error.issues[0]?.message ?? 'not a request' });
    const answer = await enrol(pool, asked.data, clock.now());
    return reply
      .status(answer.ok ? 200 : 403)
      .header('cache-control', 'no-store')
      .send(answer);
  });

  app.post('/v1/sync/token', async (request, reply) => {
    const asked = tokenRequest.safeParse(request.body);
    if (!asked.success) return reply.status(400).send({ message: asked.error.issues[0]?.message ?? 'not a request' });
    const { tillId, refresh, nextHash, earlier } = asked.data;
    const waitMs = ofTill.take(`${request.ip} ${tillId}`, clock.now());
    if (waitMs > 0) {
      return reply
        .status(429)
        .header('retry-after', Math.ceil(waitMs / 1_000))
        .send({ message: 'too many' });
    }
    const rotation = { tillId, refresh, nextHash: Buffer.from(nextHash, 'hex'), earlier };
    const { reply: answer, alarm } = await rotateTillKey(pool, rotation, clock.now());
    if (alarm !== null) {
      logEvent('tillKeyReused', { tillId: alarm.tillId });
      // Head office's pages look again.
      dayFeed.changed(alarm.tenantId);
    }
    return reply
      .status(answer.ok ? 200 : 401)
      .header('cache-control', 'no-store')
      .send(answer);
  });
}
