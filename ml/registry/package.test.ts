import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demandFrame } from '#tests/fixtures/made-up-demand.ts';
import { packageWords as words } from '#tests/fixtures/package-words.ts';
import { openModel, type RunningModel } from '../onnx/runtime.ts';
import { type DemandModel, fitDemand, forecastDemand } from '../train/fit-demand.ts';
import { agreeWithTotal, finishForecast, forecastPacked, viewShop } from './packed-demand.ts';
import { checkPackage, type PackageTrust } from './check-package.ts';
import { sha256Of } from './floats-text.ts';
import { goldenDifference } from './golden.ts';
import { type ModelPackage, packDemand, partsOfModel } from './pack-demand.ts';
import { publicKeyOf, signManifest, signSuccession } from './signature.ts';

const [first, second, stranger] = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const frame = demandFrame({ items: 12, days: 260, seed: 5 });
const bytesOf = (manifest: object): Uint8Array => new TextEncoder().encode(JSON.stringify(manifest));

let model: DemandModel;
let made: ModelPackage;
let running: RunningModel;
let trust: PackageTrust;
beforeAll(async () => {
  model = await fitDemand(frame, 232, { horizon: 14, seed: 1, threads: 2, maxRows: 6_000 }, () => undefined);
  const packed = packDemand(partsOfModel(model, frame, 232), words);
  if (packed === null) throw new Error('no trees');
  made = packed;
  running = openModel(made.onnx, 20_000);
  const signed = bytesOf(signManifest(made.manifest, first, []));
  trust = {
    told: { manifestSha256: sha256Of(signed), onnxSha256: sha256Of(made.onnx), onnxBytes: made.onnx.byteLength },
    pin: publicKeyOf(first),
    features: made.manifest.featureSchema.names,
    runtime: '1.30.0',
    nowMs: Date.parse('2026-02-10T00:00:00Z'),
  };
}, 60_000);
afterAll(() => running.close());

/** The manifest changed and signed again by whoever; told as it is. */
function check(manifest: object, more: Partial<PackageTrust> = {}, onnx = made.onnx): string {
  const bytes = bytesOf(manifest);
  const told = trust.told && { ...trust.told, manifestSha256: sha256Of(bytes) };
  const found = checkPackage({ manifest: bytes, onnx }, { ...trust, told, ...more });
  return found.ok ? 'good' : found.error.code;
}
const signed = (change: object = {}, key = first): object => signManifest({ ...made.manifest, ...change }, key, []);

