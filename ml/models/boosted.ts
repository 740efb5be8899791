/**
 * One boosted model over all series: a head for each quantile and one for the mean, learnt on units relative to level
 * and season. Rule kept: a row's units lie wholly before the day the model is trained on; rows weigh as much as the item
 * sells, because the loss that is judged (weighted quantile loss) does.
 */
import { emptyForecasts, type Forecasts } from '../evaluate/forecast-table.ts';
import type { DemandFeatures } from '../features/demand-features.ts';
import type { DemandLevels } from '../features/demand-levels.ts';
import { type SeriesFrame, seriesCount } from '../frame/series-frame.ts';
import type { FeatureTable } from '../gbdt/bins.ts';
import type { Loss } from '../gbdt/losses.ts';
import type { TrainSettings } from '../gbdt/train.ts';
import { type Forest, predict } from '../gbdt/tree.ts';
import { seeded } from '../random.ts';

export type BoostedModel = { readonly p10: Forest; readonly p50: Forest; readonly p90: Forest; readonly mean: Forest };
export type RowSettings = {
  readonly maxRows: number;
  readonly horizon: number;
  readonly minHistory: number;
  readonly maxHistory: number;
  readonly seed: number;
};
export type LevelRows = {
  /** Units over `scale`. */
  readonly target: Float64Array;
  /** Level × season, units a day. */
  readonly scale: Float64Array;
};
export type DemandRows = LevelRows & { readonly table: FeatureTable; readonly weight: Float64Array };
type Picked = { readonly i: number; readonly o: number; readonly h: number };

const leastOrigins = 60;
/** A day counts as no more than so many usual ones. */
const mostTimes = 60;

/** Rows of origins before `before`, latest first, until `maxRows`. */
function pickRows(frame: SeriesFrame, levels: DemandLevels, before: number, settings: RowSettings): readonly Picked[] {
  const n = seriesCount(frame);
  const { horizon } = settings;
  const random = seeded(settings.seed);
  const perOrigin = 4;
  const earliest = Math.max(settings.minHistory, before - settings.maxHistory);
  const latest = before - 1;
  const span = Math.max(1, latest - earliest + 1);
  // With many items it is rows that are sampled, never items or times.
  const origins = Math.max(
    Math.min(span, leastOrigins),
    Math.min(span, Math.floor(settings.maxRows / (n * perOrigin))),
  );
  const share = settings.maxRows / (origins * n * perOrigin);
  const picked: Picked[] = [];
  for (let k = 0; k < origins; k += 1) {
    const origin = latest - Math.floor((k * span) / origins);
    for (let i = 0; i < n; i += 1) {
      if (origin - (frame.starts[i] ?? frame.days) < 7) continue;
      if (share < 1 && random() >= share) continue;
      for (let m = 0; m < perOrigin; m += 1) {
        const h = Math.floor(((m + random()) * horizon) / perOrigin);
        const t = origin + h;
        if (t >= before) continue;
        const units = frame.units[i * frame.days + t] ?? Number.NaN;
        if (Number.isNaN(units) || levels.factor(i, t) < 0.05) continue;
        picked.push({ i, o: origin, h });
      }
    }
  }
  return picked;
}

function levelsOfRows(frame: SeriesFrame, levels: DemandLevels, picked: readonly Picked[]): LevelRows {
  const [target, scale] = [new Float64Array(picked.length), new Float64Array(picked.length)];
  for (const [row, { i, o, h }] of picked.entries()) {
    const own = levels.level(i, o) * levels.factor(i, o + h);
    target[row] = Math.min((frame.units[i * frame.days + o + h] ?? 0) / own, mostTimes);
    scale[row] = own;
  }
  return { target, scale };
}

/** The same rows as demandRows', without features: what a plain band is learnt from. */
export const levelRows = (frame: SeriesFrame, levels: DemandLevels, before: number, settings: RowSettings): LevelRows =>
  levelsOfRows(frame, levels, pickRows(frame, levels, before, settings));

export function demandRows(
  frame: SeriesFrame,
  features: DemandFeatures,
  before: number,
  settings: RowSettings,
): DemandRows {
  const picked = pickRows(frame, features, before, settings);
  const values = new Float32Array(picked.length * features.count);
  for (const [row, { i, o, h }] of picked.entries()) features.write(i, o, h, values, row * features.count);
  const { target, scale: scales } = levelsOfRows(frame, features, picked);
  let mean = 0;
  for (const scale of scales) mean += scale / Math.max(1, scales.length);
  const weight = scales.map((scale) => Math.min(scale / mean, 50));
  return { table: { rows: picked.length, features: features.count, values }, target, weight, scale: scales };
}

export const headLosses: Readonly<Record<keyof BoostedModel, Loss>> = {
  p10: { kind: 'pinball', q: 0.1 },
  p50: { kind: 'pinball', q: 0.5 },
  p90: { kind: 'pinball', q: 0.9 },
  mean: { kind: 'poisson' },
};
export const defaultSettings: Omit<TrainSettings, 'loss'> = {
  trees: 250,
  learningRate: 0.05,
  maxLeaves: 31,
  maxDepth: 8,
  minRows: 40,
  lambda: 5,
  rowShare: 0.7,
  featureShare: 0.6,
  seed: 1,
};

/** Series whose features are in memory at a time. */
const chunkSeries = 2000;

export function forecastBoosted(
  model: BoostedModel,
  frame: SeriesFrame,
  features: DemandFeatures,
  origin: number,
  horizon: number,
): Forecasts {
  const made = emptyForecasts(seriesCount(frame), horizon, origin);
  const size = Math.min(made.series, chunkSeries) * horizon;
  const room = new Float32Array(size * features.count);
  for (let from = 0; from < made.series; from += chunkSeries) {
    const series = Math.min(chunkSeries, made.series - from);
    const rows = series * horizon;
    const values = room.subarray(0, rows * features.count);
    for (let k = 0; k < rows; k += 1)
      features.write(from + Math.floor(k / horizon), origin, k % horizon, values, k * features.count);
    for (const head of ['p10', 'p50', 'p90', 'mean'] as const) {
      const found = predict(model[head], values, rows, features.count);
      for (let k = 0; k < rows; k += 1) {
        const i = from + Math.floor(k / horizon);
        const factor = features.factor(i, origin + (k % horizon));
        made[head][from * horizon + k] =
          factor < 0.05 ? 0 : Math.max(0, found[k] ?? 0) * features.level(i, origin) * factor;
      }
    }
  }
  // Never below nil; order comes with the blend, in the graph as here.
  return made;
}
