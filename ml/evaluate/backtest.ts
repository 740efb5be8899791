/**
 * Rolling-origin evaluation (Tashman 2000): windows of `horizon` days at the end of a frame, each forecast from what was
 * known before it. Rule kept: one full training, before the first window; at later windows bands and bias learn from
 * the windows that are over, nothing else.
 */
import type { SeriesFrame } from '../frame/series-frame.ts';
import { forecastByRule, naiveRules } from '../models/naive.ts';
import { seeded } from '../random.ts';
import {
  type DemandModel,
  fitDemand,
  forecastDays,
  forecastDemand,
  learnFromWindow,
  tiesOf,
} from '../train/fit-demand.ts';
import type { FitSettings, Say } from '../train/members.ts';
import type { Forecasts } from './forecast-table.ts';
import { type Figures, figuresOf, scoreWindow, type WindowScore } from './metrics.ts';
import type { Spans } from './span-middles.ts';
import { columnsFrom, type StockOuts, withStockOuts } from './tracks.ts';

export type Backtest = {
  readonly origins: readonly number[];
  readonly forecasts: readonly Forecasts[];
  /** Of each window. */
  readonly spans: readonly Spans[];
  readonly scores: readonly WindowScore[];
  readonly figures: Figures;
  readonly naive: Readonly<Record<string, readonly WindowScore[]>>;
  /** Share of the best naive rule's weighted quantile loss that is saved. */
  readonly naiveSkill: number;
};

/** Fewer than these before the first window teach nothing. */
const leastDays = 14;

export class TooShort extends Error {}

/** What the models may read less of than there is. */
export type Track = { readonly keepDays: number | null; readonly stockOuts: StockOuts | null };

export async function backtest(
  frame: SeriesFrame,
  origins: number,
  settings: FitSettings,
  say: Say,
  track: Track = { keepDays: null, stockOuts: null },
): Promise<Backtest> {
  const { horizon } = settings;
  const at = Array.from({ length: origins }, (_, w) => frame.days - (origins - w) * horizon);
  const first = at[0] ?? 0;
  if (first < (track.keepDays ?? leastDays)) {
    throw new TooShort(
      `${frame.days} days are too few for ${origins} windows of ${horizon} days. Ask for fewer (--origins).`,
    );
  }
  const seen = track.stockOuts === null ? frame : withStockOuts(frame, track.stockOuts, settings.seed);
  const forecasts: Forecasts[] = [];
  const spans: Spans[] = [];
  const naive: Record<string, WindowScore[]> = {};
  let model: DemandModel | null = null;
  for (const [w, origin] of at.entries()) {
    // A shop that has kept only so many days is a new one at each origin.
    const from = track.keepDays === null ? 0 : origin - track.keepDays;
    const kept = from === 0 ? seen : columnsFrom(seen, from);
    const here = origin - from;
    if (model === null || track.keepDays !== null) model = await fitDemand(kept, here, settings, say);
    else model = learnFromWindow(model, seen, at[w - 1] ?? 0);
    forecasts.push({ ...forecastDays(model, kept, here, horizon), origin });
    spans.push({
      made: { ...forecastDemand(model, kept, here, horizon), origin },
      ties: tiesOf(model, kept, here),
    });
    for (const [name, rule] of Object.entries(naiveRules)) {
      const made = { ...forecastByRule(rule, kept, here, horizon), origin };
      naive[name] = [...(naive[name] ?? []), ...scoreWindow(frame, made)];
    }
  }
  const scores = forecasts.flatMap((window) => scoreWindow(frame, window));
  const figures = figuresOf(scores);
  const best = Math.min(...Object.values(naive).map((found) => figuresOf(found).wql));
  return { origins: at, forecasts, spans, scores, figures, naive, naiveSkill: 1 - figures.wql / best };
}

const resamples = 500;

/**
 * 95 % interval of a figure by drawing series and windows anew, each by itself: what all items share in a window (a week in
 * which the whole shop sold more) is one draw, not as many as there are items. The pigeonhole bootstrap (Owen 2007).
 */
export function interval(
  scores: readonly WindowScore[],
  figure: keyof Figures,
  seed: number,
): readonly [number, number] {
  const random = seeded(seed);
  const byOrigin = new Map<number, Map<number, WindowScore>>();
  for (const score of scores) {
    const window = byOrigin.get(score.origin) ?? new Map<number, WindowScore>();
    byOrigin.set(score.origin, window.set(score.series, score));
  }
  const windows = [...byOrigin.values()];
  const series = [...new Set(scores.map((score) => score.series))];
  const pick = (count: number): number => Math.floor(random() * count);
  const found: number[] = [];
  for (let b = 0; b < resamples; b += 1) {
    const drawn = series.map(() => series[pick(series.length)] ?? 0);
    const here = windows.flatMap(() => {
      const window = windows[pick(windows.length)];
      return drawn.map((each) => window?.get(each)).filter((score) => score !== undefined);
    });
    found.push(figuresOf(here)[figure]);
  }
  found.sort((a, b) => a - b);
  return [found[Math.floor(0.025 * resamples)] ?? Number.NaN, found[Math.ceil(0.975 * resamples) - 1] ?? Number.NaN];
}
