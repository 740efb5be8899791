/**
 * Weighing at the counter in a real browser: a till with a scale on a socket, the emulator on its pan. By keyboard
 * alone; F10 and a digit pick loose goods.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { milli } from '#core/quantity.ts';
import { type ScaleEmulator, startScaleEmulator } from '#hardware/scale/emulator.ts';
import { listenAsDevice } from '#hardware/wire/emulator-end.ts';
import { connectTill, type Connected } from '#tools/till-client.ts';
import { type Counter, lines, type Till } from './counter-page.ts';
import { withCounter } from './with-counter.ts';

let counter: Counter;
let till: Till;
let owner: Connected;
let device: Awaited<ReturnType<typeof listenAsDevice>>;
let emulator: ScaleEmulator;

withCounter((opened) => {
  ({ counter, till } = opened);
});
beforeAll(async () => {
  device = await listenAsDevice(0);
  emulator = startScaleEmulator({ protocol: 'continuous', wire: device.end, settleMs: 300 });
  owner = await connectTill(till.dir);
});
afterAll(async () => {
  emulator.close();
  await owner.close();
  await device.close();
});

const setScale = (isThere: boolean) =>
  owner.client.scale.set(
    isThere
      ? {
          target: { kind: 'tcp', host: '127.0.0.1', port: device.port },
          protocol: 'continuous',
          pattern: null,
        }
      : null,
  );
const top = () => counter.see('scale-state').innerText();
const pan = () => counter.see('pan').getAttribute('data-state');
/** Lays it on the pan and waits until the top bar shows it at rest. */
const lay = async (grams: number): Promise<void> => {
  emulator.put(milli(grams));
  await expect.poll(top).toBe(`Scale ${(grams / 1000).toFixed(3)} kg`);
};
const pick = async (digit: string): Promise<void> => {
  await counter.press('F10');
  await counter.see('loose-board').locator('b').nth(2).waitFor();
  await counter.press(digit);
};
const lastQty = async (): Promise<string> => (await counter.see('line').last().innerText()).replaceAll(/\s+/g, ' ');
const emptyCart = async (): Promise<void> => {
  while ((await counter.see('line').count()) > 0) {
    const before = await counter.see('line').count();
    await counter.press('Delete');
    await lines(counter.page, before - 1);
  }
};

describe('without a scale', () => {
  it('the weight is typed as ever, and no scale is spoken of', async () => {
    await pick('1');
    await counter.see('weight').waitFor();
    expect(await counter.see('pan').count()).toBe(0);
    expect(await counter.see('scale-state').count()).toBe(0);
    await counter.type('0.350');
    await counter.press('Enter');
    await lines(counter.page, 1);
    await expect.poll(lastQty).toContain('0.350');
    await emptyCart();
  });
});

describe('with a scale', () => {
  beforeAll(async () => {
    await setScale(true);
    await counter.see('scale-state').waitFor();
  });

  it('what stands still on the pan goes in at the pick, without a second key', async () => {
    await lay(1250);
    await pick('1');
    await lines(counter.page, 1);
    expect(await counter.see('weight').count()).toBe(0);
    await expect.poll(lastQty).toContain('1.250');
  });

  it('the same pan is asked about before it is taken for the next item, then taken by Enter', async () => {
    await pick('2');
    await counter.see('pan').waitFor();
    expect(await counter.see('pan').innerText()).toContain('1.250 kg was taken for');
    await counter.shoot('taken');
    await counter.press('Escape');
    await lines(counter.page, 1);
    await pick('2');
    await counter.see('pan').waitFor();
    await counter.press('Enter');
    await lines(counter.page, 2);
    await emptyCart();
  });

  it('a swinging pan is waited for: it goes in when it rests', async () => {
    await lay(0);
    emulator.put(milli(700));
    await expect.poll(top).toMatch(/…$/);
    await pick('1');
    await lines(counter.page, 1);
    await expect.poll(lastQty).toContain('0.700');
    await emptyCart();
  });

  it('an empty pan says so, shows the weight live, and Enter takes it', async () => {
    await lay(0);
    await pick('1');
    await counter.see('pan').waitFor();
    expect(await counter.see('pan').innerText()).toContain('Put the goods on the scale');
    await counter.press('Enter');
    await counter.page.waitForTimeout(300);
    expect(await counter.see('line').count()).toBe(0);
    emulator.put(milli(480));
    await expect.poll(() => counter.see('pan').innerText()).toContain('Enter takes 0.480 kg');
    expect(await counter.see('line').count()).toBe(0);
    await counter.shoot('live');
    await counter.press('Enter');
    await lines(counter.page, 1);
    await expect.poll(lastQty).toContain('0.480');
    await emptyCart();
  });

  it('what is typed wins over the pan', async () => {
    await lay(0);
    await pick('1');
    await counter.see('pan').waitFor();
    await lay(900);
    await counter.type('0.25');
    await counter.press('Enter');
    await lines(counter.page, 1);
    await expect.poll(lastQty).toContain('0.250');
    await emptyCart();
  });

  it('T takes the box off', async () => {
    await lay(0);
    await pick('1');
    await lay(150);
    await counter.type('t');
    await expect.poll(() => counter.see('pan').innerText()).toContain('Tare 0.150 kg');
    emulator.put(milli(650));
    await expect.poll(() => counter.see('pan').innerText()).toContain('Enter takes 0.500 kg');
    await counter.press('Enter');
    await lines(counter.page, 1);
    await expect.poll(lastQty).toContain('0.500');
    await lay(0);
    await emptyCart();
  });

  it('too heavy, below zero and silent are said, and typing goes on', async () => {
    emulator.put(milli(16_000));
    await expect.poll(top).toBe('Scale: too heavy');
    await pick('1');
    await expect.poll(pan).toBe('overload');
    await counter.shoot('overload');
    emulator.put(milli(-60));
    await expect.poll(() => counter.see('pan').innerText()).toContain('below zero');
    emulator.mute(true);
    await expect.poll(top).toBe('Scale does not answer');
    await expect.poll(() => counter.see('pan').innerText()).toContain('Type the weight');
    await counter.type('1.5');
    await counter.press('Enter');
    await lines(counter.page, 1);
    await expect.poll(lastQty).toContain('1.500');
    emulator.mute(false);
    await lay(0);
  });

  it('a pulled scale is gone from the counter’s way', async () => {
    await setScale(false);
    await counter.see('scale-state').waitFor({ state: 'detached' });
    await pick('2');
    await counter.see('weight').waitFor();
    expect(await counter.see('pan').count()).toBe(0);
    await counter.press('Escape');
  });
});
