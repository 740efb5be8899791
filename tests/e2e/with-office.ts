/**
 * What screen tests of head office stand on: a server on a real Postgres with the demo chain and its owner, a till's
 * desk, and a page in a real browser. Opened before the file's tests and closed after them. Rule kept: a fault of the
 * page fails the test that met it.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { makeIds } from '#core/ids.ts';
import { instant } from '#core/time.ts';
import { demoStores, demoTenantId, seedDemoChain } from '#sync-server/demo-chain.ts';
import { makeAccount } from '#sync-server/identity/accounts.ts';
import { makeCode } from '#sync-server/identity/enrol.ts';
import { startSyncServer, type SyncServer } from '#sync-server/start.ts';
import { type Desk, openCounter, openDesk, start } from '../fixtures/till-desk.ts';
import { buildScreens, openBrowser, rendererDir } from './counter-page.ts';
import { layPostgres } from '../fixtures/postgres.ts';

export const officeOwner = { email: 'owner@sharma.example', password: 'a quiet owner of shops' };
const shots = process.env['BILLMITRA_SHOTS'];

export type OpenedOffice = {
  readonly server: SyncServer;
  readonly browser: Browser;
  readonly page: Page;
  readonly desk: Desk;
};
export type OfficePage = {
  /** The till's clock stands still where the desk's starts; the server's goes on from there. */
  readonly clock: { readonly now: () => ReturnType<typeof instant> };
  readonly storeId: string;
  readonly open: (name: string) => Promise<void>;
  readonly textOf: (testId: string) => Promise<string>;
  /** A code by which a till joins the demo chain's first store. */
  readonly makeStoreCode: () => Promise<string>;
  /** Pictures for a person who looks at them; not part of any proof. */
  readonly shoot: (name: string) => Promise<void>;
};

/** `take` is handed what was opened. `isJoined`: the desk belongs to the first store and the owner is signed in. */
export function withOffice(take: (opened: OpenedOffice) => void, how: { readonly isJoined?: true } = {}): OfficePage {
  const dir = mkdtempSync(join(tmpdir(), 'billmitra-office-'));
  const opened = Date.now();
  const clock = { now: () => instant(start + Date.now() - opened) };
  const storeId = demoStores[0]?.storeId ?? '';
  const faults: string[] = [];
  let server: SyncServer | undefined;
  let browser: Browser | undefined;
  let desk: Desk | undefined;
  let page: Page | undefined;
  const pageOf = (): Page => {
    if (page === undefined) throw new Error('the page is not open yet');
    return page;
  };
  const makeStoreCode = async (): Promise<string> => {
    if (server === undefined) throw new Error('the server is not open yet');
    return makeCode(server.pool, {
      tenantId: demoTenantId,
      storeId,
      isNewStore: false,
      storeName: '',
      region: '',
      expiresAtMs: clock.now() + 600_000,
    });
  };
  beforeAll(async () => {
    await buildScreens();
    await layPostgres(dir);
    server = await startSyncServer({ databaseUrl: null, dataDir: dir, port: 0, clock, rendererDir });
    await seedDemoChain(server.pool);
    const chain = { role: 'chain', region: null, storeId: null } as const;
    await makeAccount(server.pool, demoTenantId, chain, officeOwner, makeIds(clock, randomBytes), clock.now());
    desk = await openDesk();
    await openCounter(desk);
    browser = await openBrowser();
    page = await browser.newPage({ viewport: { width: 1366, height: 640 } });
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (line) => {
      if (line.type() === 'error' && !line.text().includes('401')) faults.push(line.text());
    });
    if (how.isJoined) {
      await desk.signIn('owner');
      await desk.rpc.sync.join({ serverUrl: server.url, code: await makeStoreCode() });
      await page.goto(server.url);
      await page.getByTestId('email').fill(officeOwner.email);
      await page.getByTestId('password').fill(officeOwner.password);
      await page.keyboard.press('Enter');
      await page.getByTestId('page-home').waitFor();
    }
    take({ server, browser, page, desk });
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
  return {
    clock,
    storeId,
    open: async (name) => {
      await pageOf().getByTestId(`nav-${name}`).click();
      await pageOf().getByTestId(`page-${name}`).waitFor();
    },
    textOf: (testId) => pageOf().getByTestId(testId).innerText(),
    makeStoreCode,
    shoot: async (name) => {
      if (shots === undefined) return;
      mkdirSync(shots, { recursive: true });
      await pageOf().screenshot({ path: join(shots, `${name}.png`) });
      await pageOf().emulateMedia({ colorScheme: 'dark' });
      await pageOf().screenshot({ path: join(shots, `${name}-dark.png`) });
      await pageOf().emulateMedia({ colorScheme: 'light' });
      await pageOf().getByTestId('language').click();
      await pageOf().screenshot({ path: join(shots, `${name}-hi.png`) });
      await pageOf().getByTestId('language').click();
    },
  };
}
