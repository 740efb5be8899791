/** Signing in, tokens, roles and tills, through the routes and on a real Postgres. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { officeApi, type TodayView, todayFeedPath } from '#contract/server.ts';
import {
  enrolTill,
  goodPassword,
  type Office,
  officeStartMs,
  openBrowser,
  openOffice,
  openPerson,
  openTill,
  renewTill,
} from '#tests/fixtures/office.ts';
import { instant } from '#core/time.ts';
import { makeServer } from '../http/server.ts';
import { makeMonths } from '../postgres/months.ts';
import { makeSealer, type Sealer } from './seal.ts';
import { fromBase32 } from '#tests/fixtures/base32.ts';
import { hotp, stepOf } from './totp.ts';

const tenantId = '01935000-0000-7000-8000-00000000aaaa';
const golden = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../tests/fixtures/documents/v1-bill-mixed.json'), 'utf8'),
);
const { storeId, tillId } = golden as { storeId: string; tillId: string };
const otherStore = '01935000-0000-7000-8000-0000000000b2';
const otherTill = '01935000-0000-7000-8000-0000000000c2';
let office: Office;

beforeAll(async () => {
  office = await openOffice();
  await office.addTenant(tenantId, 'Sharma Stores');
}, 60_000);
afterAll(() => office.stop());

const ownerOf = (email: string) => openPerson(office, tenantId, { email, role: 'chain' });
const signIn = (email: string, password: string, code?: string) => {
  const browser = openBrowser(office.app);
  return browser.call(officeApi.signIn, { email, password, ...(code === undefined ? {} : { code }) });
};
const later = (ms: number) => {
  office.clock.nowMs += ms;
};

describe('signing in', () => {
  it('opens with the password only, and tells a foreign page nothing', async () => {
    const owner = await ownerOf('owner@a.in');
    expect((await owner.call(officeApi.me)).body).toMatchObject({ email: 'owner@a.in', organisation: 'Sharma Stores' });
    expect((await signIn('owner@a.in', 'wrong')).body).toEqual({ type: 'SignInWrong' });
    expect((await signIn('nobody@a.in', goodPassword)).body).toEqual({ type: 'SignInWrong' });
    expect((await openBrowser(office.app).call(officeApi.me)).status).toBe(401);
    const foreign = await owner.inject({ method: 'GET', url: officeApi.me.path, headers: { 'x-billmitra': '' } });
    expect(foreign.status).toBe(403);
    expect(
      (await owner.inject({ method: 'GET', url: officeApi.me.path, headers: { 'sec-fetch-site': 'cross-site' } }))
        .status,
    ).toBe(403);
  });

  it('locks after five wrong tries, twice as long each time, and counts tries sent together', async () => {
    await ownerOf('locked@a.in');
    const tries = await Promise.all(Array.from({ length: 8 }, () => signIn('locked@a.in', 'wrong')));
    expect(tries.filter((one) => one.status === 401)).toHaveLength(5);
    expect((await signIn('locked@a.in', goodPassword)).body).toEqual({
      type: 'LockedOut',
      untilMs: office.clock.nowMs + 30_000,
    });
    later(30_001);
    await signIn('locked@a.in', 'wrong');
    expect((await signIn('locked@a.in', goodPassword)).body).toMatchObject({ untilMs: office.clock.nowMs + 60_000 });
    later(60_001);
    expect((await signIn('locked@a.in', goodPassword)).status).toBe(200);
  });

  it('asks for the phone where it is set up; each code and each recovery code opens once', async () => {
    const owner = await ownerOf('phone@a.in');
    const begun = await owner.call(officeApi.beginTotp, { password: goodPassword });
    const codeNow = () => hotp(fromBase32(begun.body.secret), stepOf(office.clock.nowMs));
    // What a copy of the database shows is not the secret.
    const row = await office.pool.query('SELECT totp_secret FROM account WHERE email = $1', ['phone@a.in']);
    expect(row.rows[0].totp_secret.includes(fromBase32(begun.body.secret))).toBe(false);
    expect(begun.body.url).toContain('otpauth://totp/BillMitra:phone%40a.in?secret=');
    const { recoveryCodes } = (await owner.call(officeApi.confirmTotp, { code: codeNow() })).body;
    expect(recoveryCodes).toHaveLength(10);
    expect((await signIn('phone@a.in', goodPassword)).body).toEqual({ type: 'CodeNeeded' });
    expect((await signIn('phone@a.in', goodPassword, codeNow())).body).toEqual({ type: 'SignInWrong' });
    later(60_000);
    expect((await signIn('phone@a.in', goodPassword, codeNow())).status).toBe(200);
    expect((await signIn('phone@a.in', goodPassword, recoveryCodes[0]?.toLowerCase())).status).toBe(200);
    expect((await signIn('phone@a.in', goodPassword, recoveryCodes[0])).status).toBe(401);
  });

  it('judges no phone without its key: it says so, a recovery code opens, and another key takes over', async () => {
    const keys = [randomBytes(32), randomBytes(32)] as const;
    const serverWith = (sealer: Sealer) =>
      makeServer({
        pool: office.pool,
        months: makeMonths(office.pool),
        clock: { now: () => instant(office.clock.nowMs) },
        answerShape: async (_definition, _query, reply) => reply.status(503).send(),
        sealer,
      });
    const email = 'sealed@a.in';
    await ownerOf(email);
    const signInAt = (app: Office['app'], code?: string) =>
      openBrowser(app).call(officeApi.signIn, {
        email,
        password: goodPassword,
        ...(code === undefined ? {} : { code }),
      });
    const first = serverWith(makeSealer([keys[0]]));
    const person = openBrowser(first);
    await person.call(officeApi.signIn, { email, password: goodPassword });
    const { secret } = (await person.call(officeApi.beginTotp, { password: goodPassword })).body;
    const codeNow = () => hotp(fromBase32(secret), stepOf(office.clock.nowMs));
    const { recoveryCodes } = (await person.call(officeApi.confirmTotp, { code: codeNow() })).body;
    later(60_000);
    const without = serverWith(makeSealer([keys[1]]));
    expect((await signInAt(without, codeNow())).body).toEqual({ type: 'CodeUnreadable' });
    expect((await signInAt(without, recoveryCodes[0])).status).toBe(200);
    const both = serverWith(makeSealer([keys[1], keys[0]]));
    expect((await signInAt(both, codeNow())).status).toBe(200);
    later(60_000);
    // Sealed anew with the newer one when it was used.
    expect((await signInAt(without, codeNow())).status).toBe(200);
    for (const app of [first, without, both]) await app.close();
  });

  it('treats an e-mail that nobody has as one that somebody has', async () => {
    await ownerOf('there@a.in');
    const answersOf = async (email: string) => {
      const said = [];
      for (let n = 0; n < 8; n += 1) {
        said.push((await signIn(email, 'wrong')).body);
        later(n < 5 ? 0 : 31_000);
      }
      return said.map((body) => ({ ...(body as object), untilMs: 0 }));
    };
    expect(await answersOf('not-there@a.in')).toEqual(await answersOf('there@a.in'));
  });

  it('ends what the same browser had open before, and counts wrong passwords of who is signed in', async () => {
    const email = 'again@a.in';
    const browser = await ownerOf(email);
    const before = new Map(browser.cookies);
    await browser.call(officeApi.signIn, { email, password: goodPassword });
    const old = openBrowser(office.app);
    for (const [name, value] of before) old.cookies.set(name, value);
    expect((await old.call(officeApi.me)).status).toBe(401);
    for (let n = 0; n < 5; n += 1) await browser.call(officeApi.beginTotp, { password: 'wrong' });
    expect((await browser.call(officeApi.beginTotp, { password: goodPassword })).body).toMatchObject({
      type: 'LockedOut',
    });
  });

  it('lets an owner invite, call off, shut out and let in again', async () => {
    const owner = await ownerOf('inviting@a.in');
    const place = { role: 'chain', region: null, storeId: null } as const;
    const made = (await owner.call(officeApi.invite, place)).body;
    const open = (await owner.call(officeApi.invites)).body;
    expect(open).toHaveLength(1);
    await owner.call(officeApi.cancelInvite, { inviteId: open[0]?.inviteId as never });
    const guest = openBrowser(office.app);
    const asked = { code: made.code, email: 'guest@a.in', password: goodPassword };
    expect((await guest.call(officeApi.acceptInvite, asked)).body).toEqual({ type: 'InviteInvalid' });
    const second = (await owner.call(officeApi.invite, place)).body;
    const me = (await guest.call(officeApi.acceptInvite, { ...asked, code: second.code })).body;
    const accountId = me.accountId as never;
    expect((await owner.call(officeApi.disableAccount, { accountId })).status).toBe(200);
    expect((await guest.call(officeApi.me)).status).toBe(401);
    expect((await owner.call(officeApi.enableAccount, { accountId })).status).toBe(200);
    // Its login of before stays over.
    expect((await guest.call(officeApi.refresh)).status).toBe(401);
    expect((await signIn('guest@a.in', goodPassword)).status).toBe(200);
  });

  it('is renewed by a token good for one use; the second use ends the login for both', async () => {
    const owner = await ownerOf('renew@a.in');
    const stolen = openBrowser(office.app);
    for (const [name, value] of owner.cookies) stolen.cookies.set(name, value);
    later(3_600_001);
    expect((await owner.call(officeApi.me)).status).toBe(401);
    expect((await owner.call(officeApi.refresh)).status).toBe(200);
    expect((await owner.call(officeApi.me)).status).toBe(200);
    expect((await stolen.call(officeApi.refresh)).status).toBe(401);
    expect((await owner.call(officeApi.me)).status).toBe(401);
    expect((await owner.call(officeApi.refresh)).status).toBe(401);
  });

  it('ends at once with a sign-out, after 30 days, with another password, when the account is disabled', async () => {
    const owner = await ownerOf('ends@a.in');
    const copy = new Map(owner.cookies);
    await owner.call(officeApi.signOut);
    for (const [name, value] of copy) owner.cookies.set(name, value);
    expect((await owner.call(officeApi.me)).status).toBe(401);
    const late = await ownerOf('late@a.in');
    const elsewhere = openBrowser(office.app);
    await elsewhere.call(officeApi.signIn, { email: 'late@a.in', password: goodPassword });
    await late.call(officeApi.changePassword, { password: goodPassword, newPassword: `${goodPassword}!` });
    expect((await late.call(officeApi.me)).status).toBe(200);
    expect((await elsewhere.call(officeApi.me)).status).toBe(401);
    const boss = await ownerOf('boss@a.in');
    const accounts = (await boss.call(officeApi.accounts)).body;
    const accountId = accounts.find((one) => one.email === 'late@a.in')?.accountId as never;
    await boss.call(officeApi.disableAccount, { accountId });
    expect((await late.call(officeApi.me)).status).toBe(401);
    later(30 * 24 * 3_600_000 + 1);
    expect((await boss.call(officeApi.refresh)).status).toBe(401);
  });

  it('lets one account ask a hundred times a minute, and another go on', async () => {
    const hasty = await ownerOf('hasty@a.in');
    const other = await ownerOf('calm@a.in');
    const answers = await Promise.all(Array.from({ length: 101 }, () => hasty.call(officeApi.me)));
    expect(answers.filter((one) => one.status === 429)).toHaveLength(1);
    expect((await other.call(officeApi.me)).status).toBe(200);
  });
});

describe('stores and tills', () => {
  const send = (authorization: string, entries: readonly object[]) =>
    office.app.inject({ method: 'POST', url: '/v1/sync/push', headers: { authorization }, payload: { entries } });
  const entry = (document: { id: string; type: string }) => ({
    seq: 1,
    kind: document.type,
    id: document.id,
    atMs: 1,
    content: JSON.stringify(document),
  });

  it('shows each role its own stores; an unheard store is not known; a revoked till is refused at once', async () => {
    office.clock.nowMs = officeStartMs;
    const owner = await ownerOf('stores@a.in');
    const till = await openTill(office, { tenantId, storeId, tillId, region: 'North', name: 'Bapu Bazaar' });
    await openTill(office, { tenantId, storeId: otherStore, tillId: otherTill, region: 'South', name: 'Talwandi' });
    const today = { ...golden, businessDate: '2026-11-20' };
    expect((await send(till.authorization, [entry(today)])).json().answers[0].outcome).toBe('accepted');
    const north = await openPerson(office, tenantId, { email: 'north@a.in', role: 'region', region: 'North' });
    const shop = await openPerson(office, tenantId, { email: 'shop@a.in', role: 'store', storeId: otherStore });
    const storesOf = (view: TodayView) => view.stores.map((store) => store.name);
    expect(storesOf((await owner.call(officeApi.today)).body)).toEqual(['Bapu Bazaar', 'Talwandi']);
    expect(storesOf((await north.call(officeApi.today)).body)).toEqual(['Bapu Bazaar']);
    expect(storesOf((await shop.call(officeApi.today)).body)).toEqual(['Talwandi']);
    expect((await shop.call(officeApi.makeCode, { storeId: otherStore as never })).status).toBe(403);
    expect((await north.call(officeApi.makeCode, { storeId: otherStore as never })).status).toBe(404);
    expect((await north.call(officeApi.revokeTill, { storeId: otherStore, tillId: otherTill } as never)).status).toBe(
      404,
    );

    later(24 * 3_600_000);
    await owner.call(officeApi.refresh);
    const next = (await owner.call(officeApi.today)).body;
    expect([next.counted, next.storeCount, next.stores[0]?.figures]).toEqual([0, 2, null]);

    await north.call(officeApi.refresh);
    const renewed = await renewTill(office.app, till);
    if (typeof renewed === 'string') throw new Error(renewed);
    expect((await north.call(officeApi.revokeTill, { storeId, tillId } as never)).status).toBe(200);
    const refused = await send(renewed.authorization, [entry(today)]);
    expect([refused.statusCode, refused.json().reason]).toEqual([401, 'revoked']);
    const made = (await owner.call(officeApi.makeCode, { storeId: storeId as never })).body;
    const again = await enrolTill(office.app, { code: made.code, tillId, storeId });
    expect((await send(again.authorization, [entry(today)])).json().answers[0].outcome).toBe('accepted');
    expect((await owner.call(officeApi.codes)).body[0]).toMatchObject({
      storeName: 'Bapu Bazaar',
      usedAtMs: office.clock.nowMs,
    });

    later(30 * 24 * 3_600_000 + 1);
    expect((await send(again.authorization, [entry(today)])).json().reason).toBe('expired');
    expect(await renewTill(office.app, again)).toBe('lapsed');
    const { code } = (await (await ownerOf('after@a.in')).call(officeApi.makeCode, { storeId: storeId as never })).body;
    const back = await enrolTill(office.app, { code, tillId, storeId });
    expect((await send(back.authorization, [entry(today)])).json().answers[0].outcome).toBe('accepted');
  });

  it('tells a browser of a push within two seconds, from another server too', async () => {
    const owner = await ownerOf('feed@a.in');
    await office.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = office.app.server.address() as { port: number };
    const cookie = [...owner.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const stop = new AbortController();
    const answer = await fetch(`http://127.0.0.1:${port}${todayFeedPath}`, {
      headers: { cookie },
      signal: stop.signal,
    });
    const reader = (answer.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toContain('data: {"businessDate":');
    const next = reader.read();
    await office.pool.query(`SELECT pg_notify('billmitra_day', $1)`, [tenantId]);
    expect((await next).value).toContain('data: {');
    stop.abort();
  });
});
