/**
 * The members of a chain's model, learnt from all its stores: trees and nets. Rule kept: each store's rows are scaled by its
 * own levels and weigh, store by store, as many rows and windows as it has items (ml.md, per-store target scaling); one
 * store is in memory at a time; the same frames and seed give the same members, to the bit.
 */
import { heads } from '#ml/ensemble/blend.ts';
import { emptyForecasts, type Forecasts, putInOrder } from '#ml/evaluate/forecast-table.ts';
import type { SeriesFrame } from '#ml/frame/series-frame.ts';
import { binTable, type FeatureTable, findEdges } from '#ml/gbdt/bins.ts';
import { trainParallel } from '#ml/gbdt/train-parallel.ts';
import type { TrainSettings } from '#ml/gbdt/train.ts';
import { type BoostedModel, defaultSettings, demandRows, forecastBoosted, headLosses } from '#ml/models/boosted.ts';
import { forecastLevelSeason, learnBand, type LevelBand } from '#ml/models/level-season.ts';
import {
  type DemandNets,
  drawWindows,
  type NetsOrder,
  type NetsSettings,
  type NetWindows,
  trainOn,
} from '#ml/nn/demand-nets.ts';
import { demandOnnx } from '#ml/onnx/demand-model.ts';
import { openModel, type RunningModel } from '#ml/onnx/runtime.ts';
import { demandInputs, runDemand } from '#ml/registry/packed-demand.ts';
import { joined } from './join-stores.ts';
import { type FeatureWords, type StoreView, viewStore } from './store-features.ts';
import type { ForecastSettings, Progress } from './step.ts';

export type StoreSource = {
  readonly storeId: string;
  readonly cluster: number;
  readonly items: number;
  /** With at least `horizon` empty days behind its last. */
  readonly read: () => Promise<SeriesFrame>;
};
export type Members = {
  readonly band: LevelBand;
  readonly boosted: readonly BoostedModel[];
  readonly nets: readonly DemandNets[];
  readonly rows: number;
};
export type Hooks = { readonly signal: AbortSignal; readonly tell: (progress: Progress) => void };

const bags: readonly (Partial<TrainSettings> & { readonly maxHistory: number })[] = [
  { maxHistory: 800, maxLeaves: 31, minRows: 100, featureShare: 0.4 },
  { maxHistory: 1400, maxLeaves: 15, minRows: 150, featureShare: 0.6 },
];
/** Fewer rows teach a tree nothing. */
const leastRows = 200;

type Rows = ReturnType<typeof demandRows>;
function stack(parts: readonly Rows[], width: number): Rows {
  const rows = parts.reduce((sum, part) => sum + part.table.rows, 0);
  const values = new Float32Array(rows * width);
  let at = 0;
  for (const { table } of parts) {
    values.set(table.values, at);
    at += table.values.length;
  }
  const table: FeatureTable = { rows, features: width, values };
  return {
    table,
    target: joined(parts.map((part) => part.target)),
    weight: joined(parts.map((part) => part.weight)),
    scale: joined(parts.map((part) => part.scale)),
  };
}

export async function fitMembers(
  sources: readonly StoreSource[],
  origin: number,
  words: FeatureWords,
  settings: ForecastSettings,
  hooks: Hooks,
  nets: readonly NetsSettings[] = settings.nets,
): Promise<Members> {
  const all = sources.reduce((sum, { items }) => sum + items, 0);
  const parts: Rows[][] = bags.map(() => []);
  const netOrders = nets.map((each): NetsOrder => ({ ...each, ...settings }));
  const windows: NetWindows[][] = nets.map(() => []);
  for (const source of sources) {
    hooks.signal.throwIfAborted();
    const { frame, features } = viewStore(await source.read(), origin, words, source.cluster);
    for (const [m, order] of netOrders.entries()) {
      const own = drawWindows(frame, features, origin, order, source.items / Math.max(1, all));
      if (own !== null) windows[m]?.push(own);
    }
    for (const [b, { maxHistory }] of bags.entries()) {
      const maxRows = Math.max(500, Math.floor((settings.maxRows * source.items) / Math.max(1, all)));
      const own = { maxRows, horizon: settings.horizon, minHistory: 14, maxHistory, seed: settings.seed + b };
      parts[b]?.push(demandRows(frame, features, origin, own));
    }
  }
  const stacked = parts.map((own) => stack(own, words.names.length));
  const [first] = stacked;
  const band = learnBand(first?.scale ?? new Float64Array(), first?.target ?? new Float64Array());
  const orders = stacked.flatMap((rows, b) => {
    if (rows.table.rows < leastRows) return [];
    const table = binTable(rows.table, findEdges(rows.table, 254));
    const { maxHistory: _, ...bag } = bags[b] ?? { maxHistory: 0 };
    const own = { ...defaultSettings, ...bag, trees: settings.trees, seed: settings.seed * 101 + b };
    return heads.map((head) => {
      return { table, target: rows.target, weight: rows.weight, settings: { ...own, loss: headLosses[head] } };
    });
  });
  hooks.signal.throwIfAborted();
  const forests = await trainParallel(orders, settings.threads, (done) => hooks.tell({ done, of: orders.length }));
  const boosted: BoostedModel[] = [];
  for (let at = 0; at + heads.length <= forests.length; at += heads.length) {
    const [p10, p50, p90, mean] = forests.slice(at, at + heads.length);
    if (p10 && p50 && p90 && mean) boosted.push({ p10, p50, p90, mean });
  }
  const neural: DemandNets[] = [];
  for (const [m, order] of netOrders.entries()) {
    hooks.signal.throwIfAborted();
    const made = await trainOn(windows[m] ?? [], words.names.length, order, () => undefined);
    if (made !== null) neural.push(made);
  }
  return { band, boosted, nets: neural, rows: first?.table.rows ?? 0 };
}

/** A group of nets alone as a graph: twenty times as quick as in TypeScript, and a chain has many items. */
export const netsAlone = (nets: DemandNets, features: number): RunningModel => {
  const only = [0, 1];
  return openModel(demandOnnx([], { p10: only, p50: only, p90: only, mean: only }, features, {}, [nets]), netsMs, 1);
};
const netsMs = 60_000;

export async function forecastMembers(
  members: Members,
  running: readonly RunningModel[],
  view: StoreView,
  origin: number,
  horizon: number,
): Promise<readonly Forecasts[]> {
  const { band, boosted, nets } = members;
  const neural: Forecasts[] = [];
  for (const [m, { shape }] of nets.entries()) {
    const names = { featureNames: view.features.names, levels: null, band, lookBacks: [shape.steps] };
    const inputs = demandInputs(names, view, origin, horizon);
    const graph = running[m];
    if (graph === undefined) throw new Error('nets without their graph');
    const found = await runDemand(graph, inputs);
    const made = emptyForecasts(view.frame.names.length, horizon, origin);
    for (const [q, head] of heads.entries())
      for (let row = 0; row < inputs.rows; row += 1) made[head][row] = found[row * 4 + q] ?? 0;
    putInOrder(made);
    neural.push(made);
  }
  return [
    forecastLevelSeason(band, view.frame, view.features, origin, horizon),
    ...boosted.map((model) => forecastBoosted(model, view.frame, view.features, origin, horizon)),
    ...neural,
  ];
}
