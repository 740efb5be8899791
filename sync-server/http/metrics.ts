/**
 * Numbers for whoever watches the server, in Prometheus' text form. Rule kept: sums only, no tenant's name and no id; a
 * caller from elsewhere needs the token that METRICS_TOKEN names, without one only this machine is answered.
 */
import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { PushReply } from '#contract/sync.ts';

export type Metrics = {
  /** A push that was answered; `busy`: Postgres could not take it now. */
  readonly pushed: (reply: PushReply | 'busy', seconds: number) => void;
  /** Somebody who is not, or no longer, enrolled. */
  readonly turnedAway: () => void;
  /** A till that pushed too often. */
  readonly slowedDown: () => void;
  /** One program may hold several servers (tests): each has its own numbers. */
  readonly serve: (app: FastifyInstance) => void;
};

const isThisMachine = (ip: string): boolean => ip === '127.0.0.1' || ip === '::1' || ip === '::ffff:127.0.0.1';

/** WAL that a follower has not confirmed, by slot. pg_replication_slots is every role's to read. */
const slotLag = `SELECT slot_name, pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)::float8 AS bytes
  FROM pg_replication_slots WHERE slot_type = 'logical'`;

export function makeMetrics(pool: Pool, register = new Registry()): Metrics {
  const registers = [register];
  collectDefaultMetrics({ register, prefix: 'billmitra_' });
  const pushes = new Counter({
    name: 'billmitra_pushes_total',
    help: 'Batches that tills sent, by what became of them',
    labelNames: ['outcome'],
    registers,
  });
  const entries = new Counter({
    name: 'billmitra_entries_total',
    help: 'Entries answered; one that is sent again counts again',
    labelNames: ['outcome'],
    registers,
  });
  const rejections = new Counter({
    name: 'billmitra_rejections_total',
    help: 'Entries kept aside, by reason',
    labelNames: ['reason'],
    registers,
  });
  const batchSeconds = new Histogram({
    name: 'billmitra_batch_seconds',
    help: 'From a batch read to its answer, committed',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  });
  const lag = new Gauge({
    name: 'billmitra_slot_lag_bytes',
    help: 'WAL that a follower (shapes) has not confirmed',
    labelNames: ['slot'],
    registers,
  });
  return {
    pushed: (reply, seconds) => {
      pushes.inc({ outcome: reply === 'busy' ? 'busy' : 'answered' });
      if (reply === 'busy') return;
      batchSeconds.observe(seconds);
      for (const answer of reply.answers) {
        entries.inc({ outcome: answer.outcome });
        if (answer.outcome === 'rejected') rejections.inc({ reason: answer.reason });
      }
    },
    turnedAway: () => pushes.inc({ outcome: 'notEnrolled' }),
    slowedDown: () => pushes.inc({ outcome: 'tooMany' }),
    serve: (app) => {
      app.get('/metrics', async (request, reply) => {
        const token = process.env['METRICS_TOKEN'];
        const isAllowed =
          token === undefined ? isThisMachine(request.ip) : request.headers.authorization === `Bearer ${token}`;
        if (!isAllowed) return reply.status(404).send({ message: 'There is nothing here.' });
        const slots = await pool.query<{ slot_name: string; bytes: number }>(slotLag);
        lag.reset();
        for (const { slot_name: slot, bytes } of slots.rows) lag.set({ slot }, bytes);
        return reply.type(register.contentType).send(await register.metrics());
      });
    },
  };
}
