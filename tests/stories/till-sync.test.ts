/** A till and a head office, both real: a server that is restored, an entry that makes it fault, prices with a time. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Item } from '#core/catalogue/item.ts';
import { onePiece } from '#core/quantity.ts';
import { listPublications, publish } from '#sync-server/catalogue/publication.ts';
import { publishItems } from '#sync-server/catalogue/publish.ts';
import { makeCode } from '#sync-server/identity/enrol.ts';
import { changeEpochs } from '#sync-server/ingest/epoch.ts';
import { startSyncServer, type SyncServer } from '#sync-server/start.ts';
import { tillVersion } from '#till/version.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { codes, type Desk, openCounter, openDesk, rupees, sell, start } from '../fixtures/till-desk.ts';
import { layPostgres } from '../fixtures/postgres.ts';

const dir = mkdtempSync(join(tmpdir(), 'billmitra-cloud-'));
const tenantId = '01935000-0000-7000-8000-00000000aaaa';
let server: SyncServer;
beforeAll(async () => {
  await layPostgres(dir);
  server = await startSyncServer({ databaseUrl: null, dataDir: dir, port: 0, clock: { now: () => start } });
  await server.pool.query('INSERT INTO tenant VALUES ($1, $2)', [tenantId, 'Sharma']);
}, 60_000);
afterAll(async () => {
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

const desks: Desk[] = [];
let storeNo = 0;
let tillNo = 0;
let storeId = '';
beforeEach(() => {
  storeNo += 1;
  storeId = `01935000-0000-7000-8000-00000000b${String(storeNo).padStart(3, '0')}`;
});
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.close();
});

const until = async (isDone: () => Promise<boolean>): Promise<void> => {
  for (let i = 0; i < 1_000; i += 1) {
    if (await isDone()) return;
    await sleep(10);
  }
  throw new Error('waited in vain');
};
/** A till without bills of this test's store. */
async function joinedTill(series = 'K3T1', beatMs?: number): Promise<Desk> {
  const desk = await openDesk(null, beatMs);
  desks.push(desk);
  // Two of these folders are made alike, their tills' ids too.
  tillNo += 1;
  const tillId = `01935000-0000-7000-8000-0000000a${String(tillNo).padStart(4, '0')}` as Item['id'];
  desk.till().context.settings.save({ series, tillId });
  await desk.signIn('owner');
  await server.pool.query(
    "INSERT INTO store (tenant_id, store_id, region, name) VALUES ($1, $2, 'North', 'Jaipur') ON CONFLICT DO NOTHING",
    [tenantId, storeId],
  );
  const code = await makeCode(server.pool, {
    tenantId,
    storeId,
    isNewStore: false,
    storeName: 'Jaipur',
    region: 'North',
    expiresAtMs: start + 600_000,
  });
  await desk.rpc.sync.join({ serverUrl: server.url, code });
  return desk;
}
const allSent = (desk: Desk) => async (): Promise<boolean> => (await desk.rpc.sync.state()).toSend === 0;
const bills = async (): Promise<number> =>
  Number((await server.pool.query('SELECT sum(bills) AS n FROM store_day WHERE store_id = $1', [storeId])).rows[0]?.n);
/** What an older copy of the database knows of this store: nothing after `seq`. */
async function forgetAfter(seq: number): Promise<void> {
  const { pool } = server;
  for (const table of ['bill_line', 'bill', 'store_day', 'item_day', 'stock_level', 'document', 'item_proposal']) {
    await pool.query(`DELETE FROM ${table} WHERE store_id = $1`, [storeId]);
  }
  await pool.query('UPDATE till SET through_seq = $2 WHERE store_id = $1', [storeId, seq]);
  await changeEpochs(pool);
}

