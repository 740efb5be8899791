/** The device wizard on serial ports: a scale and a scanner on real pty pairs, in a real browser. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { milli } from '#core/quantity.ts';
import { type ScaleEmulator, startScaleEmulator } from '#hardware/scale/emulator.ts';
import { openDeviceEnd, type OpenEnd } from '#hardware/wire/emulator-end.ts';
import { connectTill, type Connected } from '#tools/till-client.ts';
import { hasPty, noPty, openPtyPair, type PtyPair } from '../fixtures/pty-pair.ts';
import { type Counter, type Till } from './counter-page.ts';
import { withCounter } from './with-counter.ts';

let counter: Counter;
let till: Till;

const text = (id: string) => counter.see(id).innerText();
const problem = () => text('problem');
const format = { baud: 9600, dataBits: 8, parity: 'none', stopBits: 1, flow: 'none' } as const;

async function goToDevice(kind: string): Promise<void> {
  await counter.press('Home');
  for (let i = 0; i < 6; i += 1) {
    if ((await counter.see(`device-${kind}`).getAttribute('aria-current')) === 'true') return;
    await counter.press('ArrowDown');
  }
  throw new Error(`no device ${kind}`);
}

async function deviceOn(pair: PtyPair): Promise<OpenEnd> {
  const opened = await openDeviceEnd({ kind: 'serial', path: pair.right, format, identity: null });
  if (!opened.ok) throw new Error(opened.error);
  return opened.value;
}

describe.skipIf(!hasPty)(`devices on serial ports ${noPty}`, () => {
  let pair: PtyPair;
  let device: OpenEnd;
  let owner: Connected;

  withCounter((opened) => {
    ({ counter, till } = opened);
  });
  beforeAll(async () => {
    pair = await openPtyPair();
    device = await deviceOn(pair);
    owner = await connectTill(till.dir);
    await counter.press('F12', '9');
    await counter.see('problem').waitFor();
  });
  afterAll(async () => {
    await owner.close();
    await device.close();
    await pair.close();
  });

  describe('a scale', () => {
    let scale: ScaleEmulator;
    beforeAll(() => {
      scale = startScaleEmulator({ protocol: 'continuous', wire: device.end, settleMs: 200 });
    });
    afterAll(() => scale.close());

    it('is looked for on the typed port until its weight is read, and taken by Enter', async () => {
      await goToDevice('scale');
      await counter.see('way-choose').getByRole('button').click();
      await counter.see('device-address').fill(pair.left);
      await counter.press('Enter');
      await expect.poll(() => text('speed-told')).toContain('Found:');
      await counter.press('Enter');
      await expect.poll(problem).toBe('The scale works');
      expect(await text('device-scale')).toContain(`${pair.left}, 9600 baud`);
    });

    it('shows the weight live, and says whether 1 kg is read as 1 kg', async () => {
      await counter.press('1');
      scale.put(milli(1_000));
      await expect.poll(() => text('live-weight')).toContain('1.000');
      await expect.poll(() => text('proof')).toContain('Right');
      await expect.poll(() => text('checked')).toContain('yes, 1.000 kg');
      scale.put(milli(500));
      await expect.poll(() => text('proof')).toContain('not right');
      scale.put(milli(0));
    });

    it('set to the wrong kind: says that it can’t be read, and way 1 finds the right one', async () => {
      const target = { kind: 'serial', path: pair.left, format: { ...format, baud: 2400 }, identity: null } as const;
      await owner.client.scale.set({ target, protocol: 'dollar', pattern: null });
      await expect.poll(problem).toBe('Can’t read what the scale says');
      await expect.poll(() => text('checked')).toContain('no, it makes no sense');
      await counter.press('1');
      await expect.poll(() => text('speed-told')).toContain('Found:');
      await counter.press('Enter');
      await expect.poll(problem).toBe('The scale works');
    });

    it('opens its form on what is set, and tries it live', async () => {
      await counter.press('2');
      await counter.see('scale-settings').waitFor();
      expect(await counter.see('port-typed').inputValue()).toBe(pair.left);
      expect(await counter.see('scale-kind').inputValue()).toBe('continuous');
      await expect.poll(() => text('scale-trial')).toContain('0.000 kg');
      await counter.press('Escape');
      await expect.poll(problem).toBe('The scale works');
    });

    it('its cable pulled: trouble within moments, and it goes on by itself', async () => {
      pair.cut();
      await expect.poll(problem, { timeout: 2_500 }).not.toBe('The scale works');
      await pair.replug();
      await device.close();
      device = await deviceOn(pair);
      scale.close();
      scale = startScaleEmulator({ protocol: 'continuous', wire: device.end, settleMs: 200 });
      await expect.poll(problem).toBe('The scale works');
      await owner.client.scale.set(null);
    });
  });

  describe('a scanner', () => {
    it('on a port is tried live, saved, and its scans stay out of the bill', async () => {
      await goToDevice('scanner');
      await counter.see('way-settings').getByRole('button').click();
      await counter.see('port-typed').fill(pair.left);
      await expect.poll(() => text('scanner-trial')).toContain('Scan something');
      device.end.write(Buffer.from('8901234567894\r\n'));
      await expect.poll(() => text('scanner-trial')).toContain('Scanned: 8901234567894');
      await counter.see('save-scanner').click();
      await expect.poll(problem).toBe('The scanner works');
      device.end.write(Buffer.from('8901234567894\r\n'));
      await expect.poll(() => text('scanned')).toContain('8901234567894');
      expect(await text('device-scanner')).toContain(pair.left);
      await counter.press('Escape');
      await counter.see('scan-field').waitFor();
      expect(await counter.see('line').count()).toBe(0);
      await counter.press('F12', '9');
      await owner.client.scanner.set({ serial: null });
    });

    it('that types is learnt from three scans', async () => {
      await goToDevice('scanner');
      await counter.see('way-learn').getByRole('button').click();
      await counter.see('learn').waitFor();
      for (let i = 0; i < 3; i += 1) {
        await counter.scan('8901234567894');
        await counter.page.waitForTimeout(450);
      }
      await expect.poll(() => text('learn-told')).toContain('Adds Enter after each code.');
      await counter.press('Escape');
      await expect.poll(() => text('device-scanner')).toContain('Adds Enter after each code.');
      await expect.poll(problem).toBe('The scanner works');
    });
  });
});
