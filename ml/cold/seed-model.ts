/**
 * The model that ships with the product: boosted quantiles over level × season, learnt from made-up shops only, for a
 * shop that has too little of its own yet. Rule kept: it is told nothing of who the shop is (no codes, no dates, no
 * currency), so what it knows holds anywhere; it is read from its ONNX file and runs in plain TypeScript, without the
 * runtime.
 *
 * Zero-shot transfer of a global model by scale-free features (Montero-Manso & Hyndman 2021, "Principles and algorithms
 * for forecasting groups of time series"); trees as in ml/gbdt.
 */
import type { ClassicalModel } from '../classical/local-model.ts';
import { emptyForecasts, type Forecasts, putInOrder } from '../evaluate/forecast-table.ts';
import { demandFeatures, type DemandFeatures } from '../features/demand-features.ts';
import { cutAt, type SeriesFrame, seriesCount } from '../frame/series-frame.ts';
import { predict } from '../gbdt/tree.ts';
import type { BoostedModel } from '../models/boosted.ts';
import { fitSeason, type SeasonFactors } from '../models/season.ts';
import { ForestUnreadable, readForests } from '../onnx/read-forests.ts';

/** By name, in the order of the file's columns. */
export const seedFeatures = [
  'horizon',
  'logLevel',
  'mean7',
  'mean14',
  'mean28',
  'mean56',
  'mean91',
  'mean182',
  'fast',
  'slow',
  'lag1',
  'lag2',
  'lag3',
  'weekday1',
  'weekday4',
  'weekday8',
  'deviation28',
  'deviation182',
  'sold28',
  'sold182',
  'sinceSale',
  'factor',
  'price.usual',
  'price.last',
] as const;

const heads = ['p10', 'p50', 'p90', 'mean'] as const;
const shutFactor = 0.05;

export type SeedModel = { readonly model: BoostedModel; readonly features: readonly string[] };

/** Throws ForestUnreadable where the file is no seed model of ours. */
export function readSeedModel(bytes: Uint8Array): SeedModel {
  const { forests, metadata } = readForests(bytes);
  const features = (metadata['features'] ?? '').split(',');
  // As the writer puts them: identity heads first.
  const [p10, p50, p90, mean] = forests;
  if (p10 === undefined || p50 === undefined || p90 === undefined || mean === undefined || forests.length !== 4)
    throw new ForestUnreadable(`A seed model has four forests, this file has ${forests.length}.`);
  if (metadata['features'] === undefined) throw new ForestUnreadable('This file does not say what its columns are.');
  return { model: { p10, p50, p90, mean: { ...mean, link: 'log' } }, features };
}

/** Forecasts of columns origin … origin + horizon − 1; reads units before `origin` only. `features`: where they are made already. */
export function forecastSeed(
  { model, features: wanted }: SeedModel,
  frame: SeriesFrame,
  origin: number,
  horizon: number,
  season?: SeasonFactors,
  features?: DemandFeatures,
): Forecasts {
  const span = { series: seriesCount(frame), origin, horizon };
  if (features !== undefined) return forecastOn({ model, features: wanted }, features, span);
  const known = cutAt(frame, origin);
  return forecastOn({ model, features: wanted }, demandFeatures(known, season ?? fitSeason(known, origin)), span);
}

/** Rows whose features are in memory at a time. */
const chunkRows = 28_000;

function forecastOn(
  { model, features: wanted }: SeedModel,
  features: DemandFeatures,
  { series, origin, horizon }: { readonly series: number; readonly origin: number; readonly horizon: number },
): Forecasts {
  const columns = wanted.map((name) => features.names.indexOf(name));
  const made = emptyForecasts(series, horizon, origin);
  const row = new Float32Array(features.count);
  const room = new Float32Array(Math.min(made.p50.length, chunkRows) * columns.length);
  for (let from = 0; from < made.p50.length; from += chunkRows) {
    const rows = Math.min(chunkRows, made.p50.length - from);
    const values = room.subarray(0, rows * columns.length);
    for (let k = 0; k < rows; k += 1) {
      features.write(Math.floor((from + k) / horizon), origin, (from + k) % horizon, row, 0);
      for (const [at, column] of columns.entries()) values[k * columns.length + at] = row[column] ?? Number.NaN;
    }
    for (const head of heads) {
      const found = predict(model[head], values, rows, columns.length);
      for (let k = 0; k < rows; k += 1) {
        const i = Math.floor((from + k) / horizon);
        const factor = features.factor(i, origin + ((from + k) % horizon));
        made[head][from + k] = factor < shutFactor ? 0 : (found[k] ?? 0) * features.level(i, origin) * factor;
      }
    }
  }
  putInOrder(made);
  return made;
}

/** The seed model as one more model that may compete (ml/classical/choose.ts); throws ForestUnreadable. */
export function seedCompetitor(bytes: Uint8Array): Readonly<Record<'seed', ClassicalModel>> {
  const model = readSeedModel(bytes);
  return { seed: (...asked) => forecastSeed(model, ...asked) };
}
