/**
 * The real screen in a real browser: how long from a scan's last key to its line painted, and how many 12-line
 * bills an hour a robot makes. Rule kept: the till runs as it ships, the page is the built one; the robot waits
 * for what a person would see, and leaves a person's 45 ms between keys of its own.
 */
import { resolve } from 'node:path';
import { type CDPSession, chromium, type Page } from 'playwright-core';
import { chromiumFlags, ensureChromium } from '#tools/chromium.ts';
import { type Figure, median, quantile, round, say, worst } from './figures.ts';
import { barcodeOf, basket, seeded } from './goods.ts';
import { linesPerBill, type Scale } from './scale.ts';
import { startTillProcess } from './till-process.ts';

const rendererDir = resolve(import.meta.dirname, '../../../dist/renderer');
const keyGapMs = 4;
const personGapMs = 45;
const warmUpBills = 3;

type Painted = { readonly ms: number; readonly queuedMs: number };
declare global {
  interface Window {
    benchPaints: Painted[];
  }
}

/**
 * Runs in the page before anything else: from the terminator's own instant (when the browser got the key) to the
 * task after the frame that draws the new row.
 */
function watchPaints(): void {
  window.benchPaints = [];
  let key: { readonly at: number; readonly queuedMs: number } | null = null;
  let rows = 0;
  let digits = 0;
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.key === 'Enter' && digits >= 8)
        key = { at: event.timeStamp, queuedMs: performance.now() - event.timeStamp };
      digits = event.key === 'Enter' ? 0 : digits + 1;
    },
    true,
  );
  new MutationObserver(() => {
    const now = document.querySelectorAll('[data-testid=line]').length;
    if (now > rows && key !== null) {
      const { at, queuedMs } = key;
      key = null;
      requestAnimationFrame(() => {
        const after = new MessageChannel();
        after.port1.addEventListener('message', () => {
          window.benchPaints.push({ ms: performance.now() - at, queuedMs });
        });
        after.port1.start();
        after.port2.postMessage(0);
      });
    }
    rows = now;
  }).observe(document, { subtree: true, childList: true });
}

/**
 * A scanner's keys as they come off its cable, one every 4 ms. Each carries its instant; where this machine
 * dawdles between two keys the instant is held back, so that a busy machine can't turn a scan into typing.
 */
async function scan(cdp: CDPSession, code: string): Promise<void> {
  const keys = [
    ...[...code].map((char) => ({ key: char, code: `Digit${char}`, text: char })),
    { key: 'Enter', code: 'Enter', text: '\r' },
  ];
  let at = 0;
  const sent: Promise<unknown>[] = [];
  for (const key of keys) {
    if (at > 0) await new Promise((done) => setTimeout(done, keyGapMs));
    const now = performance.timeOrigin + performance.now();
    at = at === 0 ? now : Math.min(now, at + 4 * keyGapMs);
    const timestamp = at / 1000;
    sent.push(cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', ...key, timestamp }));
    sent.push(cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', key: key.key, code: key.code, timestamp }));
  }
  await Promise.all(sent);
}

const press = async (page: Page, key: string): Promise<void> => {
  await page.waitForTimeout(personGapMs);
  await page.keyboard.press(key);
};

async function signIn(page: Page): Promise<void> {
  await page.getByTestId('pin').waitFor();
  for (const digit of '333333') await press(page, digit);
  await press(page, 'Enter');
  await page.getByTestId('scan-field').waitFor();
}

async function makeBill(page: Page, cdp: CDPSession, goods: readonly number[]): Promise<void> {
  const paintedBefore = await page.evaluate(() => window.benchPaints.length);
  for (const [i, n] of goods.entries()) {
    await scan(cdp, barcodeOf(n));
    await page.waitForFunction((count) => window.benchPaints.length >= count, paintedBefore + i + 1);
  }
  await press(page, 'F9');
  await page.getByTestId('cash-amount').waitFor();
  await press(page, 'Enter');
  await page.getByTestId('saved').waitFor();
  await page.waitForFunction(() => document.querySelectorAll('[data-testid=line]').length === 0);
}

export async function measureScreen(shopDir: string, scale: Scale): Promise<readonly Figure[]> {
  const found = await ensureChromium();
  if (!found.ok) {
    const none = { value: null, n: 0, bar: null, why: found.error };
    return [
      { name: 'scan_to_paint.p99_ms', unit: 'ms', ...none },
      { name: 'bills_per_hour_ui', unit: 'bills', ...none },
    ];
  }
  const till = await startTillProcess(shopDir, rendererDir);
  const browser = await chromium.launch({ executablePath: found.value, args: [...chromiumFlags] });
  try {
    const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
    const page = await context.newPage();
    await page.addInitScript(watchPaints);
    await page.goto(till.url);
    await signIn(page);
    const cdp = await context.newCDPSession(page);
    const random = seeded(53);
    const warm = scale.isQuick ? 0 : warmUpBills;
    let from = performance.now();
    for (let i = 0; i < warm + scale.screenBills; i += 1) {
      if (i === warm) {
        await page.evaluate(() => {
          window.benchPaints = [];
        });
        from = performance.now();
      }
      await makeBill(page, cdp, basket(random, scale.items, linesPerBill));
    }
    const seconds = (performance.now() - from) / 1000;
    const paints = await page.evaluate(() => window.benchPaints);
    const ms = paints.map((paint) => paint.ms);
    say(`${paints.length} scans painted, ${scale.screenBills} bills in ${seconds.toFixed(1)} s`);
    return [
      {
        name: 'scan_to_paint.p99_ms',
        value: quantile(ms, 0.99),
        unit: 'ms',
        n: ms.length,
        bar: { atMost: 33 },
        beside: {
          median: round(median(ms)),
          worst: round(worst(ms)),
          of_it_before_the_page: round(median(paints.map((paint) => paint.queuedMs))),
        },
      },
      {
        name: 'bills_per_hour_ui',
        value: (scale.screenBills * 3_600) / seconds,
        unit: 'bills',
        n: scale.screenBills,
        bar: { atLeast: 3_600 },
        beside: { lines: linesPerBill },
      },
    ];
  } finally {
    await browser.close();
    await till.stop();
  }
}
