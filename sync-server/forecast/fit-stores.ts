/**
 * One demand model over all stores of an organisation. Rule kept: each store's rows are scaled by its own levels and
 * weigh, store by store, as many rows as it has items (ml.md, per-store target scaling); one store is in memory at a
 * time; the same frames and seed give the same model, to the bit.
 */
import { blend, type BlendWeights, heads, learnBlend } from '#ml/ensemble/blend.ts';
import { type Conformal, learnConformal } from '#ml/ensemble/conformal.ts';
import { reconcile, totalAhead, type TotalErrors, totalErrors } from '#ml/ensemble/reconcile.ts';
import { emptyForecasts, type Forecasts, putInOrder } from '#ml/evaluate/forecast-table.ts';
import type { SeriesFrame } from '#ml/frame/series-frame.ts';
import { binTable, type FeatureTable, findEdges } from '#ml/gbdt/bins.ts';
import { trainParallel } from '#ml/gbdt/train-parallel.ts';
import type { TrainSettings } from '#ml/gbdt/train.ts';
import { type BoostedModel, defaultSettings, demandRows, forecastBoosted, headLosses } from '#ml/models/boosted.ts';
import { forecastByRule, naiveRules } from '#ml/models/naive.ts';
import { forecastLevelSeason, learnBand, type LevelBand } from '#ml/models/level-season.ts';
import type { TotalForecast } from '#ml/models/total-level.ts';
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
import { type Segment, segmentsOf } from '#ml/registry/segments.ts';
import { joined, joinForecasts, joinFrames } from './join-stores.ts';
import { type FeatureWords, type StoreView, viewStore } from './store-features.ts';
import type { ForecastSettings, Progress } from './step.ts';

export type StoreSource = {
  readonly storeId: string;
  readonly cluster: number;
  readonly items: number;
  /** With at least `horizon` empty days behind its last. */
  readonly read: () => Promise<SeriesFrame>;
};
type Members = {
  readonly band: LevelBand;
  readonly boosted: readonly BoostedModel[];
  readonly nets: readonly DemandNets[];
  readonly rows: number;
};
export type StoresModel = {
  readonly members: Members;
  readonly weights: BlendWeights;
  readonly conformal: Conformal;
  /** The windows that were held back: all stores' series below each other, and their units alone. */
  readonly windows: readonly Forecasts[];
  readonly windowFrame: SeriesFrame;
  /** The same windows by each plain rule. */
  readonly naive: Readonly<Record<string, readonly Forecasts[]>>;
  /** [series of the windows] */
  readonly segments: readonly Segment[];
};
export type Hooks = { readonly signal: AbortSignal; readonly tell: (progress: Progress) => void };

const bags: readonly (Partial<TrainSettings> & { readonly maxHistory: number })[] = [
  { maxHistory: 800, maxLeaves: 31, minRows: 100, featureShare: 0.4 },
  { maxHistory: 1400, maxLeaves: 15, minRows: 150, featureShare: 0.6 },
];
const validationWindows = 4;
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

