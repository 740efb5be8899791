import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { plainFraming, plainWedge } from '#contract/plain-scanner.ts';
import { scanBytes, type ScannerEmulator, startScannerEmulator } from '#hardware/scanner/emulator.ts';
import { listenAsDevice, openDeviceEnd, type OpenEnd } from '#hardware/wire/emulator-end.ts';
import type { WireTarget } from '#hardware/wire/wire.ts';
import { hasPty, openPtyPair, type PtyPair } from '#tests/fixtures/pty-pair.ts';
import { connectTill } from '#tools/till-client.ts';
import {
  buildScreens,
  type Counter,
  goods,
  lines,
  openBrowser,
  openCounter,
  openTill,
  payExact,
  signIn,
  type Till,
} from './counter-page.ts';

// A scanner on a serial port (a real pty; TCP where none can be had) through the till to a real browser: its
// scans must do what typed ones do (screens.md §4.2, first row), and none may be lost or doubled by a reload.
let till: Till;
let browser: Browser;
let counter: Counter;
let pair: PtyPair | null = null;
let device: OpenEnd;
let scanner: ScannerEmulator;

const format = { baud: 115_200, dataBits: 8, parity: 'none', stopBits: 1, flow: 'none' } as const;
const serial = (path: string): WireTarget => ({ kind: 'serial', path, format, identity: null });

async function plugIn(): Promise<WireTarget> {
  if (!hasPty) {
    const listening = await listenAsDevice(0);
    device = listening;
    return { kind: 'tcp', host: '127.0.0.1', port: listening.port };
  }
  pair = await openPtyPair();
  const opened = await openDeviceEnd(serial(pair.right));
  if (!opened.ok) throw new Error(opened.error);
  device = opened.value;
  return serial(pair.left);
}

beforeAll(async () => {
  await buildScreens();
  [till, browser] = await Promise.all([openTill(), openBrowser()]);
  const target = await plugIn();
  scanner = startScannerEmulator({ wire: device.end, ends: 'crlf' });
  const script = await connectTill(till.dir);
  await script.client.scanner.set({ serial: { target, framing: plainFraming } });
  const stateNow = async () => (await script.client.device.state()).all.find(({ kind }) => kind === 'scanner')?.state;
  while ((await stateNow()) !== 'works') await new Promise((resolve) => setTimeout(resolve, 20));
  await script.close();
  counter = await openCounter(browser, till.url);
  await signIn(counter);
});
afterAll(async () => {
  await browser?.close();
  await till?.close();
  await device?.close();
  await pair?.close();
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await counter.shoot(task.name);
  if (counter.faults.length > 0) throw new Error(counter.faults.join('\n'));
});

const payable = () => counter.see('payable').innerText();

describe('a scan over a serial port', () => {
  it('adds a line, and clears what was being typed', async () => {
    await scanner.scan(goods.rice);
    await lines(counter.page, 1);
    await counter.type('su');
    await scanner.scan(goods.tea);
    await lines(counter.page, 2);
    await expect.poll(() => counter.see('scan-field').inputValue()).toBe('');
  });
  it('takes the quantity that was asked for', async () => {
    const before = await payable();
    await counter.type('3*');
    await scanner.scan(`]E0${goods.sugar}`);
    await lines(counter.page, 3);
    expect(await payable()).not.toBe(before);
    await counter.press('Delete');
    await lines(counter.page, 2);
  });
  it('in a form waits, is counted, and is added after the answer', async () => {
    const before = await payable();
    await counter.press('F7');
    await counter.see('c-mobile').waitFor();
    await scanner.scan(goods.rice);
    await expect.poll(() => counter.see('kept-scans').innerText()).toBe('1 more scan is waiting');
    expect(await payable()).toBe(before);
    await counter.press('Escape');
    await expect.poll(payable).not.toBe(before);
  });
  it('that waits when the page is reloaded is added once', async () => {
    const qtys = () => counter.page.getByTestId('line').allInnerTexts();
    await counter.press('F7');
    await counter.see('c-mobile').waitFor();
    await scanner.scan(goods.sugar);
    await counter.see('kept-scans').waitFor();
    await counter.page.reload();
    await counter.see('scan-field').waitFor();
    await lines(counter.page, 3);
    const once = await qtys();
    await counter.page.reload();
    await counter.see('scan-field').waitFor();
    await lines(counter.page, 3);
    await counter.page.waitForTimeout(300);
    expect(await qtys()).toEqual(once);
  });
  it('signed out is kept and added after the PIN', async () => {
    const before = await payable();
    await counter.press('Control+l');
    await counter.see('sign-in').waitFor();
    await scanner.scan(goods.rice);
    await counter.see('scans-kept').waitFor();
    await signIn(counter);
    await expect.poll(payable).not.toBe(before);
  });
  it('that breaks off adds nothing and says so', async () => {
    const before = await payable();
    await scanner.send(new TextEncoder().encode(goods.rice.slice(0, 9)));
    await expect.poll(() => counter.see('notice').innerText()).toContain('The scan broke off');
    expect(await payable()).toBe(before);
    await payExact(counter);
  });
  it('made while no page is open waits for one', async () => {
    await counter.close();
    await scanner.scan(goods.rice);
    await scanner.scan(goods.tea);
    counter = await openCounter(browser, till.url);
    await signIn(counter);
    await lines(counter.page, 2);
    await payExact(counter);
  });
  it('twenty a second for three seconds: each is in the bill', async () => {
    // Each its own line: codes that nobody has come in as red lines, in their order.
    const codes = Array.from({ length: 60 }, (_, n) => `SN-${String(n).padStart(4, '0')}`);
    for (const code of codes) {
      await scanner.send(scanBytes(code, 'cr'));
      await counter.page.waitForTimeout(50);
    }
    await lines(counter.page, codes.length);
    const told = await counter.page.getByTestId('line-unknown').allTextContents();
    expect(told.map((text) => /SN-\d{4}/.exec(text)?.[0])).toEqual(codes);
  });
});

describe('what the wizard learnt of the scanner that types', () => {
  it('holds at once in the open page: its prefix comes off', async () => {
    const script = await connectTill(till.dir);
    await script.client.scanner.saveWedge({ wedge: { ...plainWedge, prefixes: ['A'], suffix: '-' } });
    await script.close();
    const before = await counter.page.getByTestId('line-unknown').count();
    await counter.scan(`A${goods.rice}-`);
    await counter.see('line').last().waitFor();
    expect(await counter.page.getByTestId('line-unknown').count()).toBe(before);
  });
});
