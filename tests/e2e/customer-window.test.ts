/** The customer's screen in a real browser beside the counter: what it shows, and what it can't do. */
import { createServer } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { makeFolder } from '#tests/fixtures/sample-shop.ts';
import { startTill } from '#till/node.ts';
import { type Counter, goods, lines, openCounter, rendererDir, signIn, type Till } from './counter-page.ts';
import { withCounter } from './with-counter.ts';

let till: Till;
let browser: Browser;
let counter: Counter;
let screen: Page;
const faults: string[] = [];

const openScreen = async (size = { width: 1366, height: 768 }): Promise<Page> => {
  const context = await browser.newContext({ viewport: size, colorScheme: 'dark' });
  const page = await context.newPage();
  page.setDefaultTimeout(6_000);
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(`${till.url}?screen=customer`);
  return page;
};
const phase = (page = screen) => page.getByTestId('customer-screen').getAttribute('data-phase');
const amount = () => screen.getByTestId('customer-amount').innerText();
const shownLines = () => screen.getByTestId('customer-line').allInnerTexts();
const tokenOf = (page: Page): Promise<string> =>
  page.evaluate(() => document.querySelector<HTMLMetaElement>('meta[name="billmitra-token"]')?.content ?? '');

withCounter((opened) => {
  ({ till, browser, counter } = opened);
});
beforeAll(async () => {
  screen = await openScreen();
});
afterEach(() => {
  if (faults.length > 0) throw new Error(faults.join('\n'));
});

describe('a bill, as its buyer sees it', () => {
  it('idle: the shop in both languages and the time', async () => {
    await expect.poll(() => phase()).toBe('idle');
    const text = await screen.getByTestId('customer-screen').innerText();
    expect(text).toContain('Sharma Kirana');
    expect(text).toContain('शर्मा किराना');
    expect(text).toMatch(/\d{1,2}:\d{2} [ap]m/);
  });
  it('a scan on the counter is a line here, in two languages, with the amount and the saving', async () => {
    await counter.scan(goods.rice);
    await lines(counter.page, 1);
    await expect.poll(amount).toBe('₹139.00');
    expect(await shownLines()).toEqual([expect.stringMatching(/Basmati[^]*बासमती[^]*1 × 139\.00[^]*139\.00/)]);
    await counter.scan(goods.sugar);
    await expect.poll(amount).toBe('₹190.00');
    expect(await screen.locator('.bc-line-newest').innerText()).toContain('Sugar');
    expect(await screen.getByTestId('customer-saved').innerText()).toMatch(/You save ₹\d+\.\d\d on MRP/);
    expect(await screen.getByTestId('customer-foot').innerText()).toMatch(
      /^2 items in all, GST \d+\.\d\d is included\.$/,
    );
  });
  it('an unknown code is "one moment", without the code', async () => {
    await counter.scan(goods.unknown);
    await screen.getByTestId('customer-moment').waitFor();
    expect(await screen.getByTestId('customer-screen').innerText()).not.toContain(goods.unknown);
    await counter.press('Delete');
    await expect.poll(() => screen.getByTestId('customer-moment').count()).toBe(0);
  });
  it('cash in part, then UPI: the same request as on the counter, with what is left', async () => {
    await counter.press('F9');
    await counter.see('pay-screen').waitFor();
    await counter.type('100');
    await counter.press('c');
    await expect.poll(() => screen.getByTestId('customer-cash').innerText()).toContain('Cash received ₹100.00');
    expect(await screen.getByTestId('qr').count()).toBe(0);
    await counter.press('u');
    await counter.see('qr').waitFor();
    await screen.getByTestId('qr').waitFor();
    await counter.see('shown-to-customer').waitFor();
    const link = await screen.getByTestId('qr').getAttribute('data-text');
    expect(link).toBe(await counter.see('qr').getAttribute('data-text'));
    expect(link).toMatch(/^upi:\/\/pay\?.*am=90\.00/);
    expect(await screen.getByTestId('customer-upi').innerText()).toContain('₹90.00');
    const { width } = (await screen.getByTestId('qr').boundingBox()) ?? { width: 0 };
    expect(Math.round(width)).toBe(330);
  });
  it('away from UPI the code goes', async () => {
    await counter.press('Escape');
    await expect.poll(() => screen.getByTestId('qr').count()).toBe(0);
    await counter.press('F9', 'u');
    await screen.getByTestId('qr').waitFor();
  });
  it('reloaded, it is there again as it was', async () => {
    await screen.reload();
    await screen.getByTestId('qr').waitFor();
    await expect.poll(amount).toBe('₹190.00');
    expect((await shownLines()).length).toBe(2);
  });
  it('paid: thanks; with cash, the change; the next scan begins anew', async () => {
    await counter.press('Enter');
    await counter.see('saved').waitFor();
    await expect.poll(() => phase()).toBe('paid');
    expect(await screen.getByTestId('customer-screen').innerText()).toContain('धन्यवाद');
    await counter.scan(goods.rice);
    await lines(counter.page, 1);
    await expect.poll(() => phase()).toBe('selling');
    await counter.press('F9');
    await counter.type('500');
    await counter.press('Enter');
    await counter.see('saved').waitFor();
    await expect.poll(amount).toBe('₹361.00');
    expect(await screen.getByTestId('customer-screen').innerText()).toContain('Your change');
  });
});

