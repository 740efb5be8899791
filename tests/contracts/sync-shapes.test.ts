/** The shape server's promises, kept by the embedded one, and by the real Electric where ELECTRIC_URL names it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe } from 'vitest';
import { startEmbeddedPostgres } from '#sync-server/postgres/embedded.ts';
import { makePool } from '#sync-server/postgres/pool.ts';
import { startShapeEngine } from '#sync-server/shapes/engine.ts';
import { serveShapes } from '#sync-server/shapes/shape-http.ts';
import { promisesOfShapes, type ShapeServer } from './sync-shapes.ts';

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
    const postgres = await startEmbeddedPostgres(dir, () => undefined);
    const pool = makePool(postgres.url, 12, () => undefined);
    await pool.query('CREATE PUBLICATION promises');
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
    const url = `${await app.listen({ port: 0 })}/v1`;
    server = { url, secret: 'open sesame', pool, makeTable: tableMaker(pool, 'promises'), allowsDelete: true };
    stop = async () => {
      await engine.stop();
      await app.close();
      await pool.end();
      await postgres.stop();
      rmSync(dir, { recursive: true, force: true });
    };
  }, 60_000);
  afterAll(() => stop());
  promisesOfShapes(() => server);
});

const { ELECTRIC_URL: electricUrl = '', ELECTRIC_SECRET: secret = null, DATABASE_URL: database = '' } = process.env;
const isNamed = electricUrl !== '' && database !== '';
const name = isNamed ? 'the real Electric' : 'the real Electric (not asked: ELECTRIC_URL and DATABASE_URL name none)';

describe.skipIf(!isNamed)(name, () => {
  let pool: Pool;
  beforeAll(() => {
    pool = makePool(database, 12, () => undefined);
  });
  afterAll(() => pool.end());
  promisesOfShapes(() => ({
    url: new URL('/v1', electricUrl).href,
    secret,
    pool,
    makeTable: tableMaker(pool, process.env['ELECTRIC_PUBLICATION'] ?? 'electric_publication_default'),
    allowsDelete: process.env['ELECTRIC_ALLOWS_DELETE'] === '1',
  }));
});
