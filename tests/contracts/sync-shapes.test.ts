/** The shape server's promises, kept by the embedded one, and by the real Electric where ELECTRIC_URL names it. */
import { execSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify from 'fastify';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe } from 'vitest';
import { openPostgres } from '../fixtures/postgres.ts';
import { makePool } from '#sync-server/postgres/pool.ts';
import { startShapeEngine } from '#sync-server/shapes/engine.ts';
import { serveShapes } from '#sync-server/shapes/shape-http.ts';
import { dropTables, type ShapeServer } from './shape-asking.ts';
import { promisesOfShapes } from './sync-shapes.ts';
import { promisesOfShapeClient } from './sync-shapes-client.ts';
import { promisesOfShapeHttp } from './sync-shapes-http.ts';

/** In one transaction, before anybody writes: what is open while a table is published is lost to its shapes. */
const tableMaker = (pool: Pool, publication: string) => async (name: string, columns: string) => {
  await pool.query(
    `BEGIN; CREATE TABLE ${name} (${columns}); ALTER PUBLICATION ${publication} ADD TABLE ${name};
     ALTER TABLE ${name} REPLICA IDENTITY FULL; COMMIT`,
  );
};

describe('the embedded shape server', () => {
  let server: ShapeServer;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    const dir = mkdtempSync(join(tmpdir(), 'billmitra-shape-promises-'));
    const postgres = await openPostgres(dir, 'none');
    const pool = makePool(postgres.url, 12, () => undefined);
    await pool.query('CREATE PUBLICATION promises');
    const serve = async (port: number) => {
      const engine = await startShapeEngine({
        connectionString: postgres.url,
        pool,
        dir: join(dir, 'shapes'),
        slot: 'promises',
        publication: 'promises',
        nowMs: Date.now,
        chunkBytes: 1_000_000,
        logBytes: 64_000_000,
        say: () => undefined,
      });
      const app = Fastify({ forceCloseConnections: true });
      serveShapes(app, {
        engine,
        secret: 'open sesame',
        liveMs: 2_000,
        responseBytes: 1_000_000,
        isPrivate: false,
        allowDelete: true,
        nowMs: Date.now,
      });
      await app.listen({ port });
      return { engine, app, port: (app.server.address() as AddressInfo).port };
    };
    let now = await serve(0);
    const end = async (): Promise<void> => {
      await now.engine.stop();
      await now.app.close();
    };
    server = {
      url: `http://127.0.0.1:${now.port}/v1`,
      secret: 'open sesame',
      pool,
      makeTable: tableMaker(pool, 'promises'),
      allowsDelete: true,
      restart: async () => {
        await end();
        now = await serve(now.port);
      },
    };
    stop = async () => {
      await end();
      await pool.end();
      await postgres.stop();
      rmSync(dir, { recursive: true, force: true });
    };
  }, 60_000);
  afterAll(() => stop());
  promisesOfShapes(() => server);
  promisesOfShapeHttp(() => server);
  promisesOfShapeClient(() => server);
});

const env = (name: string): string | null => process.env[name] || null;
const electricUrl = env('ELECTRIC_URL');
/** What it follows; where nothing is said, the one that upstream's own tests have. */
const database = env('DATABASE_URL') ?? 'postgresql://postgres:password@localhost:54321/electric?sslmode=disable';
const isNamed = electricUrl !== null;
const name = isNamed ? 'the real Electric' : 'the real Electric (not asked: ELECTRIC_URL names none)';
/** 202: starting, or waiting for another that holds its lock. */
async function untilActive(url: string): Promise<void> {
  const until = Date.now() + 60_000;
  for (;;) {
    const response = await fetch(`${url}/health`).catch(() => null);
    if (response?.status === 200 && (await response.text()).includes('"active"')) return;
    if (Date.now() > until) throw new Error(`${url}/health never said active`);
    await sleep(250);
  }
}

describe.skipIf(!isNamed)(name, () => {
  const url = new URL('/v1', electricUrl ?? 'http://127.0.0.1').href;
  const publication =
    env('ELECTRIC_PUBLICATION') ?? `electric_publication_${env('ELECTRIC_REPLICATION_STREAM_ID') ?? 'default'}`;
  const restartCommand = env('ELECTRIC_RESTART');
  let pool: Pool;
  beforeAll(async () => {
    pool = makePool(database, 12, () => undefined);
    const found = await pool.query('SELECT 1 FROM pg_publication WHERE pubname = $1', [publication]);
    if (found.rows.length === 0) await pool.query(`CREATE PUBLICATION ${publication}`);
    await untilActive(url);
  }, 90_000);
  afterAll(async () => {
    await dropTables(pool);
    await pool.end();
  });
  const server = (): ShapeServer => ({
    url,
    secret: env('ELECTRIC_SECRET'),
    pool,
    makeTable: tableMaker(pool, publication),
    allowsDelete: env('ELECTRIC_ALLOWS_DELETE') === '1',
    restart:
      restartCommand === null
        ? null
        : async () => {
            execSync(restartCommand, { stdio: 'inherit' });
            await untilActive(url);
          },
  });
  promisesOfShapes(server);
  promisesOfShapeHttp(server);
  promisesOfShapeClient(server);
});
