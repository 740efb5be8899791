/** Two branches and head office, all real: what a branch wishes waits for head office; what each has the other sees. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Uuid } from '#core/ids.ts';
import { decideCase, listOpen } from '#sync-server/catalogue/proposals.ts';
import { saveItem } from '#sync-server/catalogue/items.ts';
import { publish } from '#sync-server/catalogue/publication.ts';
import { makeCode } from '#sync-server/identity/enrol.ts';
import { startSyncServer, type SyncServer } from '#sync-server/start.ts';
import {
  codes,
  type Desk,
  newKey,
  openCounter,
  openDesk,
  pieces,
  refusalOf,
  rupees,
  sell,
  start,
} from '../fixtures/till-desk.ts';
import { layPostgres } from '../fixtures/postgres.ts';

const dir = mkdtempSync(join(tmpdir(), 'billmitra-proposals-'));
const tenantId = '01935000-0000-7000-8000-00000000aaaa';
const who = { tenantId, region: null, storeId: null, email: 'anita@sharma.shop' };
const oil = '01935000-0000-7000-8000-00000000c0c0' as Uuid;
const oilCode = '8901234567894';
let server: SyncServer;
let baner: Desk;
let aundh: Desk;

async function joinAs(desk: Desk, storeName: string): Promise<void> {
  await openCounter(desk);
  const code = await makeCode(server.pool, {
    tenantId,
    storeId: tenantId,
    isNewStore: true,
    storeName,
    region: 'Pune',
    expiresAtMs: start + 600_000,
  });
  await desk.signIn('owner');
  await desk.rpc.sync.join({ serverUrl: server.url, code });
}
async function until(isDone: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 1_000; i += 1) {
    if (await isDone()) return;
    await sleep(10);
  }
  throw new Error('waited in vain');
}

beforeAll(async () => {
  await layPostgres(dir);
  server = await startSyncServer({
    databaseUrl: null,
    dataDir: dir,
    port: 0,
    clock: { now: () => start },
    tellEveryMs: 50,
  });
  await server.pool.query('INSERT INTO tenant VALUES ($1, $2)', [tenantId, 'Sharma']);
  baner = await openDesk();
  aundh = await openDesk();
  // Two shops of one test's seed have the same ids: the second is its own.
  const { settings } = aundh.till().context;
  settings.save({
    storeId: '01935000-0000-7000-8000-0000000000b2' as Uuid,
    tillId: '01935000-0000-7000-8000-0000000000b3' as Uuid,
  });
  await joinAs(baner, 'Baner');
  await joinAs(aundh, 'Aundh');
  const barcodes = [
    { code: oilCode, packQtyMilli: pieces(1), packName: null, sellingPricePaise: null, mrpPaise: null },
  ];
  const change = {
    name: 'Oil',
    unit: 'pc',
    sellingPricePaise: rupees(52),
    mrpPaise: rupees(55),
    taxClassKey: 'plain-500',
    barcodes,
  } as const;
  await saveItem(server.pool, who, { itemId: oil, revision: 0, change }, start);
  await publish(server.pool, who, start, {
    publicationId: '01935000-0000-7000-8000-00000000c0c1' as Uuid,
    lines: [{ itemId: oil, change }],
    scope: { kind: 'all' },
    effectiveAtMs: 0,
    note: '',
  });
  for (const desk of [baner, aundh]) {
    await until(() =>
      desk.rpc.item.byCode({ code: oilCode }).then(
        () => true,
        () => false,
      ),
    );
  }
}, 60_000);
afterAll(async () => {
  await baner.close();
  await aundh.close();
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

const priceAt = async (desk: Desk) => (await desk.rpc.item.byCode({ code: oilCode })).sellingPricePaise;
const wish = (desk: Desk, price: number) =>
  desk.rpc.item.change({ key: newKey(), id: oil, change: { sellingPricePaise: rupees(price) } });
const newest = async (desk: Desk) => (await desk.rpc.item.card({ id: oil })).proposals[0];
const openCase = async () => (await listOpen(server.pool, who)).find((one) => one.itemId === oil);

describe('a branch and what head office owns', () => {
  it('a change waits for head office, sells at the old price meanwhile, and holds when it is taken', async () => {
    expect(await wish(baner, 49)).toMatchObject({
      isHeadOffices: true,
      item: { sellingPricePaise: rupees(52) },
      proposals: [
        { state: 'open', change: { sellingPricePaise: rupees(49) }, base: { sellingPricePaise: rupees(52) } },
      ],
    });
    await baner.signIn('cashier');
    expect((await sell(baner.rpc, oilCode)).payablePaise).toBe(rupees(52));
    expect(await refusalOf(wish(baner, 48))).toMatchObject({ type: 'RoleNeeded' });
    await baner.signIn('owner');
    await until(async () => (await openCase()) !== undefined);
    const one = await openCase();
    expect(one?.proposals).toMatchObject([{ storeName: 'Baner', byName: 'Ravi' }]);
    const decision = { kind: 'accept', proposalId: one?.proposals[0]?.id ?? oil, scope: 'store' } as const;
    const asked = { itemId: oil, seen: one?.seen ?? '', decision, note: 'fine' };
    expect(await decideCase(server.pool, who, asked, start)).toEqual({ ok: true });
    await until(async () => (await priceAt(baner)) === rupees(49));
    await until(async () => (await newest(baner))?.state === 'accepted');
    expect(await newest(baner)).toMatchObject({ note: 'fine', decidedBy: who.email });
    expect(await priceAt(aundh)).toBe(rupees(52));
  }, 30_000);

  it('is taken back before it is decided; a newer wish takes the older back; the other branch never sees it', async () => {
    await wish(aundh, 51);
    await wish(aundh, 50);
    const states = async () => (await aundh.rpc.item.card({ id: oil })).proposals.map((one) => one.state);
    expect(await states()).toEqual(['open', 'takenBack']);
    await until(async () => (await openCase())?.proposals.length === 1);
    const open = await newest(aundh);
    await aundh.rpc.item.takeBack({ key: newKey(), proposalId: open?.id ?? oil });
    await until(async () => (await openCase()) === undefined);
    await sleep(100);
    expect(await states()).toEqual(['takenBack', 'takenBack']);
    expect(await refusalOf(aundh.rpc.item.takeBack({ key: newKey(), proposalId: open?.id ?? oil }))).toMatchObject({
      type: 'NotFound',
    });
    expect((await baner.rpc.item.card({ id: oil })).proposals).toHaveLength(1);
  }, 30_000);

  it("the shop's own goods change at once", async () => {
    const soap = await baner.rpc.item.byCode({ code: codes.soap });
    const card = await baner.rpc.item.change({ key: newKey(), id: soap.id, change: { sellingPricePaise: rupees(44) } });
    expect(card).toMatchObject({ isHeadOffices: false, item: { sellingPricePaise: rupees(44) }, proposals: [] });
    await until(async () => (await baner.rpc.sync.state()).toSend === 0);
    expect((await listOpen(server.pool, who)).some((one) => one.itemId === soap.id)).toBe(false);
  }, 30_000);

  it('what the other store has is seen, with when it was last heard, and never counts as one’s own', async () => {
    await aundh.rpc.stock.receive({
      key: newKey(),
      lines: [{ itemId: oil, batchId: null, qtyMilli: pieces(12), costPricePaise: null }],
      note: null,
    });
    aundh.till().context.sync.kick();
    await until(async () => (await baner.rpc.item.card({ id: oil })).elsewhere.length > 0);
    expect((await baner.rpc.item.card({ id: oil })).elsewhere).toEqual([
      { storeName: 'Aundh', qtyMilli: pieces(12), heardAtMs: start },
    ]);
    expect((await aundh.rpc.item.card({ id: oil })).elsewhere).toEqual([]);
    const [found] = await baner.rpc.item.search({ text: 'Oil', limit: 5 });
    expect(found?.elsewhere).toMatchObject({ storeName: 'Aundh' });
    expect(found?.stockMilli).toBe(pieces(-1));
    const { tables } = baner.till().context;
    await until(() => tables.sentRows.list('storeDays', '').length === 1);
    expect(tables.sentRows.list('storeDays', '')[0]?.content).toContain('"bills":1');
  }, 30_000);
});
