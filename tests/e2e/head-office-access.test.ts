/** Who signs in at head office, in a real browser: invited in another one, shut out, a phone as second proof. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeIds } from '#core/ids.ts';
import { instant } from '#core/time.ts';
import { demoStores, demoTenantId, seedDemoChain } from '#sync-server/demo-chain.ts';
import { makeCode } from '#sync-server/identity/enrol.ts';
import { makeAccount } from '#sync-server/identity/accounts.ts';
import { hotp, stepOf } from '#sync-server/identity/totp.ts';
import { startSyncServer, type SyncServer } from '#sync-server/start.ts';
import { fromBase32 } from '../fixtures/base32.ts';
import { hashOfSecret, newTillSecret } from '../fixtures/office.ts';
import { violations } from './axe.ts';
import { buildScreens, openBrowser, rendererDir } from './counter-page.ts';
import { layPostgres } from '../fixtures/postgres.ts';

const dir = mkdtempSync(join(tmpdir(), 'billmitra-people-'));
const owner = { email: 'owner@sharma.example', password: 'a quiet owner of shops' };
const guest = { email: 'bapu@sharma.example', password: 'salt and soap and sugar' };
// Moved on where a code of the phone must be another one.
let aheadMs = 0;
const clock = { now: () => instant(Date.now() + aheadMs) };
const pictures = process.env['BILLMITRA_SHOTS'] ?? '';
let server: SyncServer;
let browser: Browser;
let page: Page;
let other: Page;
const faults: string[] = [];

const watched = (one: Page): Page => {
  one.on('pageerror', (error) => faults.push(error.message));
  one.on('console', (line) => {
    if (line.type() === 'error' && !/status of 4\d\d/.test(line.text())) faults.push(line.text());
  });
  return one;
};
const picture = async (one: Page, name: string): Promise<void> => {
  if (pictures === '') return;
  for (const colorScheme of ['light', 'dark'] as const) {
    await one.emulateMedia({ colorScheme });
    for (const [width, height] of [
      [1366, 640],
      [1920, 1080],
    ] as const) {
      await one.setViewportSize({ width, height });
      await one.screenshot({ path: join(pictures, `${name}-${colorScheme}-${width}.png`) });
    }
  }
  await one.emulateMedia({ colorScheme: 'light' });
  await one.setViewportSize({ width: 1366, height: 640 });
};

beforeAll(async () => {
  await buildScreens();
  await layPostgres(dir);
  server = await startSyncServer({ databaseUrl: null, dataDir: dir, port: 0, clock, rendererDir });
  await seedDemoChain(server.pool);
  const chain = { role: 'chain', region: null, storeId: null } as const;
  await makeAccount(server.pool, demoTenantId, chain, owner, makeIds(clock, randomBytes), clock.now());
  browser = await openBrowser();
  const viewport = { width: 1366, height: 640 };
  page = watched(await (await browser.newContext({ viewport })).newPage());
  other = watched(await (await browser.newContext({ viewport })).newPage());
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(dir, { recursive: true, force: true });
});
afterEach(() => {
  const said = faults.splice(0);
  if (said.length > 0) throw new Error(said.join('\n'));
});

async function signIn(one: Page, who: typeof owner): Promise<void> {
  await one.goto(server.url);
  await one.getByTestId('email').fill(who.email);
  await one.getByTestId('password').fill(who.password);
  await one.keyboard.press('Enter');
}
const open = async (one: Page, name: string): Promise<void> => {
  await one.getByTestId(`nav-${name}`).click();
  await one.getByTestId(`page-${name}`).waitFor();
};
const textOf = (one: Page, testId: string) => one.getByTestId(testId).innerText();
/** Passwords are hashed slowly and pages are read anew: on a loaded machine that outlasts the usual wait. */
const slow = { timeout: 20_000 };

