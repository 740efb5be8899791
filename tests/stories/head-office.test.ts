/** A till and a head office, both real: bills made without a network are there once, to the paisa, when it returns. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Item } from '#core/catalogue/item.ts';
import { onePiece } from '#core/quantity.ts';
import { publishItems } from '#sync-server/catalogue/publish.ts';
import { makeCode } from '#sync-server/identity/enrol.ts';
import { startSyncServer, type SyncServer } from '#sync-server/start.ts';
import { codes, type Desk, openCounter, openDesk, refusalOf, rupees, sell, start } from '../fixtures/till-desk.ts';
import { layPostgres } from '../fixtures/postgres.ts';

const dir = mkdtempSync(join(tmpdir(), 'billmitra-cloud-'));
const tenantId = '01935000-0000-7000-8000-00000000aaaa';
let server: SyncServer;
const open = (port: number): Promise<SyncServer> =>
  startSyncServer({ databaseUrl: null, dataDir: dir, port, clock: { now: () => start } });

beforeAll(async () => {
  await layPostgres(dir);
  server = await open(0);
  await server.pool.query('INSERT INTO tenant VALUES ($1, $2)', [tenantId, 'Sharma']);
}, 60_000);
afterAll(async () => {
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
  await openCounter(desk);
});
afterEach(() => desk.close());

const newCode = (): Promise<string> =>
  makeCode(server.pool, {
    tenantId,
    storeId: '01935000-0000-7000-8000-00000000bbbb',
    isNewStore: true,
    storeName: 'Sharma Kirana, Jaipur',
    region: 'North',
    expiresAtMs: start + 600_000,
  });
const until = async (isDone: () => Promise<boolean>): Promise<void> => {
  for (let i = 0; i < 1_000; i += 1) {
    if (await isDone()) return;
    await sleep(10);
  }
  throw new Error('waited in vain');
};
const isAllSent = async (): Promise<boolean> => (await desk.rpc.sync.state()).toSend === 0;
const storeDay = async () =>
  (
    await server.pool.query('SELECT bills, sales_paise FROM store_day WHERE store_id = $1', [
      desk.till().context.settings.get().storeId,
    ])
  ).rows;

describe('head office', () => {
  it('refuses a code that is none in words, and joins with one that is', async () => {
    await desk.signIn('owner');
    const join = (code: string) => desk.rpc.sync.join({ serverUrl: server.url, code });
    expect(await refusalOf(join('AAAA-AAAA'))).toEqual({ type: 'JoinRefused', reason: 'codeUnknown' });
    expect(await refusalOf(desk.rpc.sync.join({ serverUrl: 'http://127.0.0.1:1', code: 'AAAA-AAAA' }))).toEqual({
      type: 'JoinRefused',
      reason: 'noServer',
    });
    const code = await newCode();
    expect(await join(`${code.slice(0, 4)}-${code.slice(4)}`.toLowerCase())).toMatchObject({
      storeName: 'Sharma Kirana, Jaipur',
    });
    expect(await refusalOf(join(code))).toEqual({ type: 'JoinRefused', reason: 'codeUsed' });
  });

  it('has every bill once, those made while it was away too, and the day adds up to the paisa', async () => {
    const before = await sell(desk.rpc, codes.soap);
    await desk.signIn('owner');
    await desk.rpc.sync.join({ serverUrl: server.url, code: await newCode() });
    await until(isAllSent);
    expect(await storeDay()).toEqual([{ bills: '1', sales_paise: String(before.payablePaise) }]);

    const { port } = new URL(server.url);
    await server.stop();
    await desk.signIn('cashier');
    const away = [await sell(desk.rpc, codes.salt), await sell(desk.rpc, codes.soap)];
    expect((await desk.rpc.sync.state()).toSend).toBeGreaterThanOrEqual(2);
    await desk.reopen();
    server = await open(Number(port));
    await until(isAllSent);
    const sum = [before, ...away].reduce((total, bill) => total + bill.payablePaise, 0);
    expect(await storeDay()).toEqual([{ bills: '3', sales_paise: String(sum) }]);
    expect((await desk.rpc.sync.state()).refused).toBe(0);
  }, 30_000);

  it("has its prices at the till: published, changed while the till is away, and a shop's own goods stay", async () => {
    await desk.signIn('owner');
    await desk.rpc.sync.join({ serverUrl: server.url, code: await newCode() });
    const { storeId } = desk.till().context.settings.get();
    const mine = await desk.rpc.item.byCode({ code: codes.soap });
    const sugar: Item = {
      ...mine,
      id: '01935000-0000-7000-8000-00000000cccc' as Item['id'],
      code: 'HO1',
      name: 'Sugar of head office',
      nameHi: null,
      isActive: true,
      looseSlot: null,
      batches: [],
      barcodes: [
        { code: '8901234567894', packQtyMilli: onePiece, packName: null, sellingPricePaise: null, mrpPaise: null },
      ],
    };
    const publish = (item: Item) => publishItems(server.pool, tenantId, [storeId], [item], start);
    await publish({ ...sugar, sellingPricePaise: rupees(46) });
    const priceIs = (amount: number) => async () =>
      desk.rpc.item.byCode({ code: '8901234567894' }).then(
        (item) => item.sellingPricePaise === rupees(amount),
        () => false,
      );
    await until(priceIs(46));
    await publish({ ...sugar, sellingPricePaise: rupees(48) });
    await until(priceIs(48));
    const { port } = new URL(server.url);
    await server.stop();
    await desk.reopen();
    server = await open(Number(port));
    await publish({ ...sugar, sellingPricePaise: rupees(50) });
    await desk.signIn('cashier');
    await until(priceIs(50));
    expect((await desk.rpc.item.byCode({ code: codes.soap })).sellingPricePaise).toBe(mine.sellingPricePaise);
    expect((await sell(desk.rpc, '8901234567894')).lines[0]?.sellingPricePaise).toBe(rupees(50));
  }, 30_000);
});
