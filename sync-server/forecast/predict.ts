/**
 * Fifth step: forecasts of every item of every store, through the very file that shops get. Rule kept: what ONNX can't
 * answer is forecast plainly and says so; nothing negative, nothing absurd, and every row names what made it.
 */
import { confidenceOf } from '#ml/ensemble/confidence.ts';
import type { Forecasts } from '#ml/evaluate/forecast-table.ts';
import { forecastLevelSeason } from '#ml/models/level-season.ts';
import { demandFeatures } from '#ml/features/demand-features.ts';
import { ModelFault } from '#ml/onnx/runtime.ts';
import { forecastPacked, type ShopView } from '#ml/registry/packed-demand.ts';
import { type Learnt, settleForecast } from '#ml/registry/replay.ts';
import { shipped } from './shipped-file.ts';
import type { Cell, Column } from '../lake/parquet-file.ts';
import { bandsFor } from './daily-bands.ts';
import { featuresTold } from './features.ts';
import { type OpenPackage, openPackage } from './run-graph.ts';
import { bandOf, type ModelTold, modelTold } from './model-file.ts';
import { shopView } from './store-features.ts';
import { dayAfter, framesTold, readStoreFrame } from './store-frames.ts';
import { demandVersion, makeVersion, type StepReport, StepTooEarly, type StepWorld, type Version } from './step.ts';
import { knownDays } from './train.ts';

const text = (name: string): Column => ({ name, type: 'text' });
const milli = (name: string): Column => ({ name, type: 'int64' });
export const predictionColumns: readonly Column[] = [
  text('store_id'),
  text('item_id'),
  { name: 'origin', type: 'date' },
  { name: 'business_date', type: 'date' },
  ...['p10_milli', 'p50_milli', 'p90_milli', 'mean_milli'].map(milli),
  ...['source', 'reason', 'confidence', 'model_version'].map(text),
];
export type PredictionsTold = {
  readonly origin: string;
  readonly horizon: number;
  readonly modelId: string;
  readonly series: number;
};
export const predictionsTold = (version: Version): PredictionsTold => version.told as unknown as PredictionsTold;

/** The formula of ml/ensemble/confidence.ts over the whole horizon, in the three words that a row has. */
function confidenceWord(view: ShopView, made: Forecasts, i: number): 'low' | 'medium' | 'high' {
  let [p10, p50, p90] = [0, 0, 0];
  for (let k = i * made.horizon; k < (i + 1) * made.horizon; k += 1) {
    p10 += made.p10[k] ?? 0;
    p50 += made.p50[k] ?? 0;
    p90 += made.p90[k] ?? 0;
  }
  let [daysLearnt, daysLeftOut] = [0, 0];
  for (let t = view.frame.starts[i] ?? made.origin; t < made.origin; t += 1) {
    if (Number.isNaN(view.frame.units[i * view.frame.days + t] ?? Number.NaN)) daysLeftOut += 1;
    else daysLearnt += 1;
  }
  const share = confidenceOf({ p10, p50, p90, daysLearnt, daysLeftOut, skill: null });
  return share >= 0.6 ? 'high' : share >= 0.3 ? 'medium' : 'low';
}

type Made = { readonly forecasts: Forecasts; readonly source: string; readonly reason: string };

/** As the store's own till makes it, from the same files by the same functions; plainly where ONNX can't. */
async function forecastStore(
  opened: OpenPackage | null,
  told: ModelTold,
  learnt: Omit<Learnt, 'weights'> | null,
  view: ShopView,
): Promise<Made> {
  const own: Learnt = { conformal: learnt?.conformal ?? null, totals: learnt?.totals ?? [], weights: null };
  if (opened !== null) {
    try {
      const made = await forecastPacked(opened.manifest, opened.running, view, told.horizon);
      return { forecasts: settleForecast(opened.manifest, own, view, made), source: 'trees', reason: 'best' };
    } catch (error) {
      if (!(error instanceof ModelFault)) throw error;
    }
  }
  const features = demandFeatures(view.frame, view.season);
  const plain = forecastLevelSeason(bandOf(told.band), view.frame, features, view.origin, told.horizon);
  // What was learnt of the model's own word is not of the plain one.
  const forecasts = settleForecast(told, { ...own, conformal: null, totals: [] }, view, { raw: plain, plain });
  return { forecasts, source: 'levelSeason', reason: opened === null ? 'noModel' : 'modelFailed' };
}

export async function predict(world: StepWorld): Promise<StepReport> {
  const features = featuresTold(await demandVersion(world, 'features', 'features'));
  const frames = await demandVersion(world, 'frames', 'clean');
  const model = await demandVersion(world, 'models', 'train');
  const told = modelTold(model);
  if (told.schema.sha256 !== features.schema.sha256)
    throw new StepTooEarly('The model is of other features. Run train first.');
  const { stores, lastDay } = framesTold(frames);
  const origin = knownDays(frames);
  const bands = await bandsFor(world, model);
  const opened = await openPackage(world, model);
  try {
    const inputs = ['predictions 4', frames.fingerprint, model.fingerprint, bands?.fingerprint, features.clusters];
    let series = 0;
    const made = await makeVersion(world, 'predictions', inputs, async (to) => {
      const rows: Record<string, Cell>[] = [];
      for (const [at, { storeId }] of stores.entries()) {
        world.signal.throwIfAborted();
        world.tell({ done: at, of: stores.length });
        const { frame, itemIds } = await readStoreFrame(world.store, frames, storeId, told.horizon);
        const view = { ...shopView(frame, origin, features.clusters[storeId]), shipped };
        const { forecasts, source, reason } = await forecastStore(opened, told, bands?.stores[storeId] ?? null, view);
        series += itemIds.length;
        for (const [i, itemId] of itemIds.entries()) {
          const confidence = confidenceWord(view, forecasts, i);
          for (let h = 0; h < told.horizon; h += 1) {
            const k = i * told.horizon + h;
            const whole = (value: number | undefined): number => Math.round(1000 * (value ?? 0));
            rows.push({
              store_id: storeId,
              item_id: itemId,
              origin: lastDay,
              business_date: dayAfter(lastDay, h + 1),
              p10_milli: whole(forecasts.p10[k]),
              p50_milli: whole(forecasts.p50[k]),
              p90_milli: whole(forecasts.p90[k]),
              mean_milli: whole(forecasts.mean[k]),
              source,
              reason,
              confidence,
              model_version: told.version,
            });
          }
        }
      }
      await to.parquet('predictions.parquet', predictionColumns, rows);
      const said: PredictionsTold = { origin: lastDay, horizon: told.horizon, modelId: told.modelId, series };
      return said;
    });
    return {
      version: made.version,
      isNew: made.isNew,
      facts: { series: predictionsTold(made).series, origin: lastDay },
    };
  } finally {
    await opened?.running.close();
  }
}
