/** People and rules of head office in a real browser, and at a real till's screen that joins it. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeIds, type Uuid } from '#core/ids.ts';
import { instant } from '#core/time.ts';
import { saveItem } from '#sync-server/catalogue/items.ts';
import { publish } from '#sync-server/catalogue/publication.ts';
import { demoStores, demoTenantId, seedDemoChain } from '#sync-server/demo-chain.ts';
import { makeAccount } from '#sync-server/identity/accounts.ts';
import { makeCode } from '#sync-server/identity/enrol.ts';
import { startSyncServer, type SyncServer } from '#sync-server/start.ts';
import { type Desk, newKey, openCounter, openDesk, rupees, start } from '../fixtures/till-desk.ts';
import { violations } from './axe.ts';
import { buildScreens, openBrowser, rendererDir } from './counter-page.ts';

const dir = mkdtempSync(join(tmpdir(), 'billmitra-branch-'));
const shots = process.env['BILLMITRA_SHOTS'];
const person = { email: 'owner@sharma.example', password: 'a quiet owner of shops' };
const opened = Date.now();
const clock = { now: () => instant(start + Date.now() - opened) };
let server: SyncServer;
let browser: Browser;
let page: Page;
let desk: Desk;
const faults: string[] = [];

beforeAll(async () => {
  await buildScreens();
  server = await startSyncServer({ databaseUrl: null, dataDir: dir, port: 0, clock, rendererDir });
  await seedDemoChain(server.pool);
  const chain = { role: 'chain', region: null, storeId: null } as const;
  await makeAccount(server.pool, demoTenantId, chain, person, makeIds(clock, randomBytes), clock.now());
  desk = await openDesk();
  await openCounter(desk);
  const code = await makeCode(server.pool, {
    tenantId: demoTenantId,
    storeId: demoStores[0]?.storeId ?? '',
    isNewStore: true,
    storeName: 'Sharma Kirana',
    region: 'Jaipur',
    expiresAtMs: clock.now() + 600_000,
  });
  await desk.signIn('owner');
  await desk.rpc.sync.join({ serverUrl: server.url, code });
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1366, height: 640 } });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (line) => {
    if (line.type() === 'error' && !line.text().includes('401')) faults.push(line.text());
  });
  await page.goto(server.url);
  await page.getByTestId('email').fill(person.email);
  await page.getByTestId('password').fill(person.password);
  await page.keyboard.press('Enter');
  await page.getByTestId('page-home').waitFor();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await desk?.close();
  await server?.stop();
  rmSync(dir, { recursive: true, force: true });
});
afterEach(() => {
  const said = faults.splice(0);
  if (said.length > 0) throw new Error(said.join('\n'));
});

const open = async (name: string): Promise<void> => {
  await page.getByTestId(`nav-${name}`).click();
  await page.getByTestId(`page-${name}`).waitFor();
};
/** Pictures for a person who looks at them; not part of any proof. */
async function shoot(name: string): Promise<void> {
  if (shots === undefined) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`) });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.screenshot({ path: join(shots, `${name}-dark.png`) });
  await page.emulateMedia({ colorScheme: 'light' });
  await page.getByTestId('language').click();
  await page.screenshot({ path: join(shots, `${name}-hi.png`) });
  await page.getByTestId('language').click();
}

describe('people and rules', () => {
  it('a person who is added appears at the till, and goes when they left', async () => {
    await open('people');
    await page.getByTestId('person-name').fill('Geeta');
    await page.getByTestId('person-role').selectOption('supervisor');
    await page.keyboard.press('Tab');
    await page.getByTestId('person-name').press('Enter');
    await expect.poll(() => page.getByTestId('person-told').innerText()).toContain('Saved');
    const names = async () => (await desk.rpc.staff.list()).map((one) => `${one.name} ${one.role}`);
    await expect.poll(names).toContain('Geeta supervisor');
    expect(await violations(page)).toEqual([]);
    await shoot('people');
    await page.getByTestId('person-state').selectOption('left');
    await page.getByTestId('save-person').click();
    await expect.poll(names).not.toContain('Geeta supervisor');
  });

  it('a rule for every store, another for one, and an empty field gives the shop its own back', async () => {
    await open('rules');
    const field = page.getByTestId('rule-returnDays-field');
    await field.fill('x');
    await field.press('Enter');
    await expect.poll(() => page.getByTestId('rule-returnDays').innerText()).toContain('cannot be');
    await field.fill('7');
    await field.press('Enter');
    await page.getByTestId('rule-discountLimitBp-field').fill('2.5');
    await page.getByTestId('rule-discountLimitBp-field').press('Enter');
    const { tables } = desk.till().context;
    const said = (name: string) => tables.sentRows.content('settings', name);
    await expect.poll(() => said('discountLimitBp')).toContain('250');
    await expect.poll(() => said('returnDays')).toContain('7');
    const { storeId } = desk.till().context.settings.get();
    await page.getByTestId('rules-for').selectOption(storeId);
    await expect.poll(() => page.getByTestId('rule-returnDays').innerText()).toContain('“Every store”: 7');
    await field.fill('3');
    await field.press('Enter');
    await expect.poll(() => said('returnDays')).toContain('3');
    expect(await violations(page)).toEqual([]);
    await shoot('rules');
    await field.fill('');
    await field.press('Enter');
    await expect.poll(() => said('returnDays')).toContain('7');
  });

  it("a branch's wish is shown with both sides, and what is decided reaches the till", async () => {
    const oil = '01935000-0000-7000-8000-00000000c0c0' as Uuid;
    const who = { tenantId: demoTenantId, region: null, storeId: null, email: person.email };
    const change = {
      name: 'Groundnut oil 1 l',
      nameHi: 'मूँगफली तेल 1 ली',
      unit: 'pc',
      sellingPricePaise: rupees(52),
      mrpPaise: rupees(55),
      costPricePaise: rupees(40),
      taxClassKey: 'plain-500',
    } as const;
    await saveItem(server.pool, who, { itemId: oil, revision: 0, change }, clock.now());
    await publish(server.pool, who, clock.now(), {
      publicationId: '01935000-0000-7000-8000-00000000c0c1' as Uuid,
      lines: [{ itemId: oil, change }],
      scope: { kind: 'all' },
      effectiveAtMs: 0,
      note: '',
    });
    const card = () => desk.rpc.item.card({ id: oil }).catch(() => null);
    await expect.poll(async () => (await card())?.item.sellingPricePaise).toBe(rupees(52));
    await desk.rpc.item.change({ key: newKey(), id: oil, change: { sellingPricePaise: rupees(49) } });
    await saveItem(
      server.pool,
      who,
      { itemId: oil, revision: 2, change: { sellingPricePaise: rupees(54) } },
      clock.now(),
    );
    await open('proposals');
    await expect
      .poll(() => page.getByTestId('case-side').innerText(), { timeout: 15_000 })
      .toContain('₹52.00 → ₹49.00');
    await expect.poll(() => page.getByTestId('case-side').innerText(), { timeout: 15_000 }).toContain('Head office');
    expect(await violations(page)).toEqual([]);
    await shoot('proposals');
    await page.getByTestId('decide-note').fill('only at your shop');
    await page.getByTestId('accept-store').click();
    await expect.poll(async () => (await card())?.item.sellingPricePaise, { timeout: 10_000 }).toBe(rupees(49));
    await expect.poll(async () => (await card())?.proposals[0]?.note).toBe('only at your shop');
    await page.getByTestId('proposals-which').selectOption('decided');
    await expect.poll(() => page.getByTestId('case-side').innerText()).toContain('only at your shop');
    await shoot('proposals-decided');
  });
});
