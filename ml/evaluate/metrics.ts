/**
 * How good forecasts were, as sums that can be put together from windows. Rule kept: days whose units are not known
 * count nowhere; the definitions are those that forecasters publish, each with its source.
 *
 * wMAPE = Σ|y − p50| / Σy. Weighted quantile loss at q: 2 Σ max(q(y − f), (q − 1)(y − f)) / Σy, and its mean over .1,
 * .5, .9 (Salinas et al. 2020, "DeepAR", §4; the M5 uncertainty track's pinball). RMSSE per series and window: √(mean (y −
 * mean)² / mean of the squared day-to-day changes before the window, from the first sale) (Makridakis et al.
 * 2022, "M5 accuracy competition"). Bias = Σ(mean − y) / Σy. Randomised PIT for counts: Czado, Gneiting & Held 2009.
 */
import type { SeriesFrame } from '../frame/series-frame.ts';
import type { Forecasts } from './forecast-table.ts';

/** Sums of one series in one window; the unit of the bootstrap. */
export type WindowScore = {
  readonly series: number;
  readonly origin: number;
  readonly days: number;
  readonly units: number;
  readonly absError: number;
  /** Σ of 2 × pinball at .1, .5, .9. */
  readonly pinball: readonly [number, number, number];
  readonly meanError: number;
  readonly rmsse: number;
  readonly inside: number;
  /** As `inside`, a count at the edge of the band counted by the share of its probability that lies in it. */
  readonly insidePit: number;
};

const loss = (q: number, y: number, f: number): number => 2 * Math.max(q * (y - f), (q - 1) * (y - f));

/** Mean squared change from day to day before column `before`, from the first sale; NaN where there is none. */
function changeScale(frame: SeriesFrame, series: number, before: number): number {
  let [sum, n] = [0, 0];
  const row = series * frame.days;
  for (let t = (frame.starts[series] ?? 0) + 1; t < before; t += 1) {
    const change = (frame.units[row + t] ?? Number.NaN) - (frame.units[row + t - 1] ?? Number.NaN);
    if (Number.isNaN(change)) continue;
    sum += change * change;
    n += 1;
  }
  return n > 0 && sum > 0 ? sum / n : Number.NaN;
}

/** F(x) of a distribution of which three quantiles are known: straight between them, straight to 0 and past p90. */
function cdf(x: number, p10: number, p50: number, p90: number): number {
  if (x < 0) return 0;
  if (x < p10) return 0.1 * (x / p10);
  if (x < p50) return 0.1 + (0.4 * (x - p10)) / (p50 - p10);
  if (x < p90) return 0.5 + (0.4 * (x - p50)) / (p90 - p50);
  const tail = Math.max(p90 - p50, 0.5);
  return 1 - 0.1 * Math.exp(-(x - p90) / tail);
}

/**
 * Share of the probability of count y that lies within .1–.9. Of a distribution given by three quantiles a count's own
 * probability is that from half a piece below to half a piece above. What is no count is inside or not.
 */
export function pitShare(y: number, p10: number, p50: number, p90: number): number {
  if (!Number.isInteger(y)) return y >= p10 && y <= p90 ? 1 : 0;
  const low = y <= 0 ? 0 : cdf(y - 0.5, p10, p50, p90);
  const high = cdf(y + 0.5, p10, p50, p90);
  if (high - low < 1e-12) return low >= 0.1 && low <= 0.9 ? 1 : 0;
  return Math.max(0, Math.min(high, 0.9) - Math.max(low, 0.1)) / (high - low);
}

/** Scores one window of each series. */
export function scoreWindow(frame: SeriesFrame, forecasts: Forecasts): readonly WindowScore[] {
  const scores: WindowScore[] = [];
  for (let i = 0; i < forecasts.series; i += 1) {
    let [days, units, absError, meanError, squares, inside, insidePit] = [0, 0, 0, 0, 0, 0, 0];
    const pinball: [number, number, number] = [0, 0, 0];
    for (let h = 0; h < forecasts.horizon; h += 1) {
      const t = forecasts.origin + h;
      const y = t < frame.days ? (frame.units[i * frame.days + t] ?? Number.NaN) : Number.NaN;
      if (Number.isNaN(y)) continue;
      const k = i * forecasts.horizon + h;
      const [p10, p50, p90] = [forecasts.p10[k] ?? 0, forecasts.p50[k] ?? 0, forecasts.p90[k] ?? 0];
      const mean = forecasts.mean[k] ?? 0;
      days += 1;
      units += y;
      absError += Math.abs(y - p50);
      pinball[0] += loss(0.1, y, p10);
      pinball[1] += loss(0.5, y, p50);
      pinball[2] += loss(0.9, y, p90);
      meanError += mean - y;
      squares += (y - mean) ** 2;
      inside += y >= p10 && y <= p90 ? 1 : 0;
      insidePit += pitShare(y, p10, p50, p90);
    }
    if (days === 0) continue;
    const scale = changeScale(frame, i, forecasts.origin);
    const rmsse = Math.sqrt(squares / days / scale);
    scores.push({
      series: i,
      origin: forecasts.origin,
      days,
      units,
      absError,
      pinball,
      meanError,
      rmsse,
      inside,
      insidePit,
    });
  }
  return scores;
}

export type Figures = {
  readonly wmape: number;
  readonly rmsse: number;
  readonly wql10: number;
  readonly wql50: number;
  readonly wql90: number;
  readonly wql: number;
  readonly coverage80: number;
  readonly coverage80_pit: number;
  readonly bias: number;
};

export function figuresOf(scores: readonly WindowScore[]): Figures {
  let [days, units, absError, meanError, inside, insidePit, rmsse, rmsseN] = [0, 0, 0, 0, 0, 0, 0, 0];
  const pinball = [0, 0, 0];
  for (const score of scores) {
    days += score.days;
    units += score.units;
    absError += score.absError;
    meanError += score.meanError;
    inside += score.inside;
    insidePit += score.insidePit;
    for (let q = 0; q < 3; q += 1) pinball[q] = (pinball[q] ?? 0) + (score.pinball[q] ?? 0);
    if (!Number.isNaN(score.rmsse)) {
      rmsse += score.rmsse;
      rmsseN += 1;
    }
  }
  const [wql10 = 0, wql50 = 0, wql90 = 0] = pinball.map((sum) => sum / units);
  return {
    wmape: absError / units,
    rmsse: rmsse / rmsseN,
    wql10,
    wql50,
    wql90,
    wql: (wql10 + wql50 + wql90) / 3,
    coverage80: inside / days,
    coverage80_pit: insidePit / days,
    bias: meanError / units,
  };
}
