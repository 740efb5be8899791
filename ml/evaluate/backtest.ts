/**
 * Rolling-origin evaluation (Tashman 2000): windows of `horizon` days at the end of a frame, each forecast from what was
 * known before it. Rule kept: one full training, before the first window; at later windows bands and bias learn from
 * the windows that are over, nothing else.
 */
import type { SeriesFrame } from '../frame/series-frame.ts';
import { forecastByRule, naiveRules } from '../models/naive.ts';
import { seeded } from '../random.ts';
import { fitDemand, forecastDemand, learnFromWindow } from '../train/fit-demand.ts';
import type { FitSettings, Say } from '../train/members.ts';
import type { Forecasts } from './forecast-table.ts';
import { type Figures, figuresOf, scoreWindow, type WindowScore } from './metrics.ts';

export type Backtest = {
  readonly origins: readonly number[];
  readonly forecasts: readonly Forecasts[];
  readonly scores: readonly WindowScore[];
  readonly figures: Figures;
  readonly naive: Readonly<Record<string, readonly WindowScore[]>>;
  /** Share of the best naive rule's weighted quantile loss that is saved. */
  readonly naiveSkill: number;
};

export class TooShort extends Error {}

export async function backtest(
  frame: SeriesFrame,
  origins: number,
  settings: FitSettings,
  say: Say,
): Promise<Backtest> {
  const at = Array.from({ length: origins }, (_, w) => frame.days - (origins - w) * settings.horizon);
  const first = at[0] ?? 0;
  if (first < 14) {
    throw new TooShort(
      `${frame.days} days are too few for ${origins} windows of ${settings.horizon} days. Ask for fewer (--origins).`,
    );
  }
  let model = await fitDemand(frame, first, settings, say);
  const forecasts: Forecasts[] = [];
  for (const [w, origin] of at.entries()) {
    if (w > 0) model = learnFromWindow(model, frame, at[w - 1] ?? 0);
    forecasts.push(forecastDemand(model, frame, origin, settings.horizon));
  }
  const score = (made: readonly Forecasts[]): readonly WindowScore[] =>
    made.flatMap((window) => scoreWindow(frame, window));
  const scores = score(forecasts);
  const naive = Object.fromEntries(
    Object.entries(naiveRules).map(([name, rule]) => [
      name,
      score(at.map((origin) => forecastByRule(rule, frame, origin, settings.horizon))),
    ]),
  );
  const best = Math.min(...Object.values(naive).map((found) => figuresOf(found).wql));
  const figures = figuresOf(scores);
  return { origins: at, forecasts, scores, figures, naive, naiveSkill: 1 - figures.wql / best };
}

const resamples = 500;

/** 95 % interval of a figure by drawing series and windows anew (Efron & Tibshirani 1993, ch. 13). */
export function interval(
  scores: readonly WindowScore[],
  figure: keyof Figures,
  seed: number,
): readonly [number, number] {
  const random = seeded(seed);
  const found: number[] = [];
  for (let b = 0; b < resamples; b += 1) {
    const drawn = scores.map(() => scores[Math.floor(random() * scores.length)]).filter((score) => score !== undefined);
    found.push(figuresOf(drawn)[figure]);
  }
  found.sort((a, b) => a - b);
  return [found[Math.floor(0.025 * resamples)] ?? Number.NaN, found[Math.ceil(0.975 * resamples) - 1] ?? Number.NaN];
}
