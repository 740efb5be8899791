/**
 * One demand model over all stores of an organisation. Rule kept: each store's rows are scaled by its own levels and
 * weigh, store by store, as many rows as it has items (ml.md, per-store target scaling); one store is in memory at a
 * time; the same frames and seed give the same model, to the bit.
 */
import { blend, type BlendWeights, heads, learnBlend } from '#ml/ensemble/blend.ts';
import { type Conformal, learnConformal } from '#ml/ensemble/conformal.ts';
import type { Forecasts } from '#ml/evaluate/forecast-table.ts';
import type { SeriesFrame } from '#ml/frame/series-frame.ts';
import { binTable, type FeatureTable, findEdges } from '#ml/gbdt/bins.ts';
import { trainParallel } from '#ml/gbdt/train-parallel.ts';
import type { TrainSettings } from '#ml/gbdt/train.ts';
import { type BoostedModel, defaultSettings, demandRows, forecastBoosted, headLosses } from '#ml/models/boosted.ts';
import { forecastByRule, naiveRules } from '#ml/models/naive.ts';
import { forecastLevelSeason, learnBand, type LevelBand } from '#ml/models/level-season.ts';
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
type Members = { readonly band: LevelBand; readonly boosted: readonly BoostedModel[]; readonly rows: number };
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
): Promise<Members> {
  const all = sources.reduce((sum, { items }) => sum + items, 0);
  const parts: Rows[][] = bags.map(() => []);
  for (const source of sources) {
    hooks.signal.throwIfAborted();
    const { frame, features } = viewStore(await source.read(), origin, words, source.cluster);
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
  return { band, boosted, rows: first?.table.rows ?? 0 };
}

function forecastMembers(members: Members, view: StoreView, origin: number, horizon: number): readonly Forecasts[] {
  return [
    forecastLevelSeason(members.band, view.frame, view.features, origin, horizon),
    ...members.boosted.map((model) => forecastBoosted(model, view.frame, view.features, origin, horizon)),
  ];
}

async function holdBack(
  sources: readonly StoreSource[],
  origin: number,
  words: FeatureWords,
  settings: ForecastSettings,
  hooks: Hooks,
) {
  const { horizon } = settings;
  const windows = Math.max(0, Math.min(validationWindows, Math.floor((origin - 42) / horizon) - 1));
  const before = origin - windows * horizon;
  if (windows === 0) return { made: [], frame: joinFrames([], 0, 0), naive: {}, segments: [] };
  const members = await fitMembers(sources, before, words, settings, hooks);
  const made: Forecasts[][][] = Array.from({ length: windows }, () => []);
  const frames: SeriesFrame[] = [];
  const segments: Segment[] = [];
  const rules = Object.entries(naiveRules).map(([name, rule]) => ({
    name,
    rule,
    parts: Array.from({ length: windows }, (): Forecasts[] => []),
  }));
  for (const source of sources) {
    hooks.signal.throwIfAborted();
    const whole = await source.read();
    // Trees are of days before the windows, levels of days before each; as when it was used then.
    const view = viewStore(whole, origin, words, source.cluster, before);
    segments.push(...segmentsOf(whole, before));
    for (let w = 0; w < windows; w += 1) {
      for (const { rule, parts } of rules) parts[w]?.push(forecastByRule(rule, whole, before + w * horizon, horizon));
      const own = forecastMembers(members, view, before + w * horizon, horizon);
      for (const [m, forecasts] of own.entries()) (made[w] ??= [])[m] = [...(made[w]?.[m] ?? []), forecasts];
    }
    frames.push(joinFrames([whole], before, origin));
  }
  const frame = joinFrames(frames, 0, origin - before);
  const atWindow = (parts: readonly Forecasts[], w: number): Forecasts => joinForecasts(parts, horizon, w * horizon);
  return {
    made: made.map((window, w) => window.map((parts) => atWindow(parts, w))),
    frame,
    naive: Object.fromEntries(rules.map(({ name, parts }) => [name, parts.map(atWindow)])),
    segments,
  };
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
  const { made, frame, naive, segments } = await holdBack(sources, origin, words, settings, half(0));
  const members = await fitMembers(sources, origin, words, settings, half(1));
  const count = members.boosted.length + 1;
  const even = Array.from({ length: count }, () => 1 / count);
  const learnt = made.length > 0 && made[0]?.length === count ? learnBlend(frame, made) : null;
  const weights = learnt ?? { p10: even, p50: even, p90: even, mean: even };
  const windows = learnt === null ? [] : made.map((window) => blend(window, learnt));
  return { members, weights, conformal: learnConformal(frame, windows), windows, windowFrame: frame, naive, segments };
}
