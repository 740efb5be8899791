/**
 * The models that a shop's forecast is blended from: the plain level × season, two sets of boosted quantiles, and nets
 * where they are asked for. Rule kept: learnt from columns before `origin` only; the same frame and seed give the same models, to the bit.
 */
import type { SeedModel } from '../cold/seed-model.ts';
import { heads } from '../ensemble/blend.ts';
import type { Forecasts } from '../evaluate/forecast-table.ts';
import { demandFeatures, type DemandFeatures } from '../features/demand-features.ts';
import { cutAt, type SeriesFrame } from '../frame/series-frame.ts';
import { binTable, findEdges } from '../gbdt/bins.ts';
import { trainParallel } from '../gbdt/train-parallel.ts';
import type { TrainSettings } from '../gbdt/train.ts';
import { type BoostedModel, defaultSettings, demandRows, forecastBoosted, headLosses } from '../models/boosted.ts';
import { forecastLevelSeason, learnBand, type LevelBand } from '../models/level-season.ts';
import { fitSeason, type SeasonFactors } from '../models/season.ts';
import { type DemandNets, forecastNets, type NetsSettings, trainNets } from '../nn/demand-nets.ts';

export type FitSettings = {
  readonly horizon: number;
  readonly seed: number;
  readonly threads: number;
  readonly maxRows: number;
  /** Each a member of its own; none unless said. */
  readonly nets?: readonly NetsSettings[];
  /** The model that ships, for a short past; not there where it isn't given. */
  readonly shipped?: SeedModel;
};
export type Say = (what: string) => void;

export type Members = {
  readonly featureNames: readonly string[];
  readonly season: SeasonFactors;
  readonly band: LevelBand;
  readonly boosted: readonly BoostedModel[];
  readonly nets: readonly DemandNets[];
};

/** Two sets of forests, of differing shape: what one of them has learnt by heart the other has not. */
export const bags: readonly Partial<TrainSettings & { maxHistory: number }>[] = [
  { maxHistory: 800, maxLeaves: 31, minRows: 100, featureShare: 0.4, trees: 200 },
  { maxHistory: 1400, maxLeaves: 15, minRows: 150, featureShare: 0.6, trees: 200 },
];
export async function fitMembers(
  frame: SeriesFrame,
  origin: number,
  settings: FitSettings,
  say: Say,
): Promise<Members> {
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
  const nets: DemandNets[] = [];
  for (const each of settings.nets ?? []) {
    const made = await trainNets(known, features, origin, { ...each, ...settings }, say);
    if (made !== null) nets.push(made);
  }
  return {
    featureNames: features.names,
    season,
    band: band ?? learnBand(new Float64Array(), new Float64Array()),
    boosted,
    nets,
  };
}

export function forecastMembers(
  members: Members,
  frame: SeriesFrame,
  features: DemandFeatures,
  origin: number,
  horizon: number,
): readonly Forecasts[] {
  return [
    forecastLevelSeason(members.band, frame, features, origin, horizon),
    ...members.boosted.map((model) => forecastBoosted(model, frame, features, origin, horizon)),
    ...members.nets.map((nets) => forecastNets(nets, frame, features, origin, horizon)),
  ];
}