async function fitMembers(
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
const netsAlone = (nets: DemandNets, features: number): RunningModel => {
  const only = [0, 1];
  return openModel(demandOnnx([], { p10: only, p50: only, p90: only, mean: only }, features, {}, [nets]), netsMs, 1);
};
const netsMs = 60_000;

async function forecastMembers(
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

type HeldBack = {
  /** [window][member], all stores below each other. */
  readonly made: readonly (readonly Forecasts[])[];
  readonly frame: SeriesFrame;
  /** Each store by itself: its units of the windows, its rows there, the total's own forecast of each window. */
  readonly stores: readonly { readonly frame: SeriesFrame; readonly totals: readonly TotalForecast[] }[];
  readonly naive: Readonly<Record<string, readonly Forecasts[]>>;
  readonly segments: readonly Segment[];
  readonly nets: number;
};

async function holdBack(
  sources: readonly StoreSource[],
  origin: number,
  words: FeatureWords,
  settings: ForecastSettings,
  hooks: Hooks,
): Promise<HeldBack> {
  const { horizon } = settings;
  const windows = Math.max(0, Math.min(validationWindows, Math.floor((origin - 42) / horizon) - 1));
  const before = origin - windows * horizon;
  if (windows === 0) return { made: [], frame: joinFrames([], 0, 0), stores: [], naive: {}, segments: [], nets: 0 };
  const members = await fitMembers(sources, before, words, settings, hooks);
  const running = members.nets.map((nets) => netsAlone(nets, words.names.length));
  const made: Forecasts[][][] = Array.from({ length: windows }, () => []);
  const stores: { readonly frame: SeriesFrame; readonly totals: readonly TotalForecast[] }[] = [];
  const segments: Segment[] = [];
  const rules = Object.entries(naiveRules).map(([name, rule]) => ({
    name,
    rule,
    parts: Array.from({ length: windows }, (): Forecasts[] => []),
  }));
  try {
    for (const source of sources) {
      hooks.signal.throwIfAborted();
      const whole = await source.read();
      // Trees are of days before the windows, levels of days before each; as when it was used then.
      const view = viewStore(whole, origin, words, source.cluster, before);
      segments.push(...segmentsOf(whole, before));
      const totals: TotalForecast[] = [];
      for (let w = 0; w < windows; w += 1) {
        const start = before + w * horizon;
        for (const { rule, parts } of rules) parts[w]?.push(forecastByRule(rule, whole, start, horizon));
        const own = await forecastMembers(members, running, view, start, horizon);
        for (const [m, forecasts] of own.entries()) (made[w] ??= [])[m] = [...(made[w]?.[m] ?? []), forecasts];
        totals.push(totalAhead(view.frame, view.season, start, horizon));
      }
      stores.push({ frame: joinFrames([whole], before, origin), totals });
    }
  } finally {
    for (const graph of running) await graph.close();
  }
  const frame = joinFrames(
    stores.map((store) => store.frame),
    0,
    origin - before,
  );
  const atWindow = (parts: readonly Forecasts[], w: number): Forecasts => joinForecasts(parts, horizon, w * horizon);
  return {
    made: made.map((window, w) => window.map((parts) => atWindow(parts, w))),
    frame,
    stores,
    naive: Object.fromEntries(rules.map(({ name, parts }) => [name, parts.map(atWindow)])),
    segments,
    nets: members.nets.length,
  };
}

/** Each store's rows of a window made to agree with its own total, by the windows before; as its tills do. */
function reconciled(stores: HeldBack['stores'], windows: readonly Forecasts[], horizon: number): readonly Forecasts[] {
  const errors: TotalErrors[][] = stores.map(() => []);
  return windows.map((window, w) => {
    let from = 0;
    const parts = stores.map(({ frame, totals }, s) => {
      const series = frame.names.length;
      const cut = (values: Float64Array): Float64Array => values.slice(from * horizon, (from + series) * horizon);
      const { p10, p50, p90, mean } = window;
      const own = { ...window, series, p10: cut(p10), p50: cut(p50), p90: cut(p90), mean: cut(mean) };
      from += series;
      const total = totals[w];
      if (total === undefined) return own;
      const made = reconcile(errors[s] ?? [], own, total);
      const found = totalErrors(frame, own, total);
      if (found !== null) errors[s]?.push(found);
      return made;
    });
    return joinForecasts(parts, horizon, window.origin);
  });
}

/** `origin`: the first column that nothing is known of. */
export async function fitStores(
  sources: readonly StoreSource[],
  origin: number,
  words: FeatureWords,
  settings: ForecastSettings,
  hooks: Hooks,
): Promise<StoresModel> {
  // Twice the same work: once without the last windows, to weigh and to set the bands by them.
  const half = (from: number): Hooks => ({
    ...hooks,
    tell: ({ done, of }) => hooks.tell({ done: from * of + done, of: 2 * of }),
  });
  const held = await holdBack(sources, origin, words, settings, half(0));
  // Nets that could not be weighed are not asked for.
  const wanted = held.nets === settings.nets.length ? settings.nets : [];
  const members = await fitMembers(sources, origin, words, settings, half(1), wanted);
  const count = 1 + members.boosted.length + members.nets.length;
  const even = Array.from({ length: count }, () => 1 / count);
  const learnt = held.made.length > 0 && held.made[0]?.length === count ? learnBlend(held.frame, held.made) : null;
  const weights = learnt ?? { p10: even, p50: even, p90: even, mean: even };
  const blended = learnt === null ? [] : held.made.map((window) => blend(window, learnt));
  const windows = reconciled(held.stores, blended, settings.horizon);
  const { frame: windowFrame, naive, segments } = held;
  const conformal = learnConformal(windowFrame, windows);
  return { members, weights, conformal, windows, windowFrame, naive, segments };
}
