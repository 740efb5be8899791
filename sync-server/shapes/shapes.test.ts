/** The embedded shape server on a real Postgres, asked by Electric's own client. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Shape, ShapeStream } from '@electric-sql/client';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Pool, PoolClient } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedPostgres } from '../postgres/embedded.ts';
import { openPostgres } from '#tests/fixtures/postgres.ts';
import { makePool } from '../postgres/pool.ts';
import { type ShapeEngine, startShapeEngine } from './engine.ts';
import { serveShapes } from './shape-http.ts';

const dir = mkdtempSync(join(tmpdir(), 'billmitra-shapes-'));
let postgres: EmbeddedPostgres;
let pool: Pool;
let engine: ShapeEngine;
let app: FastifyInstance;
let url: string;
beforeAll(async () => {
  postgres = await openPostgres(dir, 'none');
  pool = makePool(postgres.url, 8, () => undefined);
  await pool.query('CREATE TABLE item (store int, code int, name text, is_sold boolean, PRIMARY KEY (store, code))');
  await pool.query('ALTER TABLE item REPLICA IDENTITY FULL');
  await pool.query('CREATE PUBLICATION shapes FOR TABLE item');
  engine = await startShapeEngine({
    connectionString: postgres.url,
    pool,
    dir: join(dir, 'shapes'),
    slot: 'shapes',
    publication: 'shapes',
    nowMs: () => Date.now(),
    chunkBytes: 2_000,
    say: () => undefined,
  });
  app = Fastify({ forceCloseConnections: true });
  serveShapes(app, {
    engine,
    secret: null,
    liveMs: 2_000,
    responseBytes: 10_000,
    isPrivate: false,
    allowDelete: true,
    nowMs: () => Date.now(),
  });
  url = `${await app.listen({ port: 0 })}/v1/shape`;
}, 60_000);
afterAll(async () => {
  await engine.stop();
  await app.close();
  await pool.end();
  await postgres.stop();
  rmSync(dir, { recursive: true, force: true });
});

const truth = async (where: string): Promise<string[]> =>
  (await pool.query(`SELECT store, code, name, is_sold FROM item WHERE ${where} ORDER BY store, code`)).rows.map(
    (row) => JSON.stringify([row.store, row.code, row.name, row.is_sold]),
  );
const held = (shape: Shape): string[] =>
  shape.currentRows
    .toSorted((a, b) => Number(a['store']) - Number(b['store']) || Number(a['code']) - Number(b['code']))
    .map((row) => JSON.stringify([row['store'], row['code'], row['name'], row['is_sold']]));
const until = async (isDone: () => Promise<boolean>): Promise<boolean> => {
  for (let i = 0; i < 400; i += 1) {
    if (await isDone()) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
};

describe("Electric's client on the embedded server", () => {
  it('holds what the table holds, through writers that race with the snapshot', async () => {
    let isWriting = true;
    let seed = 1;
    const random = (n: number): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % n;
    };
    const change = async (on: PoolClient): Promise<void> => {
      const [store, code] = [random(3), random(60)];
      const kind = random(10);
      if (kind < 5) {
        await on.query(
          `INSERT INTO item VALUES ($1, $2, $3, $4)
           ON CONFLICT (store, code) DO UPDATE SET name = excluded.name, is_sold = excluded.is_sold`,
          [store, code, random(5) === 0 ? null : `n${random(1_000)}`, random(2) === 0],
        );
      } else if (kind < 8) await on.query('DELETE FROM item WHERE store = $1 AND code = $2', [store, code]);
      else {
        await on.query(
          `UPDATE item SET store = $3 WHERE store = $1 AND code = $2
             AND NOT EXISTS (SELECT FROM item WHERE store = $3 AND code = $2)`,
          [store, code, random(3)],
        );
      }
    };
    const keepWriting = async (): Promise<void> => {
      const on = await pool.connect();
      while (isWriting) {
        try {
          await on.query('BEGIN');
          for (let i = random(4); i >= 0; i -= 1) await change(on);
          await on.query(random(5) === 0 ? 'ROLLBACK' : 'COMMIT');
        } catch {
          // Two writers may meet on a row: a deadlock or a doubled key ends one transaction, not the test.
          await on.query('ROLLBACK');
        }
      }
      on.release();
    };
    const writers = [keepWriting(), keepWriting(), keepWriting()];
    const wheres = ['store = 1', "store = '2'", 'store IN (0, 2) AND is_sold = true', 'store = 0 AND code = 7'];
    const aborted = new AbortController();
    const shapes: Shape[] = [];
    for (const where of wheres) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      const stream = new ShapeStream({ url, params: { table: 'item', where }, signal: aborted.signal });
      shapes.push(new Shape(stream));
    }
    await new Promise((resolve) => setTimeout(resolve, 600));
    isWriting = false;
    await Promise.all(writers);
    for (const [i, shape] of shapes.entries()) {
      const where = wheres[i] ?? '';
      await until(async () => JSON.stringify(held(shape)) === JSON.stringify(await truth(where)));
      expect(held(shape), where).toEqual(await truth(where));
    }
    expect((await truth('store = 1')).length).toBeGreaterThan(5);
    aborted.abort();
  }, 30_000);

  it('refuses what production would refuse, and fetches anew after a truncate', async () => {
    const get = (query: string) => fetch(`${url}?${query}`);
    expect((await get('table=item&offset=-1&where=name>5')).status).toBe(400);
    expect((await get('table=item&offset=-1&where=lower(name)=1')).status).toBe(400);
    expect((await get('table=nothing&offset=-1')).status).toBe(400);
    expect((await get('table=item&offset=0_inf')).status).toBe(400);
    const first = await get('table=item&offset=-1');
    const handle = first.headers.get('electric-handle') ?? '';
    expect((await get(`table=item&offset=0_inf&handle=${handle}x`)).status).toBe(409);
    await pool.query('TRUNCATE item');
    await until(async () => (await get(`table=item&offset=0_inf&handle=${handle}`)).status === 409);
    expect((await get(`table=item&offset=0_inf&handle=${handle}`)).status).toBe(409);
  }, 20_000);

  it('leaves generated columns out of the log, and so out of shapes, and lives on', async () => {
    await pool.query(`CREATE TABLE line (id int PRIMARY KEY, n int, twice int GENERATED ALWAYS AS (n * 2) STORED);
      ALTER TABLE line REPLICA IDENTITY FULL; ALTER PUBLICATION shapes ADD TABLE line`);
    const get = (query: string) => fetch(`${url}?table=line&${query}`);
    expect((await get('offset=-1')).status).toBe(400);
    const first = await get('offset=-1&columns=id,n');
    expect(first.status).toBe(200);
    const handle = first.headers.get('electric-handle') ?? '';
    await pool.query('INSERT INTO line (id, n) VALUES (1, 4)');
    const next = await get(`offset=0_inf&handle=${handle}&columns=id,n&live=true`);
    expect(next.status).toBe(200);
    expect(await next.text()).toContain('"value":{"id":"1","n":"4"}');
  });
});
