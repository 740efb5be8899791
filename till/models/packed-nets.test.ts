/** A packed model with nets: its past described, run in the night's own blocks, refused where its past is another. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkPackage } from '#ml/registry/check-package.ts';
import { sha256Of } from '#ml/registry/floats-text.ts';
import { goldenDifference } from '#ml/registry/golden.ts';
import type { ModelManifest } from '#ml/registry/manifest.ts';
import { type ModelPackage, packDemand, partsOfModel } from '#ml/registry/pack-demand.ts';
import { agreeWithTotal, finishForecast, forecastPacked, viewShop } from '#ml/registry/packed-demand.ts';
import type { NetsSettings } from '#ml/nn/demand-nets.ts';
import { ModelFault, openModel, type RunningModel } from '#ml/onnx/runtime.ts';
import { type DemandModel, fitDemand, forecastDemand } from '#ml/train/fit-demand.ts';
import { demandFrame } from '#tests/fixtures/made-up-demand.ts';
import { packageWords as words } from '#tests/fixtures/package-words.ts';
import { blocksOf } from '../forecast/blocks.ts';

const origin = 176;
/** More items than a block of the night has. */
const frame = demandFrame({ items: 260, days: 190, seed: 5 });
const small: NetsSettings = {
  encoder: 'dense',
  lookBack: 28,
  hidden: 12,
  context: 4,
  decoder: 12,
  seeds: 2,
  windows: 1_500,
  maxHistory: 400,
  training: { batch: 64, steps: 60, rate: 0.005, decay: 0.05, clipNorm: 1, checkEvery: 20, patience: 3 },
  finish: { steps: 10, rate: 0.001 },
};
let model: DemandModel;
let made: ModelPackage;
let running: RunningModel;
beforeAll(async () => {
  const settings = { horizon: 14, seed: 1, threads: 2, maxRows: 4_000, nets: [small, { ...small, lookBack: 14 }] };
  model = await fitDemand(frame, origin, settings, () => undefined);
  const packed = packDemand(partsOfModel(model, frame, origin), words);
  if (packed === null) throw new Error('no trees');
  made = packed;
  running = openModel(made.onnx, 20_000);
}, 60_000);
afterAll(() => running.close());

const check = (manifest: ModelManifest): string => {
  const found = checkPackage(
    { manifest: new TextEncoder().encode(JSON.stringify(manifest)), onnx: made.onnx },
    {
      told: null,
      pin: null,
      features: manifest.featureSchema.names,
      runtime: '1.30.0',
      nowMs: Date.parse('2026-02-10'),
    },
  );
  return found.ok ? 'good' : found.error.code;
};

describe('a package with nets', () => {
  it('says what it reads of the past, and answers its golden batch', async () => {
    expect(model.members.nets).toHaveLength(2);
    expect(made.manifest.past).toMatchObject({ id: 'past@1.0', lookBacks: [28, 14] });
    expect(made.manifest.inputs.slice(3)).toEqual([
      { name: 'past0', dtype: 'float32', shape: ['S', 28 * 9] },
      { name: 'past1', dtype: 'float32', shape: ['S', 14 * 9] },
    ]);
    expect(made.manifest.golden.rows % 14).toBe(0);
    expect(made.manifest.golden.rows).toBeGreaterThanOrEqual(50);
    expect(await goldenDifference(made.manifest, running)).toBeLessThan(made.manifest.golden.tolerance);
    // Another past is another answer: the golden batch covers it.
    const { golden } = made.manifest;
    const inputs = {
      ...golden.inputs,
      past0: Buffer.alloc(Buffer.from(golden.inputs['past0'] ?? '', 'base64').length),
    };
    const other = { ...golden, inputs: { ...inputs, past0: inputs.past0.toString('base64') } };
    expect(await goldenDifference({ ...made.manifest, golden: other }, running)).toBeGreaterThan(golden.tolerance);
  });
  it('forecasts in the night’s blocks what the fitted model does, also fewer days ahead', async () => {
    const wanted = forecastDemand(model, frame, origin, 14);
    const view = viewShop(frame, origin, blocksOf);
    const { raw } = await forecastPacked(made.manifest, running, view, 14);
    const week = await forecastPacked(made.manifest, running, view, 7);
    for (let k = 0; k < week.raw.p50.length; k += 1)
      expect(week.raw.p50[k]).toBe(raw.p50[Math.floor(k / 7) * 14 + (k % 7)]);
    const found = finishForecast(made.manifest, null, view, agreeWithTotal(model.totals, view, raw));
    for (const head of ['p10', 'p50', 'p90', 'mean'] as const)
      for (const [k, value] of found[head].entries())
        expect(Math.abs(value - (wanted[head][k] ?? 0))).toBeLessThan(1e-4 * Math.max(1, value));
    // What nets were never asked for is a fault and no guess.
    await expect(forecastPacked(made.manifest, running, view, 21)).rejects.toThrow(ModelFault);
  });
  it('is the same to the byte when it is packed again, and never packed with a member left out', () => {
    const parts = partsOfModel(model, frame, origin);
    expect(sha256Of(packDemand(parts, words)?.onnx ?? new Uint8Array())).toBe(sha256Of(made.onnx));
    expect(() => packDemand({ ...parts, nets: [] }, words)).toThrow(RangeError);
    expect(() => packDemand({ ...parts, inputs: { ...parts.inputs, pasts: [] } }, words)).toThrow(RangeError);
  });
  it('is refused where it was trained on another past', () => {
    expect(check(made.manifest)).toBe('good');
    const { past } = made.manifest;
    if (past === undefined) throw new Error('no past');
    expect(check({ ...made.manifest, past: { ...past, sha256: '0'.repeat(64) } })).toBe('schemaOther');
    expect(check({ ...made.manifest, past: { ...past, id: 'past@2.0' } })).toBe('schemaOther');
  });
});
