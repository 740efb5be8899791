/**
 * The plain forecast: the item's level times its season, with a band as wide as such levels were off before. Rule kept:
 * it has no parameter that could run away, so it is what stands when a cleverer model does not.
 *
 * The band is the weighted quantile of units ÷ (level × season) among past rows of like volume (24 buckets of equal
 * rows, straight between their middles): a conditional quantile by binning (Koenker 2005, §7.1).
 */
import { emptyForecasts, type Forecasts, putInOrder } from '../evaluate/forecast-table.ts';
import type { DemandLevels } from '../features/demand-levels.ts';
import { seriesCount, type SeriesFrame } from '../frame/series-frame.ts';
import { weightedQuantile } from '../gbdt/losses.ts';

export type LevelBand = {
  /** Ascending log of level × season, middles of the buckets. */
  readonly at: Float64Array;
  readonly p10: Float64Array;
  readonly p50: Float64Array;
  readonly p90: Float64Array;
  readonly mean: Float64Array;
};

const buckets = 24;

/** scales: level × season of each row; ratios: units over it. */
export function learnBand(scales: Float64Array, ratios: Float64Array): LevelBand {
  const order = Uint32Array.from(scales, (_, k) => k).sort((a, b) => (scales[a] ?? 0) - (scales[b] ?? 0));
  const made = {
    at: [] as number[],
    p10: [] as number[],
    p50: [] as number[],
    p90: [] as number[],
    mean: [] as number[],
  };
  const size = Math.max(50, Math.ceil(order.length / buckets));
  for (let from = 0; from < order.length; from += size) {
    const rows = order.subarray(from, Math.min(order.length, from + size));
    if (rows.length < 20 && made.at.length > 0) break;
    const values = Float64Array.from(rows, (row) => ratios[row] ?? 0);
    const weights = Float64Array.from(rows, (row) => scales[row] ?? 0);
    let [sum, total] = [0, 0];
    for (let k = 0; k < values.length; k += 1) {
      sum += (values[k] ?? 0) * (weights[k] ?? 0);
      total += weights[k] ?? 0;
    }
    made.at.push(Math.log(scales[rows[rows.length >> 1] ?? 0] ?? 1));
    made.mean.push(total > 0 ? sum / total : 1);
    made.p10.push(weightedQuantile(values.slice(), weights.slice(), 0.1));
    made.p50.push(weightedQuantile(values.slice(), weights.slice(), 0.5));
    made.p90.push(weightedQuantile(values, weights, 0.9));
  }
  const column = (from: readonly number[]): Float64Array => Float64Array.from(from);
  return {
    at: column(made.at),
    p10: column(made.p10),
    p50: column(made.p50),
    p90: column(made.p90),
    mean: column(made.mean),
  };
}

/** Straight between the middles, flat outside. */
function between(at: Float64Array, values: Float64Array, x: number): number {
  const n = at.length;
  if (n === 0) return 1;
  if (x <= (at[0] ?? 0)) return values[0] ?? 1;
  for (let k = 1; k < n; k += 1) {
    const [a, b] = [at[k - 1] ?? 0, at[k] ?? 0];
    if (x <= b)
      return (values[k - 1] ?? 0) + (((values[k] ?? 0) - (values[k - 1] ?? 0)) * (x - a)) / Math.max(b - a, 1e-9);
  }
  return values[n - 1] ?? 1;
}

export function forecastLevelSeason(
  band: LevelBand,
  frame: SeriesFrame,
  levels: DemandLevels,
  origin: number,
  horizon: number,
): Forecasts {
  const made = emptyForecasts(seriesCount(frame), horizon, origin);
  for (let i = 0; i < made.series; i += 1) {
    const level = levels.level(i, origin);
    for (let h = 0; h < horizon; h += 1) {
      const factor = levels.factor(i, origin + h);
      if (factor < 0.05) continue;
      const k = i * horizon + h;
      const scale = level * factor;
      for (const head of ['p10', 'p50', 'p90', 'mean'] as const)
        made[head][k] = scale * between(band.at, band[head], Math.log(scale));
    }
  }
  putInOrder(made);
  return made;
}
