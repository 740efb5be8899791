/** A new till whose catalogue is on its way sells what it is asked for, as head office sells it at that moment. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Item } from '#core/catalogue/item.ts';
import { onePiece } from '#core/quantity.ts';
import { publish } from '#sync-server/catalogue/publication.ts';
import { publishItems } from '#sync-server/catalogue/publish.ts';
import { signTillAccess } from '#sync-server/identity/till-key.ts';
import { startSyncServer, type SyncServer } from '#sync-server/start.ts';
import { makeCatalogueApplier } from '#till/sync/apply-catalogue.ts';
import { makeItemDesk } from '#till/sync/ask-item.ts';
import { openTables } from '#till/tables.ts';
import { makeFolder, mustOpen, sampleIds, setUpDesk } from '../fixtures/sample-shop.ts';
import { layPostgres } from '../fixtures/postgres.ts';

const dir = mkdtempSync(join(tmpdir(), 'billmitra-new-till-'));
const folder = makeFolder();
const newId = sampleIds();
const till = { tenantId: newId(), storeId: newId(), tillId: newId(), familyId: newId() };
let server: SyncServer;
beforeAll(async () => {
  await layPostgres(dir);
  server = await startSyncServer({ databaseUrl: null, dataDir: dir, port: 0 });
  const { pool } = server;
  await pool.query('INSERT INTO tenant (tenant_id, name) VALUES ($1, $2)', [till.tenantId, 'Sharma']);
  await pool.query("INSERT INTO store (tenant_id, store_id, region, name) VALUES ($1, $2, 'North', 'Jaipur')", [
    till.tenantId,
    till.storeId,
  ]);
  await pool.query("INSERT INTO till (tenant_id, store_id, till_id, name, family_id) VALUES ($1, $2, $3, 'T', $4)", [
    till.tenantId,
    till.storeId,
    till.tillId,
    till.familyId,
  ]);
}, 60_000);
afterAll(async () => {
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
  folder.remove();
});

it('puts one item on sale before the catalogue is, with the price of the moment; the catalogue has the last word', async () => {
  const shop = mustOpen(folder.dir);
  const tables = openTables(shop);
  const [pattern] = setUpDesk(shop, newId, 1).items;
  if (pattern === undefined) throw new Error('no item');
  const barcodeOf = (n: number): string => `89000000000${n}0`;
  const goods = [1, 2, 3].map((n): Item => {
    const code = {
      code: barcodeOf(n),
      packQtyMilli: onePiece,
      packName: null,
      sellingPricePaise: null,
      mrpPaise: null,
    };
    return {
      ...pattern,
      id: newId(),
      code: `HO${n}`,
      name: `Goods ${n}`,
      mrpPaise: null,
      costPricePaise: null,
      barcodes: [code],
      batches: [],
    };
  });
  const [one, two] = goods as [Item, Item];
  const now = Date.now();
  await publishItems(server.pool, till.tenantId, [till.storeId], goods, now);
  const paise = (n: number): Item['sellingPricePaise'] => n as Item['sellingPricePaise'];
  const order = (price: number, effectiveAtMs: number) =>
    publish(server.pool, { ...till, region: null, storeId: null, email: 'owner@example.in' }, now, {
      publicationId: newId(),
      scope: { kind: 'all' },
      effectiveAtMs,
      note: '',
      lines: [{ itemId: one.id, change: { sellingPricePaise: paise(price) } }],
    });
  expect((await order(4_711, now - 1)).refused).toEqual([]);
  await order(9_999, now + 3_600_000);

  const applier = makeCatalogueApplier(tables);
  const access = await signTillAccess(server.pool, till, now);
  const faults: unknown[] = [];
  const desk = makeItemDesk({
    applier,
    server: () => ({
      url: server.url,
      fetch: (input, init) => fetch(input, { ...init, headers: { authorization: `Bearer ${access}` } }),
    }),
    onFault: (error) => faults.push(error),
  });
  const sold = (code: string) => tables.items.byBarcode(code)?.item;
  applier.beginStaging();
  const put = (item: Item) => ({ kind: 'put' as const, id: item.id, content: JSON.stringify(item) });
  // One of them has come already and waits for the rest.
  await applier.stage([put(two)], async () => undefined);
  expect(sold(barcodeOf(2))?.isActive).toBe(false);
  const order1 = [desk.ask(() => [barcodeOf(1)]), desk.ask(() => []), desk.ask(() => [barcodeOf(2)])];
  await Promise.all(order1);
  expect(sold(barcodeOf(1))).toMatchObject({ id: one.id, isActive: true, sellingPricePaise: 4_711 });
  expect(sold(barcodeOf(2))?.isActive).toBe(true);
  expect(desk.ask(() => [])).toBeNull();
  await desk.ask(() => ['4006381333931']);
  expect(sold('4006381333931')).toBeUndefined();

  // Head office dropped the first one meanwhile: it was never in the rows that came.
  await applier.stage(goods.slice(1).map(put), async () => undefined);
  applier.finishStaging({ handle: 'h', offset: '5_0' });
  await applier.settle(async () => undefined);
  expect(tables.items.byId(one.id)?.isActive).toBe(false);
  expect(goods.slice(1).map(({ id }) => tables.items.byId(id)?.isActive)).toEqual([true, true]);
  expect(applier.audit().count).toBe(2);
  // All is there: nothing is asked for any more.
  expect(desk.ask(() => [barcodeOf(1)])).toBeNull();
  expect(faults).toEqual([]);
  shop.close();
}, 30_000);