describe('a till and its head office', () => {
  it('sends everything again to a server that was restored from a copy of before, and each bill counts once', async () => {
    const desk = await joinedTill();
    await openCounter(desk);
    for (let i = 0; i < 3; i += 1) await sell(desk.rpc, codes.soap);
    await until(allSent(desk));
    expect(await bills()).toBe(3);
    await forgetAfter(0);
    await sell(desk.rpc, codes.salt);
    await until(async () => (await allSent(desk)()) && (await bills()) === 4);
    await sell(desk.rpc, codes.salt);
    await until(async () => (await allSent(desk)()) && (await bills()) === 5);
    const stored = await server.pool.query('SELECT count(*) AS n FROM bill WHERE store_id = $1', [storeId]);
    expect(stored.rows[0]?.n).toBe('5');
    expect((await desk.rpc.sync.state()).refused).toBe(0);
  }, 30_000);

  it('hears of a server that was restored although it sells nothing, and head office of it', async () => {
    const desk = await joinedTill('K3T1', 50);
    await openCounter(desk);
    for (let i = 0; i < 3; i += 1) await sell(desk.rpc, codes.soap);
    await until(async () => (await allSent(desk)()) && (await bills()) === 3);
    await forgetAfter(0);
    await until(async () => (await bills()) === 3);
    await until(allSent(desk));
    const told = async () =>
      (await server.pool.query('SELECT backlog, version FROM till WHERE store_id = $1', [storeId])).rows[0];
    await until(async () => (await told())?.backlog === '0');
    expect(await told()).toEqual({ backlog: '0', version: tillVersion });
    expect(tillVersion).toBe(packageJson.version);
    // It compares what it has with what head office has for it, and says so.
    const audit = async () =>
      (await server.pool.query('SELECT audit FROM till WHERE store_id = $1', [storeId])).rows[0]?.audit;
    await until(async () => (await audit())?.items === 0);
    expect(await audit()).toEqual({ atMs: start, items: 0, differing: [] });
    const { tables } = desk.till().context;
    const ghost = { storeId, isOwn: true, key: 'ghost', content: '{}' };
    tables.transact(() => tables.sentRows.put('settings', tables.sentRows.generation('settings'), ghost));
    await until(async () => (await audit())?.differing.includes('settings'));
    await until(async () => (await audit())?.differing.length === 0);
    expect(tables.sentRows.content('settings', 'ghost')).toBeNull();
  }, 30_000);

  it('goes on past an entry that makes the server fault; a supervisor sees it and writes down that it was seen', async () => {
    const desk = await joinedTill();
    await openCounter(desk);
    await until(allSent(desk));
    const itemId = '01935000-0000-7000-8000-00000000cc01';
    await server.pool.query("INSERT INTO catalogue_item VALUES ($1, $2, 1, 'Soap', '{}', 1) ON CONFLICT DO NOTHING", [
      tenantId,
      itemId,
    ]);
    const { context } = desk.till();
    const poison = JSON.stringify({ id: itemId, name: 'Soap\u0000' });
    context.tables.transact(() =>
      context.tables.journal.append('itemChanged', itemId as Item['id'], context.clock.now(), poison),
    );
    await sell(desk.rpc, codes.soap);
    await until(async () => (await allSent(desk)()) && (await bills()) === 1);
    expect(await desk.rpc.sync.state()).toMatchObject({ refused: 1, waitsSinceMs: null });
    const [kept] = await desk.rpc.sync.refused();
    expect(kept).toMatchObject({ kind: 'itemChanged', reason: 'fault', state: 'open', number: null });
    await desk.signIn('supervisor');
    await desk.rpc.sync.accept({ seq: kept?.seq ?? 0, note: 'Told the office' });
    expect(await desk.rpc.sync.state()).toMatchObject({ refused: 0 });
    expect(await desk.rpc.sync.refused()).toMatchObject([{ state: 'accepted', decidedBy: 'Sita' }]);
  }, 60_000);

  it('has a price change at both tills of the store at its time and not before, and head office knows who has it', async () => {
    const [one, two] = [await joinedTill('K3T1'), await joinedTill('K3T2')];
    const sugar: Item = {
      id: '01935000-0000-7000-8000-00000000cccc' as Item['id'],
      code: 'HO1',
      name: 'Sugar',
      nameHi: null,
      brand: null,
      category: null,
      unit: 'pc',
      hsn: null,
      taxClassKey: 'plain-500',
      isInclusive: true,
      mrpPaise: rupees(60),
      sellingPricePaise: rupees(46),
      costPricePaise: rupees(40),
      looseSlot: null,
      isActive: true,
      batches: [],
      barcodes: [
        { code: '8901234567894', packQtyMilli: onePiece, packName: null, sellingPricePaise: null, mrpPaise: null },
      ],
    };
    await publishItems(server.pool, tenantId, [storeId], [sugar], start);
    const priceAt = (desk: Desk, amount: number) => async (): Promise<boolean> =>
      desk.rpc.item.byCode({ code: '8901234567894' }).then(
        (item) => item.sellingPricePaise === rupees(amount),
        () => false,
      );
    for (const desk of [one, two]) await until(priceAt(desk, 46));
    const who = { tenantId, region: null, storeId: null, email: 'owner@example.in' };
    const order = (publicationId: string, amount: number) =>
      publish(server.pool, who, start, {
        publicationId: publicationId as Item['id'],
        scope: { kind: 'stores', storeIds: [storeId as Item['id']] },
        effectiveAtMs: start + 3_600_000,
        note: '',
        lines: [{ itemId: sugar.id, change: { sellingPricePaise: rupees(amount) } }],
      });
    const above = await order('01935000-0000-7000-8000-0000000f0001', 61);
    expect(above).toMatchObject({ publication: null, refused: [{ fault: { reason: 'aboveMrp' } }] });
    const below = await order('01935000-0000-7000-8000-0000000f0002', 39);
    expect(below).toMatchObject({ publication: null, refused: [{ fault: { reason: 'belowCost' } }] });
    const sent = await order('01935000-0000-7000-8000-0000000f0003', 50);
    expect(sent).toMatchObject({ refused: [], publication: { tills: 2, lines: 1 } });
    const acks = async (column: string): Promise<number> =>
      Number((await server.pool.query(`SELECT count(${column}) AS n FROM publication_ack`)).rows[0]?.n);
    await until(async () => (await acks('arrived_at_ms')) === 2);
    for (const desk of [one, two]) desk.till().context.sync.applyDue();
    expect(await acks('applied_at_ms')).toBe(0);
    for (const desk of [one, two]) expect(await priceAt(desk, 46)()).toBe(true);
    for (const desk of [one, two]) {
      desk.moveClock(3_600_001);
      desk.till().context.sync.applyDue();
      expect(await priceAt(desk, 50)()).toBe(true);
    }
    await until(async () => (await acks('applied_at_ms')) === 2);
    // A price of goods that this store was never sent is told as that, not as sold by.
    const elsewhere = '01935000-0000-7000-8000-00000000cccd' as Item['id'];
    await server.pool.query("INSERT INTO catalogue_item VALUES ($1, $2, 1, 'Jaggery', $3, 1)", [
      tenantId,
      elsewhere,
      JSON.stringify({ ...sugar, id: elsewhere, code: 'HO2', name: 'Jaggery', barcodes: [] }),
    ]);
    await publish(server.pool, who, start, {
      publicationId: '01935000-0000-7000-8000-0000000f0004' as Item['id'],
      scope: { kind: 'stores', storeIds: [storeId as Item['id']] },
      effectiveAtMs: start,
      note: '',
      lines: [
        { itemId: elsewhere, change: { sellingPricePaise: rupees(45) } },
        { itemId: sugar.id, change: { name: 'Sugar S' } },
      ],
    });
    const lacking = async () => (await listPublications(server.pool, who, 1))[0];
    await until(async () => (await lacking())?.tillsSelling === 2);
    expect(await lacking()).toMatchObject({ tillsWithIt: 2, tillsSelling: 2, tillsWithoutSome: 2 });
    // Head office's base row comes again: what is in effect stays on top.
    await publishItems(server.pool, tenantId, [storeId], [{ ...sugar, brand: 'M' }], start);
    await until(async () => (await one.rpc.item.byCode({ code: '8901234567894' })).brand === 'M');
    expect(await priceAt(one, 50)()).toBe(true);
  }, 60_000);
});
