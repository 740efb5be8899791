/** A till and its key, both sides real: an hour over, a disk from a backup, a month away; billing goes on and nothing is lost. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { instant } from '#core/time.ts';
import { makeCode } from '#sync-server/identity/enrol.ts';
import { lapsesAfterMs, tillAccessLivesMs } from '#sync-server/identity/till-key.ts';
import { publishItems } from '#sync-server/catalogue/publish.ts';
import { readTills } from '#sync-server/office/organisation.ts';
import { inTenant } from '#sync-server/postgres/in-tenant.ts';
import { startSyncServer, type SyncServer } from '#sync-server/start.ts';
import { codes, type Desk, openCounter, openDesk, sell, start } from '../fixtures/till-desk.ts';
import { layPostgres } from '../fixtures/postgres.ts';

const dir = mkdtempSync(join(tmpdir(), 'billmitra-keys-'));
const tenantId = '01935000-0000-7000-8000-00000000aaaa';
const storeId = '01935000-0000-7000-8000-00000000bbbb';
let server: SyncServer;
let desk: Desk;
let aheadMs = 0;

beforeAll(async () => {
  await layPostgres(dir);
  server = await startSyncServer({
    databaseUrl: null,
    dataDir: dir,
    port: 0,
    clock: { now: () => instant(start + aheadMs) },
  });
  await server.pool.query('INSERT INTO tenant VALUES ($1, $2)', [tenantId, 'Sharma']);
  await server.pool.query("INSERT INTO store (tenant_id, store_id, region, name) VALUES ($1, $2, 'North', 'Jaipur')", [
    tenantId,
    storeId,
  ]);
  desk = await openDesk();
  await desk.signIn('owner');
  await joinAgain();
  await openCounter(desk);
}, 60_000);
afterAll(async () => {
  await desk.close();
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function joinAgain(): Promise<void> {
  const expiresAtMs = start + aheadMs + 600_000;
  const asked = { tenantId, storeId, isNewStore: false, storeName: 'Jaipur', region: 'North', expiresAtMs };
  await desk.rpc.sync.join({ serverUrl: server.url, code: await makeCode(server.pool, asked) });
}
const state = () => desk.rpc.sync.state();
const billsThere = async (): Promise<number> =>
  Number((await server.pool.query('SELECT coalesce(sum(bills), 0) AS n FROM store_day')).rows[0]?.n);
const stateThere = async () =>
  (await inTenant(server.pool, tenantId, (on) => readTills(on, start + aheadMs)))[0]?.state;
const soon = { timeout: 15_000 };
const keyAtTill = (): string => desk.till().context.tables.settings.get('headOfficeKey') ?? '';

it('goes on when its hour is over, in the middle of a shape too', async () => {
  await sell(desk.rpc, codes.soap);
  await expect.poll(billsThere, soon).toBe(1);
  const before = keyAtTill();
  aheadMs += tillAccessLivesMs + 1_000;
  await sell(desk.rpc, codes.soap);
  await expect.poll(billsThere, soon).toBe(2);
  expect(keyAtTill()).not.toBe(before);
  expect((await state()).shutOut).toBeNull();
  // The shape was open all the time; what comes now is asked for with the new token.
  const soap = await desk.rpc.item.byCode({ code: codes.soap });
  const sugar = { ...soap, id: '01935000-0000-7000-8000-00000000cccc', code: 'HO9', name: 'Sugar', nameHi: null };
  const item = { ...sugar, barcodes: [], batches: [], looseSlot: null } as unknown as Parameters<
    typeof publishItems
  >[3][0];
  await publishItems(server.pool, tenantId, [storeId], [item], start);
  const nameAtTill = () =>
    desk.rpc.item.byCode({ code: 'HO9' }).then(
      (found) => found.name,
      () => null,
    );
  await expect.poll(nameAtTill, soon).toBe('Sugar');
});

it('is shut out at once when its disk comes back from a backup, says why, bills on, and comes back with a code', async () => {
  const backup = keyAtTill();
  for (const bills of [3, 4]) {
    aheadMs += tillAccessLivesMs + 1_000;
    await sell(desk.rpc, codes.soap);
    await expect.poll(billsThere, soon).toBe(bills);
  }
  desk.till().context.tables.settings.set('headOfficeKey', backup);
  aheadMs += tillAccessLivesMs + 1_000;
  await sell(desk.rpc, codes.soap);
  await expect.poll(async () => (await state()).shutOut, soon).toBe('reused');
  expect((await state()).state).toBe('notEnrolled');
  expect(await stateThere()).toBe('reused');
  await sell(desk.rpc, codes.soap);
  expect(await billsThere()).toBe(4);
  await desk.signIn('owner');
  await joinAgain();
  await expect.poll(billsThere, soon).toBe(6);
  expect(await stateThere()).toBe('live');
  expect((await state()).shutOut).toBeNull();
});

it('away for a month it bills on, is asked to enrol again, and loses nothing', async () => {
  await desk.signIn('cashier');
  aheadMs += lapsesAfterMs + 1_000;
  await sell(desk.rpc, codes.soap);
  await expect.poll(async () => (await state()).shutOut, soon).toBe('lapsed');
  await sell(desk.rpc, codes.soap);
  expect((await state()).billsToSend).toBe(2);
  await desk.signIn('owner');
  await joinAgain();
  await expect.poll(billsThere, soon).toBe(8);
});
