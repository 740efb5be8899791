/**
 * The server in a process of its own, for the benches: a fresh embedded Postgres (or the one DATABASE_URL names), shapes
 * on, stores and tills enrolled beforehand. Rule kept: it is sync-server/start.ts and nothing else; what it adds is
 * who may push, and an answer when its parent asks for its memory or for a statement's rows.
 */
import { randomUUID } from 'node:crypto';
import { signTillAccess } from '#sync-server/identity/till-key.ts';
import { startSyncServer } from '#sync-server/start.ts';
import { keepYoungHeapSmall } from '#sync-server/young-heap.ts';
import type { Asked, ServerSays } from './bench-server.ts';

keepYoungHeapSmall();
const [dataDir = '', storeCount = '1', tillsPerStore = '1'] = process.argv.slice(2);
const tenantId = '01935000-0000-7000-8000-0000000000be';
const say = (what: ServerSays): void => void process.send?.(what);
const server = await startSyncServer({
  databaseUrl: process.env['BENCH_DATABASE_URL'] ?? null,
  dataDir,
  port: 0,
  say: () => undefined,
});
const tills = await enrolled();
say({ kind: 'ready', url: server.url, tenantId, tills, databaseUrl: server.databaseUrl });

process.on('message', async (asked: Asked) => {
  if (asked.kind === 'rss') say({ kind: 'rss', bytes: process.memoryUsage.rss() });
  if (asked.kind === 'stop') {
    await server.stop();
    process.exit(0);
  }
});

/** As enrolment leaves them; keys that only this run knows. */
async function enrolled(): Promise<readonly { storeId: string; tillId: string; access: string }[]> {
  const made = [];
  await server.pool.query('INSERT INTO tenant (tenant_id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    tenantId,
    'Bench chain',
  ]);
  for (let s = 0; s < Number(storeCount); s += 1) {
    const storeId = randomUUID();
    await server.pool.query('INSERT INTO store (tenant_id, store_id, region, name) VALUES ($1, $2, $3, $4)', [
      tenantId,
      storeId,
      'Bench',
      `Store ${s + 1}`,
    ]);
    for (let t = 0; t < Number(tillsPerStore); t += 1) {
      const family = { tenantId, storeId, tillId: randomUUID(), familyId: randomUUID() };
      await server.pool.query(
        'INSERT INTO till (tenant_id, store_id, till_id, name, family_id) VALUES ($1, $2, $3, $4, $5)',
        [tenantId, storeId, family.tillId, `Till ${t + 1}`, family.familyId],
      );
      const access = await signTillAccess(server.pool, family, Date.now());
      made.push({ storeId, tillId: family.tillId, access });
    }
  }
  return made;
}
