/** Joining head office at the counter, by keyboard alone, with a real server: a wrong code in words, then a right one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Item } from '#core/catalogue/item.ts';
import type { Uuid } from '#core/ids.ts';
import { paise } from '#core/money.ts';
import { saveItem } from '#sync-server/catalogue/items.ts';
import { publishItems } from '#sync-server/catalogue/publish.ts';
import { demoTenantId, seedDemoChain } from '#sync-server/demo-chain.ts';
import { makeCode } from '#sync-server/identity/enrol.ts';
import { startSyncServer, type SyncServer } from '#sync-server/start.ts';
import { violations } from './axe.ts';
import { type Counter, goods, payExact, type Till } from './counter-page.ts';
import { withCounter } from './with-counter.ts';
import { layPostgres } from '../fixtures/postgres.ts';

const plainItem: Omit<Item, 'id' | 'code' | 'name'> = {
  nameHi: null,
  brand: null,
  category: null,
  unit: 'pc',
  hsn: null,
  taxClassKey: null,
  isInclusive: true,
  mrpPaise: null,
  sellingPricePaise: paise(2_000),
  costPricePaise: null,
  looseSlot: null,
  isActive: true,
  barcodes: [],
  batches: [],
};
const dir = mkdtempSync(join(tmpdir(), 'billmitra-e2e-office-'));
let counter: Counter;
let till: Till;
let server: SyncServer;
withCounter((opened) => {
  ({ counter, till } = opened);
});
beforeAll(async () => {
  await layPostgres(dir);
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

  it('says why it is shut out and that billing goes on, and comes back with a new code', async () => {
    const storeId = (await server.pool.query('SELECT store_id FROM till')).rows[0]?.store_id as string;
    await server.pool.query("UPDATE till SET revoked_at_ms = 1, revoke_reason = 'keyReused'");
    // Whatever is sent next: the till asks on, and is told.
    const salt = { ...plainItem, id: '01935000-0000-7000-8000-00000000e2e9' as Uuid, code: 'HO9', name: 'Salt' };
    await publishItems(server.pool, demoTenantId, [storeId], [salt], Date.now());
    await expect
      .poll(() => counter.see('sync-state').innerText(), { timeout: 25_000 })
      .toContain('asks for a new code');
    await counter.press('F12', 'o');
    await counter.see('sync-shut-out').waitFor();
    await expect.poll(() => counter.see('sync-shut-out').innerText()).toContain('was used twice');
    expect(await counter.see('sync-shut-out').innerText()).toContain('nothing is lost');
    expect(await counter.see('sync-address').inputValue()).toBe(server.url);
    // The dialog fades in; until it has, its colours are others.
    await expect.poll(() => violations(counter.page)).toEqual([]);
    await counter.shoot('sync-shut-out');
    const asked = { tenantId: demoTenantId, storeId, isNewStore: false, storeName: 'Sharma Kirana, Jaipur' };
    const code = await makeCode(server.pool, { ...asked, region: 'Jaipur', expiresAtMs: Date.now() + 600_000 });
    await counter.see('sync-code').fill(code);
    await counter.see('sync-join').click();
    await counter.see('sync-waiting').waitFor();
    expect(await counter.see('sync-shut-out').count()).toBe(0);
  });

  it("a new price for head office's item waits, is said so on the card, and is taken back", async () => {
    const storeId = (await server.pool.query('SELECT store_id FROM till')).rows[0]?.store_id as string;
    const ghee = {
      ...plainItem,
      id: '01935000-0000-7000-8000-00000000e2ea' as Uuid,
      code: 'HO10',
      name: 'Quartz ghee 1 l',
      mrpPaise: paise(60_000),
      sellingPricePaise: paise(52_000),
    };
    await saveItem(
      server.pool,
      { tenantId: demoTenantId, region: null, storeId: null, email: 'anita@demo.shop' },
      {
        itemId: ghee.id,
        revision: 0,
        change: { name: ghee.name, unit: 'pc', sellingPricePaise: ghee.sellingPricePaise },
      },
      Date.now(),
    );
    await publishItems(server.pool, demoTenantId, [storeId], [ghee], Date.now());
    await counter.press('Escape');
    await counter.press('F12', 'g');
    await counter.see('card-find').waitFor();
    // The key that opened the card is settled after 35 ms: until then what no key typed is put back as it was.
    await counter.page.waitForTimeout(100);
    await expect
      .poll(
        async () => {
          await counter.see('card-find').fill('');
          await counter.type('Quartz');
          // As long as a person would look before typing it again: the goods are on their way.
          const found = counter.see('card-found').first();
          return found.waitFor({ timeout: 1_500 }).then(
            () => counter.see('card-found').count(),
            () => 0,
          );
        },
        { timeout: 20_000 },
      )
      .toBe(1);
    await counter.press('Enter');
    await counter.see('card-facts').waitFor();
    await counter.see('card-price').fill('610');
    await counter.press('Enter');
    await expect.poll(() => counter.see('dialog-itemCard').innerText()).toContain('MRP');
    await counter.see('card-price').fill('499');
    await counter.press('Enter');
    await expect.poll(() => counter.see('card-proposal').first().innerText()).toContain('waiting for head office');
    expect(await counter.see('card-facts').innerText()).toContain('₹520.00');
    await expect.poll(() => violations(counter.page)).toEqual([]);
    await counter.shoot('item-card');
    await counter.see('card-take-back').click();
    await expect.poll(() => counter.see('card-proposal').first().innerText()).toContain('taken back');
    await counter.press('Escape');
    expect(await counter.see('scan-field').isVisible()).toBe(true);
  });

  it('a bill that was kept aside opens Returns with its number', async () => {
    await counter.scan(goods.tea);
    await payExact(counter);
    const file = new Database(join(till.dir, 'shop.db'));
    const sold = file
      .prepare("SELECT seq, ref_id FROM journal WHERE kind = 'bill' ORDER BY seq DESC LIMIT 1")
      .get() as {
      readonly seq: number;
      readonly ref_id: Buffer;
    };
    file
      .prepare(
        "INSERT INTO kept_aside (seq, ref_id, kind, reason, detail, told_at_ms, state) VALUES (?, ?, 'bill', 'dateOutOfRange', '', 1, 'open')",
      )
      .run(sold.seq, sold.ref_id);
    file.close();
    await counter.press('F12', 'o');
    await counter.see('sync-reverse').waitFor();
    const number = (await counter.see('sync-reverse').innerText()).replace(/^Take (\S+) back$/, '$1');
    await counter.shoot('sync-reverse');
    await counter.see('sync-reverse').click();
    await counter.see('return-screen').waitFor();
    expect(await counter.see('return-field').inputValue()).toBe(number);
    expect(number).toMatch(/\/\d{4}\//);
    await counter.press('Escape');
  });
});
