/**
 * `npm run demo` as a newcomer meets it, in a real browser: bills while the line to head office is cut, the cable back in,
 * a price for both stores, goods from one store to the other with a difference. Rule kept: the demo's own process, its own
 * pages; the line is a relay of this test between the first till and head office, and cutting it closes real sockets.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { connect, createServer, type Socket } from 'node:net';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { violations } from './axe.ts';
import {
  buildScreens,
  type Counter,
  goods,
  lines,
  openBrowser,
  openCounter,
  payExact,
  signIn,
} from './counter-page.ts';

const slow = { timeout: 60_000, interval: 250 };
const shown = { timeout: 15_000, interval: 100 };

/** What is sent to `port` goes to `target`, until it is cut. */
async function openLine(
  target: number,
): Promise<{ port: number; cut: () => Promise<void>; mend: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  const listen = (port: number): Promise<void> => new Promise((done) => server.listen(port, '127.0.0.1', done));
  await listen(0);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    port,
    cut: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of sockets) socket.destroy();
      }),
    mend: () => listen(port),
  };
}

/** Three ports in a row that are free at this moment. */
async function freePorts(): Promise<number> {
  const isFree = (port: number): Promise<boolean> =>
    new Promise((done) => {
      const server = createServer();
      server.once('error', () => done(false));
      server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
    });
  for (let port = 42_800 + (process.pid % 500) * 10; ; port += 10) {
    const free = await Promise.all([port, port + 1, port + 2].map(isFree));
    if (free.every(Boolean)) return port;
  }
}

let demo: ChildProcess;
let browser: Browser;
let office: Page;
let a: Counter;
let b: Counter;
let line: Awaited<ReturnType<typeof openLine>>;
let said = '';
const faults: string[] = [];

