/** Real SQLite, real files, real ONNX runtime: from a fitted model to the pointer, and down the ladder again. */
import { copyFile, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { instant } from '#core/time.ts';
import type { ShopDb } from '#db/open.ts';
import { extend } from '#ml/frame/series-frame.ts';
import { fitSeason } from '#ml/models/season.ts';
import { forecastByRule, weekdayMean } from '#ml/models/naive.ts';
import { demandOnnx } from '#ml/onnx/demand-model.ts';
import { sha256Of } from '#ml/registry/floats-text.ts';
import { coreFeatureNames } from '#ml/registry/core-features.ts';
import { type DemandParts, type ModelPackage, packDemand, partsOfModel } from '#ml/registry/pack-demand.ts';
import { fitDemand } from '#ml/train/fit-demand.ts';
import { demandFrame } from '#tests/fixtures/made-up-demand.ts';
import { makeFolder, mustOpen } from '#tests/fixtures/sample-shop.ts';
import { blocksOf } from '../forecast/blocks.ts';
import { openTables, type Tables } from '../tables.ts';
import { durableFiles, type DurableFiles } from './durable-files.ts';
import { forecastByLadder, type LadderDeps } from './forecast-ladder.ts';
import { makeModelDesk, type ModelDesk, type ModelDeskDeps } from './model-desk.ts';
import { openModelFolder } from './model-folder.ts';
import { openInstalled } from './open-model.ts';

const dayMs = 86_400_000;
const days = 240;
const heldBack = 56;
const horizon = 14;
const frame = demandFrame({ items: 10, days, seed: 9 });
const wide = extend(frame, horizon);
const season = fitSeason(wide, days);
const plain: LadderDeps['plain'] = ({ frame: known, origin }, ahead) =>
  forecastByRule(weekdayMean, known, origin, ahead);
const words = (no: number) => ({
  modelId: `demand-000${no}`,
  version: `1.${no}.0+20260131`,
  createdAt: '2026-01-31T00:00:00Z',
  expiresAt: '2027-01-31T00:00:00Z',
  codeVersion: '0.1.0',
  parentModel: null,
  stores: 1,
});
let parts: DemandParts;
let good: ModelPackage;
let second: ModelPackage;
/** Its numbers are all twice what they should be. */
let worse: ModelPackage;
const pack = (from: DemandParts, no: number): ModelPackage => {
  const made = packDemand(from, words(no));
  if (made === null) throw new Error('no trees');
  return made;
};
const doubled = (from: DemandParts): DemandParts => ({
  ...from,
  weights: {
    p10: from.weights.p10.map((w) => 2 * w),
    p50: from.weights.p50.map((w) => 2 * w),
    p90: from.weights.p90.map((w) => 2 * w),
    mean: from.weights.mean.map((w) => 2 * w),
  },
});

let folder: ReturnType<typeof makeFolder>;
const nowMs = { at: Date.parse('2026-02-01T00:00:00Z') };
let shop: ShopDb;
let tables: Tables;
let desk: ModelDesk;
const modelsDir = (): string => join(folder.dir, 'models');

const openDesk = (files?: DurableFiles, more: Partial<ModelDeskDeps> = {}): ModelDesk =>
  makeModelDesk({
    dir: modelsDir(),
    tables,
    now: () => instant(nowMs.at),
    features: coreFeatureNames(),
    runtime: () => '1.30.0',
    server: () => null,
    later: () => () => undefined,
    onFault: (error) => {
      throw error;
    },
    files,
    ...more,
  });
const ladderDeps = async (): Promise<LadderDeps> => ({
  order: await desk.order(),
  frame: wide,
  season,
  blocks: blocksOf,
  origin: days,
  horizon,
  plain,
  shipped: () => null,
  uptimeMs: () => 0,
  say: () => undefined,
});
const night = async (more: Partial<LadderDeps> = {}) => {
  const found = await forecastByLadder({ ...(await ladderDeps()), ...more });
  await desk.take(found.report);
  return found;
};

beforeAll(async () => {
  const origin = days - heldBack;
  const model = await fitDemand(frame, origin, { horizon, seed: 1, threads: 2, maxRows: 4_000 }, () => undefined);
  parts = partsOfModel(model, frame, origin);
  good = pack(parts, 1);
  second = pack({ ...parts, seed: 2 }, 2);
  worse = pack(doubled(parts), 3);
}, 60_000);
beforeEach(() => {
  folder = makeFolder();
  shop = mustOpen(folder.dir);
  tables = openTables(shop);
  nowMs.at = Date.parse('2026-02-01T00:00:00Z');
  desk = openDesk();
});
afterEach(async () => {
  await desk.close();
  shop.close();
  folder.remove();
});
const pointer = () => openModelFolder(modelsDir(), durableFiles).pointer();
const what = (): readonly string[] => desk.page().events.map((event) => event.what);
/** `good` runs. */
async function promoted(): Promise<void> {
  await desk.installHere(good);
  const found = await night();
  expect(found.report.judged?.verdict).toMatchObject({ outcome: 'promote', failed: [] });
}

describe('models at a shop', () => {
  it('run where they beat the plain rung on days they have not seen, and say how they won', async () => {
    expect(await night()).toMatchObject({ source: 'plain', reason: 'noModel', modelId: null });
    await promoted();
    expect((await pointer()).running).toBe('demand-0001');
    const again = await night();
    expect(again).toMatchObject({ source: 'trees', reason: 'best', version: '1.1.0+20260131' });
    for (const value of again.forecasts?.p90 ?? [Number.NaN]) expect(value).toBeGreaterThanOrEqual(0);
    expect(Math.max(...(again.forecasts?.mean ?? []))).toBeGreaterThan(1);
    const [model] = desk.page().models;
    expect(model).toMatchObject({ state: 'running', origin: 'thisShop' });
    expect(model?.wql).toBeLessThan(0.995 * (model?.wqlBefore ?? 0));
    expect(what()).toEqual(['promoted', 'trainedHere']);
    // Same books, same night: same numbers.
    expect((await night()).forecasts).toEqual(again.forecasts);
  });
  it('keep the bands that they brought until a day of theirs is over, however often a day has its night', async () => {
    await promoted();
    // What the shop has learnt of it is lost: it runs with what it brought.
    await rm(join(modelsDir(), 'demand-0001', 'shop.json'));
    const first = await night();
    expect(first.modelId).toBe('demand-0001');
    expect((await night()).forecasts).toEqual(first.forecasts);
  });
  it('are not judged while they run, though the program died before it wrote that they do', async () => {
    await promoted();
    await desk.close();
    const install = tables.models.get('demand-0001');
    if (install === null) throw new Error('no row');
    tables.models.put({ ...install, state: 'waiting' });
    desk = openDesk();
    // Asked in the same moment.
    expect(await desk.order()).toMatchObject({ candidate: null, runningSinceMs: nowMs.at });
  });
  it('that are worse run beside for a week, are judged once more and refused', async () => {
    await promoted();
    await desk.installHere(worse);
    const first = await night();
    expect(first.report.judged?.verdict).toMatchObject({ outcome: 'shadow' });
    expect(first.modelId).toBe('demand-0001');
    expect((await pointer()).shadow?.modelId).toBe('demand-0003');
    nowMs.at += 6 * dayMs;
    expect((await night()).report.judged).toBeNull();
    nowMs.at += dayMs;
    expect((await night()).report.judged?.verdict).toMatchObject({ outcome: 'reject' });
    expect(await pointer()).toEqual({ running: 'demand-0001', previous: [], shadow: null });
    expect(desk.page().models.find(({ id }) => id === 'demand-0003')?.state).toBe('refused');
    expect(await readdir(modelsDir())).not.toContain('demand-0003');
  });
  it('that are as good take over from one that is six weeks old; three are kept; going back is one pointer', async () => {
    await promoted();
    await desk.installHere(second);
    expect((await night()).report.judged?.verdict).toMatchObject({ outcome: 'shadow', failed: ['loss'] });
    nowMs.at += 43 * dayMs;
    expect((await night()).report.judged?.verdict.outcome).toBe('promote');
    expect(await pointer()).toEqual({ running: 'demand-0002', previous: ['demand-0001'], shadow: null });
    expect(await desk.rollBack('demand-0009')).toBe(false);
    expect(await desk.rollBack('demand-0001')).toBe(true);
    expect(await pointer()).toEqual({ running: 'demand-0001', previous: ['demand-0002'], shadow: null });
    expect((await night()).version).toBe('1.1.0+20260131');
    expect(what()[0]).toBe('rolledBack');
    for (const no of [4, 5, 6]) {
      nowMs.at += 50 * dayMs;
      await desk.installHere(pack({ ...parts, seed: no }, no));
      await night();
      nowMs.at += 7 * dayMs;
      await night();
    }
    expect((await pointer()).previous).toHaveLength(2);
    expect((await readdir(modelsDir())).filter((name) => name.startsWith('demand-'))).toHaveLength(3);
  });
});

describe('a pointer that can’t be read', () => {
  const pointerFile = (): string => join(modelsDir(), 'pointer.json');
  const modelsTold = () => desk.page().models.map(({ id, state }) => [id, state]);
  it('at opening is asked for again; until then plain rungs forecast, nothing is changed, and the page says so', async () => {
    await promoted();
    await desk.close();
    const [bytes, before] = [await readFile(pointerFile()), modelsTold()];
    // A folder of that name: the disk refuses to read it, as it does a file that another program holds.
    await rm(pointerFile());
    await mkdir(pointerFile());
    const faults: unknown[] = [];
    let again = (): void => undefined;
    desk = openDesk(undefined, {
      onFault: (error) => faults.push(error),
      later: (work) => {
        again = work;
        return () => undefined;
      },
    });
    expect(await night()).toMatchObject({ source: 'plain', reason: 'modelFailed', modelId: null });
    await desk.installHere(second);
    expect((await night()).report.judged).toBeNull();
    expect(desk.page().isUnread).toBe(true);
    expect(what().filter((one) => one === 'unread')).toHaveLength(1);
    expect(faults).toHaveLength(1);
    expect(await desk.rollBack('demand-0001')).toBe(false);
    expect(modelsTold()).toEqual([...before, ['demand-0002', 'shadow']]);
    await rm(pointerFile(), { recursive: true });
    await writeFile(pointerFile(), bytes);
    again();
    await expect.poll(() => desk.page().isUnread).toBe(false);
    expect(await night()).toMatchObject({ source: 'trees', modelId: 'demand-0001' });
    expect((await pointer()).running).toBe('demand-0001');
  });
  it('being half a file is written anew as the rows have it, without a week of judging', async () => {
    await promoted();
    const before = await pointer();
    await desk.close();
    await truncate(pointerFile(), 12);
    desk = openDesk();
    expect(await night()).toMatchObject({ source: 'trees', modelId: 'demand-0001', reason: 'best' });
    expect(await pointer()).toEqual(before);
    expect(what()[0]).toBe('mended');
  });
});

describe('the ladder', () => {
  it('goes back to the model before where one is damaged, and to the plain rung where all are', async () => {
    await promoted();
    await desk.installHere(second);
    await night();
    nowMs.at += 43 * dayMs;
    await night();
    await truncate(join(modelsDir(), 'demand-0002', 'model.onnx'), 5_000);
    const back = await night();
    expect(back).toMatchObject({ modelId: 'demand-0001', source: 'trees', reason: 'modelRefused' });
    await rm(join(modelsDir(), 'demand-0001', 'manifest.json'));
    const down = await night();
    expect(down).toMatchObject({ modelId: null, source: 'plain', reason: 'modelRefused' });
    expect(down.forecasts).toBeNull();
    expect(what().filter((one) => one === 'failed')).toHaveLength(2);
    await night();
    // Said once a day.
    expect(what().filter((one) => one === 'failed')).toHaveLength(2);
  });
  it('forecasts without onnxruntime', async () => {
    await promoted();
    // A thread's program that stands where no package is.
    const away = join(folder.dir, 'no packages');
    await mkdir(away);
    await copyFile(new URL('../../ml/onnx/run-worker.ts', import.meta.url), join(away, 'run-worker.ts'));
    await writeFile(join(away, 'package.json'), '{"type":"module"}');
    const found = await night({ program: pathToFileURL(join(away, 'run-worker.ts')) });
    expect(found).toMatchObject({ modelId: null, source: 'plain', reason: 'noRuntime' });
    expect((await pointer()).running).toBe('demand-0001');
    expect(await night()).toMatchObject({ source: 'trees' });
  });
  it('does not wait for a model that does not come back', async () => {
    await promoted();
    const found = await night({ openingMs: 1 });
    expect(found).toMatchObject({ source: 'plain', reason: 'modelSlow' });
  });
  it('passes over a model that answers what is no number', async () => {
    await promoted();
    const { names } = good.manifest.featureSchema;
    const nowhere = { ...parts.weights, mean: parts.weights.mean.map(() => Number.NaN) };
    const onnx = demandOnnx(parts.boosted, nowhere, names.length, {});
    const manifest = {
      ...good.manifest,
      onnx: { ...good.manifest.onnx, sha256: sha256Of(onnx), bytes: onnx.byteLength },
    };
    for (const [name, bytes] of [
      ['model.onnx', onnx],
      ['manifest.json', Buffer.from(JSON.stringify(manifest))],
    ] as const) {
      await mkdir(join(modelsDir(), 'demand-0007'), { recursive: true });
      await writeFile(join(modelsDir(), 'demand-0007', name), bytes);
    }
    await openModelFolder(modelsDir(), durableFiles).point({
      running: 'demand-0007',
      previous: ['demand-0001'],
      shadow: null,
    });
    expect(await night()).toMatchObject({ modelId: 'demand-0001', reason: 'modelRefused' });
  });
  it('does not open a third time what the program died in twice', async () => {
    await promoted();
    const files = openModelFolder(modelsDir(), durableFiles);
    expect([await files.beginOpening('demand-0001'), await files.beginOpening('demand-0001')]).toEqual([true, true]);
    expect(await night()).toMatchObject({ source: 'plain', reason: 'modelFailed' });
    // Another model's turn, or one that opened, wipes it out.
    await files.endOpening();
    expect(await night()).toMatchObject({ source: 'trees' });
  });
});

describe('a crash at any step', () => {
  /** The disk of a program that dies at its n-th step: what came before is there, half of a write, nothing after. */
  function dyingFiles(step: number): DurableFiles & { readonly steps: () => number } {
    let at = 0;
    const next = (): void => {
      at += 1;
      if (at >= step) throw new Error('died');
    };
    return {
      steps: () => at,
      read: durableFiles.read,
      write: async (path, bytes) => {
        at += 1;
        if (at > step) throw new Error('died');
        await durableFiles.write(path, at === step ? bytes.subarray(0, bytes.length >> 1) : bytes);
        if (at === step) throw new Error('died');
      },
      rename: async (from, to) => {
        next();
        await durableFiles.rename(from, to);
      },
      remove: async (path) => {
        next();
        await durableFiles.remove(path);
      },
    };
  }
  it('of an installation, a promotion or a way back leaves a model that runs', async () => {
    await promoted();
    await desk.installHere(second);
    const verdict = {
      outcome: 'promote',
      failed: [],
      figures: {
        origins: 4,
        wql: 1,
        incumbentWql: 2,
        better: 1,
        coverage: 0.8,
        bias: 0,
        incumbentBias: 0,
        worstSegment: null,
        inferenceMs: 1,
      },
    } as const;
    const report = { judged: { modelId: 'demand-0002', verdict }, passedOver: [], drift: null };
    const acts: readonly ((on: ModelDesk) => Promise<unknown>)[] = [
      (on) => on.installHere(worse),
      (on) => on.take(report),
      (on) => on.rollBack('demand-0001'),
    ];
    for (const act of acts) {
      for (let step = 1; ; step += 1) {
        await desk.close();
        const files = dyingFiles(step);
        desk = openDesk(files);
        let isDead = false;
        await act(desk).catch(() => {
          isDead = true;
        });
        await desk.close();
        desk = openDesk();
        await desk.rollBack('none');
        const { running } = await pointer();
        const found = await openInstalled(openModelFolder(modelsDir(), durableFiles), running ?? '');
        expect(found).toHaveProperty('running');
        if ('running' in found) await found.running.close();
        expect(
          desk
            .page()
            .models.filter(({ state }) => state === 'running')
            .map(({ id }) => id),
        ).toEqual([running]);
        if (!isDead) break;
        expect(step).toBeLessThan(20);
      }
    }
    expect((await pointer()).running).toBe('demand-0001');
    expect(await readFile(join(modelsDir(), 'demand-0001', 'model.onnx'))).toEqual(Buffer.from(good.onnx));
  }, 30_000);
});
