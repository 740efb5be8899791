/**
 * A till of a chain whose disk is destroyed: real server, real SQLite, real sockets. It sold, was copied, sold on; a blank
 * PC takes its place by a code of head office and by a stick, and head office has every bill that reached it once.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRouterClient } from '@orpc/server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { instant } from '#core/time.ts';
import { makeCode } from '#sync-server/identity/enrol.ts';
import { startSyncServer, type SyncServer } from '#sync-server/start.ts';
import { assemble, type Till } from '#till/assemble.ts';
import { restoreFrom, type RestoreFrom } from '#till/backup/restore-from.ts';
import { tillRouter } from '#till/router.ts';
import { seededBytes } from '../fixtures/sample-shop.ts';
import {
  codes,
  type Desk,
  openCounter,
  openDesk,
  pins,
  refusalOf,
  sell,
  start,
  type TillClient,
} from '../fixtures/till-desk.ts';
import { layPostgres } from '../fixtures/postgres.ts';

const dir = mkdtempSync(join(tmpdir(), 'billmitra-restore-'));
const tenantId = '01935000-0000-7000-8000-00000000aaaa';
let server: SyncServer;
beforeAll(async () => {
  await layPostgres(dir);
  server = await startSyncServer({
    databaseUrl: null,
    dataDir: dir,
    port: 0,
    jobs: true,
    clock: { now: () => start },
  });
  await server.pool.query('INSERT INTO tenant VALUES ($1, $2)', [tenantId, 'Sharma']);
}, 60_000);
afterAll(async () => {
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const until = async (isDone: () => Promise<boolean>): Promise<void> => {
  for (let i = 0; i < 1_500; i += 1) {
    if (await isDone()) return;
    await sleep(10);
  }
  throw new Error('waited in vain');
};
let n = 0;
type Joined = { readonly desk: Desk; readonly storeId: string; readonly tillId: string };
const codeFor = (storeId: string, replacesTillId?: string): Promise<string> =>
  makeCode(server.pool, {
    tenantId,
    storeId,
    isNewStore: false,
    storeName: 'Jaipur',
    region: 'North',
    expiresAtMs: start + 600_000,
    replacesTillId,
  });
async function joined(): Promise<Joined> {
  const desk = await openDesk();
  closing.push(desk.close);
  n += 1;
  const storeId = `01935000-0000-7000-8000-0000000c0${String(n).padStart(3, '0')}`;
  const tillId = `01935000-0000-7000-8000-0000000d0${String(n).padStart(3, '0')}`;
  desk.till().context.settings.save({ tillId: tillId as never });
  await desk.signIn('owner');
  await server.pool.query("INSERT INTO store (tenant_id, store_id, region, name) VALUES ($1, $2, 'North', 'Jaipur')", [
    tenantId,
    storeId,
  ]);
  await desk.rpc.sync.join({ serverUrl: server.url, code: await codeFor(storeId) });
  await openCounter(desk);
  return { desk, storeId, tillId };
}
const allSent = (rpc: TillClient) => async (): Promise<boolean> => (await rpc.sync.state()).toSend === 0;
const numbersAt = async (storeId: string): Promise<string[]> => {
  const found = await server.pool.query<{ number: string }>('SELECT number FROM bill WHERE store_id = $1', [storeId]);
  return found.rows.map((row) => row.number).toSorted();
};
const clock = { now: () => instant(start + 60_000) };
let seed = 500;
const restore = (shopDir: string, from: RestoreFrom['from']) =>
  restoreFrom({ shopDir, from, clock, randomBytes: seededBytes((seed += 1)) });
async function openRestored(shopDir: string): Promise<{ readonly rpc: TillClient; readonly till: Till }> {
  const till = await assemble({ shopDir, clock, randomBytes: seededBytes((seed += 1)), uptimeMs: () => 0 });
  const connection = till.connect();
  const rpc = createRouterClient(tillRouter, { context: () => ({ till: till.context, connection }) }) as TillClient;
  closing.push(till.close);
  return { rpc, till };
}
const signIn = async (rpc: TillClient, name: 'Meena' | 'Ravi'): Promise<void> => {
  const one = (await rpc.staff.list()).find((person) => person.name === name);
  await rpc.staff.signIn({ staffId: one?.id ?? ('' as never), pin: name === 'Ravi' ? pins.owner : pins.cashier });
};

describe('a till of a chain whose disk is destroyed', () => {
  it('comes back by a code of head office: sells in a new series, has the bills in between, each is there once', async () => {
    const { desk, storeId, tillId } = await joined();
    for (let i = 0; i < 3; i += 1) await sell(desk.rpc, codes.soap);
    await desk.till().context.backup.runNow();
    expect(await desk.rpc.backup.state()).toMatchObject({ trouble: { headOffice: null }, isJoined: true });
    await server.startJob('proveBackups');
    const proof = async (): Promise<unknown> =>
      (await server.pool.query('SELECT proof FROM till_backup WHERE till_id = $1', [tillId])).rows[0]?.proof;
    await until(async () => (await proof()) !== null);
    expect(await proof()).toBe('');
    // After the copy: an item, a person and a shift that the copy does not know.
    const later = [await sell(desk.rpc, codes.soap), await sell(desk.rpc, codes.salt)];
    await until(allSent(desk.rpc));
    await desk.till().context.sync.close();
    await sell(desk.rpc, codes.salt);
    await desk.till().close();

    const blank = join(dir, `blank-${n}`);
    const from = { kind: 'headOffice', url: server.url, code: await codeFor(storeId, tillId) } as const;
    expect(await restore(blank, { ...from, code: 'ABCDEFGH' })).toEqual({ ok: false, error: 'codeUnknown' });
    const restored = await restore(blank, from);
    expect(restored).toMatchObject({ ok: true, value: { bills: 3, series: 'K3TA', isJoined: true } });
    const { rpc, till } = await openRestored(blank);
    await signIn(rpc, 'Meena');
    const first = await sell(rpc, codes.soap);
    expect(first.number).toBe('K3TA/2627/00001');
    await until(async () => till.context.settings.get().replaces === null);
    await until(allSent(rpc));
    // The sixth bill died with the disk: it is in no book, and its number is not given again.
    const all = [1, 2, 3, 4, 5].map((at) => `K3T1/2627/0000${at}`);
    expect(await numbersAt(storeId)).toEqual([...all, 'K3TA/2627/00001'].toSorted());
    const day = await server.pool.query('SELECT bills FROM store_day WHERE store_id = $1', [storeId]);
    expect(day.rows).toEqual([{ bills: '6' }]);
    expect((await rpc.sync.state()).refused).toBe(0);
    // A return against a bill that the copy had not.
    const back = await rpc.bill.forReturn({ text: later[1]?.number ?? '' });
    expect(back.bill.id).toBe(later[1]?.id);
    const { contentOf } = till.context.tables.bills;
    expect(till.context.tables.journal.verify(contentOf).firstBroken).toBeNull();
    expect(till.context.tables.stock.verify().differing).toBe(0);
    const old = await server.pool.query('SELECT replaced_by, revoked_at_ms FROM till WHERE till_id = $1', [tillId]);
    expect(old.rows[0]).toMatchObject({ replaced_by: till.context.settings.get().tillId });
    expect(old.rows[0]?.revoked_at_ms).not.toBeNull();
    // The code opens nothing a second time.
    expect(await restore(join(dir, 'blank-again'), from)).toEqual({ ok: false, error: 'codeUsed' });
  }, 60_000);

  it('comes back from a stick without a network, and brings what never arrived once a code is typed', async () => {
    const { desk, storeId, tillId } = await joined();
    const stick = join(dir, `stick-${n}`);
    mkdirSync(stick);
    await desk.signIn('owner');
    const { recoveryCode } = await desk.rpc.backup.newCode();
    await desk.rpc.backup.setFolder({ folder: stick });
    await desk.signIn('cashier');
    await sell(desk.rpc, codes.soap);
    await until(allSent(desk.rpc));
    await desk.till().context.sync.close();
    await sell(desk.rpc, codes.soap);
    await desk.till().context.backup.look();
    await desk.till().close();
    expect(await numbersAt(storeId)).toEqual(['K3T1/2627/00001']);

    const blank = join(dir, `blank-${n}`);
    const restored = await restore(blank, { kind: 'file', path: stick, code: recoveryCode });
    expect(restored).toMatchObject({ ok: true, value: { bills: 2, oldSeries: 'K3T1' } });
    const { rpc, till } = await openRestored(blank);
    await signIn(rpc, 'Meena');
    await sell(rpc, codes.salt);
    expect((await rpc.sync.state()).state).toBe('notJoined');
    await signIn(rpc, 'Ravi');
    // A code of another store brings nobody back here.
    const other = await joined();
    const wrong = await codeFor(other.storeId);
    expect(await refusalOf(rpc.sync.join({ serverUrl: server.url, code: wrong }))).toMatchObject({
      reason: 'otherStore',
    });
    await rpc.sync.join({ serverUrl: server.url, code: await codeFor(storeId) });
    await until(allSent(rpc));
    const { series } = till.context.settings.get();
    expect(await numbersAt(storeId)).toEqual(['K3T1/2627/00001', 'K3T1/2627/00002', `${series}/2627/00001`].toSorted());
    const makers = await server.pool.query('SELECT number, till_id FROM bill WHERE store_id = $1 ORDER BY number', [
      storeId,
    ]);
    expect(makers.rows.slice(0, 2).map((row) => row.till_id)).toEqual([tillId, tillId]);
    expect((await rpc.sync.state()).refused).toBe(0);
  }, 60_000);
});