beforeAll(async () => {
  await buildScreens();
  const port = await freePorts();
  line = await openLine(port);
  const root = resolve(import.meta.dirname, '../..');
  const args = ['tools/run.mjs', 'tools/demo.ts', '--port', String(port), '--no-open'];
  demo = spawn(process.execPath, [...args, '--line-1', `http://127.0.0.1:${line.port}`], {
    cwd: root,
    env: { ...process.env, DATABASE_URL: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  demo.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  demo.stderr?.resume();
  await vi.waitUntil(() => said.includes('Ctrl-C closes all'), slow);
  browser = await openBrowser();
  const urls = [...said.matchAll(/^[^\n]*?(http:\/\/\S+)/gm)].map((match) => match[1] ?? '');
  [a, b] = await Promise.all([openCounter(browser, urls[0] ?? ''), openCounter(browser, urls[1] ?? '')]);
  for (const till of [a, b]) await signIn(till);
  office = await browser.newPage({ viewport: { width: 1366, height: 640 } });
  office.on('pageerror', (error) => faults.push(error.message));
  await office.goto(`http://127.0.0.1:${port}`);
  const [, email = '', password = ''] = /\((\S+), (\S+)\)/.exec(said.split('Head office: ')[1] ?? '') ?? [];
  await office.getByTestId('email').fill(email);
  await office.getByTestId('password').fill(password);
  await office.keyboard.press('Enter');
  await office.getByTestId('page-home').waitFor();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  const isOver = new Promise((done) => demo?.once('exit', done));
  demo?.kill('SIGTERM');
  await isOver;
  await line?.cut();
});
afterEach(() => {
  const met = [...faults.splice(0), ...a.faults, ...b.faults];
  if (met.length > 0) throw new Error(met.join('\n'));
});

const shoot = async (name: string): Promise<void> => {
  const shots = process.env['BILLMITRA_SHOTS'];
  if (shots !== undefined) await office.screenshot({ path: `${shots}/${name}.png` });
};
const goTo = async (page: string): Promise<void> => {
  await office.getByTestId(`nav-${page}`).click();
  await office.getByTestId(`page-${page}`).waitFor();
};
/** What the counter's screen says of an item that is scanned; '' while head office's goods are not there yet. */
async function scanned(till: Counter, code: string): Promise<string> {
  await till.scan(code);
  const line = till.page.locator('[data-testid=line],[data-testid=line-unknown]').last();
  await line.waitFor();
  const text = (await till.see('line').count()) === 0 ? '' : await till.see('line').last().innerText();
  await till.press('Control+Delete');
  if (await till.see('dialog-drop').isVisible()) await till.press('Enter');
  await line.waitFor({ state: 'detached' });
  return text;
}

describe('npm run demo', () => {
  it('bills at a till whose line is cut; with the cable back in head office sees it, to the paisa', async () => {
    await expect.poll(() => office.getByTestId('counted').innerText(), slow).toBe('2 of 12 stores counted');
    await expect.poll(() => scanned(a, goods.sugar), slow).not.toBe('');
    await line.cut();
    await a.scan(goods.rice);
    await a.scan(goods.sugar);
    await lines(a.page, 2);
    expect(await payExact(a)).toMatch(/saved$/);
    await office.waitForTimeout(1_500);
    expect(await office.getByTestId('chain-total').getAttribute('data-paise')).toBe('0');
    await line.mend();
    await expect.poll(() => office.getByTestId('chain-bills').innerText(), slow).toBe('1');
    expect(Number(await office.getByTestId('chain-total').getAttribute('data-paise'))).toBeGreaterThan(0);
    await shoot('demo-home');
  }, 120_000);

  it("publishes a price that reaches both tills' screens", async () => {
    await expect.poll(() => scanned(b, goods.sugar), slow).toContain('51.00');
    await goTo('catalogue');
    await office.getByTestId('find-item').fill(goods.sugar);
    await expect.poll(() => office.getByTestId('items').locator('tbody tr').count(), shown).toBe(1);
    await office.getByTestId('new-price').fill('52.50');
    await office.getByTestId('put-price').click();
    await office.getByTestId('to-publish').click();
    await office.getByTestId('publish').click();
    await expect.poll(() => office.getByTestId('published').innerText(), slow).toContain('2 of 2 tills have it');
    // To have it and to sell by it are two moments.
    for (const till of [a, b]) await expect.poll(() => scanned(till, goods.sugar), slow).toContain('52.50');
  }, 120_000);

  it('moves goods from one store to the other: asked by head office, sent, received short, closed with the difference', async () => {
    await goTo('transfers');
    await office.getByTestId('transfer-new').click();
    await office.getByTestId('transfer-find').fill(goods.sugar);
    await office.getByTestId('transfer-hit').first().waitFor();
    await office.keyboard.press('Enter');
    await office.getByTestId('transfer-qty').fill('10');
    expect(await violations(office)).toEqual([]);
    await shoot('office-transfer-new');
    await office.getByTestId('transfer-ask').click();
    await expect.poll(() => office.getByTestId('transfer-side').innerText(), shown).toContain('Asked');

    await a.press('F12', 'r');
    await expect.poll(() => a.see('transfers-screen').innerText(), slow).toContain('Asked from us: to send');
    await a.press('Enter');
    await a.see('transfer-send-one').waitFor();
    expect(await a.see('transfer-qty').inputValue()).toBe('10');
    await a.see('transfer-qty').fill('8');
    expect(await violations(a.page)).toEqual([]);
    await a.shoot('till-send');
    await a.press('Control+a');
    await a.see('transfers-screen').waitFor();
    await expect.poll(() => a.see('transfers-screen').innerText(), shown).toContain('On the way');
    await expect.poll(() => office.getByTestId('transfer-state').innerText(), slow).toContain('On the way');
    await shoot('office-transfer-on-way');

    await b.press('F12', 'r');
    await expect.poll(() => b.see('transfers-screen').innerText(), slow).toContain('On the way to us: to receive');
    await b.press('Enter');
    await b.see('transfer-receive').waitFor();
    await b.scan(goods.sugar);
    await expect.poll(() => b.see('transfer-good').inputValue(), shown).toBe('1');
    await b.see('transfer-good').fill('6');
    await b.see('transfer-damaged').fill('1');
    await expect.poll(() => b.see('transfer-reason').inputValue(), shown).toBe('short');
    expect(await violations(b.page)).toEqual([]);
    await b.shoot('till-receive');
    await b.press('Control+a');
    await b.see('transfers-screen').waitFor();
    await expect.poll(() => b.see('transfers-screen').innerText(), shown).toContain('differs');
    await b.shoot('till-list');

    await expect.poll(() => office.getByTestId('transfer-state').innerText(), slow).toContain('Received');
    const side = await office.getByTestId('transfer-side').innerText();
    for (const part of ['differs', '−1, short, 1 damaged', 'challan K1D/']) expect(side).toContain(part);
    expect(await violations(office)).toEqual([]);
    await shoot('office-transfer-closed');
    await a.press('Enter');
    await a.see('transfer-show').waitFor();
    await expect.poll(() => a.see('transfer-show').innerText(), slow).toContain('Received');
    expect(await violations(a.page)).toEqual([]);
    await a.shoot('till-show');
  }, 180_000);
});
