/**
 * A short past's share of the forecast: windows that could weigh models and set bands are not there yet, so a distribution of
 * counts about each item's level, and the model that ships, speak with a fixed weight. Rule kept: their say ends where
 * enough windows are over; only the width of the bands is learnt from the shop, from weeks that are over.
 *
 * Quantiles are averaged (Lichtendahl, Grushka-Cockayne & Winkler 2013); fixed weights where data can't choose (Claeskens et
 * al. 2016, "The forecast combination puzzle").
 */
import { heads } from '../ensemble/blend.ts';
import { type Forecasts, putInOrder } from '../evaluate/forecast-table.ts';
import { takeSeries } from '../classical/take-series.ts';
import { pitShare } from '../evaluate/metrics.ts';
import type { DemandFeatures } from '../features/demand-features.ts';
import { cutAt, type SeriesFrame, seriesCount } from '../frame/series-frame.ts';
import { forecastCountLevel } from '../models/count-level.ts';
import { fitSeason, type SeasonFactors } from '../models/season.ts';

/** Days of history under which windows are too few to weigh models and to set bands by. */
const enoughDays = 98;
/** Of the say; what each day of history takes from it, down to a quarter; that stays for half a year, and is gone at `noneAt` days. */
const [atFirst, lostPerDay, held, heldTo, noneAt] = [0.8, 1 / 225, 0.25, 182, 230] as const;
/** There is no day on which it stops. */
const shareOf = (days: number): number =>
  Math.max(atFirst - lostPerDay * days, held * Math.min(1, Math.max(0, (noneAt - days) / (noneAt - heldTo))));
/** Of that, for quantiles and the mean: made-up shops sell little in bulk, so the seed's mean is none for all. */
const seedShare = { p10: 0.25, p50: 0.25, p90: 0.25, mean: 0 } as const;
/**
 * How far bands are stretched, and how much of what the last weeks ask for is believed (of its logarithm: a few weeks are
 * partly luck). Averaged quantiles lie nearer together than the right ones (Lichtendahl et al.); where no window is over, the
 * learnt ones are those of days that they were learnt on, and too near as well.
 */
const unweighed = { wider: 1.14, trust: 0.4, trustBefore: 0 } as const;
const weighed = { wider: 1.04, trust: 0, trustBefore: 0.7 } as const;
/** Beside classical models, whose bands are their own errors. */
const besideClassical = { wider: 1.06, trust: 0.6, trustBefore: 0 } as const;
type Say = { readonly wider: number; readonly trust: number; readonly trustBefore: number };

/** Days before `origin` since anything was sold at all. */
export const pastDays = ({ starts }: SeriesFrame, origin: number): number =>
  starts.reduce((most, start) => Math.max(most, origin - start), 0);

export const isShortPast = (days: number): boolean => days < enoughDays;

/** Whether few days have a say: longer than a past is short. */
export const haveFewDaysSay = (days: number): boolean => shareOf(days) > 0;

export type FewDays = {
  readonly frame: SeriesFrame;
  readonly season: SeasonFactors;
  /** Not given: made where they are wanted. */
  readonly features?: DemandFeatures;
  /** null: the file is not there. */
  readonly shipped: Shipped | null;
  /** Days of history that the share goes by. Not given: those of `frame`. */
  readonly days?: number;
};
/** The model that ships. */
export type Shipped = (
  frame: SeriesFrame,
  origin: number,
  horizon: number,
  season: SeasonFactors,
  features?: DemandFeatures,
) => Forecasts;
type Span = { readonly origin: number; readonly horizon: number };

/** What counts and the shipped model say together. */
function said({ frame, season, features, shipped }: FewDays, { origin, horizon }: Span): Forecasts {
  const made = forecastCountLevel(frame, season, origin, horizon);
  if (shipped === null) return made;
  const far = shipped(frame, origin, horizon, season, features);
  for (const head of heads) {
    const share = seedShare[head];
    const [own, other] = [made[head], far[head]];
    for (let k = 0; k < own.length; k += 1) own[k] = (1 - share) * (own[k] ?? 0) + share * (other[k] ?? 0);
  }
  return made;
}