describe('a model package', () => {
  it('is the same to the byte when it is packed again, and forecasts what the fitted model does', async () => {
    // Same model, same bytes; and the packed model forecasts what the fitted one does.
    const again = packDemand(partsOfModel(model, frame, 232), words);
    expect(sha256Of(again?.onnx ?? new Uint8Array())).toBe(sha256Of(made.onnx));
    expect(again?.manifest).toEqual(made.manifest);
    const wanted = forecastDemand(model, frame, 232, 14);
    const view = viewShop(frame, 232);
    const { raw } = await forecastPacked(made.manifest, running, view, 14);
    const found = finishForecast(made.manifest, null, view, agreeWithTotal(model.totals, view, raw));
    for (const head of ['p10', 'p50', 'p90', 'mean'] as const)
      for (const [k, value] of found[head].entries())
        expect(Math.abs(value - (wanted[head][k] ?? 0))).toBeLessThan(1e-4 * Math.max(1, value));
  });
  it('is good as it was made, also with words of a later version, and answers its golden batch', async () => {
    expect(check(signed())).toBe('good');
    expect(check(signed({ nextYears: { field: 1 } }))).toBe('good');
    expect(await goldenDifference(made.manifest, running)).toBeLessThan(made.manifest.golden.tolerance);
  });
  it('is refused where a byte of either file is another', () => {
    const onnx = Uint8Array.from(made.onnx);
    onnx[onnx.length >> 1] = (onnx[onnx.length >> 1] ?? 0) ^ 1;
    expect(check(signed(), {}, onnx)).toBe('hashDiffers');
    expect(check(signed(), {}, made.onnx.subarray(0, -1))).toBe('sizeDiffers');
    expect(check(signed(), { told: trust.told && { ...trust.told, manifestSha256: sha256Of('other') } })).toBe(
      'manifestChanged',
    );
    expect(check({ ...made.manifest, horizon: 'two weeks' })).toBe('manifestUnreadable');
    // Without what head office told it is the manifest's own word that counts.
    const alone = checkPackage({ manifest: bytesOf(signed()), onnx }, { ...trust, told: null });
    expect(alone).toMatchObject({ ok: false, error: { code: 'hashDiffers' } });
  });
  it('is refused where anything signed was changed, or a stranger signed', () => {
    const good = signed() as ModelPackage['manifest'] & { signature: object };
    for (const change of [
      { horizon: 13 },
      { conformal: { ...good.conformal, meanScale: 2 } },
      { expiresAt: '2030-01-01T00:00:00Z' },
      { metrics: { ...good.metrics, all: { ...good.metrics.all, wql: 0.01 } } },
      { nextYears: 1 },
    ])
      expect(check({ ...good, ...change })).toBe('signatureWrong');
    expect(check(made.manifest)).toBe('signatureMissing');
    expect(check(signed({}, stranger))).toBe('keyUnknown');
  });
  it('follows a key to the one that it named, and no other', () => {
    const handed = signSuccession(first, publicKeyOf(second));
    const bySecond = signManifest(made.manifest, second, [handed]);
    expect(check(bySecond)).toBe('good');
    const found = checkPackage({ manifest: bytesOf(bySecond), onnx: made.onnx }, { ...trust, told: null });
    expect(found).toMatchObject({ ok: true, value: { pin: publicKeyOf(second) } });
    // Once the second is pinned, the first signs nothing any more.
    expect(check(signed(), { pin: publicKeyOf(second) })).toBe('keyUnknown');
    const forged = { ...signSuccession(stranger, publicKeyOf(second)), after: handed.after };
    expect(check(signManifest(made.manifest, second, [forged]))).toBe('keyUnknown');
    const turned = { ...signSuccession(second, publicKeyOf(first)) };
    expect(check(signManifest(made.manifest, stranger, [handed, turned]))).toBe('keyUnknown');
  });
  it('is refused where it is of another feature schema, too old, or for another runtime', () => {
    const { featureSchema, onnx } = made.manifest;
    expect(check(signed({ featureSchema: { ...featureSchema, id: 'demand@2.0' } }))).toBe('schemaOther');
    expect(check(signed({ featureSchema: { ...featureSchema, names: featureSchema.names.toReversed() } }))).toBe(
      'schemaOther',
    );
    expect(check(signed(), { features: featureSchema.names.filter((name) => name !== 'lag1') })).toBe('featureMissing');
    expect(check(signed(), { features: featureSchema.names.filter((name) => !name.includes('.')) })).toBe('good');
    expect(check(signed(), { nowMs: Date.parse('2027-01-01T00:00:00Z') })).toBe('expired');
    expect(check(signed(), { runtime: null })).toBe('runtimeMissing');
    expect(check(signed(), { runtime: '1.9.0' })).toBe('runtimeTooOld');
    expect(check(signed({ onnx: { ...onnx, opset: { '': 16, 'ai.onnx.ml': 3 } } }))).toBe('formatUnknown');
    expect(check(signed({ modelId: 'demand-0002' }))).toBe('metadataDiffers');
  });
  it('answers another golden batch where its numbers are others', async () => {
    const { golden } = made.manifest;
    const outputs = Buffer.from(golden.outputs, 'base64');
    outputs.writeFloatLE(outputs.readFloatLE(40) + 0.01, 40);
    const other = { ...made.manifest, golden: { ...golden, outputs: outputs.toString('base64') } };
    expect(await goldenDifference(other, running)).toBeGreaterThan(golden.tolerance);
  });
});
