/**
 * Bands set right by how they did: quantiles moved, by volume, by what windows already over say. Rule kept: only
 * windows wholly before the day the forecast stands on; each move is shrunk by how few days are behind it.
 *
 * Conformalised quantile regression (Romano, Patterson & Candès 2019) with additive scores in units of √p50, the
 * spread of counts; the mean is scaled by units ÷ forecasts of those windows.
 */
import type { Forecasts } from '../evaluate/forecast-table.ts';
import { putInOrder } from '../evaluate/forecast-table.ts';
import { pitShare } from '../evaluate/metrics.ts';
import type { SeriesFrame } from '../frame/series-frame.ts';
import { weightedQuantile } from '../gbdt/losses.ts';

export type Conformal = {
  /** Upper edges of mean units a day of each volume class but the last. */
  readonly edges: readonly number[];
  /** [class] shift of p10, p50, p90 in units of √(p50 + ¼). */
  readonly shift: readonly (readonly [number, number, number])[];
  readonly meanScale: number;
  /** Factor of the band's width on both sides of p50, at least 1; 1 where a release says nothing. */
  readonly widen?: number | undefined;
};

const edges = [0.3, 1, 3, 10, 30, 100] as const;
const prior = 500;
/** What a window counts against the next one, for the mean. */
const newer = 0.5;
const interceptShare = 0.4;
const quantiles = [0.1, 0.5, 0.9] as const;

const classOf = (mean: number): number => edges.filter((edge) => mean >= edge).length;
const spread = (p50: number): number => Math.sqrt(p50 + 0.25);

/**
 * What windows teach: shifts from all of them; and how much wider bands must be for a window that taught none of its
 * own shifts, because windows differ more than days do (leave-one-out, after Barber et al. 2021's jackknife+).
 */
export function learnConformal(frame: SeriesFrame, windows: readonly Forecasts[]): Conformal {
  const learnt = learnShifts(frame, windows);
  if (windows.length < leastWindows) return learnt;
  const others = windows.map((window, left) => {
    const made = copyOf(window);
    const rest = windows.filter((_, at) => at !== left);
    applyConformal(learnShifts(frame, rest), made);
    return made;
  });
  let widen = 1;
  while (widen < mostWidened && coverageOf(frame, others, widen) < wantedCoverage) widen += widenStep;
  const trust = windows.length / (windows.length + windowPrior);
  return { ...learnt, widen: 1 + trust * (widen - 1) };
}

const leastWindows = 3;
const windowPrior = 8;
const mostWidened = 1.5;
const widenStep = 0.02;
const wantedCoverage = 0.8;

const copyOf = (window: Forecasts): Forecasts => ({
  ...window,
  p10: window.p10.slice(),
  p50: window.p50.slice(),
  p90: window.p90.slice(),
  mean: window.mean.slice(),
});

function coverageOf(frame: SeriesFrame, windows: readonly Forecasts[], widen: number): number {
  let [inside, days] = [0, 0];
  for (const window of windows) {
    for (let k = 0; k < window.p50.length; k += 1) {
      const t = window.origin + (k % window.horizon);
      const y =
        t < frame.days ? (frame.units[Math.floor(k / window.horizon) * frame.days + t] ?? Number.NaN) : Number.NaN;
      if (Number.isNaN(y)) continue;
      const p50 = window.p50[k] ?? 0;
      const p10 = Math.max(0, p50 - widen * (p50 - (window.p10[k] ?? 0)));
      inside += pitShare(y, p10, p50, p50 + widen * ((window.p90[k] ?? 0) - p50));
      days += 1;
    }
  }
  return days === 0 ? 1 : inside / days;
}

function learnShifts(frame: SeriesFrame, windows: readonly Forecasts[]): Conformal {
  const scores = Array.from({ length: edges.length + 1 }, (): [number[], number[], number[], number[]] => [
    [],
    [],
    [],
    [],
  ]);
  let [units, forecast] = [0, 0];
  for (const [at, window] of windows.entries()) {
    // What sells now counts more than what sold ten weeks ago.
    const recency = newer ** (windows.length - 1 - at);
    for (let k = 0; k < window.p50.length; k += 1) {
      const i = Math.floor(k / window.horizon);
      const t = window.origin + (k % window.horizon);
      const y = t < frame.days ? (frame.units[i * frame.days + t] ?? Number.NaN) : Number.NaN;
      if (Number.isNaN(y)) continue;
      const group = scores[classOf(window.mean[k] ?? 0)];
      if (group === undefined) continue;
      const unit = spread(window.p50[k] ?? 0);
      for (const [q, head] of (['p10', 'p50', 'p90'] as const).entries())
        group[q]?.push((y - (window[head][k] ?? 0)) / unit);
      group[3].push(unit);
      units += recency * y;
      forecast += recency * (window.mean[k] ?? 0);
    }
  }
  const shift = scores.map((group): [number, number, number] => {
    const [a, b, c] = quantiles.map((q, at) => {
      const values = Float64Array.from(group[at] ?? []);
      const trust = values.length / (values.length + prior);
      return values.length === 0 ? 0 : trust * weightedQuantile(values, Float64Array.from(group[3]), q);
    });
    return [a ?? 0, b ?? 0, c ?? 0];
  });
  // An intercept correction is worth less than it looks: the totals are set right before (Clements & Hendry 1996).
  const share = (interceptShare * windows.length) / (windows.length + 2);
  const ratio = forecast > 0 && units > 0 ? Math.min(1.6, Math.max(0.6, units / forecast)) : 1;
  return { edges, shift, meanScale: ratio ** share };
}

export function applyConformal(conformal: Conformal, forecasts: Forecasts): void {
  const { p10, p50, p90, mean } = forecasts;
  const widen = conformal.widen ?? 1;
  for (let k = 0; k < p50.length; k += 1) {
    // A day on which the shop is shut stays nil.
    if ((p90[k] ?? 0) === 0 && (mean[k] ?? 0) === 0) continue;
    const [a = 0, b = 0, c = 0] = conformal.shift[classOf(mean[k] ?? 0)] ?? [];
    const unit = spread(p50[k] ?? 0);
    const middle = (p50[k] ?? 0) + b * unit;
    p10[k] = middle - widen * (middle - (p10[k] ?? 0) - a * unit);
    p50[k] = middle;
    p90[k] = middle + widen * ((p90[k] ?? 0) + c * unit - middle);
    mean[k] = (mean[k] ?? 0) * conformal.meanScale;
  }
  putInOrder(forecasts);
}
