/**
 * Fifth step: forecasts of every item of every store, through the very file that shops get. Rule kept: what ONNX can't
 * answer is forecast plainly and says so; nothing negative, nothing absurd, and every row names what made it.
 */
import { heads } from '#ml/ensemble/blend.ts';
import { applyConformal } from '#ml/ensemble/conformal.ts';
import { keepSane } from '#ml/ensemble/sane.ts';
import { emptyForecasts, type Forecasts, putInOrder } from '#ml/evaluate/forecast-table.ts';
import { forecastLevelSeason } from '#ml/models/level-season.ts';
import { ModelFault, openModel, type RunningModel } from '#ml/onnx/runtime.ts';
import { buffer } from 'node:stream/consumers';
import type { Cell, Column } from '../lake/parquet-file.ts';
import { featuresTold } from './features.ts';
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

/** Rows through the graph at once. */
const rowsAtOnce = 20_000;
const runMs = 60_000;

/** [rows × 4] units a day; rejects with a ModelFault. */
async function runGraph(running: RunningModel, told: ModelTold, view: StoreView, plain: Forecasts) {
  const { series, horizon, origin } = plain;
  const width = told.schema.names.length;
  const made = emptyForecasts(series, horizon, origin);
  for (let from = 0; from < series * horizon; from += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, series * horizon - from);
    const features = new Float32Array(rows * width);
    const beside = new Float32Array(rows * 4);
    const scale = new Float32Array(rows);
    for (let r = 0; r < rows; r += 1) {
      const [i, h] = [Math.floor((from + r) / horizon), (from + r) % horizon];
      view.features.write(i, origin, h, features, r * width);
      const factor = view.features.factor(i, origin + h);
      scale[r] = factor < 0.05 ? 0 : view.features.level(i, origin) * factor;
      for (const [q, head] of heads.entries())
        beside[r * 4 + q] = (scale[r] ?? 0) > 0 ? (plain[head][from + r] ?? 0) / (scale[r] ?? 1) : 0;
    }
    const { forecast } = await running.run({
      features: { dims: [rows, width], data: features },
      plain: { dims: [rows, 4], data: beside },
      scale: { dims: [rows, 1], data: scale },
    });
    if (forecast?.data.length !== rows * 4) throw new ModelFault('The model answered in another shape.');
    for (const [q, head] of heads.entries())
      for (let r = 0; r < rows; r += 1) made[head][from + r] = forecast.data[r * 4 + q] ?? 0;
  }
  putInOrder(made);
  return made;
}

/** Wide bands against what sells, and little behind them, are little to go by. */
function confidenceOf(view: StoreView, made: Forecasts, i: number): 'low' | 'medium' | 'high' {
  let [width, middle] = [0, 0];
  for (let k = i * made.horizon; k < (i + 1) * made.horizon; k += 1) {
    width += (made.p90[k] ?? 0) - (made.p10[k] ?? 0);
    middle += Math.max(1, made.p50[k] ?? 0);
  }
  let known = 0;
  for (let t = 0; t < made.origin; t += 1)
    known += Number.isNaN(view.frame.units[i * view.frame.days + t] ?? 0) ? 0 : 1;
  const score = (1 - Math.min(1, width / (2 * middle))) * Math.min(1, known / 90);
  return score >= 0.6 ? 'high' : score >= 0.3 ? 'medium' : 'low';
}

type Made = { readonly forecasts: Forecasts; readonly source: string; readonly reason: string };

async function forecastStore(
  running: RunningModel | null,
  told: ModelTold,
  view: StoreView,
  origin: number,
): Promise<Made> {
  const plain = forecastLevelSeason(bandOf(told.band), view.frame, view.features, origin, told.horizon);
  let made: Made = { forecasts: plain, source: 'levelSeason', reason: running === null ? 'noModel' : 'modelFailed' };
  if (running !== null) {
    try {
      made = { forecasts: await runGraph(running, told, view, plain), source: 'trees', reason: 'best' };
    } catch (error) {
      if (!(error instanceof ModelFault)) throw error;
    }
  }
  applyConformal(told.conformal, made.forecasts);
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
  const found = told.boosted === 0 ? null : await world.store.get(`${model.prefix}/model.onnx`);
  const running = found === null ? null : openModel(await buffer(found.stream), runMs);
  try {
    const inputs = ['predictions 1', frames.fingerprint, model.fingerprint, features.clusters];
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
        const { forecasts, source, reason } = await forecastStore(running, told, view, origin);
        series += itemIds.length;
        for (const [i, itemId] of itemIds.entries()) {
          const confidence = confidenceOf(view, forecasts, i);
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
