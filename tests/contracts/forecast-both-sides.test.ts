/**
 * One store, one model, one evening: head office's forecast and the one that the store's own till makes of the same days
 * are the same. Rule kept: the server's steps on a real Postgres on one side, the till's ladder with its folder of models on
 * the other; nothing is shared but the store's days and the released files.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BusinessDate, instant } from '#core/time.ts';
import { openShipped } from '#ml/cold/shipped-model.ts';
import { tamedFrame } from '#ml/features/tame.ts';
import { fitSeason } from '#ml/models/season.ts';
import { clean } from '#sync-server/forecast/clean.ts';
import { features, featuresTold } from '#sync-server/forecast/features.ts';
import { ingest } from '#sync-server/forecast/ingest.ts';
import { predict } from '#sync-server/forecast/predict.ts';
import {
  type Place,
  newestVersion,
  placeOf,
  type StepWorld,
  usualSettings,
  type Version,
} from '#sync-server/forecast/step.ts';
import { clusterName } from '#sync-server/forecast/store-features.ts';
import { readStoreFrame } from '#sync-server/forecast/store-frames.ts';
import { trainStep } from '#sync-server/forecast/train.ts';
import { exportDueDays } from '#sync-server/jobs/export-bills.ts';
import { numberCell, readParquet, textCell } from '#sync-server/lake/read-parquet.ts';
import { openFolderStore } from '#sync-server/objects/folder-store.ts';
import { assetsFolder } from '#till/assets-folder.ts';
import { blocksOf } from '#till/forecast/blocks.ts';
import { durableFiles } from '#till/models/durable-files.ts';
import { forecastByLadder } from '#till/models/forecast-ladder.ts';
import { judgeChallenger } from '#till/models/judge-models.ts';
import { openModelFolder } from '#till/models/model-folder.ts';
import { openInstalled } from '#till/models/open-model.ts';
import { bytesOfState } from '#till/models/shop-state.ts';
import { type MadeChain, storeOf, writeSales } from '../fixtures/chain-sales.ts';
import { type Office, openOffice } from '../fixtures/office.ts';

const chain: MadeChain = {
  tenantId: '01935000-0000-7000-8000-00000000aaaa',
  letter: 'a',
  stores: 2,
  items: 8,
  firstDay: '2026-04-01' as BusinessDate,
  days: 182,
  seed: 3,
};
const today = '2026-09-30' as BusinessDate;
const horizon = 14;
/** The till's own, as its night opens it: at 182 days few days have a say, on both sides. */
const shipped = openShipped(() => readFileSync(join(assetsFolder(), 'seed-model', 'seed-model.onnx')));
const dir = mkdtempSync(join(tmpdir(), 'billmitra-both-'));
let office: Office;
let world: StepWorld;

beforeAll(async () => {
  office = await openOffice();
  await writeSales(office.pool, chain);
  const clock = { now: () => instant(Date.parse(`${today}T12:00:00Z`)) };
  const store = await openFolderStore(join(dir, 'objects'), clock.now);
  const { signal } = new AbortController();
  const settings = { ...usualSettings, trees: 30, maxRows: 6_000, threads: 2, nets: [] };
  world = { store, tenantId: chain.tenantId, settings, signal, tell: () => undefined };
  await exportDueDays({ pool: office.pool, store, clock }, chain.tenantId, signal);
  await ingest(world, office.pool, today);
  for (const step of [clean, features, (of: StepWorld) => trainStep(of, false), predict]) await step(world);
}, 120_000);
afterAll(async () => {
  await office.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function newest(place: Place): Promise<Version> {
  const found = await newestVersion(world.store, placeOf(place, chain.tenantId));
  if (found === null) throw new Error(`no ${place}`);
  return found;
}
async function bytesOf(key: string): Promise<Buffer> {
  const found = await world.store.get(key);
  if (found === null) throw new Error(`no ${key}`);
  return buffer(found.stream);
}

describe('head office and the till', () => {
  it('say the same of each item and day, to the milli-unit or a thousandth', async () => {
    const [model, frames, predictions] = [await newest('models'), await newest('frames'), await newest('predictions')];
    const storeId = storeOf(chain, 1);
    const read = await readStoreFrame(world.store, frames, storeId, horizon);
    const frame = tamedFrame(read.frame);
    const origin = frame.days - horizon;
    const folder = openModelFolder(join(dir, 'models'), durableFiles);
    const modelId = 'demand-0001';
    await folder.put(modelId, 'model.onnx', await bytesOf(`${model.prefix}/model.onnx`));
    await folder.put(modelId, 'manifest.json', await bytesOf(`${model.prefix}/package.json`));
    const { clusters } = featuresTold(await newest('features'));
    const facts = { [clusterName]: clusters[storeId] };
    await folder.put(modelId, 'facts.json', Buffer.from(JSON.stringify({ facts })));
    const challenger = await openInstalled(folder, modelId);
    if (!('running' in challenger)) throw new Error(challenger.detail);
    const season = fitSeason(frame, origin);
    const { state } = await judgeChallenger({
      ...{ frame, origin, challenger, incumbent: challenger, incumbentAgeDays: 1, blocks: blocksOf, isSecond: false },
      shipped,
      plain: () => {
        throw new Error('there is a model');
      },
      nowMs: () => 0,
      say: () => undefined,
    });
    await challenger.running.close();
    await folder.put(modelId, 'shop.json', bytesOfState(state));
    await folder.point({ running: modelId, previous: [], shadow: null });
    const made = await forecastByLadder({
      order: { dir: join(dir, 'models'), running: null, candidate: null, runningSinceMs: 1, nowMs: 1, program: null },
      ...{ frame, origin, horizon, season, blocks: blocksOf, uptimeMs: () => 0, say: () => undefined },
      shipped,
      plain: () => {
        throw new Error('there is a model');
      },
    });
    expect(made).toMatchObject({ modelId, source: 'trees', reason: 'best' });
    const columns = ['store_id', 'item_id', 'p10_milli', 'p50_milli', 'p90_milli', 'mean_milli'];
    const rows = (await readParquet(world.store, `${predictions.prefix}/predictions.parquet`, columns)).filter(
      (row) => textCell(row, 'store_id') === storeId,
    );
    expect(rows).toHaveLength(chain.items * horizon);
    // The windows of the last 28 days taught both of them bands: there is something to differ in.
    expect(state.totals.length).toBeGreaterThan(0);
    const seen = new Map<string, number>();
    for (const row of rows) {
      const item = textCell(row, 'item_id');
      const h = seen.get(item) ?? 0;
      seen.set(item, h + 1);
      const k = read.itemIds.indexOf(item) * horizon + h;
      for (const head of ['p10', 'p50', 'p90', 'mean'] as const) {
        const ours = 1_000 * (made.forecasts?.[head][k] ?? Number.NaN);
        const off = Math.abs(numberCell(row, `${head}_milli`) - ours);
        expect(off, `${item} ${h} ${head} ${ours}`).toBeLessThanOrEqual(1 + ours / 1_000);
      }
    }
  }, 60_000);
});
