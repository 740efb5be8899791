/** On a real Postgres: what is pushed is there once, whatever is sent again. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PushEntry } from '#contract/sync.ts';
import { instant } from '#core/time.ts';
import type { EmbeddedPostgres } from '../postgres/embedded.ts';
import { openPostgres } from '#tests/fixtures/postgres.ts';
import { makePool } from '../postgres/pool.ts';
import { makeMonths } from '../postgres/months.ts';
import { makeCode } from '../identity/enrol.ts';
import { inTenant } from '../postgres/in-tenant.ts';
import { textOfDocument } from './document-pack.ts';
import { hashOfSecret, newTillSecret } from '#tests/fixtures/office.ts';
import { makeServer } from '../http/server.ts';
import { changeEpochs } from './epoch.ts';
import { isDatabaseTrouble } from './quarantine.ts';

let postgres: EmbeddedPostgres;
let pool: pg.Pool;
let app: ReturnType<typeof makeServer>;
const tenant = '01935000-0000-7000-8000-00000000aaaa';
const bill = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../tests/fixtures/documents/v1-bill-mixed.json'), 'utf8'),
);
let access = '';
const entry = (document: { id: string; type: string }, seq: number): PushEntry =>
  ({ seq, kind: document.type, id: document.id, atMs: 1, content: JSON.stringify(document) }) as PushEntry;
const numbered = (number: string, sequence: number): string =>
  number.replace(/\d+$/, (digits) => String(sequence).padStart(digits.length, '0'));
const send = async (entries: readonly PushEntry[], afterSeq?: number) => {
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/sync/push',
    headers: { authorization: `Bearer ${access}` },
    payload: { entries, afterSeq },
  });
  return { status: answer.statusCode, body: answer.json() };
};

beforeAll(async () => {
  postgres = await openPostgres(mkdtempSync(join(tmpdir(), 'billmitra-pg-')), 'newest');
  pool = makePool(postgres.url, 8, () => undefined);
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
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
  const tokenHash = hashOfSecret(newTillSecret());
  const till = { tillId: bill.tillId, storeId: bill.storeId, tillName: 'Till 1', hasDocuments: true };
  const payload = { code, ...till, tokenHash };
  const enrolled = await app.inject({ method: 'POST', url: '/v1/enrol', payload });
  access = enrolled.json().access;
}, 60_000);
afterAll(async () => {
  await app.close();
  await pool.end();
  await postgres.stop();
});

describe('push', () => {
  it('stores a bill once and answers the same again', async () => {
    const first = await send([entry(bill, 1)]);
    expect(first.status).toBe(200);
    expect(first.body.answers).toEqual([{ id: bill.id, seq: 1, outcome: 'accepted' }]);
    expect(await send([entry(bill, 1)])).toEqual(first);
    const text = await inTenant(pool, tenant, (on) =>
      textOfDocument(on, { tenantId: tenant, storeId: bill.storeId, documentId: bill.id, kind: 'bill' }),
    );
    expect(text).toBe(JSON.stringify(bill));
    const day = await pool.query('SELECT bills, sales_paise FROM store_day');
    expect(day.rows).toEqual([{ bills: '1', sales_paise: String(bill.payablePaise) }]);
  });

  it('refuses other content under the same id, a forged total, a number drawn twice; the next entry goes on', async () => {
    const forged = { ...bill, id: bill.id.replace(/.$/, 'f'), payablePaise: bill.payablePaise - 100 };
    const again = { ...bill, id: bill.id.replace(/.$/, 'e') };
    const { body } = await send([entry({ ...bill, cashierName: 'X' }, 1), entry(forged, 2), entry(again, 3)]);
    expect(body.answers.map((a: { reason: string }) => a.reason)).toEqual(['changed', 'doesNotAddUp', 'numberTaken']);
  });

  it('says how far it has everything: what comes after a gap is taken, and counts when the gap is filled', async () => {
    const note = (seq: number): PushEntry =>
      ({ seq, kind: 'note', id: bill.id.replace(/..$/, String(seq)), atMs: 1, content: '{}' }) as PushEntry;
    const { body } = await send([note(10), note(11)], 3);
    expect(body.throughSeq).toBe(11);
    const gap = await send([note(30)], 25);
    expect(gap.body).toMatchObject({ answers: [{ outcome: 'accepted' }], throughSeq: 11, epoch: body.epoch });
    expect((await send([note(12), note(30)], 11)).body.throughSeq).toBe(30);
    await changeEpochs(pool);
    expect((await send([note(31)], 30)).body.epoch).not.toBe(body.epoch);
  });

  it('keeps an entry aside that makes it fault when it comes alone for the third time, and takes the next', async () => {
    const itemId = bill.id.replace(/...$/, 'abe');
    await pool.query("INSERT INTO catalogue_item VALUES ($1, $2, 1, 'Soap', '{}', 1)", [tenant, itemId]);
    // Postgres' JSON holds every character but this one.
    const content = JSON.stringify({ id: itemId, name: 'Soap\u0000' });
    const poison = { seq: 40, kind: 'itemChanged', id: bill.id.replace(/...$/, 'abc'), atMs: 1, content } as PushEntry;
    const next = { ...poison, seq: 41, kind: 'note', id: bill.id.replace(/...$/, 'abd'), content: '{}' } as PushEntry;
    // No text makes Postgres fault any more; a rule that only this entry breaks does.
    await pool.query('ALTER TABLE document ADD CHECK (till_seq <> 40 OR content IS NOT NULL)');
    expect((await send([poison, next])).status).toBe(500);
    expect((await send([poison])).status).toBe(500);
    expect((await send([poison])).status).toBe(500);
    const { status, body } = await send([poison]);
    expect(status).toBe(200);
    expect(body.answers).toMatchObject([
      { outcome: 'rejected', reason: 'fault', detail: expect.stringMatching(/^\w{8}$/) },
    ]);
    const again = await send([poison, next]);
    expect(again.body.answers).toMatchObject([body.answers[0], { outcome: 'accepted' }]);
    const kept = await pool.query('SELECT content FROM push_fault');
    expect(kept.rows.map((row) => row.content.toString())).toEqual([poison.content]);
  });

  it('blames no entry for a database that changed under it: a migration, a failover; and goes on by itself', async () => {
    const faults = async () => (await pool.query('SELECT count(*)::int AS n FROM push_fault')).rows[0].n as number;
    const before = await faults();
    const note = (seq: number): PushEntry =>
      ({ seq, kind: 'note', id: bill.id.replace(/...$/, `9${seq}`), atMs: 1, content: '{}' }) as PushEntry;
    expect((await send([note(50)])).status).toBe(200);
    const owner = new pg.Client({ connectionString: postgres.url });
    await owner.connect();
    // Plans of before are of another table now.
    await owner.query('ALTER TABLE till ALTER COLUMN through_seq TYPE numeric');
    const statuses: number[] = [];
    for (let i = 0; i < 20 && statuses.at(-1) !== 200; i += 1) statuses.push((await send([note(51)])).status);
    expect(statuses.slice(0, -1).every((status) => status === 503)).toBe(true);
    expect([statuses[0], statuses.at(-1)]).toEqual([503, 200]);
    await owner.query('ALTER TABLE till ALTER COLUMN through_seq TYPE bigint');
    for (let i = 0; i < 20 && (await send([note(52)])).status !== 200; i += 1);

    // The one that was the primary takes no writes any more, and says so.
    await owner.query('ALTER SYSTEM SET default_transaction_read_only = on');
    await owner.query('SELECT pg_reload_conf()');
    const isReadOnly = async () => (await pool.query('SHOW default_transaction_read_only')).rows[0];
    while ((await isReadOnly()).default_transaction_read_only !== 'on');
    for (let i = 0; i < 5; i += 1) expect((await send([note(53)])).status).toBe(503);
    await owner.query('SET default_transaction_read_only = off');
    await owner.query('ALTER SYSTEM RESET default_transaction_read_only');
    await owner.query('SELECT pg_reload_conf()');
    while ((await isReadOnly()).default_transaction_read_only !== 'off');
    await owner.end();
    expect((await send([note(53)])).body.answers).toMatchObject([{ outcome: 'accepted' }]);
    expect(await faults()).toBe(before);
  });

  it('makes a month anew that a copy of the database lost when it took over', async () => {
    const part = `_${bill.businessDate.slice(0, 7).replace('-', '_')}`;
    const other = (n: number) => ({
      ...bill,
      id: bill.id.replace(/...$/, `a${n}`),
      sequence: n,
      number: numbered(bill.number, n),
    });
    expect((await send([entry(other(76), 59)])).status).toBe(200);
    await pool.query(`DROP TABLE bill${part}; DROP TABLE bill_line${part}`);
    expect((await send([entry(other(77), 60)])).status).toBe(503);
    expect((await send([entry(other(77), 60)])).body.answers).toMatchObject([{ outcome: 'accepted' }]);
    expect((await pool.query(`SELECT count(*)::int AS n FROM bill${part}`)).rows).toEqual([{ n: 1 }]);
  });

  it('blames no entry for the trouble of the database', () => {
    const of = (code: string) => Object.assign(new Error('x'), { code });
    expect(
      ['ECONNREFUSED', '53100', '40P01', '57P01', '25006', '42703'].map((code) => isDatabaseTrouble(of(code))),
    ).toEqual(Array.from({ length: 6 }, () => true));
    expect(['22021', '23505', '0A000'].map((code) => isDatabaseTrouble(of(code)))).toEqual([false, false, false]);
    expect(isDatabaseTrouble(new TypeError('x is not a function'))).toBe(false);
  });
});
