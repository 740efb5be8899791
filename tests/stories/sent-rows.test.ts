/** Head office's people, rules and rates at a real till: they come by themselves, survive a restart, and a lost row is found. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RateRow } from '#core/gst/rates.ts';
import type { Uuid } from '#core/ids.ts';
import { basisPoints } from '#core/money.ts';
import type { BusinessDate } from '#core/time.ts';
import type { Caller } from '#sync-server/identity/caller.ts';
import { makeCode } from '#sync-server/identity/enrol.ts';
import { savePerson } from '#sync-server/master/people.ts';
import { clearSetting, listRates, saveRate, saveSetting } from '#sync-server/master/rules.ts';
import { startSyncServer, type SyncServer } from '#sync-server/start.ts';
import { makeRowApplier } from '#till/sync/apply-sent.ts';
import { makeKeptKey } from '#till/sync/kept-key.ts';
import { makeTillAccess } from '#till/sync/till-access.ts';
import { followSent } from '#till/sync/follow-sent.ts';
import { newTillSecret } from '../fixtures/office.ts';
import {
  codes,
  type Desk,
  newKey,
  openCounter,
  openDesk,
  pins,
  refusalOf,
  rupees,
  scan,
  sell,
  start,
} from '../fixtures/till-desk.ts';
import { layPostgres } from '../fixtures/postgres.ts';

const dir = mkdtempSync(join(tmpdir(), 'billmitra-sent-'));
const tenantId = '01935000-0000-7000-8000-00000000aaaa';
const caller: Caller = {
  tenantId,
  accountId: tenantId,
  loginId: tenantId,
  email: 'owner@sharma.shop',
  role: 'chain',
  region: null,
  storeId: null,
  organisation: 'Sharma',
  hasTotp: false,
  untilMs: 0,
};
const geeta = '01935000-0000-7000-8000-00000000c001' as Uuid;
let server: SyncServer;
let desk: Desk;
beforeAll(async () => {
  await layPostgres(dir);
  server = await startSyncServer({ databaseUrl: null, dataDir: dir, port: 0, clock: { now: () => start } });
  await server.pool.query('INSERT INTO tenant VALUES ($1, $2)', [tenantId, 'Sharma']);
}, 60_000);
afterAll(async () => {
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});
beforeEach(async () => {
  desk = await openDesk();
  await openCounter(desk);
  const code = await makeCode(server.pool, {
    tenantId,
    storeId: tenantId,
    isNewStore: true,
    storeName: 'Bapu Bazaar',
    region: 'North',
    expiresAtMs: start + 600_000,
  });
  await desk.signIn('owner');
  await desk.rpc.sync.join({ serverUrl: server.url, code });
});
afterEach(() => desk.close());

async function until(isDone: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 800; i += 1) {
    if (await isDone()) return;
    await sleep(10);
  }
  throw new Error('waited in vain');
}
const person = { id: geeta, name: 'Geeta', role: 'cashier', language: 'hi', isActive: true, storeIds: null } as const;
const found = async (name: string) => (await desk.rpc.staff.list()).find((one) => one.name === name);
const reject = { key: '00000000-0000-7000-8000-00000000f001' as Uuid, reason: 'damaged', refundKind: 'cash' } as const;

describe('what head office sends in small', () => {
  it('brings its people: they choose a PIN beside a supervisor, sell under their name, and go when they are taken out', async () => {
    const saved = await savePerson(server.pool, caller, { ...person, seenAtMs: 0 }, start);
    expect(saved).toEqual({ ok: true });
    await until(async () => (await found('Geeta')) !== undefined);
    expect(await found('Geeta')).toMatchObject({ role: 'cashier', needsPin: true });
    expect(await refusalOf(desk.rpc.staff.signIn({ staffId: geeta, pin: '000000' }))).toEqual({ type: 'PinNotSet' });
    const choose = (supervisorPin: string) =>
      desk.rpc.staff.choosePin({ staffId: geeta, pin: '445566', supervisorPin });
    expect(await refusalOf(choose(pins.cashier))).toMatchObject({ type: 'PinWrong' });
    await choose(pins.supervisor);
    expect(await refusalOf(choose(pins.supervisor))).toMatchObject({ type: 'NotFound' });
    expect(await desk.rpc.staff.signIn({ staffId: geeta, pin: '445566' })).toMatchObject({ name: 'Geeta' });
    expect((await sell(desk.rpc, codes.soap)).cashierName).toBe('Geeta');
    // Another name and role: the PIN stays, since it is the till's.
    const again = { ...person, name: 'Geeta Devi', role: 'supervisor', seenAtMs: start } as const;
    expect(await savePerson(server.pool, caller, { ...again, seenAtMs: 5 }, start)).toMatchObject({ ok: false });
    await savePerson(server.pool, caller, again, start + 1);
    await until(async () => (await found('Geeta Devi')) !== undefined);
    await desk.reopen();
    expect(await desk.rpc.staff.signIn({ staffId: geeta, pin: '445566' })).toMatchObject({ role: 'supervisor' });
    // For another store only: here she is no more.
    await savePerson(server.pool, caller, { ...again, storeIds: [], seenAtMs: start + 1 }, start + 2);
    await until(async () => (await found('Geeta Devi')) === undefined);
    expect((await desk.rpc.staff.list()).map((one) => one.name)).toEqual(['Ravi', 'Sita', 'Meena']);
  }, 30_000);

  it('brings its rules: a limit for discounts, days for returns; a row less and the shop has its own again', async () => {
    await desk.signIn('cashier');
    const bill = await sell(desk.rpc, codes.soap);
    const say = (setting: Parameters<typeof saveSetting>[2]['setting']) =>
      saveSetting(server.pool, caller, { storeId: null, setting }, start);
    await say({ name: 'discountLimitBp', value: 500 });
    await say({ name: 'returnDays', value: 7 });
    const { tables } = desk.till().context;
    await until(() => tables.sentRows.list('settings', '').length === 2);
    await scan(desk.rpc, codes.soap);
    const [line] = (await desk.rpc.cart.get()).lines;
    const cut = (rateBp: number) =>
      desk.rpc.cart.setLineDiscount({
        key: newKey(),
        cartId: null,
        lineId: line?.id ?? bill.id,
        discount: { kind: 'percent', rateBp: basisPoints(rateBp) },
      });
    expect(await refusalOf(cut(501))).toEqual({ type: 'DiscountAboveLimit', limitBp: 500 });
    expect(await refusalOf(cut(500))).toBeNull();
    const amount = (paise: number) =>
      desk.rpc.cart.setBillDiscount({
        key: newKey(),
        cartId: null,
        discount: { kind: 'amount', amountPaise: rupees(paise) },
      });
    expect(await refusalOf(amount(3))).toMatchObject({ type: 'DiscountAboveLimit' });
    expect(await refusalOf(amount(2))).toBeNull();
    desk.moveClock(8 * 86_400_000);
    const giveBack = () =>
      desk.rpc.creditNote.commitForBill({
        ...reject,
        billId: bill.id,
        lines: [{ billLineNo: 1, qtyMilli: 1000 as never, isRestocked: true }],
      });
    expect(await refusalOf(giveBack())).toMatchObject({ type: 'ReturnTooLate', days: 7 });
    await clearSetting(server.pool, caller, { storeId: null, name: 'returnDays' });
    await until(() => tables.sentRows.list('settings', '').length === 1);
    expect(await refusalOf(giveBack())).toBeNull();
  }, 30_000);

  it('brings its tax rates as classes of their own, dated, and takes no two of one class for one day', async () => {
    const rate = {
      classKey: 'office-1905-rusk',
      hsn: '1905',
      description: 'Rusk',
      condition: '',
      from: '2026-10-01' as BusinessDate,
      to: null,
      rate: { rateBp: basisPoints(500), cess: null, treatment: 'taxable', valuation: 'transactionValue' },
    } as const satisfies RateRow;
    expect(await saveRate(server.pool, caller, { rate }, start)).toEqual({ ok: true });
    const later = { ...rate, from: '2026-11-01' as BusinessDate };
    expect(await saveRate(server.pool, caller, { rate: later }, start)).toEqual({ ok: false, reason: 'overlap' });
    expect(await saveRate(server.pool, caller, { rate: later, endsEarlier: true }, start)).toEqual({ ok: true });
    const kept = (await listRates(server.pool, caller)).map(({ rate: { from, to } }) => [from, to]);
    expect(kept).toEqual([
      ['2026-10-01', '2026-10-31'],
      ['2026-11-01', null],
    ]);
    await until(async () =>
      (await desk.rpc.item.taxClasses({ hsn: '1905' })).some((row) => row.classKey === 'office-1905-rusk'),
    );
  }, 30_000);

  it('finds a row that was lost, tells it, and heals by itself', async () => {
    await saveSetting(
      server.pool,
      caller,
      { storeId: null, setting: { name: 'receiptFooter', value: 'धन्यवाद "फिर आइए"' } },
      start,
    );
    const { context } = desk.till();
    const { tables, settings } = context;
    const joined = settings.get().headOffice;
    if (joined === null) throw new Error('not joined');
    await context.sync.close();
    const told: unknown[] = [];
    const applier = makeRowApplier(tables, 'settings', null);
    const stop = followSent({
      server: makeTillAccess({
        url: joined.url,
        tillId: joined.tillId,
        key: makeKeptKey(tables),
        makeSecret: newTillSecret,
        uptimeMs: () => performance.now(),
      }),
      shape: 'settings',
      applier,
      onApplied: () => undefined,
      onFault: (error) => told.push(String(error)),
      onDiverged: (shape) => told.push(shape),
      auditEveryMs: 20,
      later: (work, ms) => {
        const timer = setTimeout(work, Math.min(ms, 50));
        return () => clearTimeout(timer);
      },
    });
    const hasFooter = (): boolean => tables.sentRows.content('settings', 'receiptFooter') !== null;
    await until(hasFooter);
    await sleep(200);
    expect(told).toEqual([]);
    tables.transact(() =>
      tables.sentRows.drop('settings', tables.sentRows.generation('settings'), { key: 'receiptFooter', isOwn: false }),
    );
    await until(() => told.length > 0 && hasFooter());
    expect(told).toEqual(['settings']);
    stop();
  }, 30_000);
});
