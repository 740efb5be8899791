/**
 * What the one figure hides: by volume class, by window, on totals of a week and of a store, and what no forecast could
 * better. Rule kept: a series' class is what it sold before the window, so that no forecast chooses its own class.
 *
 * Weighted RMSSE: revenue of the 28 days before (Makridakis et al. 2022). Noise floor: the mean absolute deviation of a
 * Poisson count about its median with the rate known (Crow 1958; Kolassa 2016 on why absolute errors of counts mislead).
 */
import { textOfDay } from '../calendar/days.ts';
import { confidenceOf } from '../ensemble/confidence.ts';
import { seriesCount, type SeriesFrame } from '../frame/series-frame.ts';
import type { Forecasts } from './forecast-table.ts';
import { figuresOf, type WindowScore } from './metrics.ts';
import { spanOutcomes, type Spans } from './span-middles.ts';

export type GroupFigure = { readonly name: string; readonly group: string; readonly value: number };

/** Upper edges of units a day, mean of 91 days. */
const classes = [
  { upTo: 0.3, name: '<0.3' },
  { upTo: 1, name: '0.3-1' },
  { upTo: 3, name: '1-3' },
  { upTo: 10, name: '3-10' },
  { upTo: Number.POSITIVE_INFINITY, name: '>10' },
] as const;
const quarterDays = 91;
const revenueDays = 28;

function meanBefore(frame: SeriesFrame, series: number, origin: number, days: number): number {
  let [sum, known] = [0, 0];
  for (let t = Math.max(frame.starts[series] ?? 0, origin - days, 0); t < origin; t += 1) {
    const units = frame.units[series * frame.days + t] ?? Number.NaN;
    if (Number.isNaN(units)) continue;
    sum += units;
    known += 1;
  }
  return known === 0 ? 0 : sum / known;
}

const classOf = (mean: number): string => classes.find(({ upTo }) => mean < upTo)?.name ?? '>10';

/** Sums of |units − forecast| and units over spans of `days`, of means; and of what a Poisson count of that rate strays. */
type TotalError = { error: number; units: number; floor: number; rate: number } & MiddleError;
/** Of the middles of such sums, and how many of them fell into their band. */
type MiddleError = { middle: number; sold: number; inside: number; spans: number };
const none = (): TotalError => ({
  error: 0,
  units: 0,
  floor: 0,
  rate: 0,
  middle: 0,
  sold: 0,
  inside: 0,
  spans: 0,
});

/** E|N − median| of a Poisson count; above 60 by the normal's √(2λ ÷ π). */
export function poissonFloor(rate: number): number {
  if (rate <= 0) return 0;
  if (rate > 60) return Math.sqrt((2 * rate) / Math.PI);
  let [p, below, median] = [Math.exp(-rate), Math.exp(-rate), 0];
  while (below < 0.5) {
    median += 1;
    p *= rate / median;
    below += p;
  }
  // E|N − m| = 2 Σ_{n<m} (m − n) p(n) + λ − m.
  let [sum, q] = [0, Math.exp(-rate)];
  for (let n = 0; n < median; n += 1) {
    sum += (median - n) * q;
    q *= rate / (n + 1);
  }
  return 2 * sum + rate - median;
}

/** What a Poisson count of each rate strays, when spans of `days` of a window are added up. */
function addTotals(
  frame: SeriesFrame,
  window: Forecasts,
  series: number,
  days: number,
  to: readonly TotalError[],
): void {
  for (let from = 0; from + days <= window.horizon; from += days) {
    let [units, mean, known] = [0, 0, 0];
    for (let h = from; h < from + days; h += 1) {
      const y = unitsAt(frame, series, window.origin + h);
      if (Number.isNaN(y)) continue;
      units += y;
      mean += window.mean[series * window.horizon + h] ?? 0;
      known += 1;
    }
    if (known < days) continue;
    const floor = poissonFloor(mean);
    for (const total of to) {
      total.error += Math.abs(units - mean);
      total.units += units;
      total.floor += floor;
      total.rate += mean;
    }
  }
}

function addMiddles(frame: SeriesFrame, spans: Spans, series: number, days: number, to: readonly MiddleError[]): void {
  for (const { units, p10, p50, p90 } of spanOutcomes(frame, spans, series, days)) {
    for (const total of to) {
      total.middle += Math.abs(units - p50);
      total.sold += units;
      total.inside += units >= p10 && units <= p90 ? 1 : 0;
      total.spans += 1;
    }
  }
}

const unitsAt = (frame: SeriesFrame, series: number, t: number): number =>
  t < frame.days ? (frame.units[series * frame.days + t] ?? Number.NaN) : Number.NaN;

/** Mean over days (and levels) of |Σ units − Σ mean| ÷ Σ units; days on which a level sold nothing are left out. */
function dailyTotal(frame: SeriesFrame, forecasts: readonly Forecasts[], codes: Int32Array, levels: number): number {
  let [sum, count] = [0, 0];
  for (const window of forecasts) {
    for (let h = 0; h < window.horizon; h += 1) {
      const [units, mean] = [new Float64Array(levels), new Float64Array(levels)];
      for (let i = 0; i < window.series; i += 1) {
        const y = unitsAt(frame, i, window.origin + h);
        if (Number.isNaN(y)) continue;
        const level = codes[i] ?? 0;
        units[level] = (units[level] ?? 0) + y;
        mean[level] = (mean[level] ?? 0) + (window.mean[i * window.horizon + h] ?? 0);
      }
      for (let level = 0; level < levels; level += 1) {
        if (!((units[level] ?? 0) > 0)) continue;
        sum += Math.abs((units[level] ?? 0) - (mean[level] ?? 0)) / (units[level] ?? 1);
        count += 1;
      }
    }
  }
  return count === 0 ? Number.NaN : sum / count;
}

