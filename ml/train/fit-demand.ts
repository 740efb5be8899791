/**
 * A shop's demand model from its frame: season, boosted quantiles and the plain band, blended and set right by windows
 * that none of them had seen. Rule kept: nothing on or after `origin` is read; the same frame and seed give the same model.
 */
import { isCounts } from '../classical/forecast-locally.ts';
import { haveFewDaysSay, isShortPast, learnReach, type Shipped, speakOfFewDays } from '../cold/few-days.ts';
import { speakOfNewItems } from '../cold/new-items.ts';
import { forecastSeed } from '../cold/seed-model.ts';
import { blend, type BlendWeights, learnBlend } from '../ensemble/blend.ts';
import { applyConformal, type Conformal, learnConformal } from '../ensemble/conformal.ts';
import type { Forecasts } from '../evaluate/forecast-table.ts';
import { copyWindow, reconcile, totalAhead, type TotalErrors, totalErrors } from '../ensemble/reconcile.ts';
import { keepSane } from '../ensemble/sane.ts';
import { isSnapHarmless, snapToCounts } from '../ensemble/snap.ts';
import { learnTies, type WeekTies } from '../ensemble/week-tie.ts';
import { demandFeatures, type DemandFeatures } from '../features/demand-features.ts';
import { calmedFrame, tamedFrame } from '../features/tame.ts';
import { cutAt, type SeriesFrame } from '../frame/series-frame.ts';
import type { SeasonFactors } from '../models/season.ts';
import { fitMembers, type FitSettings, forecastMembers, type Members, type Say } from './members.ts';

export type DemandModel = {
  readonly members: Members;
  readonly weights: BlendWeights;
  readonly conformal: Conformal;
  /** How far the sum of the items and the total's own forecast were off, oldest first. */
  readonly totals: readonly TotalErrors[];
  /** Blended and reconciled forecasts of windows that the models had not seen, oldest first; what the bands are set by. */
  readonly windows: readonly Forecasts[];
  /** Units are counts, and windows lost nothing when quantiles were whole pieces (`forecastDays`). */
  readonly isSnapped: boolean;
  /** What a short past's last weeks ask of its bands' width (`few-days.ts`); 1 where few days have no say. */
  readonly reach: number;
  readonly settings: FitSettings;
};

/** Windows kept back to weigh the models and set the bands. */
const validationWindows = 4;
const windowsKept = 6;

export async function fitDemand(
  frame: SeriesFrame,
  origin: number,
  settings: FitSettings,
  say: Say,
): Promise<DemandModel> {
  const known = knownBefore(frame, origin);
  const windows = Math.max(0, Math.min(validationWindows, Math.floor((origin - 42) / settings.horizon) - 1));
  let weights: BlendWeights | null = null;
  let seen: readonly Forecasts[] = [];
  let totals: readonly TotalErrors[] = [];
  // Nets that could not be weighed are not asked for.
  let wanted: FitSettings = { ...settings, nets: [] };
  if (windows > 0) {
    const before = origin - windows * settings.horizon;
    say(`weighing the models on ${windows} windows`);
    const members = await fitMembers(known, before, settings, say);
    if (members.nets.length === (settings.nets ?? []).length) wanted = settings;
    const features = demandFeatures(known, members.season);
    const made = Array.from({ length: windows }, (_, w) =>
      forecastMembers(members, known, features, before + w * settings.horizon, settings.horizon),
    );
    weights = learnBlend(known, made);
    for (const forecasts of made) {
      const next = reconciled(totals, known, members.season, blend(forecasts, weights));
      seen = [...seen, next.window];
      totals = next.totals;
    }
  }
  say('training on all of it');
  const members = await fitMembers(known, origin, wanted, say);
  const count = members.boosted.length + members.nets.length + 1;
  const even = Array.from({ length: count }, () => 1 / count);
  const fits = weights !== null && weights.p50.length === count;
  const same: BlendWeights = { p10: even, p50: even, p90: even, mean: even };
  const conformal = learnConformal(known, seen);
  return {
    members,
    weights: fits && weights !== null ? weights : same,
    conformal,
    totals,
    windows: seen,
    isSnapped: isShortPast(origin) ? isCounts(known, origin) : isSnapped(known, seen, conformal),
    reach: haveFewDaysSay(origin) ? learnReach(known, origin, shippedOf(settings)) : 1,
    settings,
  };
}

