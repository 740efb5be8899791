/** A shop of five months with a model of its own: the night says what the fitted model does, few days' say with it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSeedModel } from '#ml/cold/seed-model.ts';
import { openShipped } from '#ml/cold/shipped-model.ts';
import type { Forecasts } from '#ml/evaluate/forecast-table.ts';
import { extend } from '#ml/frame/series-frame.ts';
import { fitSeason } from '#ml/models/season.ts';
import { packDemand, partsOfModel } from '#ml/registry/pack-demand.ts';
import { type DemandModel, fitDemand, forecastDemand } from '#ml/train/fit-demand.ts';
import { demandFrame } from '#tests/fixtures/made-up-demand.ts';
import { packageWords } from '#tests/fixtures/package-words.ts';
import { makeFolder } from '#tests/fixtures/sample-shop.ts';
import { assetsFolder } from '../assets-folder.ts';
import { blocksOf } from '../forecast/blocks.ts';
import { durableFiles } from './durable-files.ts';
import { forecastByLadder } from './forecast-ladder.ts';
import { judgeChallenger } from './judge-models.ts';
import { openModelFolder } from './model-folder.ts';
import { openInstalled } from './open-model.ts';
import { bytesOfState, firstShopState } from './shop-state.ts';

const [origin, horizon] = [150, 14];
/** More items than a block of the night has: counts ask all of them. */
const frame = extend(demandFrame({ items: 130, days: origin, seed: 7 }), horizon);
const seedFile = readFileSync(join(assetsFolder(), 'seed-model', 'seed-model.onnx'));
const shipped = openShipped(() => seedFile);
const words = { uptimeMs: () => 0, say: () => undefined };
const modelId = 'demand-0001';
const plain = () => {
  throw new Error('there is a model');
};
const heads = ['p10', 'p50', 'p90', 'mean'] as const;
let model: DemandModel;
let dir: ReturnType<typeof makeFolder>;

async function install(parts: ReturnType<typeof partsOfModel>): Promise<void> {
  const made = packDemand(parts, { ...packageWords, modelId });
  if (made === null) throw new Error('no trees');
  const folder = openModelFolder(dir.dir, durableFiles);
  await folder.put(modelId, 'model.onnx', made.onnx);
  await folder.put(modelId, 'manifest.json', Buffer.from(JSON.stringify(made.manifest)));
  await folder.put(modelId, 'shop.json', bytesOfState({ ...firstShopState, totals: model.totals }));
  await folder.point({ running: modelId, previous: [], shadow: null });
}
async function night(byShipped = shipped): Promise<Forecasts> {
  const { forecasts, source } = await forecastByLadder({
    order: { dir: dir.dir, running: modelId, candidate: null, runningSinceMs: 1, nowMs: 1, program: null },
    ...{ frame, origin, horizon, season: fitSeason(frame, origin), blocks: blocksOf, plain, shipped: byShipped },
    ...words,
  });
  expect(source).toBe('trees');
  if (forecasts === null) throw new Error('no forecast');
  return forecasts;
}
/** The most that two forecasts are apart, as a share of the larger. */
const apart = (one: Forecasts, other: Forecasts): number =>
  Math.max(
    ...heads.map((head) =>
      one[head].reduce((most, value, k) => {
        const theirs = other[head][k] ?? Number.NaN;
        return Math.max(most, Math.abs(value - theirs) / Math.max(1, value, theirs));
      }, 0),
    ),
  );

beforeAll(async () => {
  dir = makeFolder();
  const settings = { horizon, seed: 1, threads: 2, maxRows: 4_000, shipped: readSeedModel(seedFile) };
  model = await fitDemand(frame, origin, settings, () => undefined);
  await install(partsOfModel(model, frame, origin));
}, 60_000);
afterAll(() => dir.remove());

describe('a night at five months', () => {
  it('says what the fitted model does, counts and the shipped model beside it', async () => {
    const wanted = forecastDemand(model, frame, origin, horizon);
    expect(apart(await night(), wanted)).toBeLessThan(1e-4);
  });
  it('goes on by counts alone where the shipped model is damaged', async () => {
    const none = await night(() => null);
    expect(apart(await night(), none)).toBeGreaterThan(1e-3);
    expect(await night(openShipped(() => seedFile.subarray(0, 1_000)))).toEqual(none);
  });
  it('gives few days no say beside a model that learnt from a longer past', async () => {
    const parts = partsOfModel(model, frame, origin);
    const mixed = await night();
    try {
      await install({ ...parts, trainWindow: { ...parts.trainWindow, from: '2024-01-01' } });
      const alone = await night();
      expect(apart(alone, mixed)).toBeGreaterThan(1e-2);
      expect(apart(alone, await night(() => null))).toBe(0);
    } finally {
      await install(parts);
    }
  });
  it('judges both sides by what people would see', async () => {
    const folder = openModelFolder(dir.dir, durableFiles);
    const opened = await openInstalled(folder, modelId);
    if (!('running' in opened)) throw new Error(opened.detail);
    // Learnt from days of before the windows that are judged.
    const to = '2025-05-07';
    const challenger = { ...opened, manifest: { ...opened.manifest, trainWindow: { from: '2025-01-06', to } } };
    const judged = (byShipped = shipped, incumbent: typeof challenger | null = challenger) =>
      judgeChallenger({
        ...{ frame, origin, challenger, incumbent, incumbentAgeDays: 1, blocks: blocksOf, isSecond: false },
        ...{ plain, shipped: byShipped, nowMs: words.uptimeMs, say: words.say },
      });
    const { verdict, state } = await judged();
    expect(verdict.figures.origins).toBeGreaterThan(0);
    expect(verdict.figures.wql).toBe(verdict.figures.incumbentWql);
    const bare = await judged(() => null);
    expect(bare.verdict.figures.wql).not.toBe(verdict.figures.wql);
    // Bands and drift are the model's own word's.
    expect(bare.state).toEqual(state);
    await opened.running.close();
  });
});
