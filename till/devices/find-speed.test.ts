import { describe, expect, it } from 'vitest';
import type { SpeedSearch } from '#contract/till-devices.ts';
import type { ScaleSetting, ScaleTrial } from '#contract/till-scale.ts';
import type { SerialFormatInput, WireTargetInput } from '#contract/wire-target.ts';
import { milli } from '#core/quantity.ts';
import { scaleKinds } from '#hardware/scale/protocols.ts';
import { findSpeed, speedAttempts, type TryScale } from './find-speed.ts';

const kinds = scaleKinds();
const format = (baud: number, dataBits: 7 | 8): SerialFormatInput => ({
  baud,
  dataBits,
  parity: dataBits === 7 ? 'even' : 'none',
  stopBits: 1,
  flow: 'none',
});
const com3: WireTargetInput = { kind: 'serial', path: 'COM3', format: format(9600, 8), identity: null };
const view = {
  state: 'looking',
  trouble: null,
  weightMilli: null,
  tareMilli: milli(0),
  takenFor: null,
  canZero: false,
} as const;
const weight = { text: '1.000', understood: { kind: 'weight', weightMilli: milli(1_000), isStable: true } } as const;
const noise = { text: '<ff>', understood: null } as const;

/** A scale that is read only as `right` says; anything else makes noise of it. */
function scaleThatIs(right: (setting: ScaleSetting) => boolean) {
  const tried: ScaleSetting[] = [];
  const tryScale: TryScale = async function* (setting) {
    tried.push(setting);
    const line = right(setting) ? weight : noise;
    const lines = [line, line];
    await Promise.resolve();
    yield { lines, bytes: 20, raw: '', view } satisfies ScaleTrial;
  };
  return { tried, tryScale };
}
async function searchOf(target: WireTargetInput, tryScale: TryScale): Promise<readonly SpeedSearch[]> {
  const told: SpeedSearch[] = [];
  for await (const one of findSpeed(target, kinds, tryScale, undefined)) told.push(one);
  return told;
}

describe('what is tried', () => {
  it('is each kind as its maker sets it first, and nothing twice', () => {
    const attempts = speedAttempts(kinds);
    const known = kinds.filter((kind) => kind.id !== 'pattern');
    expect(attempts.slice(0, known.length)).toEqual(
      known.map(({ id, format: own }) => ({ protocol: id, format: own })),
    );
    const texts = attempts.map((one) => JSON.stringify(one));
    expect(new Set(texts).size).toBe(texts.length);
    expect(new Set(attempts.map((one) => one.format.baud)).size).toBeGreaterThanOrEqual(8);
  });
});

describe('the search', () => {
  it('finds a scale whose speed was changed, and hands its setting over', async () => {
    const scale = scaleThatIs(
      ({ target, protocol }) =>
        target.kind === 'serial' &&
        target.format.baud === 4800 &&
        target.format.dataBits === 7 &&
        protocol === 'continuous',
    );
    const last = (await searchOf(com3, scale.tryScale)).at(-1);
    expect(last).toMatchObject({ isDone: true, baud: 4800, found: { protocol: 'continuous', pattern: null } });
    expect(last?.found?.target).toEqual({ ...com3, format: format(4800, 7) });
  });
  it('says so when nothing reads it', async () => {
    const scale = scaleThatIs(() => false);
    const told = await searchOf(com3, scale.tryScale);
    expect(told.at(-1)).toMatchObject({ isDone: true, found: null });
    expect(scale.tried.length).toBe(speedAttempts(kinds).length);
  });
  it('one weight is not enough: noise can look like one', async () => {
    let calls = 0;
    const tryScale: TryScale = async function* () {
      calls += 1;
      await Promise.resolve();
      yield { lines: [noise, weight], bytes: 9, raw: '', view };
    };
    expect((await searchOf(com3, tryScale)).at(-1)?.found).toBeNull();
    expect(calls).toBe(speedAttempts(kinds).length);
  });
  it('over the network only the kinds differ', async () => {
    const scale = scaleThatIs(() => false);
    await searchOf({ kind: 'tcp', host: '10.0.0.7', port: 4001 }, scale.tryScale);
    expect(scale.tried.length).toBe(kinds.length - 1);
  });
});
