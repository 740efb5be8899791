/**
 * A packed demand model at work: features, level and season from the shop's own frame, the ONNX graph for the rest, then
 * the bands. Rule kept: what is fitted here is fitted on the shop's own days before `origin`, once for all models that
 * are compared; what the model brings (trees, blend, plain band) is taken as it came.
 */
import { dayOf } from '../calendar/days.ts';
import { haveFewDaysSay, isShortPast, learnReach, pastDays, type Shipped, speakOfFewDays } from '../cold/few-days.ts';
import { heads } from '../ensemble/blend.ts';
import { applyConformal, type Conformal } from '../ensemble/conformal.ts';
import { reconcile, totalAhead, type TotalErrors } from '../ensemble/reconcile.ts';
import { keepSane } from '../ensemble/sane.ts';
import { emptyForecasts, type Forecasts, putInOrder } from '../evaluate/forecast-table.ts';
import { demandFeatures, type DemandFeatures } from '../features/demand-features.ts';
import { tamedFrame } from '../features/tame.ts';
import { cutAt, type SeriesFrame, seriesCount } from '../frame/series-frame.ts';
import { forecastLevelSeason, type LevelBand } from '../models/level-season.ts';
import { fitSeason, type SeasonFactors } from '../models/season.ts';
import { pastOf, shopRatio } from '../nn/net-windows.ts';
import { ModelFault, type RunningModel } from '../onnx/runtime.ts';
import { pastChannels } from '../schema/past-schema.ts';
import type { ModelManifest } from './manifest.ts';

/** A piece of a shop's items; `from`: the row of its first. */
export type ViewBlock = { readonly from: number; readonly frame: SeriesFrame; readonly season: SeasonFactors };
export type CutBlocks = (frame: SeriesFrame, season: SeasonFactors) => Iterable<ViewBlock>;
/** A shop's frame as it was known before `origin`, in pieces that a PC's memory holds. */
export type ShopView = {
  readonly frame: SeriesFrame;
  readonly origin: number;
  readonly season: SeasonFactors;
  readonly blocks: CutBlocks;
  /** Features that no bill says, by name: what head office told of the shop. */
  readonly facts?: Readonly<Record<string, number>> | undefined;
  /** Where these are some items of a shop: the shop, for what all of it did. */
  readonly partOf?: Pick<ShopView, 'frame' | 'season'> | undefined;
  /** The model that ships; not given, or null: it is not at hand. */
  readonly shipped?: (() => Shipped | null) | undefined;
  /** Where the view is of a window that is over: the column of today, which says how much of a say few days have. */
  readonly today?: number | undefined;
};

const inOne: CutBlocks = (frame, season) => [{ from: 0, frame, season }];

/** The dear part: a season fit of each series. Days past `origin` keep price and calendar, no units. */
export function viewShop(
  frame: SeriesFrame,
  origin: number,
  blocks: CutBlocks = inOne,
  facts: ShopView['facts'] = undefined,
): ShopView {
  const known = tamedFrame(cutAt(frame, origin));
  return { frame: known, origin, season: fitSeason(known, origin), blocks, facts };
}

/** What a block needed is free before the next one is made. */
function* eachViewBlock(view: ShopView): Generator<ViewBlock & { readonly features: DemandFeatures }> {
  for (const block of view.blocks(view.frame, view.season))
    yield { ...block, features: demandFeatures(block.frame, block.season) };
}

const codeSuffix = '.code';
/** Rows that go through the graph at once: bounds memory at 50,000 items. */
const rowsAtOnce = 3_500;

/** What inputs are made of: `features` of `frame`. */
export type InputBlock = {
  readonly frame: SeriesFrame;
  readonly features: DemandFeatures;
  /** Of the whole shop, for nets, where the block is a piece of it. */
  readonly shop?: Float64Array | undefined;
  readonly facts?: ShopView['facts'];
};
type Column = { readonly from: number; readonly codes: Float32Array | null } | { readonly fact: number };

/** What a model brings to make its inputs. `levels` null: the frame's own codes are the model's. */
export type InputNames = {
  readonly featureNames: readonly string[];
  readonly levels: Readonly<Record<string, readonly string[]>> | null;
  readonly band: LevelBand;
  /** Days that each group of nets looks back on; none: there are no nets. */
  readonly lookBacks: readonly number[];
};

/** Where each of the model's features is in the shop's; codes of levels are the model's own, by name. NaN: not known. */
function columnsOf({ featureNames, levels }: InputNames, block: InputBlock): readonly (Column | null)[] {
  const at = new Map(block.features.names.map((name, j) => [name, j]));
  return featureNames.map((name) => {
    const fact = block.facts?.[name];
    if (fact !== undefined) return { fact };
    const from = at.get(name);
    if (from === undefined) return null;
    if (levels === null || !name.endsWith(codeSuffix)) return { from, codes: null };
    const learnt = new Map(levels[name]?.map((level, code) => [level, code]));
    const grouping = block.frame.groupings.find((one) => `${one.name}${codeSuffix}` === name);
    return { from, codes: Float32Array.from(grouping?.levels ?? [], (level) => learnt.get(level) ?? Number.NaN) };
  });
}

