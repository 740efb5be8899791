/** On a real Postgres: what is pushed is there once, whatever is sent again. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PushEntry } from '#contract/sync.ts';
import { instant } from '#core/time.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../postgres/embedded.ts';
import { makePool } from '../postgres/pool.ts';
import { migrate } from '../postgres/migrate.ts';
import { makeMonths } from '../postgres/months.ts';
import { makeCode } from '../identity/enrol.ts';
import { makeServer } from '../http/server.ts';

let postgres: EmbeddedPostgres;
let pool: pg.Pool;
let app: ReturnType<typeof makeServer>;
const tenant = '01935000-0000-7000-8000-00000000aaaa';
const bill = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../tests/fixtures/documents/v1-bill-mixed.json'), 'utf8'),
);
let secret = '';
const entry = (document: { id: string; type: string }, seq: number): PushEntry =>
  ({ seq, kind: document.type, id: document.id, atMs: 1, content: JSON.stringify(document) }) as PushEntry;
const send = async (entries: readonly PushEntry[]) => {
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/sync/push',
    headers: { authorization: `Bearer ${bill.tillId}.${secret}` },
    payload: { entries },
  });
  return { status: answer.statusCode, body: answer.json() };
};

beforeAll(async () => {
  postgres = await startEmbeddedPostgres(mkdtempSync(join(tmpdir(), 'billmitra-pg-')), () => undefined);
  pool = makePool(postgres.url, 8, () => undefined);
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await migrate(client);
  await client.query('INSERT INTO tenant VALUES ($1, $2)', [tenant, 'Sharma']);
  await client.end();
  app = makeServer({
    pool,
    months: makeMonths(pool),
    clock: { now: () => instant(1_000) },
    answerShape: async (_definition, _query, reply) => reply.status(503).send(),
  });
  const code = await makeCode(pool, {
    tenantId: tenant,
    storeId: bill.storeId,
    isNewStore: true,
    storeName: 'Sharma Kirana',
    region: 'West',
    expiresAtMs: 2_000,
  });
  const payload = { code, tillId: bill.tillId, storeId: bill.storeId, tillName: 'Till 1', hasDocuments: true };
  const enrolled = await app.inject({ method: 'POST', url: '/v1/enrol', payload });
  secret = enrolled.json().secret;
}, 60_000);
afterAll(async () => {
  await app.close();
  await pool.end();
  await postgres.stop();
});

describe('push', () => {
  it('stores a bill once and answers the same again', async () => {
    const first = await send([entry(bill, 1)]);
    expect(first).toEqual({ status: 200, body: { answers: [{ id: bill.id, seq: 1, outcome: 'accepted' }] } });
    expect(await send([entry(bill, 1)])).toEqual(first);
    const day = await pool.query('SELECT bills, sales_paise FROM store_day');
    expect(day.rows).toEqual([{ bills: '1', sales_paise: String(bill.payablePaise) }]);
  });

  it('refuses other content under the same id, a forged total, a number drawn twice; the next entry goes on', async () => {
    const forged = { ...bill, id: bill.id.replace(/.$/, 'f'), payablePaise: bill.payablePaise - 100 };
    const again = { ...bill, id: bill.id.replace(/.$/, 'e') };
    const { body } = await send([entry({ ...bill, cashierName: 'X' }, 1), entry(forged, 2), entry(again, 3)]);
    expect(body.answers.map((a: { reason: string }) => a.reason)).toEqual(['changed', 'doesNotAddUp', 'numberTaken']);
  });
});