function stretch(made: Forecasts, reach: number): void {
  for (let k = 0; k < made.p50.length; k += 1) {
    const middle = made.p50[k] ?? 0;
    made.p10[k] = middle - reach * (middle - (made.p10[k] ?? 0));
    made.p90[k] = middle + reach * ((made.p90[k] ?? 0) - middle);
  }
  putInOrder(made);
}

/**
 * Changes `made`, what trees and level × season say of a past for which `haveFewDaysSay` holds; units on or after its origin
 * are not read. `isWeighed`: windows that are over have set its bands already.
 */
export function speakOfFewDays(made: Forecasts, past: FewDays, reach: number, isWeighed: boolean): void {
  speak(made, past, reach, isWeighed ? weighed : unweighed);
}

/** As `speakOfFewDays`, where it is classical models that speak beside. */
export function speakBesideClassical(made: Forecasts, past: FewDays, reach: number): void {
  speak(made, past, reach, besideClassical);
}

function speak(made: Forecasts, past: FewDays, reach: number, how: Say): void {
  const few = said(past, made);
  const share = shareOf(past.days ?? pastDays(past.frame, made.origin));
  stretch(few, reach ** how.trustBefore);
  for (const head of heads)
    for (let k = 0; k < few.p50.length; k += 1)
      made[head][k] = (1 - share) * (made[head][k] ?? 0) + share * (few[head][k] ?? 0);
  // What averaging took, and what windows can't say, goes with the say.
  stretch(made, (how.wider * reach ** how.trust) ** Math.min(1, share / shareOf(enoughDays)));
}

/** Weeks before the origin that are forecast anew, each from the days before it, no fewer than `leastDays`. */
const [mostWeeks, weekDays, leastDays] = [4, 7, 16] as const;
/** So many items speak for all. */
const mostItems = 1_000;
const [leastReach, mostReach, reachStep] = [0.6, 1.6, 0.02] as const;
const wantedCoverage = 0.8;

/**
 * Factor of the bands' width that the shop's own last weeks ask for: its levels may hold still or wander more than
 * usual. 1 where no week is there. (Conformal width by rolling origins, after Romano, Patterson & Candès 2019.)
 */
export function learnReach(frame: SeriesFrame, origin: number, shipped: Shipped | null): number {
  const step = Math.max(1, Math.ceil(seriesCount(frame) / mostItems));
  const some = takeSeries(
    frame,
    frame.names.flatMap((_, i) => (i % step === 0 ? [i] : [])),
  );
  const weeks: Forecasts[] = [];
  const first = some.starts.reduce((least, start) => Math.min(least, start), origin);
  for (let week = 1; week <= mostWeeks && origin - week * weekDays - first >= leastDays; week += 1) {
    const at = origin - week * weekDays;
    const then = cutAt(some, at);
    const season = fitSeason(then, at);
    const past = { frame: then, season, shipped };
    weeks.push(said(past, { origin: at, horizon: weekDays }));
  }
  if (weeks.length === 0) return 1;
  let reach: number = leastReach;
  while (reach < mostReach && coverageOf(some, weeks, reach) < wantedCoverage) reach += reachStep;
  return reach;
}

/** Share of days inside the bands, as counts where they are counts. */
function coverageOf(frame: SeriesFrame, weeks: readonly Forecasts[], reach: number): number {
  let [inside, days] = [0, 0];
  for (const { origin, horizon, p10, p50, p90 } of weeks) {
    for (let k = 0; k < p50.length; k += 1) {
      const y = frame.units[Math.floor(k / horizon) * frame.days + origin + (k % horizon)] ?? Number.NaN;
      if (Number.isNaN(y)) continue;
      const middle = p50[k] ?? 0;
      const low = Math.max(0, middle - reach * (middle - (p10[k] ?? 0)));
      const band = [low, middle, middle + reach * ((p90[k] ?? 0) - middle)];
      const [a = 0, b = 0, c = 0] = Number.isInteger(y) ? band.map(Math.round) : band;
      inside += pitShare(y, a, b, c);
      days += 1;
    }
  }
  return days === 0 ? wantedCoverage : inside / days;
}
