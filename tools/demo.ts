/**
 * `npm run demo -- [--port 4280] [--no-open] [--line-1 URL]`: a head office and two tills of two of its stores on this
 * PC, a URL each, all new and temporary. `--line-1`: where the first till reaches head office (a relay that can be cut). The tills begin with nobody's goods: their catalogue comes from head office. Thin: it
 * starts sync-server/start.ts and till/node.ts and joins them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { randomBytes } from 'node:crypto';
import { makeIds } from '#core/ids.ts';
import { businessDateOf, instant } from '#core/time.ts';
import { saveItem } from '#sync-server/catalogue/items.ts';
import { publishItems } from '#sync-server/catalogue/publish.ts';
import { demoOwner, demoStores, demoTenantId, seedDemoChain, seedDemoOwner } from '#sync-server/demo-chain.ts';
import { makeCode } from '#sync-server/identity/enrol.ts';
import { startSyncServer } from '#sync-server/start.ts';
import { readDemoItems, seedDemoShop } from '#till/demo-shop.ts';
import { type StartedTill, startTill } from '#till/node.ts';
import { joinHeadOffice } from '#till/use-cases/join-head-office.ts';
import { buildPart } from './build.ts';
import { openInBrowser } from './open-browser.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4280' },
    'no-open': { type: 'boolean', default: false },
    'line-1': { type: 'string' },
  },
});
const port = Number(values.port);
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const clock = { now: () => instant(Date.now()) };
const dir = mkdtempSync(join(tmpdir(), 'billmitra-demo-'));

const listen = (at: number): Promise<Server> =>
  new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen({ port: at, host: '127.0.0.1' }, () => done(server));
  });

say('Building the screens…');
await buildPart('renderer');
say('Starting head office…');
const rendererDir = resolve(import.meta.dirname, '..', 'dist', 'renderer');
const databaseUrl = process.env['DATABASE_URL'] ?? null;
const office = await startSyncServer({ databaseUrl, dataDir: dir, port, rendererDir });
await seedDemoChain(office.pool);
const newId = makeIds(clock, randomBytes);
await seedDemoOwner(office.pool, newId, clock.now());
const goods = readDemoItems({ newId, today: () => businessDateOf(clock.now()) }).map(({ item }) => item);
// Head office's own catalogue, from which prices are published; below, the same goods to the two stores.
const owner = { tenantId: demoTenantId, region: null, storeId: null, email: demoOwner.email };
for (const { id, looseSlot: _slot, batches: _batches, ...change } of goods) {
  await saveItem(office.pool, owner, { itemId: id, revision: 0, change }, clock.now());
}
const stores = demoStores.slice(0, 2);
const storeIds = stores.map((store) => store.storeId);
await publishItems(office.pool, demoTenantId, storeIds, goods, clock.now());

const tills: StartedTill[] = [];
for (const [i, store] of stores.entries()) {
  const server = await listen(port + 1 + i);
  const till = await startTill({ shopDir: join(dir, `till-${i + 1}`), server, rendererDir, demo: false, clock });
  const { context } = till.till;
  seedDemoShop(context, { atMost: 0 });
  context.settings.save({ name: store.name, series: `K${i + 1}`, tillName: `Till ${i + 1}` });
  const asked = { tenantId: demoTenantId, isNewStore: false, storeName: store.name, ...store };
  const code = await makeCode(office.pool, { ...asked, expiresAtMs: clock.now() + 60_000 });
  await joinHeadOffice(context, (i === 0 ? values['line-1'] : undefined) ?? office.url, code);
  tills.push(till);
  say(`${store.name}: ${till.url}  (PINs are on its sign-in screen)`);
}
say(`Head office: ${office.url}  (${demoOwner.email}, ${demoOwner.password})\n(Ctrl-C closes all)`);
if (!values['no-open']) openInBrowser(tills[0]?.url ?? office.url);

let isClosing = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (isClosing) return;
    isClosing = true;
    void Promise.all(tills.map((till) => till.close()))
      .then(() => office.stop())
      .finally(() => {
        rmSync(dir, { recursive: true, force: true });
        process.exit(0);
      });
  });
}
