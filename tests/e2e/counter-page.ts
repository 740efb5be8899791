/**
 * A real till and a real browser for the tests of the screens: starts both, signs in, types like a person and
 * scans like a scanner. Rule kept: a person leaves 45 ms between keys; a scanner's keys carry their own
 * instants, 4 ms apart, so that a busy test machine can't turn a scan into typing.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core';
import type { Clock } from '#core/time.ts';
import { startTill } from '#till/node.ts';
import { buildPart } from '#tools/build.ts';
import { chromiumFlags, ensureChromium } from '#tools/chromium.ts';

const root = resolve(import.meta.dirname, '../..');
export const rendererDir = join(root, 'dist', 'renderer');

export type Till = { readonly url: string; readonly dir: string; readonly close: () => Promise<void> };

/** `demoPastDays`: how long the demo shop has sold before it is opened. */
export async function openTill(demo = true, clock?: Clock, demoPastDays = 0): Promise<Till> {
  const dir = mkdtempSync(join(tmpdir(), 'billmitra-e2e-'));
  const server = createServer();
  await new Promise<void>((done) => server.listen({ port: 0, host: '127.0.0.1' }, done));
  const till = await startTill({ shopDir: dir, server, rendererDir, demo, demoPastDays, clock });
  return {
    url: till.url,
    dir,
    close: async () => {
      await till.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** The screens as they ship; built only where dist/ does not hold them for these sources. */
export const buildScreens = (): Promise<boolean> => buildPart('renderer');

export async function openBrowser(): Promise<Browser> {
  const found = await ensureChromium();
  if (!found.ok) throw new Error(found.error);
  return chromium.launch({ executablePath: found.value, args: [...chromiumFlags] });
}

export type Counter = Awaited<ReturnType<typeof openCounter>>;

const codeOf = (char: string): string =>
  /\d/.test(char) ? `Digit${char}` : /[a-z]/i.test(char) ? `Key${char.toUpperCase()}` : '';

/** A scan is stamped a little ahead, so that a late key of a busy machine is not late for its scan. */
const leadMs = 80;

async function burst(cdp: CDPSession, text: string, terminators: readonly string[]): Promise<void> {
  const start = (Date.now() + leadMs) / 1000;
  const keys = [
    ...[...text].map((char) => ({ key: char, code: codeOf(char), text: char })),
    ...terminators.map((key) => ({ key, code: key, text: key === 'Enter' ? '\r' : '' })),
  ];
  const sent = keys.flatMap((key, i) => {
    const timestamp = start + i * 0.004;
    return [
      cdp.send('Input.dispatchKeyEvent', { type: key.text === '' ? 'rawKeyDown' : 'keyDown', ...key, timestamp }),
      cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', key: key.key, code: key.code, timestamp }),
    ];
  });
  await Promise.all(sent);
}

export async function openCounter(browser: Browser, url: string, size = { width: 1366, height: 768 }) {
  const context = await browser.newContext({ viewport: size, colorScheme: 'light' });
  const page = await context.newPage();
  page.setDefaultTimeout(6_000);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(url);
  // A picture of what a failed test met, where a folder for it is named.
  const shots = process.env['BILLMITRA_SHOTS'];
  const shoot = async (name: string): Promise<void> => {
    if (shots !== undefined)
      await page.screenshot({ path: join(shots, `${name.replace(/\W+/g, '-').slice(0, 60)}.png`) });
  };
  const cdp = await context.newCDPSession(page);
  const see = (id: string) => page.getByTestId(id);
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) {
      await page.keyboard.press(key);
      await page.waitForTimeout(45);
    }
  };
  const type = async (text: string): Promise<void> => press(...text);
  /** A scan with Enter after it, or other ends. */
  const scan = async (code: string, terminators: readonly string[] = ['Enter']): Promise<void> => {
    const until = Date.now() + leadMs + (code.length + terminators.length) * 4 + 45;
    await burst(cdp, code, terminators);
    await page.waitForTimeout(Math.max(10, until - Date.now()));
  };
  return { page, see, press, type, scan, shoot, faults, close: () => context.close() };
}

/** Owner's PIN of the demo shop; opens the shift when none is open. */
export async function signIn(counter: Counter, pin = '333333'): Promise<void> {
  await counter.see('pin').waitFor();
  await counter.type(pin);
  await counter.press('Enter');
  const { page } = counter;
  await page.locator('[data-testid=open-shift], [data-testid=scan-field]').first().waitFor();
  if (await counter.see('open-shift').isVisible()) {
    await counter.press('Control+a');
    await counter.see('scan-field').waitFor();
  }
}

/** Waits until the cart has that many lines. */
export async function lines(page: Page, count: number): Promise<void> {
  await page.waitForFunction(
    (n) => document.querySelectorAll('[data-testid=line],[data-testid=line-unknown]').length === n,
    count,
  );
}

/** Takes exact cash and waits for the number. */
export async function payExact(counter: Counter): Promise<string> {
  await counter.press('F9', 'Enter');
  await counter.see('saved').waitFor();
  return (await counter.see('saved').innerText()).trim();
}

export const goods = {
  rice: '8900000010011',
  sugar: '8900000020096',
  tea: '8900000090013',
  twoMrps: '8900000030026',
  unknown: '8901234567890',
} as const;
