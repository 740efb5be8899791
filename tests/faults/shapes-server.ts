/**
 * The shape server that the differential rig breaks, as a process of its own: `node shapes-server.ts DATABASE_URL DIR
 * PORT [forget-running]`. Rule kept: but for the control it is the server as it is, publishing tables when they are asked
 * for. The control forgets which transactions were running when a snapshot was taken, so that theirs are lost.
 */
import Fastify from 'fastify';
import type { Pool, PoolClient } from 'pg';
import { makePool } from '#sync-server/postgres/pool.ts';
import { startShapeEngine } from '#sync-server/shapes/engine.ts';
import { ensurePublication } from '#sync-server/shapes/publish-table.ts';
import { serveShapes } from '#sync-server/shapes/shape-http.ts';

const [connectionString = '', dir = '', port = '0', control] = process.argv.slice(2);

/** Answers `pg_current_snapshot()` without its list of running transactions. */
function forgetful(pool: Pool): Pool {
  const connect = pool.connect.bind(pool) as () => Promise<PoolClient>;
  const lossy = async () => {
    const client = await connect();
    return new Proxy(client, {
      get: (target, name) => {
        const value = Reflect.get(target, name) as unknown;
        if (typeof value !== 'function') return value;
        if (name !== 'query') return value.bind(target) as unknown;
        return async (...given: readonly unknown[]) => {
          const answer = (await Reflect.apply(value, target, given)) as { rows: { s?: string }[] };
          if (!String(given[0]).includes('pg_current_snapshot()')) return answer;
          return { rows: answer.rows.map(({ s = '' }) => ({ s: s.replace(/:[^:]*$/, ':') })) };
        };
      },
    });
  };
  return new Proxy(pool, {
    get: (target, name) => (name === 'connect' ? lossy : (Reflect.get(target, name) as unknown)),
  });
}

const pool = makePool(connectionString, 12, () => undefined);
await ensurePublication(pool, 'differential');
const engine = await startShapeEngine({
  connectionString,
  pool: control === 'forget-running' ? forgetful(pool) : pool,
  dir,
  slot: 'differential',
  publication: 'differential',
  publishesItself: true,
  nowMs: Date.now,
  chunkBytes: 4_000,
  say: () => undefined,
});
const app = Fastify({ forceCloseConnections: true });
serveShapes(app, {
  engine,
  secret: null,
  liveMs: 400,
  responseBytes: 4_000,
  isPrivate: false,
  allowDelete: true,
  nowMs: Date.now,
});
process.stdout.write(`${await app.listen({ port: Number(port) })}\n`);
process.on('SIGTERM', () => {
  void (async () => {
    await engine.stop();
    await app.close();
    await pool.end();
  })();
});
