/** `npm run shapes`, as somebody with Electric's own tests starts it: any table, published when it is asked for. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EmbeddedPostgres } from '#sync-server/postgres/embedded.ts';
import { openPostgres } from '#tests/fixtures/postgres.ts';

const program = join(import.meta.dirname, 'shapes.ts');
const dir = mkdtempSync(join(tmpdir(), 'billmitra-shapes-tool-'));
let postgres: EmbeddedPostgres;
beforeAll(async () => {
  postgres = await openPostgres(dir, 'none');
}, 60_000);
afterAll(async () => {
  await postgres.stop();
  rmSync(dir, { recursive: true, force: true });
});

it("serves a table that nobody published, with Electric's settings, and goes when told", async () => {
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  await client.query('CREATE SCHEMA other; CREATE TABLE other."two words" (id int PRIMARY KEY, name text)');
  const child = spawn(process.execPath, [program, '--port', '0', '--data', join(dir, 'data')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      DATABASE_URL: postgres.url,
      ELECTRIC_SECRET: 'open sesame',
      ELECTRIC_ENABLE_INTEGRATION_TESTING: 'true',
      ELECTRIC_CACHE_MAX_AGE: '1',
      ELECTRIC_CACHE_STALE_AGE: '3',
    },
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const url = /http:\S+/.exec(line.toString())?.[0] ?? '';
  const ask = (more: object, init: RequestInit = {}) =>
    fetch(
      `${url}/v1/shape?${new URLSearchParams({ table: 'other."two words"', secret: 'open sesame', ...more })}`,
      init,
    );
  expect((await fetch(url)).status).toBe(200);
  expect((await ask({ offset: '-1', secret: 'no' })).status).toBe(401);
  const first = await ask({ offset: '-1', where: "name LIKE 'a%'" });
  expect([first.status, first.headers.get('electric-offset')]).toEqual([200, '0_0']);
  const place = { where: "name LIKE 'a%'", offset: '0_0', handle: first.headers.get('electric-handle') ?? '' };
  await client.query(`INSERT INTO other."two words" VALUES (1, 'abc'), (2, 'xyz')`);
  const live = await ask({ ...place, live: 'true' });
  expect(((await live.json()) as { key?: string }[]).map(({ key }) => key)).toEqual([
    '"other"."two words"/"1"',
    undefined,
  ]);
  expect((await ask(place)).headers.get('cache-control')).toBe('public, max-age=1, stale-while-revalidate=3');
  expect((await ask({ handle: place.handle }, { method: 'DELETE' })).status).toBe(202);
  expect((await ask(place)).status).toBe(409);
  const identity = await client.query(`SELECT relreplident FROM pg_class WHERE relname = 'two words'`);
  expect(identity.rows).toEqual([{ relreplident: 'f' }]);
  await client.end();
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  expect((await gone)[0]).toBe(0);
}, 60_000);

it('says how it is called', () => {
  const { status, stderr } = spawnSync(process.execPath, [program, '--port', 'x'], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([2, expect.stringContaining('usage: npm run shapes')]);
});
