/** Two stores' tills and a head office, all real: goods asked for, sent without a network, received with a difference. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Item } from '#core/catalogue/item.ts';
import type { Uuid } from '#core/ids.ts';
import { publishItems } from '#sync-server/catalogue/publish.ts';
import { makeCode } from '#sync-server/identity/enrol.ts';
import { startSyncServer, type SyncServer } from '#sync-server/start.ts';
import {
  barcode,
  type Desk,
  goods,
  newKey,
  openDesk,
  pieces,
  refusalOf,
  rupees,
  start,
} from '../fixtures/till-desk.ts';
import { layPostgres } from '../fixtures/postgres.ts';

const dir = mkdtempSync(join(tmpdir(), 'billmitra-transfers-'));
const tenantId = '01935000-0000-7000-8000-00000000aaaa';
const storeIds = ['01935000-0000-7000-8000-00000000b001', '01935000-0000-7000-8000-00000000b002'] as const;
const itemId = '01935000-0000-7000-8000-00000000cccc' as Uuid;
const code = '8901234567894';
let server: SyncServer;
let a: Desk;
let b: Desk;
const open = (port: number): Promise<SyncServer> =>
  startSyncServer({ databaseUrl: null, dataDir: dir, port, clock: { now: () => start } });

const until = async (isDone: () => Promise<boolean>): Promise<void> => {
  for (let i = 0; i < 1_500; i += 1) {
    if (await isDone()) return;
    await sleep(10);
  }
  throw new Error('waited in vain');
};

async function joined(n: 0 | 1, no: number = n): Promise<Desk> {
  const desk = await openDesk();
  // Made alike, so that only their times tell their ids apart.
  desk.moveClock(no * 60_000);
  const tillId = `01935000-0000-7000-8000-0000000a000${no}` as Uuid;
  desk.till().context.settings.save({ series: `K${no + 1}`, tillId, name: `Shop ${n + 1}` });
  await desk.signIn('owner');
  const storeId = storeIds[n];
  const asked = { tenantId, storeId, isNewStore: true, storeName: `Store ${n + 1}`, region: 'North' };
  await server.pool.query(
    'INSERT INTO store (tenant_id, store_id, region, name) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
    [tenantId, storeId, asked.region, asked.storeName],
  );
  const joining = await makeCode(server.pool, { ...asked, isNewStore: false, expiresAtMs: start + 600_000 });
  await desk.rpc.sync.join({ serverUrl: server.url, code: joining });
  await desk.signIn('supervisor');
  return desk;
}

beforeAll(async () => {
  await layPostgres(dir);
  server = await open(0);
  await server.pool.query('INSERT INTO tenant VALUES ($1, $2)', [tenantId, 'Sharma']);
  a = await joined(0);
  b = await joined(1);
  const soap: Item = {
    id: itemId,
    code: 'HO1',
    name: 'Soap of head office',
    nameHi: null,
    brand: null,
    category: null,
    unit: 'pc',
    hsn: '3401',
    taxClassKey: 'plain-500',
    isInclusive: true,
    mrpPaise: rupees(50),
    sellingPricePaise: rupees(46),
    costPricePaise: rupees(40),
    looseSlot: null,
    isActive: true,
    barcodes: [barcode(code)],
    batches: [],
  };
  await publishItems(server.pool, tenantId, storeIds, [soap], start);
  for (const desk of [a, b]) {
    await until(async () => (await refusalOf(desk.rpc.item.byCode({ code }))) === null);
    await until(async () => (await desk.rpc.transfer.list()).stores.length === 1);
  }
  const received = { itemId, batchId: null, qtyMilli: pieces(20), costPricePaise: rupees(40) };
  await a.rpc.stock.receive({ key: newKey(), lines: [received], note: null });
}, 90_000);
afterAll(async () => {
  await a?.close();
  await b?.close();
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

const onHand = async (desk: Desk): Promise<number> =>
  (await desk.rpc.stock.onHand({ itemIds: [itemId] }))[0]?.onHandMilli ?? 0;
const find = async (desk: Desk, transferId: Uuid) =>
  (await desk.rpc.transfer.list()).transfers.find((one) => one.transferId === transferId);

describe('goods between two stores', () => {
  it('are asked for, sent while head office is away, received with a difference; every book agrees', async () => {
    const lines = [{ itemId, qtyMilli: pieces(10) }];
    const asked = await b.rpc.transfer.request({ key: newKey(), fromStoreId: storeIds[0] as Uuid, lines });
    const { transferId } = asked.row;
    expect(asked).toMatchObject({ row: { way: 'in', state: 'requested', otherName: 'Store 1' }, canCancel: true });
    await until(async () => (await find(a, transferId)) !== undefined);

    const { port } = new URL(server.url);
    await server.stop();
    const send = { key: newKey(), transferId, toStoreId: storeIds[1] as Uuid };
    const sent = await a.rpc.transfer.dispatch({ ...send, lines: [{ itemId, qtyMilli: pieces(8) }] });
    expect(sent).toMatchObject({ number: 'K1D/2627/00001', mayNeedEWay: false });
    expect(sent.transfer.row).toMatchObject({ state: 'inTransit', inTransitPaise: rupees(320) });
    expect(await onHand(a)).toBe(pieces(12));
    // The same command again: one challan.
    expect((await a.rpc.transfer.dispatch({ ...send, lines })).number).toBe(sent.number);
    expect(await onHand(a)).toBe(pieces(12));
    const again = a.rpc.transfer.dispatch({ ...send, key: newKey(), lines });
    expect(await refusalOf(again)).toEqual({ type: 'TransferOver' });
    await a.reopen();
    await a.signIn('supervisor');
    server = await open(Number(port));
    await until(async () => (await find(b, transferId))?.state === 'inTransit');

    const [challan] = (await b.rpc.transfer.get({ transferId })).open;
    const dispatchId = challan?.dispatchId as Uuid;
    const arrive = (good: number, damaged: number, reason: 'short' | null) =>
      b.rpc.transfer.receive({
        key: newKey(),
        transferId,
        dispatchId,
        lines: [{ lineNo: 1, goodMilli: pieces(good), damagedMilli: pieces(damaged), reason }],
      });
    expect(await refusalOf(arrive(6, 1, null))).toMatchObject({ type: 'TransferReasonNeeded' });
    expect((await arrive(6, 1, 'short')).row).toMatchObject({ state: 'closed', hasVariance: true });
    expect(await onHand(b)).toBe(pieces(6));
    expect(await refusalOf(arrive(8, 0, null))).toEqual({ type: 'TransferOver' });
    await until(async () => (await find(a, transferId))?.state === 'closed');
    const rows = await server.pool.query(
      'SELECT state, has_variance, in_transit_paise FROM store_transfer WHERE transfer_id = $1',
      [transferId],
    );
    expect(rows.rows).toEqual(
      Array.from({ length: 2 }, () => ({ state: 'closed', has_variance: true, in_transit_paise: '0' })),
    );
    const lost = await server.pool.query('SELECT qty_milli, lost_milli FROM transit_level');
    expect(lost.rows).toEqual([{ qty_milli: '0', lost_milli: '2000' }]);
    for (const desk of [a, b]) {
      expect((await desk.rpc.sync.state()).refused).toBe(0);
      expect((await desk.rpc.stock.verify()).differing).toBe(0);
    }
  }, 60_000);

  it('draws the challan with both places, values at cost and the copy it is', async () => {
    const [done] = (await a.rpc.transfer.list()).transfers;
    const { steps } = await a.rpc.transfer.get({ transferId: done?.transferId as Uuid });
    const dispatchId = steps.find((step) => step.number !== null)?.eventId as Uuid;
    const { layout, pngBase64 } = await a.rpc.transfer.challan({ dispatchId });
    const text = layout.blocks.flatMap((block) =>
      block.kind === 'row' ? [block.cells.map((cell) => cell.text).join(' ')] : [],
    );
    for (const part of ['DELIVERY CHALLAN', 'ORIGINAL FOR CONSIGNEE', 'Shop 2, Store 2', 'HSN 3401', '320.00']) {
      expect(text.join('\n')).toContain(part);
    }
    expect(pngBase64?.length).toBeGreaterThan(1_000);
    // And on paper, by the spool like any other; again it is a duplicate.
    await a.signIn('owner');
    await a.rpc.device.setPrinter({ target: { kind: 'file', path: 'paper' }, widthMm: 80 });
    await a.signIn('supervisor');
    expect(await a.rpc.transfer.printChallan({ key: newKey(), dispatchId })).toEqual({ number: 'K1D/2627/00001' });
    await until(async () => a.till().context.spool.waiting() === 0);
    expect(readdirSync(join(a.dir(), 'paper')).length).toBeGreaterThan(0);
  });

  it('are not sent of what this store does not have among its items; the rest may go', async () => {
    const own = await b.rpc.item.add({ key: newKey(), item: goods('Gulkand', rupees(90)) });
    const lines = [own.id, itemId].map((id) => ({ itemId: id, qtyMilli: pieces(1) }));
    const { transferId } = (await b.rpc.transfer.request({ key: newKey(), fromStoreId: storeIds[0] as Uuid, lines }))
      .row;
    await until(async () => (await find(a, transferId)) !== undefined);
    expect(Object.keys((await a.rpc.transfer.get({ transferId })).onHand)).toEqual([itemId]);
    const give = (wanted: typeof lines) =>
      a.rpc.transfer.dispatch({ key: newKey(), transferId, toStoreId: storeIds[1] as Uuid, lines: wanted });
    expect(await refusalOf(give(lines))).toEqual({ type: 'TransferItemUnknown', itemName: 'Gulkand' });
    expect((await give(lines.slice(1))).transfer.row.state).toBe('inTransit');
  });

  it('that two tills of the store received count once, in the chain and in both tills’ books', async () => {
    const c = await joined(1, 2);
    try {
      await until(async () => (await refusalOf(c.rpc.item.byCode({ code }))) === null);
      const before = await onHand(b);
      const lines = [{ itemId, qtyMilli: pieces(5) }];
      const give = { key: newKey(), transferId: null, toStoreId: storeIds[1] as Uuid, lines };
      const { transferId } = (await a.rpc.transfer.dispatch(give)).transfer.row;
      for (const desk of [b, c]) await until(async () => (await find(desk, transferId))?.state === 'inTransit');
      const { port } = new URL(server.url);
      await server.stop();
      for (const desk of [b, c]) {
        const [challan] = (await desk.rpc.transfer.get({ transferId })).open;
        const good = [{ lineNo: 1, goodMilli: pieces(5), damagedMilli: pieces(0), reason: null }];
        const dispatchId = challan?.dispatchId as Uuid;
        await desk.rpc.transfer.receive({ key: newKey(), transferId, dispatchId, lines: good });
      }
      expect(await onHand(c)).toBe(pieces(5));
      server = await open(Number(port));
      // B's clock is the earlier one: its receipt counts, and C takes its own back.
      await until(async () => (await onHand(c)) === 0);
      await until(async () => (await find(b, transferId))?.conflicts[0]?.kind === 'receivedTwice');
      expect(await onHand(b)).toBe(before + pieces(5));
      const level = await server.pool.query('SELECT qty_milli FROM stock_level WHERE store_id = $1', [storeIds[1]]);
      expect(level.rows).toEqual([{ qty_milli: String(before + pieces(5)) }]);
    } finally {
      await c.close();
    }
  }, 60_000);

  it('are refused by it, taken back, and a cashier may only ask', async () => {
    const lines = [{ itemId, qtyMilli: pieces(1) }];
    const ask = () => b.rpc.transfer.request({ key: newKey(), fromStoreId: storeIds[0] as Uuid, lines });
    const first = (await ask()).row.transferId;
    await until(async () => (await find(a, first)) !== undefined);
    await a.rpc.transfer.decline({ key: newKey(), transferId: first, note: 'none left' });
    await until(async () => (await find(b, first))?.state === 'declined');
    const second = await ask();
    const taken = await b.rpc.transfer.cancel({ key: newKey(), transferId: second.row.transferId });
    expect(taken.row.state).toBe('cancelled');
    await b.signIn('cashier');
    const third = await ask();
    const give = b.rpc.transfer.dispatch({ key: newKey(), transferId: null, toStoreId: storeIds[0] as Uuid, lines });
    expect(await refusalOf(give)).toEqual({ type: 'RoleNeeded', role: 'supervisor' });
    expect(third.row.state).toBe('requested');
  }, 30_000);

  it('go to no store of another GSTIN without a tax invoice', async () => {
    await b.signIn('supervisor');
    b.till().context.settings.save({ stateCode: '08', gstin: '08AAPFU0939F1ZU' });
    const lines = [{ itemId, qtyMilli: pieces(1) }];
    const give = b.rpc.transfer.dispatch({ key: newKey(), transferId: null, toStoreId: storeIds[0] as Uuid, lines });
    expect(await refusalOf(give)).toEqual({ type: 'TransferNeedsInvoice', storeName: 'Store 1' });
  });
});
