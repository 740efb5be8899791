/**
 * A shop's demand model from its frame: season, boosted quantiles and the plain band, blended and set right by windows
 * that none of them had seen. Rule kept: nothing on or after `origin` is read; the same frame and seed give the same model.
 */
import { blend, type BlendWeights, heads, learnBlend } from '../ensemble/blend.ts';
import { applyConformal, type Conformal, learnConformal } from '../ensemble/conformal.ts';
import type { Forecasts } from '../evaluate/forecast-table.ts';
import { keepSane } from '../ensemble/sane.ts';
import { demandFeatures, type DemandFeatures } from '../features/demand-features.ts';
import { cutAt, type SeriesFrame } from '../frame/series-frame.ts';
import { binTable, findEdges } from '../gbdt/bins.ts';
import { trainParallel } from '../gbdt/train-parallel.ts';
import type { TrainSettings } from '../gbdt/train.ts';
import { type BoostedModel, defaultSettings, demandRows, forecastBoosted, headLosses } from '../models/boosted.ts';
import { forecastLevelSeason, learnBand, type LevelBand } from '../models/level-season.ts';
import { fitSeason, type SeasonFactors } from '../models/season.ts';

export type FitSettings = {
  readonly horizon: number;
  readonly seed: number;
  readonly threads: number;
  readonly maxRows: number;
};
export type Say = (what: string) => void;

type Members = {
  readonly featureNames: readonly string[];
  readonly season: SeasonFactors;
  readonly band: LevelBand;
  readonly boosted: readonly BoostedModel[];
};
export type DemandModel = {
  readonly members: Members;
  readonly weights: BlendWeights;
  readonly conformal: Conformal;
  /** Blended forecasts of windows that the models had not seen, oldest first; what the bands are set by. */
  readonly windows: readonly Forecasts[];
  readonly isCounts: boolean;
  readonly settings: FitSettings;
};

const bags: readonly Partial<TrainSettings & { maxHistory: number }>[] = [
  { maxHistory: 800, maxLeaves: 31, minRows: 100, featureShare: 0.4, trees: 200 },
  { maxHistory: 1400, maxLeaves: 15, minRows: 150, featureShare: 0.6, trees: 200 },
];
/** Windows kept back to weigh the models and set the bands. */
const validationWindows = 4;
const windowsKept = 6;

async function fitMembers(frame: SeriesFrame, origin: number, settings: FitSettings, say: Say): Promise<Members> {
  const known = cutAt(frame, origin);
  const season = fitSeason(known, origin);
  const features = demandFeatures(known, season);
  const orders = [];
  let band: LevelBand | null = null;
  for (const [at, { maxHistory = 1400, ...bag }] of bags.entries()) {
    const rows = demandRows(known, features, origin, {
      maxRows: settings.maxRows,
      horizon: settings.horizon,
      minHistory: 14,
      maxHistory,
      seed: settings.seed + at,
    });
    band ??= learnBand(rows.scale, rows.target);
    if (rows.table.rows < 200) break;
    const table = binTable(rows.table, findEdges(rows.table, 254));
    for (const head of heads) {
      orders.push({
        table,
        target: rows.target,
        weight: rows.weight,
        settings: { ...defaultSettings, ...bag, loss: headLosses[head], seed: settings.seed * 101 + at },
      });
    }
  }
  say(`${orders[0]?.table.rows ?? 0} rows of ${features.count} features`);
  const forests = await trainParallel(orders, settings.threads, (done) => say(`trained ${done} of ${orders.length}`));
  const boosted: BoostedModel[] = [];
  for (let at = 0; at + heads.length <= forests.length; at += heads.length) {
    const [p10, p50, p90, mean] = forests.slice(at, at + heads.length);
    if (p10 && p50 && p90 && mean) boosted.push({ p10, p50, p90, mean });
  }
  return {
    featureNames: features.names,
    season,
    band: band ?? learnBand(new Float64Array(), new Float64Array()),
    boosted,
  };
}

function forecastMembers(
  members: Members,
  frame: SeriesFrame,
  features: DemandFeatures,
  origin: number,
  horizon: number,
): readonly Forecasts[] {
  return [
    forecastLevelSeason(members.band, frame, features, origin, horizon),
    ...members.boosted.map((model) => forecastBoosted(model, frame, features, origin, horizon)),
  ];
}

export async function fitDemand(
  frame: SeriesFrame,
  origin: number,
  settings: FitSettings,
  say: Say,
): Promise<DemandModel> {
  const known = cutAt(frame, origin);
  const windows = Math.max(0, Math.min(validationWindows, Math.floor((origin - 42) / settings.horizon) - 1));
  let weights: BlendWeights | null = null;
  let seen: readonly Forecasts[] = [];
  if (windows > 0) {
    const before = origin - windows * settings.horizon;
    say(`weighing the models on ${windows} windows`);
    const members = await fitMembers(known, before, settings, say);
    const features = demandFeatures(known, members.season);
    const made = Array.from({ length: windows }, (_, w) =>
      forecastMembers(members, known, features, before + w * settings.horizon, settings.horizon),
    );
    weights = learnBlend(known, made);
    const learnt = weights;
    seen = made.map((forecasts) => blend(forecasts, learnt));
  }
  say('training on all of it');
  const members = await fitMembers(known, origin, settings, say);
  const count = members.boosted.length + 1;
  const even = Array.from({ length: count }, () => 1 / count);
  const fits = weights !== null && weights.p50.length === count;
  const same: BlendWeights = { p10: even, p50: even, p90: even, mean: even };
  return {
    members,
    weights: fits && weights !== null ? weights : same,
    conformal: learnConformal(known, seen),
    windows: seen,
    isCounts: isCounts(known),
    settings,
  };
}

function isCounts(frame: SeriesFrame): boolean {
  for (const units of frame.units) if (!Number.isNaN(units) && !Number.isInteger(units)) return false;
  return true;
}

function blended(model: DemandModel, frame: SeriesFrame, origin: number, horizon: number): Forecasts {
  const features = demandFeatures(cutAt(frame, origin), model.members.season);
  return blend(forecastMembers(model.members, frame, features, origin, horizon), model.weights);
}

/** Forecasts of columns origin … origin + horizon − 1; units before `origin` are read, none after. */
export function forecastDemand(model: DemandModel, frame: SeriesFrame, origin: number, horizon: number): Forecasts {
  const made = blended(model, frame, origin, horizon);
  applyConformal(model.conformal, made);
  keepSane(made, frame);
  return made;
}

/** The cheap update: a window that began at `origin` is over; bands and bias are set by it too. */
export function learnFromWindow(model: DemandModel, frame: SeriesFrame, origin: number): DemandModel {
  const { horizon } = model.settings;
  const windows = [...model.windows, blended(model, frame, origin, horizon)].slice(-windowsKept);
  return { ...model, windows, conformal: learnConformal(cutAt(frame, origin + horizon), windows) };
}
