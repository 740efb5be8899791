/**
 * `npm run cloud -- [--port 4280] [--data DIR] [--lan [--name NAME]] [--restored]`: head office on this PC, with a demo chain and a code for each of its
 * stores. DATABASE_URL names a Postgres of your own; else one is started in the data folder; ELECTRIC_URL
 * (with ELECTRIC_SECRET) a real Electric on it. Thin: the server is
 * sync-server/start.ts. `--lan` lets the shop's other PCs in, which find it by name; without it only this one.
 * `--restored`: the database was brought back from an older copy (docs/operations.md). S3_* name a bucket.
 */
import { homedir, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { randomBytes } from 'node:crypto';
import { makeIds } from '#core/ids.ts';
import { instant } from '#core/time.ts';
import { demoOwner, demoStores, demoTenantId, seedDemoChain, seedDemoOwner } from '#sync-server/demo-chain.ts';
import { inviteLivesMs, makeInvite } from '#sync-server/identity/accounts.ts';
import { makeCode } from '#sync-server/identity/enrol.ts';
import { announce, ownAddresses } from '#sync-server/lan/announce.ts';
import { s3FromEnvironment } from '#sync-server/objects/s3-store.ts';
import { startSyncServer } from '#sync-server/start.ts';
import { keepYoungHeapSmall } from '#sync-server/young-heap.ts';
import { buildPart } from './build.ts';

keepYoungHeapSmall();
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4280' },
    data: { type: 'string' },
    lan: { type: 'boolean' },
    name: { type: 'string' },
    restored: { type: 'boolean' },
  },
});
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  process.stderr.write('usage: npm run cloud -- [--port N] [--data DIR] [--lan [--name NAME]] [--restored]\n');
  process.exit(2);
}
const codeLivesMs = 24 * 60 * 60_000;
const dataDir = resolve(values.data ?? join(homedir(), '.billmitra-cloud'));
const host = values.lan === true ? '0.0.0.0' : '127.0.0.1';
await buildPart('renderer');
const rendererDir = resolve(import.meta.dirname, '..', 'dist', 'renderer');
const databaseUrl = process.env['DATABASE_URL'] ?? null;
const electricUrl = process.env['ELECTRIC_URL'];
const electric =
  electricUrl === undefined ? undefined : { url: electricUrl, secret: process.env['ELECTRIC_SECRET'] ?? null };
const server = await startSyncServer({
  databaseUrl,
  dataDir,
  electric,
  host,
  port,
  rendererDir,
  secondFactorKey: process.env['BILLMITRA_KEY'],
  proxies: Number(process.env['TRUST_PROXY'] ?? 0),
  s3: s3FromEnvironment(process.env),
  jobs: true,
  isRestored: values.restored === true,
});
await seedDemoChain(server.pool);
process.stdout.write(`Head office is open: ${server.url}\n  data: ${databaseUrl ?? dataDir}\n`);
if (databaseUrl === null) {
  const newId = makeIds({ now: () => instant(Date.now()) }, randomBytes);
  await seedDemoOwner(server.pool, newId, Date.now());
  process.stdout.write(`Sign in: ${demoOwner.email}, ${demoOwner.password}\n`);
} else {
  // A Postgres of one's own may be reached by others: no password that stands in a manual.
  const place = { role: 'chain', region: null, storeId: null } as const;
  const code = await makeInvite(server.pool, demoTenantId, place, Date.now() + inviteLivesMs);
  process.stdout.write(`Make the owner's account (once, within 7 days): ${server.url}/#/setup/${code}\n`);
}
const { port: openPort } = new URL(server.url);
const announced =
  values.lan === true
    ? await announce({ name: values.name ?? `BillMitra, ${hostname()}`, port: Number(openPort) })
    : null;
if (values.lan === true) {
  for (const address of ownAddresses()) process.stdout.write(`  for other tills: http://${address}:${openPort}\n`);
  if (announced === null) process.stdout.write('  This network finds nobody by name: type the address at the tills.\n');
}
process.stdout.write('Codes for tills (Owner, Settings, Head office; each once, for 24 hours):\n');
for (const store of demoStores.slice(0, 3)) {
  const expiresAtMs = Date.now() + codeLivesMs;
  const asked = { tenantId: demoTenantId, isNewStore: false, storeName: store.name, ...store, expiresAtMs };
  process.stdout.write(`  ${await makeCode(server.pool, asked)}  ${store.name}\n`);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(
    signal,
    () => void (announced?.stop() ?? Promise.resolve()).then(server.stop).then(() => process.exit(0)),
  );
}
