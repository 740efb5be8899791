/** The till's scale through the contract: a real till, a real socket, the emulator at its other end. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Uuid } from '#core/ids.ts';
import { milli } from '#core/quantity.ts';
import type { ScaleSetting, ScaleView } from '#contract/till-scale.ts';
import { type ScaleEmulator, startScaleEmulator } from '#hardware/scale/emulator.ts';
import { listenAsDevice } from '#hardware/wire/emulator-end.ts';
import { type Desk, goods, newKey, openCounter, openDesk, refusalOf, rupees } from '#tests/fixtures/till-desk.ts';

let desk: Desk;
let emulator: ScaleEmulator;
let device: Awaited<ReturnType<typeof listenAsDevice>>;
let sugar: Uuid;
let dal: Uuid;

const setting = (): ScaleSetting => ({
  target: { kind: 'tcp', host: '127.0.0.1', port: device.port },
  protocol: 'continuous',
  pattern: null,
});
const viewWhere = async (holds: (view: ScaleView) => boolean): Promise<ScaleView> => {
  for await (const view of await desk.rpc.scale.feed()) if (holds(view)) return view;
  throw new Error('the feed ended');
};
const stableAt = (grams: number) => viewWhere((view) => view.state === 'stable' && view.weightMilli === grams);
const loose = async (name: string, nameHi: string): Promise<Uuid> =>
  (await desk.rpc.item.add({ key: newKey(), item: goods(name, rupees(45), { nameHi, unit: 'kg' }) })).id;
/** What the counter does at a pick: reads, then adds what was read. */
async function weigh(itemId: Uuid, isWeightConfirmed = false): Promise<void> {
  const { weightMilli } = await desk.rpc.scale.read();
  await desk.rpc.cart.addItem({
    key: newKey(),
    itemId,
    qtyMilli: weightMilli,
    measuredBy: 'scale',
    isWeightConfirmed,
  });
}
const cartLines = async () =>
  (await desk.rpc.cart.get()).lines.map((line) => (line.kind === 'item' ? `${line.name} ${line.qtyMilli}` : line.code));

beforeEach(async () => {
  desk = await openDesk();
  device = await listenAsDevice(0);
  emulator = startScaleEmulator({ protocol: 'continuous', wire: device.end, settleMs: 100, perSecond: 50 });
  await openCounter(desk);
  sugar = await loose('Sugar', 'चीनी');
  dal = await loose('Toor dal', 'तूर दाल');
  await desk.signIn('owner');
});
afterEach(async () => {
  emulator.close();
  await desk.close();
  await device.close();
});

describe('without a scale', () => {
  it('says so, and a weight may still be typed', async () => {
    expect(await refusalOf(desk.rpc.scale.read())).toEqual({ type: 'ScaleNotSet' });
    expect(await desk.rpc.device.state()).toMatchObject({ isScalePresent: false, scaleMilli: null });
    await desk.rpc.cart.addItem({ key: newKey(), itemId: sugar, qtyMilli: milli(350), measuredBy: 'typed' });
    expect(await cartLines()).toEqual(['Sugar 350']);
  });
});