export const inputNamesOf = ({ featureSchema, plainBand, past }: ModelManifest): InputNames => ({
  featureNames: featureSchema.names,
  levels: featureSchema.levels,
  lookBacks: past?.lookBacks ?? [],
  band: {
    at: Float64Array.from(plainBand.at),
    p10: Float64Array.from(plainBand.p10),
    p50: Float64Array.from(plainBand.p50),
    p90: Float64Array.from(plainBand.p90),
    mean: Float64Array.from(plainBand.mean),
  },
});

export type DemandInputs = {
  readonly rows: number;
  /** [rows × features], [rows × 4] over scale, [rows × 1] units a day; rows by series, then day. */
  readonly features: Float32Array;
  readonly plain: Float32Array;
  readonly scale: Float32Array;
  /** Days of each series that `rows` has. */
  readonly horizon: number;
  /** Of each group of nets: [rows ÷ horizon × days looked back on · channels]. */
  readonly pasts: readonly Float32Array[];
};
export const pastInput = (at: number): string => `past${at}`;

/** The days before `origin`, as nets were told them in training. Groups that look back equally share one. */
function pastsOf({ frame, features, shop }: InputBlock, origin: number, lookBacks: readonly number[]) {
  const made = new Map<number, Float32Array>();
  const n = seriesCount(frame);
  for (const steps of new Set(lookBacks)) {
    const write = pastOf(frame, features, steps, shop);
    const width = steps * pastChannels;
    const past = new Float32Array(n * width);
    for (let i = 0; i < n; i += 1) write(i, origin, past, i * width);
    made.set(steps, past);
  }
  return lookBacks.map((steps) => made.get(steps) ?? new Float32Array());
}

/** Below this factor the shop is shut and nothing is forecast (as in training). */
const shutFactor = 0.05;

export function demandInputs(
  model: InputNames,
  block: InputBlock,
  origin: number,
  horizon: number,
): DemandInputs & { readonly plainForecast: Forecasts } {
  const { frame, features } = block;
  const columns = columnsOf(model, block);
  const rows = seriesCount(frame) * horizon;
  const plain = forecastLevelSeason(model.band, frame, features, origin, horizon);
  const made: DemandInputs & { readonly plainForecast: Forecasts } = {
    rows,
    features: new Float32Array(rows * columns.length).fill(Number.NaN),
    plain: new Float32Array(rows * 4),
    scale: new Float32Array(rows),
    horizon,
    pasts: pastsOf(block, origin, model.lookBacks),
    plainForecast: plain,
  };
  const own = new Float32Array(features.count);
  for (let row = 0; row < rows; row += 1) {
    const [i, h] = [Math.floor(row / horizon), row % horizon];
    features.write(i, origin, h, own, 0);
    for (const [j, column] of columns.entries()) {
      if (column === null) continue;
      const value = 'fact' in column ? column.fact : (own[column.from] ?? Number.NaN);
      const codes = 'fact' in column ? null : column.codes;
      made.features[row * columns.length + j] = codes === null ? value : (codes[value] ?? Number.NaN);
    }
    const factor = features.factor(i, origin + h);
    const scale = factor < shutFactor ? 0 : features.level(i, origin) * factor;
    made.scale[row] = scale;
    for (const [q, head] of heads.entries()) made.plain[row * 4 + q] = scale > 0 ? (plain[head][row] ?? 0) / scale : 0;
  }
  return made;
}

/** Rejects with a ModelFault, also where the graph answers what is no number. */
export async function runDemand(running: RunningModel, inputs: DemandInputs): Promise<Float32Array> {
  const width = inputs.rows === 0 ? 0 : inputs.features.length / inputs.rows;
  const found = new Float32Array(inputs.rows * 4);
  // Whole series: nets answer all days of one at once.
  const atOnce = inputs.horizon * Math.max(1, Math.floor(rowsAtOnce / Math.max(1, inputs.horizon)));
  const pastsFrom = (from: number, to: number) =>
    inputs.pasts.map((all, at) => {
      const wide = (all.length * inputs.horizon) / inputs.rows;
      const data = all.slice((from / inputs.horizon) * wide, (to / inputs.horizon) * wide);
      return [pastInput(at), { dims: [(to - from) / inputs.horizon, wide], data }] as const;
    });
  for (let from = 0; from < inputs.rows; from += atOnce) {
    const to = Math.min(inputs.rows, from + atOnce);
    const { forecast } = await running.run({
      features: { dims: [to - from, width], data: inputs.features.slice(from * width, to * width) },
      plain: { dims: [to - from, 4], data: inputs.plain.slice(from * 4, to * 4) },
      scale: { dims: [to - from, 1], data: inputs.scale.slice(from, to) },
      ...Object.fromEntries(pastsFrom(from, to)),
    });
    if (forecast?.data.length !== (to - from) * 4) throw new ModelFault('The model answered in another shape.');
    for (const value of forecast.data)
      if (!Number.isFinite(value)) throw new ModelFault('The model answered what is no number.');
    found.set(forecast.data, from * 4);
  }
  return found;
}

