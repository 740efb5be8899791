/**
 * Tells browsers that an organisation's day has changed: after a push has committed, to this server's own listeners at
 * once and through Postgres to those of other servers. Rule kept: it says only that something changed, each listener
 * reads what it may see; it is never part of the push's own transaction, and a lost word costs a refresh, no figure.
 */
import type { Pool, PoolClient } from 'pg';

const channel = 'billmitra_day';
/** Of one organisation at most this often; what came between is told at its end. */
const calmMs = 150;
const againMs = 1_000;

export type DayFeed = {
  readonly changed: (tenantId: string) => void;
  /** Answers how to stop. */
  readonly listen: (tenantId: string, hear: () => void) => () => void;
  readonly close: () => void;
};

/** Takes one of the pool's connections while anybody listens. */
export function makeDayFeed(pool: Pool): DayFeed {
  const listeners = new Map<string, Set<() => void>>();
  const calm = new Map<string, { timer: NodeJS.Timeout; isWanted: boolean }>();
  let ear: PoolClient | null = null;
  let opening: Promise<void> | null = null;
  let isClosed = false;

  const tell = (tenantId: string): void => {
    for (const hear of listeners.get(tenantId) ?? []) hear();
  };

  /** At once, and again after the calm where more has come. */
  const calmly = (name: string, work: () => void): void => {
    const running = calm.get(name);
    if (running !== undefined) {
      running.isWanted = true;
      return;
    }
    work();
    const timer = setTimeout(() => {
      const isWanted = calm.get(name)?.isWanted === true;
      calm.delete(name);
      if (isWanted && !isClosed) calmly(name, work);
    }, calmMs);
    timer.unref();
    calm.set(name, { timer, isWanted: false });
  };

  async function open(): Promise<void> {
    const client = await pool.connect();
    if (isClosed) return client.release(true);
    client.on('notification', ({ payload }) => {
      if (payload !== undefined) calmly(`hear ${payload}`, () => tell(payload));
    });
    client.once('error', () => {
      // Before it is the ear, or after the close: somebody else gives it back.
      if (ear !== client) return;
      ear = null;
      client.release(true);
      setTimeout(ensure, againMs).unref();
    });
    await client.query(`LISTEN ${channel}`).catch((error: unknown) => {
      client.release(true);
      throw error;
    });
    if (isClosed) return client.release(true);
    ear = client;
    // What was said while nobody heard: everybody looks once.
    for (const tenantId of listeners.keys()) tell(tenantId);
  }

  function ensure(): void {
    if (isClosed || ear !== null || opening !== null || listeners.size === 0) return;
    opening = open()
      .catch(() => void setTimeout(ensure, againMs).unref())
      .finally(() => {
        opening = null;
      });
  }

  return {
    changed: (tenantId) =>
      calmly(`say ${tenantId}`, () => {
        if (isClosed) return;
        calmly(`hear ${tenantId}`, () => tell(tenantId));
        // Another server's listeners hear it through Postgres; where that fails they see it with the next push.
        void pool.query('SELECT pg_notify($1, $2)', [channel, tenantId]).catch(() => undefined);
      }),
    listen: (tenantId, hear) => {
      const own = listeners.get(tenantId) ?? new Set();
      own.add(hear);
      listeners.set(tenantId, own);
      ensure();
      return () => {
        own.delete(hear);
        if (own.size === 0) listeners.delete(tenantId);
      };
    },
    close: () => {
      isClosed = true;
      for (const { timer } of calm.values()) clearTimeout(timer);
      ear?.release(true);
      ear = null;
    },
  };
}
