/** The whole server on a real Postgres: ready when it can work, numbers for who watches, and no request cut by a stop. */
import { mkdtempSync } from 'node:fs';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signTillAccess } from '../identity/till-key.ts';
import { startSyncServer, type SyncServer } from '../start.ts';
import { layPostgres } from '#tests/fixtures/postgres.ts';

let server: SyncServer;
const tenantId = '01935000-0000-7000-8000-00000000aaaa';
const storeId = '01935000-0000-7000-8000-00000000bbbb';
const tillId = '01935000-0000-7000-8000-00000000cccc';
const familyId = '01935000-0000-7000-8000-00000000dddd';
let authorization = '';

beforeAll(async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'billmitra-health-'));
  await layPostgres(dataDir);
  server = await startSyncServer({ databaseUrl: null, dataDir, port: 0 });
  await server.pool.query('INSERT INTO tenant (tenant_id, name) VALUES ($1, $2)', [tenantId, 'Sharma']);
  await server.pool.query('INSERT INTO store (tenant_id, store_id, region, name) VALUES ($1, $2, $3, $4)', [
    tenantId,
    storeId,
    'West',
    'Kota',
  ]);
  await server.pool.query(
    'INSERT INTO till (tenant_id, store_id, till_id, name, family_id, last_seen_ms) VALUES ($1, $2, $3, $4, $5, $6)',
    [tenantId, storeId, tillId, 'Till 1', familyId, Date.now()],
  );
  const access = await signTillAccess(server.pool, { tenantId, storeId, tillId, familyId }, Date.now());
  authorization = `Bearer ${access}`;
}, 60_000);
let isStopped = false;
afterAll(async () => {
  if (!isStopped) await server.stop();
});

const entries = [{ seq: 1, kind: 'note', id: tillId, atMs: 1, content: '{}' }];
const push = (): Promise<Response> =>
  fetch(`${server.url}/v1/sync/push`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ entries }),
  });

describe('the server', () => {
  it('is ready when Postgres answers and shapes follow it, and has this month and two more', async () => {
    await expect.poll(async () => (await fetch(`${server.url}/ready`)).status).toBe(200);
    expect(await (await fetch(`${server.url}/health`)).json()).toEqual({ ok: true });
    const parts = await server.pool.query("SELECT 1 FROM pg_inherits WHERE inhparent = 'bill'::regclass");
    expect(parts.rowCount).toBeGreaterThanOrEqual(3);
  });

  it('counts what came, by outcome, and how far behind the shapes are', async () => {
    expect((await push()).status).toBe(200);
    expect((await fetch(`${server.url}/v1/sync/push`, { method: 'POST' })).status).toBe(401);
    const said = await (await fetch(`${server.url}/metrics`)).text();
    expect(said).toContain('billmitra_pushes_total{outcome="answered"} 1');
    expect(said).toContain('billmitra_pushes_total{outcome="notEnrolled"} 1');
    expect(said).toContain('billmitra_entries_total{outcome="accepted"} 1');
    expect(said).toMatch(/billmitra_slot_lag_bytes\{slot="billmitra_shapes"\} \d+/);
  });

  it('answers the request that was under way when it was told to stop, and waits for nothing else', async () => {
    // A browser's wire on which nothing was asked yet, and a till that waits for news.
    const idle = connect(Number(new URL(server.url).port), '127.0.0.1');
    await once(idle, 'connect');
    const ended = once(idle, 'close');
    const shape = `${server.url}/v1/sync/shape/catalogue`;
    const first = await fetch(`${shape}?offset=-1`, { headers: { authorization } });
    await first.text();
    const place = `handle=${first.headers.get('electric-handle')}&offset=${first.headers.get('electric-offset')}`;
    const poll = fetch(`${shape}?${place}&live=true`, { headers: { authorization } });
    let stopped: Promise<void> = Promise.resolve();
    const body = JSON.stringify({ entries });
    const answered = new Promise<number>((done, fail) => {
      const call = request(
        `${server.url}/v1/sync/push`,
        {
          method: 'POST',
          headers: { authorization, 'content-type': 'application/json', 'content-length': body.length },
        },
        (response) => {
          response.resume();
          response.on('end', () => done(response.statusCode ?? 0));
        },
      );
      call.on('error', fail);
      // Half of it now, the rest when the server is stopping.
      call.write(body.slice(0, 10));
      setTimeout(() => {
        isStopped = true;
        stopped = server.stop();
        setTimeout(() => call.end(body.slice(10)), 100);
      }, 100);
    });
    expect(await answered).toBe(200);
    expect((await poll).status).toBe(503);
    await stopped;
    await ended;
    await expect
      .poll(() =>
        push().then(
          () => 'open',
          () => 'closed',
        ),
      )
      .toBe('closed');
    // Half of the time after which a request that is under way is cut.
  }, 7_500);
});