describe('with a scale', () => {
  beforeEach(async () => {
    await desk.rpc.scale.set(setting());
    await stableAt(0);
  });

  it('is in the device list and in the counter’s state', async () => {
    emulator.put(milli(350));
    await stableAt(350);
    const devices = await desk.rpc.device.state();
    expect(devices).toMatchObject({ isScalePresent: true, scaleMilli: 350 });
    expect(devices.all.find((one) => one.kind === 'scale')).toMatchObject({ state: 'works', trouble: null });
  });

  it('gives the weight as soon as the pan rests, to whoever asked before', async () => {
    emulator.put(milli(350));
    expect(await desk.rpc.scale.read()).toEqual({ weightMilli: 350, takenFor: null });
  });

  it('refuses an empty, a swinging, an overloaded pan and one below zero, each by its name', async () => {
    expect(await refusalOf(desk.rpc.scale.read())).toEqual({ type: 'ScaleEmpty' });
    emulator.drift(30);
    expect(await refusalOf(desk.rpc.scale.read())).toEqual({ type: 'ScaleUnstable' });
    emulator.drift(0);
    emulator.put(milli(-40));
    expect(await refusalOf(desk.rpc.scale.read())).toEqual({ type: 'ScaleNegative' });
    emulator.put(milli(16_000));
    expect(await refusalOf(desk.rpc.scale.read())).toEqual({ type: 'ScaleOverload' });
  });

  it('takes one pan once: for a second item it asks, after the pan changed it does not', async () => {
    emulator.put(milli(500));
    await stableAt(500);
    await weigh(sugar);
    expect((await desk.rpc.scale.read()).takenFor).toEqual({ name: 'Sugar', nameHi: 'चीनी' });
    expect(await refusalOf(weigh(dal))).toEqual({
      type: 'WeightTaken',
      name: 'Sugar',
      nameHi: 'चीनी',
      weightMilli: 500,
    });
    expect(await cartLines()).toEqual(['Sugar 500']);
    await weigh(dal, true);
    expect(await cartLines()).toEqual(['Sugar 500', 'Toor dal 500']);
    // Off the pan and the very same weight again: another portion.
    emulator.put(milli(0));
    await stableAt(0);
    emulator.put(milli(500));
    await stableAt(500);
    await weigh(dal);
    expect(await cartLines()).toEqual(['Sugar 500', 'Toor dal 500', 'Toor dal 500']);
  });

  it('is not fooled by a flicker of the pan', async () => {
    emulator.put(milli(500));
    await stableAt(500);
    await weigh(sugar);
    emulator.drift(1);
    await viewWhere((view) => view.state === 'moving');
    emulator.drift(0);
    await stableAt(500);
    expect(await refusalOf(weigh(dal))).toMatchObject({ type: 'WeightTaken' });
  });

  it('a weight that was typed is nobody’s pan', async () => {
    emulator.put(milli(500));
    await stableAt(500);
    await weigh(sugar);
    await desk.rpc.cart.addItem({ key: newKey(), itemId: dal, qtyMilli: milli(500), measuredBy: 'typed' });
    expect(await cartLines()).toEqual(['Sugar 500', 'Toor dal 500']);
  });

  it('takes the box off, and says when it can’t set itself to zero', async () => {
    expect(await refusalOf(desk.rpc.scale.tare({}))).toEqual({ type: 'ScaleEmpty' });
    emulator.put(milli(120));
    await stableAt(120);
    expect(await desk.rpc.scale.tare({})).toMatchObject({ tareMilli: 120, weightMilli: 0 });
    emulator.put(milli(620));
    await stableAt(500);
    expect(await desk.rpc.scale.tare({ clear: true })).toMatchObject({ tareMilli: 0, weightMilli: 620 });
    expect(await refusalOf(desk.rpc.scale.zero())).toEqual({ type: 'ScaleCannotZero' });
  });

  it('says that it is silent, never an old weight', async () => {
    emulator.put(milli(500));
    await stableAt(500);
    emulator.mute(true);
    await viewWhere((view) => view.trouble === 'silent');
    expect(await refusalOf(desk.rpc.scale.read())).toEqual({ type: 'ScaleTrouble', trouble: 'silent' });
    expect(await desk.rpc.device.state()).toMatchObject({ isScalePresent: false, scaleMilli: null });
  });

  it('is there again after a restart', async () => {
    await desk.reopen();
    await desk.signIn('owner');
    await stableAt(0);
    expect(await desk.rpc.scale.setting()).toEqual(setting());
  });
});

describe('the live tester', () => {
  it('tells what comes and what it would make, and gives the port back', async () => {
    await desk.rpc.scale.set(setting());
    await stableAt(0);
    emulator.put(milli(250));
    for await (const trial of await desk.rpc.scale.try(setting())) {
      const last = trial.lines.at(-1);
      if (last?.understood?.kind !== 'weight' || last.understood.isStable !== true) continue;
      if (last.understood.weightMilli !== 250) continue;
      expect(last.text).toContain('ST,GS,+  0.250kg');
      expect(trial.raw).toContain('ST,GS,+');
      expect(trial.view).toMatchObject({ state: 'stable', weightMilli: 250 });
      break;
    }
    await stableAt(250);
  });

  it('shows bytes that nobody understands', async () => {
    const wrong: ScaleSetting = { ...setting(), protocol: 'toledo8217' };
    for await (const trial of await desk.rpc.scale.try(wrong)) {
      if (trial.view.trouble !== 'garbled') continue;
      expect(trial.raw).toContain('kg␍␊');
      break;
    }
    expect(await desk.rpc.scale.setting()).toBeNull();
  });

  it('judges a pattern before it is kept', async () => {
    const pattern = { expression: '(\\d+', unit: 'kg' as const, stableText: null, ask: null };
    const bad: ScaleSetting = { ...setting(), protocol: 'pattern', pattern };
    expect(await refusalOf(desk.rpc.scale.set(bad))).toMatchObject({ type: 'PatternInvalid', reason: 'syntax' });
    expect(await refusalOf(desk.rpc.scale.tryPattern({ pattern, sample: '1' }))).toMatchObject({
      type: 'PatternInvalid',
    });
    const suggested = await desk.rpc.scale.suggestPattern({ sample: 'ST,GS,+  1.250kg' });
    if (suggested === null) throw new Error('nothing suggested');
    expect(await desk.rpc.scale.tryPattern({ pattern: suggested, sample: 'US,GS,+  0.750kg\r\nnoise' })).toEqual([
      { text: 'US,GS,+  0.750kg', understood: { kind: 'weight', weightMilli: 750, isStable: false } },
      { text: 'noise', understood: null },
    ]);
    await desk.rpc.scale.set({ ...bad, pattern: suggested });
    emulator.put(milli(125));
    await stableAt(125);
  });

  it('is the owner’s', async () => {
    await desk.signIn('cashier');
    expect(await refusalOf(desk.rpc.scale.set(null))).toMatchObject({ type: 'RoleNeeded' });
    const { protocols, presets } = await (async () => {
      await desk.signIn('owner');
      return desk.rpc.scale.protocols();
    })();
    expect(protocols.map((one) => one.id)).toEqual([
      'continuous',
      'toledo8217',
      'casEcr2',
      'cas22',
      'dollar',
      'nci',
      'pattern',
    ]);
    expect(presets.length).toBeGreaterThan(0);
  });
});
