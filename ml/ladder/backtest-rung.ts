/**
 * Rolling-origin evaluation of one rung (Tashman 2000): what it would have said at each origin, scored by what came.
 * Rule kept: the same windows, figures and naive rules as for the full model, so that the two can stand in one table.
 */
import { type Backtest, TooShort } from '../evaluate/backtest.ts';
import type { Forecasts } from '../evaluate/forecast-table.ts';
import { columnsFrom } from '../evaluate/tracks.ts';
import { figuresOf, scoreWindow, type WindowScore } from '../evaluate/metrics.ts';
import { usualTies } from '../ensemble/week-tie.ts';
import { cutAt, type SeriesFrame } from '../frame/series-frame.ts';
import { forecastByRule, naiveRules } from '../models/naive.ts';
import type { Rung } from './rungs.ts';

/** Throws TooShort where no history is left before the first of `origins` windows. */
export function backtestRung(
  rung: Rung,
  frame: SeriesFrame,
  origins: number,
  horizon: number,
  say: (what: string) => void,
  keepDays: number | null = null,
): Backtest {
  const at = Array.from({ length: origins }, (_, w) => frame.days - (origins - w) * horizon);
  if ((at[0] ?? 0) < (keepDays ?? 14))
    throw new TooShort(
      `${frame.days} days are too few for ${origins} windows of ${horizon} days. Ask for fewer (--origins).`,
    );
  const from = (origin: number): number => (keepDays === null ? 0 : origin - keepDays);
  const keptAt = (origin: number): SeriesFrame => (keepDays === null ? frame : columnsFrom(frame, from(origin)));
  const forecasts = at.map((origin, w) => {
    say(`window ${w + 1} of ${origins}`);
    const here = origin - from(origin);
    return { ...rung(cutAt(keptAt(origin), here), here, horizon), origin };
  });
  const score = (made: readonly Forecasts[]): readonly WindowScore[] =>
    made.flatMap((window) => scoreWindow(frame, window));
  const scores = score(forecasts);
  const naive = Object.fromEntries(
    Object.entries(naiveRules).map(([name, rule]) => [
      name,
      score(
        at.map((origin) => ({
          ...forecastByRule(rule, keptAt(origin), origin - from(origin), horizon),
          origin,
        })),
      ),
    ]),
  );
  const best = Math.min(...Object.values(naive).map((found) => figuresOf(found).wql));
  const figures = figuresOf(scores);
  const spans = forecasts.map((made) => ({ made, ties: usualTies }));
  return { origins: at, forecasts, spans, scores, figures, naive, naiveSkill: 1 - figures.wql / best };
}
