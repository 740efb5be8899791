/**
 * Fifth step: forecasts of every item of every store, through the very file that shops get. Rule kept: what ONNX can't
 * answer is forecast plainly and says so; nothing negative, nothing absurd, and every row names what made it.
 */
import { applyConformal, type Conformal } from '#ml/ensemble/conformal.ts';
import { keepSane } from '#ml/ensemble/sane.ts';
import { confidenceOf } from '#ml/ensemble/confidence.ts';
import type { Forecasts } from '#ml/evaluate/forecast-table.ts';
import { forecastLevelSeason } from '#ml/models/level-season.ts';
import { ModelFault, type RunningModel } from '#ml/onnx/runtime.ts';
import type { Cell, Column } from '../lake/parquet-file.ts';
import { bandsFor } from './daily-bands.ts';
import { featuresTold } from './features.ts';
import { openGraph, runGraph } from './run-graph.ts';
import { bandOf, type ModelTold, modelTold } from './model-file.ts';
import { type StoreView, viewStore } from './store-features.ts';
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
function confidenceWord(view: StoreView, made: Forecasts, i: number): 'low' | 'medium' | 'high' {
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

async function forecastStore(
  running: RunningModel | null,
  told: ModelTold,
  daily: Conformal | null,
  view: StoreView,
  origin: number,
): Promise<Made> {
  const plain = forecastLevelSeason(bandOf(told.band), view.frame, view.features, origin, told.horizon);
  let made: Made = { forecasts: plain, source: 'levelSeason', reason: running === null ? 'noModel' : 'modelFailed' };
  if (running !== null) {
    try {
      made = { forecasts: await runGraph(running, told, view, origin), source: 'trees', reason: 'best' };
    } catch (error) {
      if (!(error instanceof ModelFault)) throw error;
    }
  }
  applyConformal(told.conformal, made.forecasts);
  if (daily !== null) applyConformal(daily, made.forecasts);
  keepSane(made.forecasts, view.frame);
  return made;
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
  const running = await openGraph(world, model);
  try {
    const inputs = ['predictions 2', frames.fingerprint, model.fingerprint, bands?.fingerprint, features.clusters];
    let series = 0;
    const made = await makeVersion(world, 'predictions', inputs, async (to) => {
      const rows: Record<string, Cell>[] = [];
      for (const [at, { storeId }] of stores.entries()) {
        world.signal.throwIfAborted();
        world.tell({ done: at, of: stores.length });
        const { frame, itemIds } = await readStoreFrame(world.store, frames, storeId, told.horizon);
        const view = viewStore(
          frame,
          origin,
          { names: told.schema.names, levels: told.levels },
          features.clusters[storeId] ?? 0,
        );
        const { forecasts, source, reason } = await forecastStore(
          running,
          told,
          bands?.told.conformal ?? null,
          view,
          origin,
        );
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
    await running?.close();
  }
}
