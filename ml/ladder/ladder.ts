/**
 * The degradation ladder: rungs from the best to the plainest, each item standing on the first that gives it a forecast
 * a person could believe. Rule kept: a rung that throws, or says NaN, less than nothing, quantiles out of order or an
 * absurd amount is passed over, for that item or for all; the last rung is arithmetic that can't fail. Each item is told
 * which rung it stands on and why no better one; nothing is swallowed: every fall is in the answer.
 */
import type { Forecasts } from '../evaluate/forecast-table.ts';
import { emptyForecasts } from '../evaluate/forecast-table.ts';
import { type SeriesFrame, seriesCount } from '../frame/series-frame.ts';

/** The words of the product's forecast rows, so that they are stored as they are. */
export type LadderSource =
  | 'netAndTrees'
  | 'trees'
  | 'seedModel'
  | 'classical'
  | 'weekdayMean'
  | 'categoryRate'
  | 'rule';
export type LadderReason = 'best' | 'newItem' | 'tooFewDays' | 'neverSold' | 'noModel' | 'modelFailed';
export type Unfit = 'notANumber' | 'negative' | 'outOfOrder' | 'absurd';
/** Why a rung was left: for all items, or for `series` of them. */
export type Fall =
  | { readonly type: 'RungThrew'; readonly source: LadderSource; readonly why: string }
  | { readonly type: 'RungUnfit'; readonly source: LadderSource; readonly fault: Unfit; readonly series: number };

export type Step = {
  readonly source: LadderSource;
  /** Known days of its own that an item needs to stand here. */
  readonly leastDays: number;
  /** `rows`: the series that ask; those of others may be left as they are. */
  readonly forecast: (frame: SeriesFrame, origin: number, horizon: number, rows: readonly number[]) => Forecasts;
};

export type LadderForecasts<R extends string = LadderReason> = {
  readonly forecasts: Forecasts;
  /** [series] */
  readonly source: readonly LadderSource[];
  /** [series] */
  readonly reason: readonly (R | LadderReason)[];
  readonly falls: readonly Fall[];
};

const heads = ['p10', 'p50', 'p90', 'mean'] as const;
/** Times the best day it ever had (all of the shop's items for one without a past), and a few pieces. */
const absurdTimes = 10;
const absurdPieces = 10;

/** null: fit to be shown. `most`: above this a day is absurd. */
export function unfitOf(made: Forecasts, i: number, most: number): Unfit | null {
  for (let k = i * made.horizon; k < (i + 1) * made.horizon; k += 1) {
    const [low, middle, high, mean] = [made.p10[k], made.p50[k], made.p90[k], made.mean[k]].map((v) => v ?? Number.NaN);
    if (low === undefined || middle === undefined || high === undefined || mean === undefined) return 'notANumber';
    if (![low, middle, high, mean].every((value) => Number.isFinite(value))) return 'notANumber';
    if (low < 0 || mean < 0) return 'negative';
    if (low > middle || middle > high) return 'outOfOrder';
    if (high > most || mean > most) return 'absurd';
  }
  return null;
}

type Past = { readonly days: number; readonly best: number };

function pastOf(frame: SeriesFrame, i: number, origin: number): Past {
  let [days, best] = [0, 0];
  for (let t = Math.max(0, frame.starts[i] ?? 0); t < origin; t += 1) {
    const value = frame.units[i * frame.days + t] ?? Number.NaN;
    if (value !== value) continue;
    days += 1;
    best = Math.max(best, value);
  }
  return { days, best };
}

/**
 * Goes down `steps` until every item stands. `topReason`: why the first step is the first ('noModel' where no trained
 * model is there at all; 'best' where it is one; or the caller's own word).
 */
export function descend<R extends string = LadderReason>(
  steps: readonly Step[],
  frame: SeriesFrame,
  origin: number,
  horizon: number,
  topReason: R,
): LadderForecasts<R> {
  const n = seriesCount(frame);
  const forecasts = emptyForecasts(n, horizon, origin);
  const past = Array.from({ length: n }, (_, i) => pastOf(frame, i, origin));
  const bestOfAll = Math.max(0, ...past.map(({ best }) => best));
  const source = new Array<LadderSource>(n).fill('rule');
  const reason = new Array<R | LadderReason>(n).fill(topReason);
  const falls: Fall[] = [];
  let open = Array.from({ length: n }, (_, i) => i);
  for (const step of steps) {
    if (open.length === 0) break;
    const apt = open.filter((i) => (past[i]?.days ?? 0) >= step.leastDays);
    for (const i of open) {
      if ((past[i]?.days ?? 0) >= step.leastDays || reason[i] === 'modelFailed') continue;
      reason[i] = (past[i]?.days ?? 0) === 0 ? 'neverSold' : 'tooFewDays';
    }
    if (apt.length === 0) continue;
    const made = attempt(step, frame, origin, horizon, apt, falls);
    if (made === null) {
      for (const i of apt) reason[i] = 'modelFailed';
      continue;
    }
    const faults = new Map<Unfit, number>();
    const stays = new Set<number>();
    for (const i of apt) {
      const { days, best } = past[i] ?? { days: 0, best: 0 };
      const fault = unfitOf(made, i, absurdTimes * (days > 0 ? best : bestOfAll) + absurdPieces);
      if (fault === null) {
        stays.add(i);
        source[i] = step.source;
        for (const head of heads) forecasts[head].set(made[head].subarray(i * horizon, (i + 1) * horizon), i * horizon);
      } else {
        faults.set(fault, (faults.get(fault) ?? 0) + 1);
        reason[i] = 'modelFailed';
      }
    }
    for (const [fault, series] of faults) falls.push({ type: 'RungUnfit', source: step.source, fault, series });
    open = open.filter((i) => !stays.has(i));
  }
  return { forecasts, source, reason, falls };
}

function attempt(
  step: Step,
  frame: SeriesFrame,
  origin: number,
  horizon: number,
  rows: readonly number[],
  falls: Fall[],
): Forecasts | null {
  try {
    const made = step.forecast(frame, origin, horizon, rows);
    const cells = seriesCount(frame) * horizon;
    if (heads.every((head) => made[head].length === cells)) return made;
    falls.push({ type: 'RungThrew', source: step.source, why: `${made.p50.length} forecasts for ${cells} days` });
  } catch (error) {
    falls.push({ type: 'RungThrew', source: step.source, why: error instanceof Error ? error.message : String(error) });
  }
  return null;
}
