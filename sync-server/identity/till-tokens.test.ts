/** A till's keys on a real Postgres, through the routes: lost answers, second holders, restored servers, odd clocks. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { officeApi } from '#contract/server.ts';
import {
  enrolTill,
  hashOfSecret,
  newTillSecret,
  type Office,
  type OfficeTill,
  openOffice,
  openPerson,
  openTill,
} from '#tests/fixtures/office.ts';
import { makeCode } from './enrol.ts';
import { lapsesAfterMs, tillAccessLivesMs } from './till-key.ts';

const tenantId = '01935000-0000-7000-8000-00000000aaaa';
let office: Office;
let made = 0;
let looks = 0;

beforeAll(async () => {
  office = await openOffice();
  await office.addTenant(tenantId, 'Sharma Stores');
}, 60_000);
afterAll(() => office.stop());

const storeOf = (n: number): string => `01935000-0000-7000-8000-0000000b${String(n).padStart(4, '0')}`;
const tillOf = (n: number): string => `01935000-0000-7000-8000-0000000c${String(n).padStart(4, '0')}`;
const freshTill = (): Promise<OfficeTill> => {
  made += 1;
  return openTill(office, { tenantId, storeId: storeOf(made), tillId: tillOf(made), region: 'North', name: 'Bapu' });
};
const turn = async (tillId: string, refresh: string, next: string, earlier: readonly string[] = []) => {
  const payload = { tillId, refresh, nextHash: hashOfSecret(next), earlier };
  const answer = await office.app.inject({ method: 'POST', url: '/v1/sync/token', payload });
  return { status: answer.statusCode, body: answer.json() };
};
/** 400: let in, and an empty body is no batch. */
const call = async (access: string) => {
  const headers = { authorization: `Bearer ${access}` };
  const answer = await office.app.inject({ method: 'POST', url: '/v1/sync/push', headers, payload: {} });
  return answer.statusCode === 401 ? answer.json().reason : answer.statusCode;
};
const accessOf = (till: OfficeTill): string => till.authorization.replace('Bearer ', '');
const stateOf = async (till: OfficeTill) => {
  looks += 1;
  const email = `look${looks}@a.in`;
  const owner = await openPerson(office, tenantId, { email, role: 'chain' });
  const tills = (await owner.call(officeApi.tills)).body;
  return tills.find((one) => one.tillId === till.tillId)?.state;
};

