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
const keyGapMs = 2;
const personGapMs = 45;
const frameMs = 1_000 / 60;
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
 * A scanner's keys, 2 ms apart by their own instants. The code's are handed over together, so that a machine that
 * dawdles between two of them can't turn a scan into typing; the terminator's is sent when its time has come, and
 * its instant is that of its sending.
 */
async function scan(cdp: CDPSession, code: string): Promise<void> {
  const nowMs = (): number => performance.timeOrigin + performance.now();
  const send = (key: { readonly key: string; readonly code: string; readonly text: string }, atMs: number) => {
    const timestamp = atMs / 1000;
    return Promise.all([
      cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', ...key, timestamp }),
      cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', key: key.key, code: key.code, timestamp }),
    ]);
  };
  const first = nowMs();
  await Promise.all(
    [...code].map((char, i) => send({ key: char, code: `Digit${char}`, text: char }, first + i * keyGapMs)),
  );
  const left = first + code.length * keyGapMs - nowMs();
  if (left > 0) await new Promise((done) => setTimeout(done, left));
  await send({ key: 'Enter', code: 'Enter', text: '\r' }, nowMs());
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

/** Runs in the page: true once it has so many lines and no red one, false as soon as there is a red one. */
function seeRow(count: number): Promise<boolean> {
  return new Promise((done, fail) => {
    const giveUp = setTimeout(() => fail(new Error('the scan never showed')), 10_000);
    // Told by the page's own changes: a loop of frames would be work of the bench in the frames it measures.
    const observer = new MutationObserver(() => look());
    const look = (): void => {
      const isRed = document.querySelector('[data-testid=line-unknown]') !== null;
      if (!isRed && document.querySelectorAll('[data-testid=line]').length !== count) return;
      observer.disconnect();
      // Given up also where the browser makes no more frames.
      requestAnimationFrame(() => {
        clearTimeout(giveUp);
        done(!isRed);
      });
    };
    observer.observe(document, { subtree: true, childList: true });
    look();
  });
}

const rows = (page: Page, id: string): Promise<number> => page.getByTestId(id).count();

/**
 * Scans until the row is there. On a machine so busy that the browser hands over a scan's keys in two parts, each
 * is a code of its own: their red lines are left out and the scan is made again, as a cashier would.
 */
async function scanUntilThere(page: Page, cdp: CDPSession, code: string, count: number): Promise<number> {
  for (let splits = 0; ; splits += 1) {
    await scan(cdp, code);
    const isWhole = await page.evaluate(seeRow, count);
    if (isWhole) return splits;
    await page.waitForTimeout(300);
    while ((await rows(page, 'line-unknown')) > 0) {
      await press(page, 'Delete');
      await page.waitForTimeout(100);
    }
    if ((await rows(page, 'line')) === count) return splits + 1;
    if (splits === 5) throw new Error(`the scan of ${code} never came through whole`);
  }
}

/** Answers how many scans came in two parts. */
async function makeBill(
  page: Page,
  cdp: CDPSession,
  goods: readonly number[],
  pause: (() => number) | null,
): Promise<number> {
  let splits = 0;
  for (const [i, n] of goods.entries()) {
    // The last row was seen on a frame: without a pause of random length every key would come at the same
    // moment between two frames, and the figure would be that moment's, not a cashier's.
    if (pause !== null) await new Promise((done) => setTimeout(done, 10 + pause() * 2 * frameMs));
    splits += await scanUntilThere(page, cdp, barcodeOf(n), i + 1);
  }
  await press(page, 'F9');
  await page.getByTestId('cash-amount').waitFor();
  await press(page, 'Enter');
  await page.getByTestId('saved').waitFor();
  await page.waitForFunction(() => document.querySelectorAll('[data-testid=line]').length === 0);
  return splits;
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
    page.setDefaultTimeout(10_000);
    await page.addInitScript(watchPaints);
    await page.goto(till.url);
    await signIn(page);
    const cdp = await context.newCDPSession(page);
    const random = seeded(53);
    let splits = 0;
    const bills = async (count: number, pause: (() => number) | null): Promise<number> => {
      const from = performance.now();
      for (let i = 0; i < count; i += 1) {
        splits += await makeBill(page, cdp, basket(random, scale.items, linesPerBill), pause);
      }
      return (performance.now() - from) / 1000;
    };
    if (!scale.isQuick) await bills(warmUpBills, random);
    await page.evaluate(() => {
      window.benchPaints = [];
    });
    await bills(scale.screenBills, random);
    const paints = await page.evaluate(() => window.benchPaints);
    // How many an hour: the robot as fast as the screen lets it, no pauses of its own.
    const fastBills = Math.max(1, Math.round(scale.screenBills / 3));
    const seconds = await bills(fastBills, null);
    const ms = paints.map((paint) => paint.ms);
    say(`${paints.length} scans painted, then ${fastBills} bills in ${seconds.toFixed(1)} s`);
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
          not_timed: scale.screenBills * linesPerBill - ms.length,
          split_scans: splits,
          of_it_before_the_page: round(median(paints.map((paint) => paint.queuedMs))),
        },
      },
      {
        name: 'bills_per_hour_ui',
        value: (fastBills * 3_600) / seconds,
        unit: 'bills',
        n: fastBills,
        bar: { atLeast: 3_600 },
        beside: { lines: linesPerBill },
      },
    ];
  } finally {
    await browser.close();
    await till.stop();
  }
}
