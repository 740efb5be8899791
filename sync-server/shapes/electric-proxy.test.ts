/** The gatekeeper before an Electric; the embedded server plays it, behind its secret, as the protocol is the same. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Shape, ShapeStream } from '@electric-sql/client';
import Fastify, { type FastifyInstance } from 'fastify';
import { Client, type Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedPostgres } from '../postgres/embedded.ts';
import { openPostgres } from '#tests/fixtures/postgres.ts';
import { makePool } from '../postgres/pool.ts';
import { electricQuery, makeElectricAnswer } from './electric-proxy.ts';
import { publishToElectric } from './electric-publication.ts';
import { type ShapeEngine, startShapeEngine } from './engine.ts';
import type { ShapeDefinition } from './messages.ts';
import { serveShapes } from './shape-http.ts';

const secret = 'the secret of Electric';
const dir = mkdtempSync(join(tmpdir(), 'billmitra-electric-proxy-'));
let postgres: EmbeddedPostgres;
let pool: Pool;
let engine: ShapeEngine;
let electric: FastifyInstance;
let gate: FastifyInstance;
let url: string;
const asked: string[] = [];
const ofStore: ShapeDefinition = {
  schema: 'public',
  table: 'item',
  columns: ['id', 'store', 'name'],
  conditions: [
    { column: 'store', values: ["it's"] },
    { column: 'id', values: ['1', '2', '3'] },
  ],
  replica: 'default',
};

beforeAll(async () => {
  postgres = await openPostgres(dir, 'none');
  pool = makePool(postgres.url, 4, () => undefined);
  await pool.query('CREATE TABLE item (id int PRIMARY KEY, store text, name text, cost int)');
  await pool.query('ALTER TABLE item REPLICA IDENTITY FULL; CREATE PUBLICATION proxied FOR TABLE item');
  await pool.query(`INSERT INTO item VALUES (1, 'it''s', 'one', 1), (2, 'other', 'two', 1), (9, 'it''s', 'nine', 1)`);
  engine = await startShapeEngine({
    connectionString: postgres.url,
    pool,
    dir: join(dir, 'shapes'),
    slot: 'proxied',
    publication: 'proxied',
    nowMs: Date.now,
    chunkBytes: 100_000,
    say: () => undefined,
  });
  electric = Fastify({ forceCloseConnections: true });
  electric.addHook('onRequest', async (request) => void asked.push(request.url));
  serveShapes(electric, {
    engine,
    secret,
    liveMs: 300,
    responseBytes: 100_000,
    isPrivate: false,
    allowDelete: false,
    nowMs: Date.now,
  });
  const upstream = await electric.listen({ port: 0 });
  gate = Fastify({ forceCloseConnections: true });
  const answers = {
    right: makeElectricAnswer({ url: upstream, secret }),
    wrong: makeElectricAnswer({ url: upstream, secret: 'another' }),
    nobody: makeElectricAnswer({ url: 'http://127.0.0.1:1', secret }),
  };
  for (const [name, answer] of Object.entries(answers)) {
    gate.get(`/${name}`, (request, reply) => answer(ofStore, request.query as Record<string, string>, reply));
  }
  url = await gate.listen({ port: 0 });
}, 60_000);
afterAll(async () => {
  await gate.close();
  await engine.stop();
  await electric.close();
  await pool.end();
  await postgres.stop();
  rmSync(dir, { recursive: true, force: true });
});

const get = (path: string, headers: Readonly<Record<string, string>> = {}) => fetch(`${url}${path}`, { headers });

describe('the gatekeeper before Electric', () => {
  it('asks for the fixed shape, whatever the caller adds', async () => {
    expect(electricQuery(ofStore)).toEqual({
      table: '"public"."item"',
      columns: '"id","store","name"',
      where: '"store" = $1 AND "id" IN ($2, $3, $4)',
      'params[1]': "it's",
      'params[2]': '1',
      'params[3]': '2',
      'params[4]': '3',
    });
    const response = await get('/right?offset=-1&table=secrets&where=true&columns=cost&params[1]=other&secret=x');
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(text).toContain('"name":"one"');
    expect(text).not.toMatch(/two|nine|cost/);
    expect(text + JSON.stringify([...response.headers])).not.toContain(secret);
    expect(asked.at(-1)).not.toMatch(/secrets|cost/);
  });

  it('gives status and headers on as they come, but for caching: 200, 304, 400, 401, 409, 503', async () => {
    const first = await get('/right?offset=-1');
    expect(first.headers.get('vary')).toContain('Authorization');
    expect(first.headers.get('cache-control')).toMatch(/^private/);
    expect(first.headers.get('cache-control')).not.toContain('s-maxage');
    expect(first.headers.get('electric-offset')).toBe('0_0');
    expect(JSON.parse(first.headers.get('electric-schema') ?? '{}')).toHaveProperty('id');
    const [handle, etag] = [first.headers.get('electric-handle') ?? '', first.headers.get('etag') ?? ''];
    expect((await get('/right?offset=-1', { 'if-none-match': etag })).status).toBe(304);
    expect((await get('/right?offset=x')).status).toBe(400);
    const gone = await get('/right?offset=0_inf&handle=1-2');
    expect([gone.status, gone.headers.get('electric-handle')]).toEqual([409, handle]);
    expect(await gone.json()).toEqual([{ headers: { control: 'must-refetch' } }]);
    const rest = await get(`/right?offset=0_0&handle=${handle}`);
    expect([rest.headers.has('electric-up-to-date'), rest.headers.get('electric-offset')]).toEqual([true, '0_inf']);
    const live = await get(`/right?offset=0_inf&handle=${handle}&live=true`);
    expect([live.status, live.headers.get('electric-has-data')]).toEqual([200, 'false']);
    expect((await get('/wrong?offset=-1')).status).toBe(401);
    const unreached = await get('/nobody?offset=-1');
    expect([unreached.status, unreached.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await unreached.text()).not.toContain(secret);
  });

  it('publishes our tables under its name, once', async () => {
    const client = new Client({ connectionString: postgres.url });
    await client.connect();
    await publishToElectric(client, 'proxied');
    await publishToElectric(client, 'proxied');
    await client.end();
    const found = await pool.query("SELECT tablename FROM pg_publication_tables WHERE pubname LIKE 'electric%'");
    expect(found.rows).toEqual([{ tablename: 'item' }]);
  });

  it("carries Electric's own client through changes", async () => {
    const aborted = new AbortController();
    const shape = new Shape(new ShapeStream({ url: `${url}/right`, signal: aborted.signal }));
    expect((await shape.rows).map((row) => row['name'])).toEqual(['one']);
    await pool.query(`UPDATE item SET store = 'it''s', name = 'two, now ours' WHERE id = 2`);
    for (let i = 0; i < 200 && shape.currentRows.length < 2; i += 1) await new Promise((go) => setTimeout(go, 20));
    expect(shape.currentRows.map((row) => row['name'])).toEqual(['one', 'two, now ours']);
    aborted.abort();
  });
});
