/**
 * A till and head office compare the catalogue; a row that was lost on the way is found and fetched anew, and so is a
 * publication that stays in pieces; what is missing in what head office itself sends is mended there.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
/** One look of head office answers all who ask within a minute. */
let aheadMs = 0;
const folders: { readonly remove: () => void }[] = [];
const newId = sampleIds();
const makeFolderOf = (): string => {
  const folder = makeFolder();
  folders.push(folder);
  return folder.dir;
};
beforeAll(async () => {
  await layPostgres(dir);
  server = await startSyncServer({
    databaseUrl: null,
    dataDir: dir,
    port: 0,
    clock: { now: () => instant(Date.now() + aheadMs) },
  });
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

/** In what the server sends of a table, one message says nothing any more: a bad disk, or a row that never got there. */
function silence(table: string, find: (message: string) => boolean): void {
  const shapes = join(dir, 'shapes');
  for (const name of readdirSync(shapes).filter((one) => one.endsWith('.shape'))) {
    const path = join(shapes, name);
    const whole = readFileSync(path, 'utf8');
    const message = [...whole.matchAll(/\{"key":.*?\}\}(?=,?\n|$)/gm)]
      .map(([text]) => text)
      .find((text) => text.includes(`"${table}"`) && find(text));
    if (message === undefined) continue;
    const none = '{"headers":{"control":"none"}}'.padEnd(Buffer.byteLength(message));
    writeFileSync(path, whole.replace(message, none), { flag: 'r+' });
    return;
  }
  throw new Error(`nothing of ${table} is sent`);
}
/** It is written down behind the mending itself. */
async function mended(shape: string) {
  for (;;) {
    const said = 'SELECT outcome, row_count, incident FROM shape_mend WHERE shape = $1';
    const { rows } = await server.pool.query(said, [shape]);
    if (rows.length > 0) return rows;
    await new Promise((go) => setTimeout(go, 20));
  }
}

it('has head office mend what it sends itself: the missing row comes, and nothing is read anew', async () => {
  const { shop, tables, goods, access } = await joinedTill(5);
  // Somebody asked for it before: it lies there, and is damaged.
  const first = makeCatalogueApplier(tables);
  const told: unknown[] = [];
  const follow = (applier: typeof first) =>
    followCatalogue({
      server: access,
      applier,
      onApplied: (changes) => told.push(`applied ${changes}`),
      onFault: (error) => told.push(String(error)),
      onNotEnrolled: () => told.push('not enrolled'),
      onDiverged: (ours, theirs) => told.push([ours.count, theirs.count]),
      auditEveryMs: 20,
      later,
    });
  const all = 5 + 2 + 5;
  let stop = follow(first);
  await until(() => first.audit().count === all);
  stop();
  aheadMs += 120_000;
  silence('store_item', (text) => text.includes((goods[3] as Item).id));
  first.forgetPlace();
  told.length = 0;
  stop = follow(first);
  await until(() => told.length > 1 && first.audit().count === all);
  expect(told).toEqual([`applied ${all - 1}`, [all - 1, all], 'applied 1']);
  expect(tables.items.byId((goods[3] as Item).id)?.isActive).toBe(true);
  expect(await mended('catalogue')).toEqual([
    { outcome: 'appended', row_count: 1, incident: expect.stringMatching(/^[0-9a-f]{8}$/) },
  ]);
  stop();
  shop.close();
}, 30_000);

it('has head office mend a publication that it sends in pieces', async () => {
  const { shop, tables, goods, access } = await joinedTill(2);
  for (const item of goods) tables.items.insert(item);
  const lines = goods.map(({ id }) => ({ itemId: id, change: { sellingPricePaise: paise(5_100) } }));
  const publicationId = newId();
  const asked = { publicationId, scope: { kind: 'all' }, effectiveAtMs: Date.now() - 1, note: '', lines } as const;
  await publish(server.pool, { tenantId, region: null, storeId: null, email: 'owner@example.in' }, Date.now(), asked);
  const desk = makePublicationDesk({ tables, clock: { now: () => instant(Date.now()) }, newId });
  const told: unknown[] = [];
  const follow = () =>
    followPublications({
      server: access,
      take: (pieces) => {
        desk.take(pieces);
        if (pieces.length > 0) desk.applyDue();
      },
      notWhole: desk.notWhole,
      forget: desk.forget,
      onDamaged: (count) => told.push(count),
      onFault: (error) => told.push(String(error)),
      later,
      lookEveryMs: 20,
    });
  const ofIt = (text: string) => text.includes(publicationId);
  const lookers = { shop: mustOpen(makeFolderOf()) };
  const before = openTables(lookers.shop);
  const other = makePublicationDesk({ tables: before, clock: { now: () => instant(Date.now()) }, newId });
  let hasRead = false;
  // Another till makes the shapes; what this one is sent is damaged.
  const unfollow = followPublications({
    server: access,
    take: other.take,
    onAllRead: () => {
      hasRead ||= before.publications.rowCountOf(publicationId) === 2;
    },
    notWhole: () => [],
    forget: () => undefined,
    onDamaged: () => undefined,
    onFault: (error) => told.push(String(error)),
    later,
  });
  await until(() => hasRead);
  unfollow();
  lookers.shop.close();
  aheadMs += 120_000;
  silence('store_publication_row', (text) => ofIt(text) && text.includes((goods[1] as Item).id));
  const stop = follow();
  const prices = () => goods.map((item) => tables.items.byId(item.id)?.sellingPricePaise);
  await until(() => desk.applyDue().applied > 0 || prices().every((price) => price === 5_100));
  expect(prices()).toEqual([5_100, 5_100]);
  expect(told[0]).toBe(1);
  expect(await mended('publicationRows')).toMatchObject([{ outcome: 'appended', row_count: 1 }]);
  stop();
  shop.close();
}, 30_000);
