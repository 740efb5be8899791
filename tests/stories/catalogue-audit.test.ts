/**
 * A till and head office compare the catalogue; a row that was lost on the way is found and fetched anew, and so is a
 * publication that stays in pieces.
 */
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
import { publish } from '#sync-server/catalogue/publication.ts';
import { instant } from '#core/time.ts';
import { paise } from '#core/money.ts';
import { followPublications } from '#till/sync/follow-publications.ts';
import { makePublicationDesk } from '#till/sync/apply-publications.ts';
import { publishItems } from '#sync-server/catalogue/publish.ts';
import { layPostgres } from '../fixtures/postgres.ts';

const dir = mkdtempSync(join(tmpdir(), 'billmitra-audit-'));
const tenantId = '01935000-0000-7000-8000-00000000aaaa';
const storeId = '01935000-0000-7000-8000-00000000bbbb';
let server: SyncServer;
const folders: { readonly remove: () => void }[] = [];
const newId = sampleIds();
beforeAll(async () => {
  await layPostgres(dir);
  server = await startSyncServer({ databaseUrl: null, dataDir: dir, port: 0 });
  await server.pool.query('INSERT INTO tenant VALUES ($1, $2)', [tenantId, 'Sharma']);
}, 60_000);
afterAll(async () => {
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
  for (const folder of folders) folder.remove();
});

const later = (work: () => void, ms: number): (() => void) => {
  const timer = setTimeout(work, Math.min(ms, 50));
  return () => clearTimeout(timer);
};
const until = async (isDone: () => boolean): Promise<void> => {
  for (let i = 0; i < 500 && !isDone(); i += 1) await new Promise((go) => setTimeout(go, 10));
};

/** A till of the store, and head office's goods for it. */
async function joinedTill(count: number) {
  const code = await makeCode(server.pool, {
    tenantId,
    storeId,
    isNewStore: folders.length === 0,
    storeName: 'Jaipur',
    region: 'North',
    expiresAtMs: Date.now() + 600_000,
  });
  const folder = makeFolder();
  folders.push(folder);
  const shop = mustOpen(folder.dir);
  const tables = openTables(shop);
  const [pattern] = setUpDesk(shop, newId, 1).items;
  if (pattern === undefined) throw new Error('no item');
  const tillId = newId();
  const secret = newTillSecret();
  let ring = firstRing(secret);
  const joined = await enrol(
    server.pool,
    { code, tillId, storeId, tillName: 'Till', hasDocuments: false, tokenHash: hashOfKey(secret) },
    Date.now(),
  );
  if (!joined.ok) throw new Error(JSON.stringify(joined));
  const goods = Array.from({ length: count }, (_, i): Item => {
    const id = newId();
    return {
      ...pattern,
      id,
      code: id.slice(-6),
      name: `आटा "${i}" \\`,
      mrpPaise: null,
      costPricePaise: null,
      barcodes: [],
      batches: [],
    };
  });
  await publishItems(server.pool, tenantId, [storeId], goods, Date.now());
  const access = makeTillAccess({
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
  });
  return { shop, tables, goods, access };
}

it('finds a row that was lost, tells it, and heals by itself', async () => {
  const { shop, tables, goods, access } = await joinedTill(5);
  const told: unknown[] = [];
  const applier = makeCatalogueApplier(tables);
  const stop = followCatalogue({
    server: access,
    applier,
    onApplied: () => undefined,
    onFault: (error) => told.push(String(error)),
    onNotEnrolled: () => told.push('not enrolled'),
    onDiverged: (ours, theirs) => told.push([ours.count, theirs.count]),
    auditEveryMs: 20,
    later,
  });
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

it('reads a publication again that stays in pieces', async () => {
  const { shop, tables, goods, access } = await joinedTill(2);
  for (const item of goods) tables.items.insert(item);
  const lines = goods.map(({ id }) => ({ itemId: id, change: { sellingPricePaise: paise(4_700) } }));
  const sent = await publish(
    server.pool,
    { tenantId, region: null, storeId: null, email: 'owner@example.in' },
    Date.now(),
    { publicationId: newId(), scope: { kind: 'all' }, effectiveAtMs: Date.now() - 1, note: '', lines },
  );
  expect(sent.refused).toEqual([]);
  const desk = makePublicationDesk({ tables, clock: { now: () => instant(Date.now()) }, newId });
  const told: unknown[] = [];
  let isLost = false;
  const stop = followPublications({
    server: access,
    take: (pieces) => {
      // As if a row had never come, the first time that it does.
      const at = isLost ? -1 : pieces.findIndex((piece) => piece.kind === 'row');
      isLost ||= at >= 0;
      desk.take(pieces.filter((_, i) => i !== at));
      desk.applyDue();
    },
    notWhole: desk.notWhole,
    forget: desk.forget,
    onDamaged: (count) => told.push(count),
    onFault: (error) => told.push(String(error)),
    later,
    lookEveryMs: 20,
  });
  const prices = () => goods.map((item) => tables.items.byId(item.id)?.sellingPricePaise);
  await until(() => desk.applyDue().applied > 0 || prices().every((price) => price === 4_700));
  expect(prices()).toEqual([4_700, 4_700]);
  expect(told).toEqual([1]);
  stop();
  shop.close();
}, 30_000);
