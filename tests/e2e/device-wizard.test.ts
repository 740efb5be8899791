/** The device wizard on real parts: a printer on TCP, scales and scanners on pty pairs, a real browser. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { printedText } from '#hardware/printer/emulator-paper.ts';
import { type EmulatorServer, startEmulatorServer } from '#hardware/printer/emulator-server.ts';
import { type Counter, goods, lines, payExact } from './counter-page.ts';
import { violations } from './axe.ts';
import { withCounter } from './with-counter.ts';

let counter: Counter;
let printer: EmulatorServer;

withCounter((opened) => {
  ({ counter } = opened);
});
beforeAll(async () => {
  printer = await startEmulatorServer();
  await counter.press('F12', '9');
  await counter.see('problem').waitFor();
});
afterAll(async () => {
  await printer?.close();
});

const text = (id: string) => counter.see(id).innerText();
const problem = () => text('problem');

/** Goes to a device by the arrow keys, as a person would. */
async function goToDevice(kind: string): Promise<void> {
  await counter.press('Home');
  for (let i = 0; i < 6; i += 1) {
    if ((await counter.see(`device-${kind}`).getAttribute('aria-current')) === 'true') return;
    await counter.press('ArrowDown');
  }
  throw new Error(`no device ${kind}`);
}

describe('the receipt printer', () => {
  it('is chosen by its address and works', async () => {
    await goToDevice('printer');
    await expect.poll(problem).toBe('Receipts go into a file');
    await counter.see('way-choose').getByRole('button').click();
    await counter.see('device-address').fill(`127.0.0.1:${printer.port}`);
    await counter.press('Enter');
    await expect.poll(problem).toBe('The printer works');
    expect(await text('state-printer')).toContain('Works');
    await expect.poll(() => text('checked')).toContain('paper is in, cover is closed');
    expect(await counter.see('device-printer').innerText()).toContain(`127.0.0.1:${printer.port}`);
  });

  it('prints a test page, and asks three things about it', async () => {
    await counter.press('1');
    await counter.see('test-question').waitFor();
    await expect.poll(() => printer.emulator.receipts().length).toBe(1);
    const page = printer.emulator.receipts()[0];
    expect(page === undefined ? [] : printedText(page)).toContainEqual(expect.stringContaining('PRINTER TEST'));
    await counter.press('y', 'y');
    expect(await text('test-question')).toContain('edges');
    await counter.press('n');
    expect(await text('test-width')).toContain('58 mm');
    await counter.press('y');
    await expect.poll(() => counter.see('test-width').count()).toBe(0);
    await expect.poll(() => text('device-side')).toContain('58 mm, 32 columns');
    await counter.press('1', 'y', 'y', 'y');
    await counter.see('test-good').waitFor();
  });

  it('says that paper is out, and that it is in again, without being asked', async () => {
    printer.setState({ paper: 'out' });
    await expect.poll(problem, { timeout: 4_000 }).toBe('Paper is out');
    expect(await text('state-printer')).toContain('Paper is out');
    expect(await text('printer-state')).toBe('Paper is out');
    printer.setState({ paper: 'ok' });
    await expect.poll(problem).toBe('The printer works');
  });

  it('says what to do when its plug is pulled, and goes on by itself', async () => {
    const { port } = printer;
    await printer.close();
    await expect.poll(problem, { timeout: 4_000 }).not.toBe('The printer works');
    expect(await text('checked')).toContain('can’t ask before we may write');
    printer = await startEmulatorServer({ port });
    await expect.poll(problem).toBe('The printer works');
  });

  it('opens its form on what is set', async () => {
    await counter.press('2');
    await counter.see('printer-settings').waitFor();
    expect(await counter.see('printer-host').inputValue()).toBe('127.0.0.1');
    expect(await counter.see('printer-port').inputValue()).toBe(String(printer.port));
    expect(await counter.see('printer-width').inputValue()).toBe('58');
    await counter.press('Escape');
    await counter.see('problem').waitFor();
  });
});

describe('a bill whose cable was cut', () => {
  it('is not asked about over the wizard, but at the next empty counter', async () => {
    await counter.press('Escape');
    await counter.see('scan-field').waitFor();
    await counter.scan(goods.rice);
    await lines(counter.page, 1);
    printer.setState({ paper: 'out' });
    await payExact(counter);
    await counter.press('F12', '9');
    await counter.see('problem').waitFor();
    await goToDevice('printer');
    await expect.poll(() => text('printer-state')).toBe('Paper is out, 1 bill waits');
    printer.cutAfter(300);
    printer.setState({ paper: 'ok' });
    await expect.poll(problem).toBe('The printer works');
    expect(await counter.see('cut-question').count()).toBe(0);
    await counter.press('Escape');
    await counter.see('cut-question').waitFor();
    await counter.press('n');
    // A 58 mm printer has no knife: the copy is the end of one long paper.
    const paper = (): string => printedText(printer.emulator.current()).join('\n');
    await expect.poll(paper).toContain('DUPLICATE');
    await expect.poll(() => counter.see('cut-question').count()).toBe(0);
    await counter.press('F12', '9');
    await counter.see('problem').waitFor();
  });
});

describe('at this screen', () => {
  it('a scan is shown as a test and goes into no bill', async () => {
    await goToDevice('scanner');
    await counter.scan(goods.rice);
    await expect.poll(() => text('scanned')).toContain(goods.rice);
    await counter.press('Escape');
    await counter.see('scan-field').waitFor();
    expect(await counter.see('line').count()).toBe(0);
    await counter.press('F12', '9');
    await counter.see('problem').waitFor();
  });
  it('axe finds nothing, whatever the device', async () => {
    for (const kind of ['scanner', 'printer', 'drawer', 'scale', 'display', 'label']) {
      await goToDevice(kind);
      await counter.page.waitForTimeout(200);
      expect(await violations(counter.page), kind).toEqual([]);
    }
  });
  it('axe finds nothing where a device is chosen', async () => {
    await goToDevice('printer');
    await counter.see('way-choose').getByRole('button').click();
    await counter.see('choose-device').waitFor();
    expect(await violations(counter.page)).toEqual([]);
    await counter.press('Escape');
  });
  it('axe finds nothing in the panes', async () => {
    const panes = [
      ['scanner', 'learn', 'learn'],
      ['scanner', 'settings', 'scanner-port'],
      ['printer', 'settings', 'printer-settings'],
      ['scale', 'settings', 'scale-settings'],
      ['display', 'settings', 'pole-settings'],
      ['drawer', 'settings', 'drawer-settings'],
    ] as const;
    for (const [kind, way, pane] of panes) {
      await goToDevice(kind);
      await counter.see(`way-${way}`).getByRole('button').click();
      await counter.see(pane).waitFor();
      expect(await violations(counter.page), pane).toEqual([]);
      await counter.press('Escape');
      await counter.see('problem').waitFor();
    }
  });
  it('S passes a device over, Ctrl A finishes', async () => {
    await goToDevice('display');
    await counter.press('s');
    expect(await counter.see('device-label').getAttribute('aria-current')).toBe('true');
    await counter.press('Control+a');
    await counter.see('scan-field').waitFor();
  });
});