/** RMSSE weighted by what each series took in the 28 days before the window; NaN without prices. */
function weightedRmsse(frame: SeriesFrame, scores: readonly WindowScore[]): number {
  const { price } = frame;
  if (price === null) return Number.NaN;
  let [sum, weights] = [0, 0];
  for (const { series, origin, rmsse } of scores) {
    let revenue = 0;
    for (let t = Math.max(0, origin - revenueDays); t < origin; t += 1) {
      const value = (frame.units[series * frame.days + t] ?? 0) * (price[series * frame.days + t] ?? 0);
      if (value > 0) revenue += value;
    }
    if (Number.isNaN(rmsse)) continue;
    sum += revenue * rmsse;
    weights += revenue;
  }
  return weights > 0 ? sum / weights : Number.NaN;
}

export function breakdown(
  frame: SeriesFrame,
  forecasts: readonly Forecasts[],
  scores: readonly WindowScore[],
  spans: readonly Spans[],
): readonly GroupFigure[] {
  const made: GroupFigure[] = [];
  const put = (name: string, group: string, value: number): void => {
    if (Number.isFinite(value)) made.push({ name, group, value });
  };
  const byClass = Map.groupBy(scores, ({ series, origin }) => classOf(meanBefore(frame, series, origin, quarterDays)));
  for (const { name: group } of classes) {
    const found = byClass.get(group);
    if (found === undefined) continue;
    for (const [name, value] of Object.entries(figuresOf(found))) put(name, group, value);
    put('items', group, new Set(found.map(({ series }) => series)).size);
  }
  for (const [origin, found] of Map.groupBy(scores, ({ origin }) => origin)) {
    const { wql, bias } = figuresOf(found);
    put('wql', textOfDay(frame.firstDay + origin), wql);
    put('bias', textOfDay(frame.firstDay + origin), bias);
  }
  for (const days of [7, 14]) {
    const totals = new Map<string, TotalError>([['all', none()]]);
    for (const [w, window] of forecasts.entries()) {
      const whole = spans[w];
      for (let i = 0; i < window.series; i += 1) {
        const group = classOf(meanBefore(frame, i, window.origin, quarterDays));
        const own = totals.get(group) ?? none();
        totals.set(group, own);
        const both = [own, totals.get('all') ?? own];
        addTotals(frame, window, i, days, both);
        if (whole !== undefined) addMiddles(frame, whole, i, days, both);
      }
    }
    for (const [group, total] of [...totals].toSorted(([a], [b]) => order(a) - order(b))) {
      put(`total${days}`, group, total.error / total.units);
      put(`noiseFloor${days}`, group, total.floor / total.rate);
      put(`total${days}P50`, group, total.middle / total.sold);
      put(`coverage${days}`, group, total.inside / total.spans);
    }
  }
  const alone = new Int32Array(seriesCount(frame));
  put('dailyTotal', 'all', dailyTotal(frame, forecasts, alone, 1));
  for (const { name, levels, codes } of frame.groupings) {
    if (levels.length > 1 && levels.length < seriesCount(frame))
      put('dailyTotal', name, dailyTotal(frame, forecasts, codes, levels.length));
  }
  put('confidence', 'all', meanConfidence(frame, forecasts));
  put('wrmsse', 'all', weightedRmsse(frame, scores));
  for (const [name, value] of Object.entries(dailyFloor(frame, forecasts))) put(name, 'all', value);
  return made;
}

/** Mean confidence of the items of all windows, by the window's days added up as if all moved together. */
function meanConfidence(frame: SeriesFrame, forecasts: readonly Forecasts[]): number {
  let [sum, count] = [0, 0];
  for (const { series, horizon, origin, ...quantiles } of forecasts) {
    for (let i = 0; i < series; i += 1) {
      const total = (values: Float64Array): number =>
        values.subarray(i * horizon, (i + 1) * horizon).reduce((all, value) => all + value, 0);
      let known = 0;
      const start = Math.min(origin, frame.starts[i] ?? origin);
      for (let t = start; t < origin; t += 1)
        known += Number.isNaN(frame.units[i * frame.days + t] ?? Number.NaN) ? 0 : 1;
      sum += confidenceOf({
        p10: total(quantiles.p10),
        p50: total(quantiles.p50),
        p90: total(quantiles.p90),
        daysLearnt: known,
        daysLeftOut: origin - start - known,
        skill: null,
      });
      count += 1;
    }
  }
  return count === 0 ? Number.NaN : sum / count;
}

const order = (group: string): number => classes.findIndex(({ name }) => name === group);

/** The wMAPE that Poisson noise alone would leave a day and item, and the literal MAPE of days with a sale. */
function dailyFloor(frame: SeriesFrame, forecasts: readonly Forecasts[]): { noiseFloor: number; mape: number } {
  let [floor, rate, relative, days] = [0, 0, 0, 0];
  for (const window of forecasts) {
    for (let k = 0; k < window.mean.length; k += 1) {
      const y = unitsAt(frame, Math.floor(k / window.horizon), window.origin + (k % window.horizon));
      if (Number.isNaN(y)) continue;
      floor += poissonFloor(window.mean[k] ?? 0);
      rate += window.mean[k] ?? 0;
      if (y <= 0) continue;
      relative += Math.abs(y - (window.p50[k] ?? 0)) / y;
      days += 1;
    }
  }
  return { noiseFloor: floor / rate, mape: relative / days };
}
