/**
 * `npm run cloud -- [--port 4280] [--data DIR]`: head office on this PC, with a demo chain and a code for each of its
 * stores. DATABASE_URL names a Postgres of your own; else one is started in the data folder. Thin: the server is
 * sync-server/start.ts.
 */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { demoStores, demoTenantId, seedDemoChain } from '#sync-server/demo-chain.ts';
import { makeCode } from '#sync-server/identity/enrol.ts';
import { startSyncServer } from '#sync-server/start.ts';

const { values } = parseArgs({ options: { port: { type: 'string', default: '4280' }, data: { type: 'string' } } });
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  process.stderr.write('usage: npm run cloud -- [--port N] [--data DIR]\n');
  process.exit(2);
}
const codeLivesMs = 24 * 60 * 60_000;
const dataDir = resolve(values.data ?? join(homedir(), '.billmitra-cloud'));
const server = await startSyncServer({ databaseUrl: process.env['DATABASE_URL'] ?? null, dataDir, port });
await seedDemoChain(server.pool);
process.stdout.write(`Head office is open: ${server.url}\n  data: ${process.env['DATABASE_URL'] ?? dataDir}\n`);
process.stdout.write('Codes for tills (Owner, Settings, Head office; each once, for 24 hours):\n');
for (const store of demoStores.slice(0, 3)) {
  const expiresAtMs = Date.now() + codeLivesMs;
  const asked = { tenantId: demoTenantId, isNewStore: false, storeName: store.name, ...store, expiresAtMs };
  process.stdout.write(`  ${await makeCode(server.pool, asked)}  ${store.name}\n`);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void server.stop().then(() => process.exit(0)));
}