const shippedOf = ({ shipped }: FitSettings): Shipped | null =>
  shipped === undefined ? null : (...asked) => forecastSeed(shipped, ...asked);

/** What may be learnt from at `origin`: accidents cut, in a short past against all its other days. */
function knownBefore(frame: SeriesFrame, origin: number): SeriesFrame {
  const tame = tamedFrame(cutAt(frame, origin));
  return isShortPast(origin) ? calmedFrame(tame, origin) : tame;
}

function isSnapped(frame: SeriesFrame, windows: readonly Forecasts[], conformal: Conformal): boolean {
  return isSnapHarmless(frame, shownWindows(windows, conformal));
}

const shownWindows = (windows: readonly Forecasts[], conformal: Conformal): readonly Forecasts[] =>
  windows.map((window) => {
    const made = copyWindow(window);
    applyConformal(conformal, made);
    return made;
  });

/** How much the days of a week go together, by the windows that are over. */
export const tiesOf = (model: DemandModel, frame: SeriesFrame, origin: number): WeekTies =>
  learnTies(tamedFrame(cutAt(frame, origin)), shownWindows(model.windows, model.conformal), () => true);

/** One window made to agree with the total by the errors of those before it, and what is known once it is over. */
function reconciled(
  errors: readonly TotalErrors[],
  frame: SeriesFrame,
  season: SeasonFactors,
  window: Forecasts,
): { readonly window: Forecasts; readonly totals: readonly TotalErrors[] } {
  const total = totalAhead(frame, season, window.origin, window.horizon);
  const found = totalErrors(frame, window, total);
  return {
    window: reconcile(errors, window, total),
    totals: found === null ? errors : [...errors, found],
  };
}

function blended(
  model: DemandModel,
  frame: SeriesFrame,
  features: DemandFeatures,
  origin: number,
  horizon: number,
): Forecasts {
  return blend(forecastMembers(model.members, frame, features, origin, horizon), model.weights);
}

/** Forecasts of columns origin … origin + horizon − 1; units before `origin` are read, none after. */
export function forecastDemand(model: DemandModel, frame: SeriesFrame, origin: number, horizon: number): Forecasts {
  const { season } = model.members;
  const known = knownBefore(frame, origin);
  const features = demandFeatures(known, season);
  const { window: made } = reconciled(model.totals, known, season, blended(model, known, features, origin, horizon));
  applyConformal(model.conformal, made);
  if (haveFewDaysSay(origin))
    speakOfFewDays(
      made,
      { frame: known, season, features, shipped: shippedOf(model.settings) },
      model.reach,
      model.windows.length > 0,
    );
  keepSane(made, known);
  speakOfNewItems(made, known, season);
  return made;
}

/** As `forecastDemand`, for what is shown or judged by the day: whole pieces where they lose nothing. */
export function forecastDays(model: DemandModel, frame: SeriesFrame, origin: number, horizon: number): Forecasts {
  const made = forecastDemand(model, frame, origin, horizon);
  return model.isSnapped ? snapToCounts(made) : made;
}

/** The cheap update: a window that began at `origin` is over; bands and totals are set by it too. */
export function learnFromWindow(model: DemandModel, frame: SeriesFrame, origin: number): DemandModel {
  const { horizon } = model.settings;
  const { season } = model.members;
  const end = origin + horizon;
  const known = knownBefore(frame, end);
  const features = demandFeatures(cutAt(known, origin), season);
  const next = reconciled(model.totals, known, season, blended(model, known, features, origin, horizon));
  const windows = [...model.windows, next.window].slice(-windowsKept);
  const conformal = learnConformal(known, windows);
  return {
    ...model,
    windows,
    totals: next.totals,
    conformal,
    isSnapped: isShortPast(end) ? isCounts(known, end) : isSnapped(known, windows, conformal),
  };
}
