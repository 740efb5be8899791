/** A till and head office compare the catalogue; a row that was lost on the way is found and fetched anew. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeFolder, mustOpen, sampleIds, setUpDesk } from '../fixtures/sample-shop.ts';
import type { Item } from '#core/catalogue/item.ts';
import { makeHeadOfficeItems } from '#db/head-office-items.ts';
import { makeCatalogueApplier } from '#till/sync/apply-catalogue.ts';
import { followCatalogue } from '#till/sync/follow-catalogue.ts';
import { newTillSecret } from '#tests/fixtures/office.ts';
import { firstRing, hashOfKey } from '#till/sync/key-ring.ts';
import { makeTillAccess } from '#till/sync/till-access.ts';
import { openTables } from '#till/tables.ts';
import { enrol, makeCode } from '#sync-server/identity/enrol.ts';
import { startSyncServer, type SyncServer } from '#sync-server/start.ts';
import { publishItems } from '#sync-server/catalogue/publish.ts';

const dir = mkdtempSync(join(tmpdir(), 'billmitra-audit-'));
const tenantId = '01935000-0000-7000-8000-00000000aaaa';
const storeId = '01935000-0000-7000-8000-00000000bbbb';
let server: SyncServer;
const folder = makeFolder();
beforeAll(async () => {
  server = await startSyncServer({ databaseUrl: null, dataDir: dir, port: 0 });
  await server.pool.query('INSERT INTO tenant VALUES ($1, $2)', [tenantId, 'Sharma']);
}, 60_000);
afterAll(async () => {
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
  folder.remove();
});

it('finds a row that was lost, tells it, and heals by itself', async () => {
  const code = await makeCode(server.pool, {
    tenantId,
    storeId,
    isNewStore: true,
    storeName: 'Jaipur',
    region: 'North',
    expiresAtMs: Date.now() + 600_000,
  });
  const shop = mustOpen(folder.dir);
  const tables = openTables(shop);
  const newId = sampleIds();
  const [pattern] = setUpDesk(shop, newId, 1).items;
  if (pattern === undefined) throw new Error('no item');
  const tillId = newId();
  const secret = newTillSecret();
  let ring = firstRing(secret);
  const joined = await enrol(
    server.pool,
    { code, tillId, storeId, tillName: 'Till 1', hasDocuments: false, tokenHash: hashOfKey(secret) },
    Date.now(),
  );
  if (!joined.ok) throw new Error(JSON.stringify(joined));
  const goods = Array.from({ length: 5 }, (_, i): Item => {
    return { ...pattern, id: newId(), code: `HO${i}`, name: `आटा "${i}" \\`, barcodes: [], batches: [] };
  });
  await publishItems(server.pool, tenantId, [storeId], goods, Date.now());
  const told: unknown[] = [];
  const applier = makeCatalogueApplier(tables);
  const stop = followCatalogue({
    server: makeTillAccess({
      url: server.url,
      tillId,
      key: {
        get: () => ring,
        set: (to) => {
          ring = to;
        },
      },
      makeSecret: newTillSecret,
      uptimeMs: () => performance.now(),
    }),
    applier,
    onApplied: () => undefined,
    onFault: (error) => told.push(String(error)),
    onNotEnrolled: () => told.push('not enrolled'),
    onDiverged: (ours, theirs) => told.push([ours.count, theirs.count]),
    auditEveryMs: 20,
    later: (work, ms) => {
      const timer = setTimeout(work, Math.min(ms, 50));
      return () => clearTimeout(timer);
    },
  });
  const until = async (isDone: () => boolean): Promise<void> => {
    for (let i = 0; i < 500 && !isDone(); i += 1) await new Promise((go) => setTimeout(go, 10));
  };
  await until(() => applier.audit().count === 5);
  await new Promise((go) => setTimeout(go, 300));
  expect(told).toEqual([]);
  // As if a row had never come.
  makeHeadOfficeItems(shop).drop((goods[2] as Item).id);
  await until(() => told.length > 0 && applier.audit().count === 5);
  expect(told).toEqual([[4, 5]]);
  expect(applier.audit().count).toBe(5);
  stop();
  shop.close();
}, 30_000);