describe("a till's key", () => {
  it('opens for an hour of the server’s clock, then is turned; who asks with the old access token is told to', async () => {
    const till = await freshTill();
    expect(await call(accessOf(till))).toBe(400);
    office.clock.nowMs += tillAccessLivesMs + 1;
    expect(await call(accessOf(till))).toBe('expired');
    const { status, body } = await turn(till.tillId, till.refresh, newTillSecret());
    expect([status, body.livesMs]).toEqual([200, tillAccessLivesMs]);
    expect(await call(body.access)).toBe(400);
    expect(await call(`${body.access.slice(0, -2)}AA`)).toBe('unknown');
  });

  it('may be turned again and again with the same successor: an answer was lost, nobody is locked out', async () => {
    const till = await freshTill();
    const [second, third] = [newTillSecret(), newTillSecret()];
    for (let lost = 0; lost < 3; lost += 1) expect((await turn(till.tillId, till.refresh, second)).status).toBe(200);
    // Sent together, as two calls of one till might.
    const both = await Promise.all([turn(till.tillId, second, third), turn(till.tillId, second, third)]);
    expect(both.map((one) => one.status)).toEqual([200, 200]);
    expect((await turn(till.tillId, third, newTillSecret())).status).toBe(200);
  });

  it('used a second time with another successor shuts both out at once, and head office is told', async () => {
    const till = await freshTill();
    const own = newTillSecret();
    const first = await turn(till.tillId, till.refresh, own);
    const thief = await turn(till.tillId, till.refresh, newTillSecret());
    expect([thief.status, thief.body]).toEqual([401, { ok: false, reason: 'reused' }]);
    expect(await call(first.body.access)).toBe('reused');
    expect((await turn(till.tillId, own, newTillSecret())).body.reason).toBe('reused');
    expect(await stateOf(till)).toBe('reused');
    // A new code under its old ids: it is let in, and what the other one holds opens nothing.
    const code = await makeCode(office.pool, {
      tenantId,
      storeId: till.storeId,
      isNewStore: false,
      storeName: 'Bapu',
      region: 'North',
      expiresAtMs: office.clock.nowMs + 60_000,
    });
    const back = await enrolTill(office.app, { code, tillId: till.tillId, storeId: till.storeId });
    expect(await call(accessOf(back))).toBe(400);
    expect(await call(first.body.access)).toBe('unknown');
    expect((await turn(till.tillId, own, newTillSecret())).body.reason).toBe('unknown');
    expect(await stateOf(till)).toBe('live');
  });

  it('of a disk that came back from a backup is a second use, also where it repeats an old pair to the letter', async () => {
    const till = await freshTill();
    const chain = [till.refresh, newTillSecret(), newTillSecret()] as const;
    await turn(till.tillId, chain[0], chain[1]);
    await turn(till.tillId, chain[1], chain[2]);
    expect((await turn(till.tillId, chain[0], chain[1])).body.reason).toBe('reused');
  });

  it('known to a server that forgot the last turns is what that server still waits for', async () => {
    const till = await freshTill();
    const backup = await office.pool.query('SELECT * FROM till_token WHERE till_id = $1', [till.tillId]);
    const chain = [till.refresh, newTillSecret(), newTillSecret(), newTillSecret(), newTillSecret()] as const;
    await turn(till.tillId, chain[0], chain[1]);
    await turn(till.tillId, chain[1], chain[2]);
    await office.pool.query('DELETE FROM till_token WHERE till_id = $1', [till.tillId]);
    const columns = Object.keys(backup.rows[0]);
    await office.pool.query(
      `INSERT INTO till_token (${columns.join(', ')}) VALUES (${columns.map((_, n) => `$${n + 1}`).join(', ')})`,
      Object.values(backup.rows[0]),
    );
    expect((await turn(till.tillId, chain[2], chain[3])).body.reason).toBe('unknown');
    const earlier = [chain[1], chain[0]];
    expect((await turn(till.tillId, chain[2], chain[3], earlier)).status).toBe(200);
    // That answer was lost too.
    expect((await turn(till.tillId, chain[2], chain[3], earlier)).status).toBe(200);
    expect((await turn(till.tillId, chain[3], chain[4])).status).toBe(200);
  });

  it('lapses after 30 days without a turn, by the server’s clock', async () => {
    const till = await freshTill();
    office.clock.nowMs += lapsesAfterMs - 1_000;
    const next = newTillSecret();
    expect((await turn(till.tillId, till.refresh, next)).status).toBe(200);
    office.clock.nowMs += lapsesAfterMs + 1;
    expect((await turn(till.tillId, next, newTillSecret())).body.reason).toBe('lapsed');
    expect(await stateOf(till)).toBe('lapsed');
  });

  it('is not given to whoever only knows a name, and one who asks too often holds up nobody', async () => {
    const till = await freshTill();
    expect((await turn(till.tillId, newTillSecret(), newTillSecret())).body.reason).toBe('unknown');
    expect((await turn(tillOf(9_999), newTillSecret(), newTillSecret())).body.reason).toBe('unknown');
    const flood = await Promise.all(
      Array.from({ length: 40 }, () => turn(tillOf(9_998), newTillSecret(), newTillSecret())),
    );
    expect(flood.some((one) => one.status === 429)).toBe(true);
    expect((await turn(till.tillId, till.refresh, newTillSecret())).status).toBe(200);
  });

  it('is had with a code also where the first answer was lost, by the same till and key only', async () => {
    made += 1;
    const storeId = storeOf(made);
    const asked = { tenantId, storeId, isNewStore: true, storeName: 'Lost', region: 'North' };
    const code = await makeCode(office.pool, { ...asked, expiresAtMs: office.clock.nowMs + 60_000 });
    const secret = newTillSecret();
    const enrol = async (tillId: string, key: string) => {
      const payload = { code, storeId, tillId, tillName: 'T', hasDocuments: true, tokenHash: hashOfSecret(key) };
      return (await office.app.inject({ method: 'POST', url: '/v1/enrol', payload })).json();
    };
    expect((await enrol(tillOf(made), secret)).ok).toBe(true);
    expect((await enrol(tillOf(made), secret)).ok).toBe(true);
    expect((await enrol(tillOf(made), newTillSecret())).reason).toBe('codeUsed');
    expect((await enrol(tillOf(made + 500), secret)).ok).toBe(false);
    expect((await turn(tillOf(made), secret, newTillSecret())).status).toBe(200);
    expect((await enrol(tillOf(made), secret)).reason).toBe('codeUsed');
  });
});
