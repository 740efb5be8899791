import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { figuresOf, scoreWindow } from '../evaluate/metrics.ts';
import { demandFeatures } from '../features/demand-features.ts';
import { cutAt } from '../frame/series-frame.ts';
import { rawPredict } from '../gbdt/tree.ts';
import { descend } from '../ladder/ladder.ts';
import { plainSteps } from '../ladder/plain-steps.ts';
import { forecastByRule, seasonalNaive } from '../models/naive.ts';
import { fitSeason } from '../models/season.ts';
import { ForestUnreadable, readForests } from '../onnx/read-forests.ts';
import { openModel } from '../onnx/runtime.ts';
import { seeded } from '../random.ts';
import { drawCount, makeShopFrame } from './made-shop.ts';
import { forecastSeed, readSeedModel, seedFeatures } from './seed-model.ts';
import { trainSeed } from './train-seed.ts';

const folder = join(import.meta.dirname, '..', '..', 'assets', 'seed-model');
const shipped = readFileSync(join(folder, 'seed-model.onnx'));
const tiny = { shops: 3, items: 10, rowsPerShop: 400, trees: 8, maxLeaves: 6, seed: 5, threads: 2 };
const quiet = (): void => undefined;

describe('made-up shops', () => {
  it('are the same for a seed, others for another, and hold what shops hold', () => {
    const shop = makeShopFrame(3, 40, 200);
    expect(makeShopFrame(3, 40, 200)).toEqual(shop);
    expect(makeShopFrame(4, 40, 200).units).not.toEqual(shop.units);
    const known = shop.units.filter((units) => !Number.isNaN(units));
    expect(known.length).toBeLessThan(shop.units.length);
    expect(known.every((units) => units >= 0 && Number.isInteger(units))).toBe(true);
    expect(known.some((units) => units === 0) && known.some((units) => units > 20)).toBe(true);
  });
  it('draws counts of the mean and spread that were asked for', () => {
    const random = seeded(9);
    for (const [mean, dispersion] of [
      [0.4, 1],
      [6, 0.3],
      [300, 0.1],
    ] as const) {
      const drawn = Array.from({ length: 20_000 }, () => drawCount(random, mean, dispersion));
      const found = drawn.reduce((a, b) => a + b, 0) / drawn.length;
      const spread = drawn.reduce((sum, value) => sum + (value - found) ** 2, 0) / drawn.length;
      expect(found / mean).toBeCloseTo(1, 1);
      expect(spread / (mean + dispersion * mean * mean)).toBeGreaterThan(0.9);
      expect(spread / (mean + dispersion * mean * mean)).toBeLessThan(1.1);
    }
  });
});

describe('the seed model', () => {
  it('is the same bytes for the same seed, other bytes for another', async () => {
    const once = await trainSeed(tiny, quiet);
    expect(Buffer.from(await trainSeed({ ...tiny, threads: 1 }, quiet)).equals(Buffer.from(once))).toBe(true);
    expect(Buffer.from(await trainSeed({ ...tiny, seed: 6 }, quiet)).equals(Buffer.from(once))).toBe(false);
  });
  it('is small, says where it is from, and has its licence beside it', () => {
    expect(shipped.length).toBeLessThan(1_500_000);
    expect(readForests(shipped).metadata).toMatchObject({ licence: 'CC0-1.0', features: seedFeatures.join(',') });
    expect(readFileSync(join(folder, 'LICENSE'), 'utf8')).toContain('CC0 1.0');
  });
  it('knows each of its columns among the features of today', () => {
    const frame = makeShopFrame(11, 4, 60);
    const { names } = demandFeatures(frame, fitSeason(cutAt(frame, 46), 46));
    expect(seedFeatures.filter((name) => !names.includes(name))).toEqual([]);
  });
  it('forecasts a shop of sixty days that it never saw a tenth better than last week does', () => {
    let [own, naive] = [0, 0];
    for (const seed of [901, 902, 903]) {
      const frame = makeShopFrame(seed, 60, 74);
      const made = forecastSeed(readSeedModel(shipped), frame, 60, 14);
      for (const head of ['p10', 'p50', 'p90', 'mean'] as const)
        expect(made[head].every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
      own += figuresOf(scoreWindow(frame, made)).wql;
      naive += figuresOf(scoreWindow(frame, forecastByRule(seasonalNaive, frame, 60, 14))).wql;
    }
    expect(own).toBeLessThan(0.9 * naive);
  });
  it('reads nothing from the origin on', () => {
    const frame = makeShopFrame(12, 10, 80);
    const later = { ...frame, units: frame.units.map((value, k) => (k % 80 >= 60 ? 500 : value)) };
    const model = readSeedModel(shipped);
    expect(forecastSeed(model, later, 60, 14)).toEqual(forecastSeed(model, frame, 60, 14));
  });
});

describe('the file read back', () => {
  const running = openModel(shipped, 20_000);
  afterAll(() => running.close());
  it('says what the runtime says of it', async () => {
    const random = seeded(4);
    const [rows, width] = [400, seedFeatures.length];
    const values = Float32Array.from({ length: rows * width }, () => (random() < 0.1 ? Number.NaN : 4 * random() - 1));
    const { forecast } = await running.run({
      features: { dims: [rows, width], data: values },
      plain: { dims: [rows, 4], data: new Float32Array(rows * 4) },
      scale: { dims: [rows, 1], data: new Float32Array(rows).fill(1) },
    });
    const { model } = readSeedModel(shipped);
    const mean = rawPredict(model.mean, values, rows, width).map(Math.exp);
    const quantiles = [model.p10, model.p50, model.p90].map((forest) => rawPredict(forest, values, rows, width));
    for (let row = 0; row < rows; row += 1) {
      const sorted = quantiles.map((column) => Math.max(0, column[row] ?? 0)).toSorted((a, b) => a - b);
      for (const [at, expected] of [...sorted, mean[row] ?? 0].entries())
        expect(Math.abs((forecast?.data[row * 4 + at] ?? 0) - expected)).toBeLessThan(1e-4 * Math.max(1, expected));
    }
  });
  it.each([
    ['nothing', new Uint8Array()],
    ['half of it', shipped.subarray(0, shipped.length >> 1)],
    ['text', new TextEncoder().encode('this is no model, it is a letter')],
    ['noise', Uint8Array.from({ length: 5000 }, (_, k) => (k * 7919) % 256)],
  ])('is refused with a sentence when it is %s, and the ladder goes a rung down', (_, bytes) => {
    expect(() => readSeedModel(bytes)).toThrow(ForestUnreadable);
    const frame = makeShopFrame(13, 6, 60);
    const { source, falls } = descend(plainSteps({ seedFile: bytes, choice: null }), frame, 60, 7, 'noModel');
    expect(falls[0]).toMatchObject({ type: 'RungThrew', source: 'seedModel' });
    expect(source).toContain('classical');
    expect(source).not.toContain('seedModel');
  });
  it('is the first rung where there is no trained model', () => {
    const frame = makeShopFrame(13, 6, 60);
    const { source, falls } = descend(plainSteps({ seedFile: shipped, choice: null }), frame, 60, 7, 'noModel');
    expect([falls, source.includes('seedModel')]).toEqual([[], true]);
  });
});