/**
 * The model's own word before total and bands, and the plain band's beside it. `look` sees the inputs of each block.
 * Rejects with a ModelFault.
 */
export async function forecastPacked(
  manifest: ModelManifest,
  running: RunningModel,
  view: ShopView,
  horizon: number,
  look: (inputs: DemandInputs) => void = () => undefined,
): Promise<{ readonly raw: Forecasts; readonly plain: Forecasts }> {
  const n = seriesCount(view.frame);
  const [raw, plain] = [emptyForecasts(n, horizon, view.origin), emptyForecasts(n, horizon, view.origin)];
  const names = inputNamesOf(manifest);
  const hasNets = names.lookBacks.length > 0;
  if (hasNets && horizon > manifest.horizon)
    throw new ModelFault(`The model's nets look ${manifest.horizon} days ahead and not ${horizon}.`);
  // Nets answer as many days as they learnt to; what is not asked for is left out.
  const asked = hasNets ? manifest.horizon : horizon;
  const whole = view.partOf ?? view;
  const { days } = whole.frame;
  const shop = hasNets ? shopRatio(whole.frame, (i, t) => Math.exp(whole.season.log[i * days + t] ?? 0)) : undefined;
  for (const block of eachViewBlock(view)) {
    const inputs = demandInputs(names, { ...block, shop, facts: view.facts }, view.origin, asked);
    look(inputs);
    const found = await runDemand(running, inputs);
    for (let i = 0; i < seriesCount(block.frame); i += 1)
      for (let h = 0; h < horizon; h += 1) {
        const [from, to] = [i * asked + h, (block.from + i) * horizon + h];
        for (const [q, head] of heads.entries()) {
          raw[head][to] = found[from * 4 + q] ?? 0;
          plain[head][to] = inputs.plainForecast[head][from] ?? 0;
        }
      }
  }
  putInOrder(raw);
  return { raw, plain };
}

/** The items' sum made to agree with the shop's total, as in training (ensemble/reconcile.ts). */
export function agreeWithTotal(errors: readonly TotalErrors[], view: ShopView, raw: Forecasts): Forecasts {
  const total = totalAhead(view.frame, view.season, raw.origin, raw.horizon);
  return reconcile(errors, raw, total);
}

/** Of a model's manifest, what a forecast is finished by. */
export type Finishing = {
  readonly conformal: Conformal;
  /** Not given: it learnt from this shop alone. */
  readonly trainWindow?: ModelManifest['trainWindow'];
};

const learntDays = ({ trainWindow }: Finishing): number =>
  trainWindow === undefined ? 0 : (dayOf(trainWindow.to) ?? 0) - (dayOf(trainWindow.from) ?? 0) + 1;

/** A shop's items one block after the other: the same answer, in a block's memory. */
const inBlocks =
  (shipped: Shipped, blocks: CutBlocks): Shipped =>
  (frame, origin, horizon, season) => {
    const made = emptyForecasts(seriesCount(frame), horizon, origin);
    for (const block of blocks(frame, season)) {
      const part = shipped(block.frame, origin, horizon, block.season);
      for (const head of heads) made[head].set(part[head], block.from * horizon);
    }
    return made;
  };

/**
 * In place: counts of the whole shop and the model that ships speak beside it, as in training (train/fit-demand.ts). Not of
 * a model that learnt from a longer past elsewhere, and not under the days in which training tames a past otherwise.
 */
function speakOfShop(manifest: Finishing, view: ShopView, made: Forecasts): void {
  const { frame, season, origin, blocks } = view;
  const own = pastDays(frame, view.today ?? origin);
  const days = Math.max(own, learntDays(manifest));
  if (isShortPast(own) || !haveFewDaysSay(days)) return;
  const whole = view.shipped?.() ?? null;
  const shipped = whole === null ? null : inBlocks(whole, blocks);
  speakOfFewDays(made, { frame, season, shipped, days }, learnReach(frame, origin, shipped), true);
}

/** In place: the bands (the shop's own where it has them, else the model's), what few days say, and nothing absurd. */
export function finishForecast(manifest: Finishing, own: Conformal | null, view: ShopView, made: Forecasts): Forecasts {
  applyConformal(own ?? manifest.conformal, made);
  speakOfShop(manifest, view, made);
  keepSane(made, view.frame);
  return made;
}
