/** The till is started again under an open counter: the page finds it by itself, and the cart is as it was. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StartedTill, startTill } from '#till/node.ts';
import { buildScreens, goods, lines, openBrowser, openCounter, rendererDir, signIn } from './counter-page.ts';

const dir = mkdtempSync(join(tmpdir(), 'billmitra-restart-'));
let browser: Browser;
let till: StartedTill;
const start = async (port: number): Promise<StartedTill> => {
  const server = createServer();
  await new Promise<void>((done) => server.listen({ port, host: '127.0.0.1' }, done));
  return startTill({ shopDir: dir, server, rendererDir, demo: true, demoPastDays: 0 });
};
beforeAll(async () => {
  await buildScreens();
  [till, browser] = await Promise.all([start(0), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await till.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('a till that is started again', () => {
  it('is found by the counter, which asks for the PIN and has the cart', async () => {
    const counter = await openCounter(browser, till.url);
    await signIn(counter);
    await counter.scan(goods.rice);
    await lines(counter.page, 1);
    const port = Number(new URL(till.url).port);
    await till.close();
    till = await start(port);
    await counter.see('pin').waitFor({ timeout: 15_000 });
    await signIn(counter);
    await lines(counter.page, 1);
    expect(counter.faults).toEqual([]);
    await counter.close();
  });
});
