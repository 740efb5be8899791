/** On a real Postgres: whose a document is, whose its series, and that haste and garbage cost their sender alone. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PushEntry, pushType } from '#contract/sync.ts';
import { documentNumber } from '#core/billing/bill-number.ts';
import { packPush } from '#till/sync/pack-push.ts';
import { makeCode } from '#sync-server/identity/enrol.ts';
import { enrolTill, type Office, type OfficeTill, openOffice, openTill } from '#tests/fixtures/office.ts';

const golden = JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/documents/v1-bill-mixed.json'), 'utf8'));
const tenantId = '01935000-0000-7000-8000-00000000aaaa';
const { storeId } = golden;
const sister = '01935000-0000-7000-8000-0000000000b2';
let office: Office;
let first: OfficeTill;
let second: OfficeTill;

const idOf = (end: string): string => golden.id.slice(0, -end.length) + end;
const entry = (document: { id: string; type: string }, seq: number): PushEntry =>
  ({ seq, kind: document.type, id: document.id, atMs: 1, content: JSON.stringify(document) }) as PushEntry;

async function push(till: OfficeTill, entries: readonly PushEntry[], bend = (body: Buffer): Buffer => body) {
  const answer = await office.app.inject({
    method: 'POST',
    url: '/v1/sync/push',
    headers: { authorization: till.authorization, 'content-type': pushType },
    payload: bend(await packPush(entries)),
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
}

const of = (till: OfficeTill, more: object) => ({ ...golden, tillId: till.tillId, ...more });
const numbered = (sequence: number) => {
  const number = documentNumber(golden.series, golden.financialYear, sequence);
  return { sequence, number: number.ok ? number.value : '' };
};

beforeAll(async () => {
  office = await openOffice();
  await office.addTenant(tenantId, 'Sharma Stores');
  first = await openTill(office, { tenantId, storeId, tillId: golden.tillId, region: 'West', name: 'MG Road' });
  const store = { tenantId, storeId, isNewStore: false, storeName: 'MG Road', region: 'West' };
  const code = await makeCode(office.pool, { ...store, expiresAtMs: office.clock.nowMs + 60_000 });
  second = await enrolTill(office.app, { code, tillId: sister, storeId });
}, 60_000);
afterAll(() => office.stop());

describe('whose it is', () => {
  it('keeps the id free for the till whose document it is, whatever another till said before', async () => {
    const before = await push(second, [entry(golden, 1)]);
    expect(before.body.answers).toMatchObject([{ outcome: 'rejected', reason: 'notYours' }]);
    expect((await push(first, [entry(golden, 1)])).body.answers).toMatchObject([{ outcome: 'accepted' }]);
    // And each is told the same again.
    expect((await push(second, [entry(golden, 1)])).body).toEqual(before.body);
    expect((await push(first, [entry(golden, 1)])).body.answers).toMatchObject([{ outcome: 'accepted' }]);
  });

  it('takes a series of numbers from the till that has it, and from no other', async () => {
    const stranger = of(second, { id: idOf('e1'), ...numbered(golden.sequence + 1) });
    const { body } = await push(second, [entry(stranger, 2)]);
    expect(body.answers).toMatchObject([{ reason: 'notYours', detail: `series ${golden.series}` }]);
    const next = of(first, { id: idOf('e2'), ...numbered(golden.sequence + 1) });
    expect((await push(first, [entry(next, 2)])).body.answers).toMatchObject([{ outcome: 'accepted' }]);
  });

  it('counts of each till what is there and what was refused, once however often it comes', async () => {
    const { rows } = await office.pool.query(
      `SELECT t.documents, t.refused, count(d.*) AS there, count(d.rejection) AS aside
       FROM till t LEFT JOIN document d USING (tenant_id, store_id, till_id) GROUP BY t.till_id, 1, 2 ORDER BY t.refused`,
    );
    expect(rows).toEqual([
      { documents: '2', refused: '0', there: '2', aside: '0' },
      { documents: '2', refused: '2', there: '2', aside: '2' },
    ]);
  });
});

describe('a batch as the till packs it', () => {
  it('is stored when it is what its head says, and refused whole when it is not', async () => {
    const bill = of(first, { id: idOf('e3'), ...numbered(golden.sequence + 2) });
    const other = await packPush([entry({ ...bill, cashierName: 'Somebody else' }, 3)]);
    const swapped = await push(first, [entry(bill, 3)], (body) => {
      const end = 4 + body.readUInt32BE(0);
      return Buffer.concat([body.subarray(0, end), other.subarray(4 + other.readUInt32BE(0))]);
    });
    expect(swapped.status).toBe(400);
    expect((await push(first, [entry(bill, 3)])).body.answers).toMatchObject([{ outcome: 'accepted' }]);
  });

  it('that has come before is answered by its head: its texts are not unpacked', async () => {
    const again = await push(first, [entry(golden, 1)], (body) => body.subarray(0, 4 + body.readUInt32BE(0)));
    expect(again.body.answers).toMatchObject([{ outcome: 'accepted' }]);
  });

  it('is the same document in another text', async () => {
    const { type, ...rest } = golden;
    expect((await push(first, [entry({ ...rest, type }, 1)])).body.answers).toMatchObject([{ outcome: 'accepted' }]);
    const changed = await push(first, [entry({ ...golden, cashierName: 'X' }, 1)]);
    expect(changed.body.answers).toMatchObject([{ reason: 'changed' }]);
  });
});

describe('haste and garbage', () => {
  it('turns a stranger away before his body is read', async () => {
    const stranger = { ...first, authorization: 'Bearer 0123456789012345678901234567890' };
    expect((await push(stranger, [entry(golden, 1)], () => Buffer.from('no batch'))).status).toBe(401);
    expect((await push(first, [entry(golden, 1)], () => Buffer.from('no batch'))).status).toBe(400);
  });

  it('slows one till down, says until when, and serves the other', async () => {
    let slow = await push(first, [entry(golden, 1)]);
    for (let n = 0; n < 400 && slow.status === 200; n += 1) slow = await push(first, [entry(golden, 1)]);
    expect(slow.status).toBe(429);
    expect(Number(slow.headers['retry-after'])).toBeGreaterThan(0);
    expect((await push(second, [entry(golden, 1)])).status).toBe(200);
  });
});