describe('people of head office', () => {
  it('invites by a link that is shown once and can be called off', async () => {
    await signIn(page, owner);
    await open(page, 'access');
    await expect.poll(() => textOf(page, 'people'), slow).toContain(owner.email);
    expect(await textOf(page, 'page-access')).toContain('Only you so far.');
    await page.getByTestId('invite').click();
    await page.getByTestId('invite-role').selectOption('region');
    expect(await violations(page)).toEqual([]);
    await page.getByTestId('invite-go').click();
    const called = await page.getByTestId('link').inputValue();
    expect(called).toContain(`${server.url}/#/setup/`);
    await page.keyboard.press('Escape');
    await page.getByTestId('call-off').click();
    await expect.poll(() => page.getByTestId('invites').count(), slow).toBe(0);
    await other.goto(called);
    await other.getByTestId('email').fill(guest.email);
    await other.getByTestId('password').fill(guest.password);
    await other.keyboard.press('Enter');
    await expect.poll(() => other.getByRole('alert').innerText(), slow).toContain('was used or is too old');
  });

  it('lets the invited person in, who sees one store and no button that the server would refuse', async () => {
    await page.getByTestId('invite').click();
    await page.getByTestId('invite-store').selectOption(demoStores[0]?.storeId ?? '');
    await page.getByTestId('invite-go').click();
    const link = await page.getByTestId('link').inputValue();
    await picture(page, 'invite');
    await page.keyboard.press('Escape');
    await picture(page, 'people-invited');
    await other.goto('about:blank');
    await other.goto(link);
    await other.getByTestId('email').fill(guest.email);
    await other.getByTestId('password').fill(guest.password);
    await other.keyboard.press('Enter');
    await other.getByTestId('page-home').waitFor();
    await expect.poll(() => textOf(other, 'counted'), slow).toBe('0 of 1 stores counted');
    expect(await textOf(other, 'page-home')).toContain('Bapu Bazaar');
    expect(await textOf(other, 'page-home')).not.toContain('Talwandi');
    expect(await other.getByTestId('nav-access').count()).toBe(0);
    expect(await other.getByTestId('nav-publish').count()).toBe(0);
    await open(other, 'stores');
    expect(await other.getByTestId('new-store').count()).toBe(0);
    expect(await other.getByTestId('make-code').count()).toBe(0);
    await open(other, 'account');
    await expect.poll(() => textOf(other, 'page-account'), slow).toContain('Bapu Bazaar, Jaipur');
    // The address of a page that is not theirs opens Home.
    await other.goto(`${server.url}/#/access`);
    await expect.poll(() => textOf(other, 'counted'), slow).toBe('0 of 1 stores counted');
  });

  it('shuts a person out by keyboard, at once and everywhere, and lets them in again', async () => {
    await page.reload();
    await expect.poll(() => textOf(page, 'people'), slow).toContain(guest.email);
    await page.keyboard.press('/');
    await page.keyboard.type('bapu');
    await page.keyboard.press('Escape');
    await expect.poll(() => textOf(page, 'person-side'), slow).toContain(guest.email);
    await page.keyboard.press('Enter');
    await page.getByTestId('dialog-shut-out').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await textOf(page, 'people')).not.toContain('shut out');
    await page.keyboard.press('Enter');
    await page.getByTestId('shut-out-go').click();
    await expect.poll(() => textOf(page, 'people'), slow).toContain('shut out');
    await open(other, 'stores');
    await other.getByTestId('sign-in').waitFor({ timeout: 15_000 });
    await signIn(other, guest);
    await expect.poll(() => other.getByRole('alert').innerText(), slow).toContain('not right');
    await page.keyboard.press('Enter');
    await page.getByTestId('shut-out-go').click();
    await expect.poll(() => textOf(page, 'people'), slow).not.toContain('shut out');
    await signIn(other, guest);
    await other.getByTestId('page-home').waitFor();
  });

  it('turns the phone on with its digits, keeps the recovery codes once, and asks for digits from then on', async () => {
    await open(other, 'account');
    await picture(other, 'account');
    expect(await violations(other)).toEqual([]);
    await other.getByTestId('phone-set').click();
    await other.getByTestId('phone-password').fill('not the password');
    await other.keyboard.press('Enter');
    await expect.poll(() => other.getByRole('alert').innerText(), slow).toContain('not right');
    await other.getByTestId('phone-password').fill(guest.password);
    await other.keyboard.press('Enter');
    await other.getByTestId('qr').waitFor();
    const secret = fromBase32((await textOf(other, 'phone-secret')).replaceAll(' ', ''));
    const digits = (): string => hotp(secret, stepOf(clock.now()));
    await picture(other, 'phone');
    expect(await violations(other)).toEqual([]);
    await other.getByTestId('phone-code').fill('000000');
    await other.keyboard.press('Enter');
    await expect.poll(() => other.getByRole('alert').innerText(), slow).toContain('change every 30 seconds');
    await other.getByTestId('phone-code').fill(digits());
    await other.keyboard.press('Enter');
    await other.getByTestId('recovery-codes').waitFor();
    const codes = await other.getByTestId('recovery-codes').locator('li').allInnerTexts();
    expect(codes).toHaveLength(10);
    await picture(other, 'recovery');
    expect(await violations(other)).toEqual([]);
    await other.keyboard.press('Escape');
    expect(await other.getByTestId('recovery-codes').count()).toBe(1);
    await other.getByTestId('recovery-done').click();
    await expect.poll(() => textOf(other, 'phone-card'), slow).toContain('It is on');

    await other.getByTestId('sign-out').click();
    aheadMs += 60_000;
    await other.getByTestId('sign-in').waitFor();
    await signIn(other, guest);
    await other.getByTestId('totp').waitFor();
    await picture(other, 'sign-in-digits');
    expect(await violations(other)).toEqual([]);
    // The field has the focus by itself; digits typed before that would be lost.
    await expect
      .poll(() => other.evaluate(() => document.activeElement?.getAttribute('data-testid')), slow)
      .toBe('totp');
    await other.keyboard.type(digits());
    await other.keyboard.press('Enter');
    await other.getByTestId('page-home').waitFor();
    // The owner sees who has one.
    await page.reload();
    await expect.poll(() => textOf(page, 'people'), slow).toContain('phone');

    await open(other, 'account');
    await other.getByTestId('phone-remove').click();
    await other.getByTestId('remove-password').fill(guest.password);
    await other.getByTestId('remove-code').fill(codes[3] ?? '');
    await other.keyboard.press('Enter');
    await expect.poll(() => textOf(other, 'phone-card'), slow).toContain('It is off');
  });

  it('says within a second, under Needs you, that a till was shut out because its key was used twice', async () => {
    const [store] = demoStores;
    if (store === undefined) throw new Error('no store');
    const tillId = '01935000-0000-7000-8000-00000000e2e1';
    const post = (path: string, body: object) =>
      fetch(new URL(path, server.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const asked = { tenantId: demoTenantId, storeId: store.storeId, isNewStore: false, storeName: store.name };
    const code = await makeCode(server.pool, { ...asked, region: store.region, expiresAtMs: clock.now() + 600_000 });
    const secret = newTillSecret();
    const till = { tillId, storeId: store.storeId, tillName: 'Till 1', hasDocuments: false };
    await post('/v1/enrol', { code, ...till, tokenHash: hashOfSecret(secret) });
    const turn = () => post('/v1/sync/token', { tillId, refresh: secret, nextHash: hashOfSecret(newTillSecret()) });
    await open(page, 'home');
    await page.getByTestId('needs').waitFor();
    expect((await turn()).status).toBe(200);
    const from = performance.now();
    expect((await turn()).status).toBe(401);
    await page.getByTestId('needs').getByText('its key was used twice').waitFor({ timeout: 5_000 });
    process.stdout.write(`a key used twice at head office's screen after ${Math.round(performance.now() - from)} ms\n`);
    await picture(page, 'needs-you');
    await open(page, 'sync');
    await expect.poll(() => textOf(page, 'till-side'), slow).toContain('It goes on billing');
    await picture(page, 'sync-key-twice');
    await open(page, 'access');
  });

  it('changes the password, and says so in Hindi too', async () => {
    await other.getByTestId('password-before').fill(guest.password);
    await other.getByTestId('password-after').fill('short');
    await other.keyboard.press('Enter');
    await expect.poll(() => other.getByRole('alert').innerText(), slow).toContain('At least 10 characters');
    await other.getByTestId('password-after').fill('another sentence of mine');
    await other.keyboard.press('Enter');
    await other.getByTestId('password-changed').waitFor();
    await other.getByTestId('language').click();
    await expect.poll(() => textOf(other, 'page-account'), slow).toContain('दूसरा सबूत');
    await picture(other, 'account-hi');
    expect(await violations(other)).toEqual([]);
    await page.getByTestId('language').click();
    await picture(page, 'people-hi');
    expect(await violations(page)).toEqual([]);
  });
});
