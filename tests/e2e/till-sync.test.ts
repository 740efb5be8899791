/** Joining head office at the counter, by keyboard alone, with a real server: a wrong code in words, then a right one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoTenantId, seedDemoChain } from '#sync-server/demo-chain.ts';
import { makeCode } from '#sync-server/identity/enrol.ts';
import { startSyncServer, type SyncServer } from '#sync-server/start.ts';
import { violations } from './axe.ts';
import type { Counter } from './counter-page.ts';
import { withCounter } from './with-counter.ts';

const dir = mkdtempSync(join(tmpdir(), 'billmitra-e2e-office-'));
let counter: Counter;
let server: SyncServer;
withCounter((opened) => {
  ({ counter } = opened);
});
beforeAll(async () => {
  server = await startSyncServer({ databaseUrl: null, dataDir: dir, port: 0 });
  await seedDemoChain(server.pool);
}, 60_000);
afterAll(async () => {
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

describe('head office at the till', () => {
  it('is joined with the address and the code; until then it says in words what is wrong', async () => {
    await counter.press('F12', 'o');
    await counter.see('sync-address').waitFor();
    await counter.see('sync-address').fill(server.url.replace('http://', ''));
    await counter.see('sync-code').fill('AAAAAAAA');
    await counter.see('sync-join').click();
    await expect.poll(() => counter.see('dialog-sync').innerText()).toContain('Read it again, or ask for a new one');
    expect(await violations(counter.page)).toEqual([]);
    await counter.shoot('sync-refused');
    const code = await makeCode(server.pool, {
      tenantId: demoTenantId,
      storeId: '01935000-0000-7000-8000-00000000e2e0',
      isNewStore: true,
      storeName: 'Sharma Kirana, Jaipur',
      region: 'Jaipur',
      expiresAtMs: Date.now() + 600_000,
    });
    await counter.see('sync-code').fill(code);
    await counter.see('sync-join').click();
    await counter.see('sync-waiting').waitFor();
    await expect
      .poll(() => counter.see('sync-waiting').innerText(), { timeout: 15_000 })
      .toContain('Sharma Kirana, Jaipur');
    expect(await violations(counter.page)).toEqual([]);
    await counter.shoot('sync-joined');
    await counter.press('Escape');
    expect(await counter.see('scan-field').isVisible()).toBe(true);
  });
});
