/**
 * A store with goods of its own: head office's demand frame of it and the one that its till makes of its books are the same in
 * units, price, category and in what is weighed. Rule kept: a real till that joins a real head office and pushes; nothing is
 * written into head office's tables by hand.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { businessDateOf, instant } from '#core/time.ts';
import { readDemand } from '#db/demand.ts';
import { billFrame } from '#ml/frame/bill-frame.ts';
import type { SeriesFrame } from '#ml/frame/series-frame.ts';
import { demoStores, demoTenantId, seedDemoChain } from '#sync-server/demo-chain.ts';
import { clean } from '#sync-server/forecast/clean.ts';
import { ingest } from '#sync-server/forecast/ingest.ts';
import { newestVersion, placeOf, type StepWorld, usualSettings } from '#sync-server/forecast/step.ts';
import { readStoreFrame } from '#sync-server/forecast/store-frames.ts';
import { makeCode } from '#sync-server/identity/enrol.ts';
import { exportDueDays } from '#sync-server/jobs/export-bills.ts';
import { openFolderStore } from '#sync-server/objects/folder-store.ts';
import { startSyncServer, type SyncServer } from '#sync-server/start.ts';
import {
  barcode,
  codes,
  type Desk,
  goods,
  newKey,
  openCounter,
  openDesk,
  rupees,
  sell,
  start,
} from '../fixtures/till-desk.ts';

const dir = mkdtempSync(join(tmpdir(), 'billmitra-own-'));
const dayMs = 86_400_000;
const riceCode = '8901000000019';
const oilCode = '8901000000026';
const storeId = demoStores[0]?.storeId ?? '';
let now: number = start;
const clock = { now: () => instant(now) };
let server: SyncServer;
let desk: Desk;

beforeAll(async () => {
  server = await startSyncServer({ databaseUrl: null, dataDir: dir, port: 0, clock });
  await seedDemoChain(server.pool);
  desk = await openDesk();
}, 60_000);
afterAll(async () => {
  await desk?.close();
  await server?.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** Of each item: category, units and prices of the days. */
function seen(frame: SeriesFrame, days: number) {
  const categories = frame.groupings.find(({ name }) => name === 'category');
  return Object.fromEntries(
    frame.names.map((name, i) => [
      name,
      {
        category: categories?.levels[categories.codes[i] ?? 0] ?? '',
        units: [...frame.units.subarray(i * frame.days, i * frame.days + days)],
        prices: [...(frame.price ?? []).slice(i * frame.days, i * frame.days + days)],
      },
    ]),
  );
}

it('is one frame on both sides', async () => {
  const { rpc } = desk;
  await openCounter(desk);
  await desk.signIn('owner');
  // Its price is without tax, and it is weighed; the other comes as an import leaves it: in no journal entry of its own.
  const rice = goods('Rice', rupees(80), {
    category: 'Staples',
    unit: 'kg',
    isInclusive: false,
    barcodes: [barcode(riceCode)],
  });
  const { id } = await rpc.item.add({ key: newKey(), item: rice });
  const { tables } = desk.till().context;
  const held = tables.items.byId(id);
  if (held === null) throw new Error('no rice');
  const oil = {
    ...held,
    id: desk.till().context.newId(),
    code: 'OIL',
    name: 'Oil',
    category: 'Oils',
    unit: 'pc' as const,
    barcodes: [{ ...barcode(oilCode), packQtyMilli: held.barcodes[0]?.packQtyMilli } as (typeof held.barcodes)[number]],
  };
  tables.transact(() => tables.items.insertMany([oil]));
  const code = await makeCode(server.pool, {
    tenantId: demoTenantId,
    storeId,
    isNewStore: false,
    storeName: '',
    region: '',
    expiresAtMs: clock.now() + 600_000,
  });
  await rpc.sync.join({ serverUrl: server.url, code });
  const pass = (): void => {
    desk.pass(dayMs);
    now += dayMs;
  };
  // Goods that come in the middle of a day were there for a part of it, which only the till's own ledger knows.
  pass();
  const first = businessDateOf(instant(now));
  for (const day of [0, 1, 2, 3]) {
    await sell(rpc, codes.soap, codes.salt, riceCode, oilCode);
    if (day === 1) await sell(rpc, riceCode, riceCode, oilCode);
    if (day < 3) pass();
  }
  const last = businessDateOf(instant(now));
  const counted = async () => {
    const found = await server.pool.query<{ bills: number; goods: number }>(
      'SELECT (SELECT count(*)::int FROM bill) AS bills, (SELECT count(*)::int FROM own_item) AS goods',
    );
    return found.rows[0];
  };
  await expect.poll(counted, { timeout: 20_000 }).toEqual({ bills: 5, goods: 4 });

  pass();
  const store = await openFolderStore(join(dir, 'lake'), clock.now);
  const { signal } = new AbortController();
  const world: StepWorld = { store, tenantId: demoTenantId, settings: usualSettings, signal, tell: () => undefined };
  await exportDueDays({ pool: server.pool, store, clock }, demoTenantId, signal);
  await ingest(world, server.pool, businessDateOf(instant(now)));
  await clean(world);
  const version = await newestVersion(store, placeOf('frames', demoTenantId));
  if (version === null) throw new Error('no frames');
  const office = await readStoreFrame(store, version, storeId, 0);
  const till = billFrame(readDemand(desk.till().context.tables.shop.sql, { from: first, to: last, store: 'here' }));
  const ours = seen(till, 4);
  expect(seen(office.frame, 4)).toEqual(ours);
  // Which is worth something only if there is something in it.
  expect(ours[id]).toMatchObject({ category: 'Staples', units: [1, 3, 1, 1], prices: [80, 80, 80, 80] });
  expect(ours[oil.id]).toMatchObject({ category: 'Oils', units: [1, 2, 1, 1] });
}, 60_000);