describe('every size', () => {
  let page: Page;
  beforeAll(async () => {
    page = await openScreen();
    const codes = [goods.rice, goods.sugar, goods.tea, '8900000090044', '8900000020041', '8900000020058'];
    for (const [i, code] of codes.entries()) {
      await counter.scan(code);
      await lines(counter.page, i + 1);
    }
    await counter.type('99');
    await counter.press('*');
    await counter.see('chip').waitFor();
    await counter.scan('8900000020065');
    await lines(counter.page, 7);
    // A busy machine's late keys of the scan are over: F9 is a person's.
    await counter.page.waitForTimeout(150);
    await counter.press('F9');
    await counter.see('pay-screen').waitFor();
    await counter.type('100');
    await counter.press('c', 'u');
    await page.getByTestId('qr').waitFor();
  });
  afterAll(async () => {
    await page.context().close();
    await counter.press('Delete', 'Delete', 'Escape', 'Control+Delete');
    await counter.see('dialog-drop').waitFor();
    await counter.type('x');
    await counter.press('Enter');
    await lines(counter.page, 0);
  });
  it.each([
    [1024, 600],
    [1366, 768],
    [1920, 1080],
    [768, 1366],
  ])('%i×%i: seven lines, the amount and the code stand whole', async (width, height) => {
    await page.setViewportSize({ width, height });
    const seen = await page.evaluate(() => {
      const box = (node: Element) => node.getBoundingClientRect();
      const isOut = (node: Element) =>
        box(node).right > innerWidth + 1 || box(node).bottom > innerHeight + 1 || box(node).left < 0;
      const all = (selector: string) => [...document.querySelectorAll(selector)];
      const parts = all('.bc-panel > *').toSorted((a, b) => box(a).top - box(b).top);
      const panel = document.querySelector('.bc-panel');
      const foot = document.querySelector('.bc-foot');
      return {
        out: all('.bc-panel > *, .bc-line, .bc-foot, .bc-upi *')
          .filter(isOut)
          .map((node) => node.className),
        overlaps: parts.filter((part, i) => {
          const next = parts[i + 1];
          return next !== undefined && box(part).bottom > box(next).top + 1;
        }).length,
        tooWide: panel === null ? -1 : panel.scrollWidth - panel.clientWidth,
        linesAboveFoot: all('.bc-line').filter((line) => foot !== null && box(line).bottom <= box(foot).top).length,
      };
    });
    expect(seen).toEqual({ out: [], overlaps: 0, tooWide: 0, linesAboveFoot: 7 });
  });
});

describe('what the page of a customer may', () => {
  it('its token is no token of the till: no HTTP call, and on its link no method but the feed', async () => {
    const token = await tokenOf(screen);
    expect(token.length).toBeGreaterThan(20);
    expect(token).not.toBe(await tokenOf(counter.page));
    const over = await fetch(new URL('rpc/cart/get', till.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(over.status).toBe(401);
    const ask = (path: string): Promise<string> =>
      new Promise((done, fail) => {
        const url = new URL(`rpc?token=${token}`, till.url);
        url.protocol = 'ws:';
        const socket = new WebSocket(url);
        socket.on('error', fail);
        socket.on('open', () => socket.send(JSON.stringify({ i: '1', p: { u: `/${path}`, m: 'POST' } })));
        socket.on('message', (data: Buffer) => {
          done(data.toString('utf8'));
          socket.close();
        });
      });
    expect(await ask('cart/get')).toMatch(/404|NOT_FOUND/);
    expect(await ask('customer/showPay')).toMatch(/404|NOT_FOUND/);
    expect(await ask('bill/commit')).toMatch(/404|NOT_FOUND/);
    expect(await ask('customer/feed')).not.toMatch(/404|NOT_FOUND/);
  });
  it('asks nobody to sign in and leaves the counter where it is', async () => {
    expect(await screen.getByTestId('pin').count()).toBe(0);
    expect(await counter.see('other-window').count()).toBe(0);
    await screen.keyboard.type('8900000010011');
    await screen.keyboard.press('F9');
    await lines(counter.page, 0);
  });
});

describe('opening it', () => {
  it('from Ctrl K: one window, however often; the login does not come along', async () => {
    const open = async (): Promise<void> => {
      await counter.press('Control+k');
      const field = counter.see('palette');
      await field.waitFor();
      await expect.poll(() => field.evaluate((one) => one === document.activeElement)).toBe(true);
      await counter.type('customer sc');
      await expect.poll(() => field.inputValue()).toBe('customer sc');
      await counter.press('Enter');
    };
    const [popup] = await Promise.all([counter.page.waitForEvent('popup'), open()]);
    await popup.getByTestId('customer-screen').waitFor();
    expect(new URL(popup.url()).search).toBe('?screen=customer');
    expect(await popup.evaluate(() => sessionStorage.length)).toBe(0);
    await open();
    await counter.see('notice').waitFor();
    expect(counter.page.context().pages().length).toBe(2);
    // It stays open until the browser ends: Chromium does not always answer a close while the page loads a second time.
  });
});

describe('a till that is started again', () => {
  it('is found again by the page itself, which shows the next bill', async () => {
    const folder = makeFolder();
    const start = async (port: number) => {
      const server = createServer();
      await new Promise<void>((done) => server.listen({ port, host: '127.0.0.1' }, done));
      return startTill({ shopDir: folder.dir, server, rendererDir, demo: true, demoPastDays: 0 });
    };
    const first = await start(0);
    const page = await screen.context().newPage();
    await page.goto(`${first.url}?screen=customer`);
    const text = () => page.getByTestId('customer-screen').innerText();
    await expect.poll(text).toContain('Sharma Kirana');
    await first.close();
    const again = await start(Number(new URL(first.url).port));
    const other = await openCounter(browser, again.url);
    await signIn(other);
    await other.scan(goods.rice);
    await expect.poll(() => page.getByTestId('customer-line').count(), { timeout: 8_000 }).toBe(1);
    await other.close();
    await page.close();
    await again.close();
    folder.remove();
  });
});
