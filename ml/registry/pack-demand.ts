/**
 * A fitted demand model as what travels: one ONNX file and its manifest. Rule kept: nothing of a shop's rows goes along
 * but sums (metrics, bands) and fifty rows of scale-free features, without names, that show the model to be itself. Same
 * model and words, same bytes.
 */
import { heads } from '../ensemble/blend.ts';
import { figuresOf, scoreWindow, type WindowScore } from '../evaluate/metrics.ts';
import { textOfDay } from '../calendar/days.ts';
import { demandFeatures } from '../features/demand-features.ts';
import { cutAt, type SeriesFrame, seriesCount } from '../frame/series-frame.ts';
import { predict } from '../gbdt/tree.ts';
import { forecastByRule, naiveRules } from '../models/naive.ts';
import { demandOnnx } from '../onnx/demand-model.ts';
import { irVersion, opsets } from '../onnx/proto.ts';
import { seeded } from '../random.ts';
import type { BlendWeights } from '../ensemble/blend.ts';
import type { Conformal } from '../ensemble/conformal.ts';
import type { BoostedModel } from '../models/boosted.ts';
import type { LevelBand } from '../models/level-season.ts';
import { answerOf, type DemandNets } from '../nn/demand-nets.ts';
import { pastChannels, pastSchema } from '../schema/past-schema.ts';
import type { DemandModel } from '../train/fit-demand.ts';
import { demandSchema } from '../schema/feature-schema.ts';
import { sha256Of, textOfFloats } from './floats-text.ts';
import { type ModelManifest, modelManifest, type PackedFigures } from './manifest.ts';
import { type DemandInputs, demandInputs, pastInput } from './packed-demand.ts';
import { segmentsOf } from './segments.ts';

export type PackWords = {
  readonly modelId: string;
  readonly version: string;
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly codeVersion: string;
  readonly parentModel: string | null;
  readonly stores: number;
};
/** All that is packed; whoever trained over many shops fills it from all of them. */
export type DemandParts = {
  readonly featureNames: readonly string[];
  /** Of `….code` features: their levels in the order of the codes. */
  readonly levels: Readonly<Record<string, readonly string[]>>;
  readonly boosted: readonly BoostedModel[];
  readonly nets: readonly DemandNets[];
  /** Of the plain forecast, each boosted model, each group of nets. */
  readonly weights: BlendWeights;
  readonly conformal: Conformal;
  readonly band: LevelBand;
  readonly horizon: number;
  readonly seed: number;
  readonly rows: number;
  readonly trainWindow: ModelManifest['trainWindow'];
  readonly hyperparams: ModelManifest['hyperparams'];
  readonly metrics: ModelManifest['metrics'];
  readonly baselineMetrics: PackedFigures;
  /** Rows that the model could be asked of; fifty of them become the golden batch. */
  readonly inputs: DemandInputs;
};
export type ModelPackage = { readonly manifest: ModelManifest; readonly onnx: Uint8Array };

const goldenRows = 50;
/** ONNX and TypeScript differ by less than this part of the larger of 1 and the value. */
const tolerance = 1e-4;

export const packedFigures = (scores: readonly WindowScore[]): PackedFigures => {
  const { wql, wmape, coverage80_pit: coverage, bias } = figuresOf(scores);
  const round = (value: number): number => (Number.isFinite(value) ? Math.round(value * 1e6) / 1e6 : 0);
  return { wql: round(wql), wmape: round(wmape), coverage: round(coverage), bias: round(bias), n: scores.length };
};

/** What nets answer of the rows, sorted as in the graph: [rows × 4] over scale. */
function netAnswers(nets: DemandNets, width: number, { rows, features, horizon }: DemandInputs, past: Float32Array) {
  const answer = answerOf(nets);
  const made = new Float64Array(rows * 4);
  const wide = (past.length * horizon) / rows;
  for (let i = 0; i * horizon < rows; i += 1) {
    const ahead = features.slice(i * horizon * width, (i + 1) * horizon * width);
    made.set(answer(past.slice(i * wide, (i + 1) * wide), ahead), i * horizon * 4);
  }
  for (let row = 0; row < rows; row += 1) made.subarray(row * 4, row * 4 + 3).sort();
  return made;
}

/** What the graph is to answer, from trees and nets themselves: [rows × 4]. */
function expected(model: DemandParts, inputs: DemandInputs): Float32Array {
  const { rows, features, plain, scale } = inputs;
  const width = model.featureNames.length;
  const found = new Float32Array(rows * 4);
  const neural = model.nets.map((nets, at) => netAnswers(nets, width, inputs, inputs.pasts[at] ?? new Float32Array()));
  for (const [q, head] of heads.entries()) {
    const forests = model.boosted.map((one) => predict(one[head], features, rows, width));
    for (let row = 0; row < rows; row += 1) {
      let sum = (model.weights[head][0] ?? 0) * (plain[row * 4 + q] ?? 0);
      for (const [m, values] of forests.entries())
        sum += (model.weights[head][m + 1] ?? 0) * Math.max(0, values[row] ?? 0);
      for (const [m, values] of neural.entries())
        sum += (model.weights[head][forests.length + m + 1] ?? 0) * Math.max(0, values[row * 4 + q] ?? 0);
      found[row * 4 + q] = Math.max(0, sum * (scale[row] ?? 0));
    }
  }
  for (let row = 0; row < rows; row += 1) found.subarray(row * 4, row * 4 + 3).sort();
  return found;
}

/** Rows by chance; with nets all days of some series, as they answer them. */
function pickRows({ inputs, nets, seed }: DemandParts): readonly number[] {
  const random = seeded(seed);
  if (nets.length === 0)
    return Array.from({ length: Math.min(goldenRows, inputs.rows) }, () => Math.floor(random() * inputs.rows));
  const { horizon, rows } = inputs;
  return Array.from({ length: Math.ceil(goldenRows / horizon) }, () => Math.floor((random() * rows) / horizon)).flatMap(
    (i) => Array.from({ length: horizon }, (_, h) => i * horizon + h),
  );
}

function goldenOf(model: DemandParts): ModelManifest['golden'] {
  const all = model.inputs;
  const width = model.featureNames.length;
  const picked = pickRows(model);
  const take = (from: Float32Array, wide: number, rows: readonly number[] = picked): Float32Array => {
    const to = new Float32Array(rows.length * wide);
    for (const [k, row] of rows.entries()) to.set(from.subarray(row * wide, (row + 1) * wide), k * wide);
    return to;
  };
  const series = picked.filter((row) => row % all.horizon === 0).map((row) => row / all.horizon);
  const inputs: DemandInputs = {
    rows: picked.length,
    features: take(all.features, width),
    plain: take(all.plain, 4),
    scale: take(all.scale, 1),
    horizon: all.horizon,
    pasts: all.pasts.map((past) => take(past, (past.length * all.horizon) / all.rows, series)),
  };
  const outputs = expected(model, inputs);
  return {
    rows: inputs.rows,
    inputs: {
      features: textOfFloats(inputs.features),
      plain: textOfFloats(inputs.plain),
      scale: textOfFloats(inputs.scale),
      ...Object.fromEntries(inputs.pasts.map((past, at) => [pastInput(at), textOfFloats(past)])),
    },
    outputs: textOfFloats(outputs),
    sha256: sha256Of(new Uint8Array(outputs.buffer)),
    tolerance,
  };
}

/** null: there are no trees in it (too little was sold to learn from), so there is nothing to send. */
export function packDemand(parts: DemandParts, words: PackWords): ModelPackage | null {
  const { featureNames: names, boosted, nets, weights, band, conformal } = parts;
  if (boosted.length === 0) return null;
  // A member that is left out would leave a hole in the sum, and nobody would see it.
  const members = 1 + boosted.length + nets.length;
  if (heads.some((head) => weights[head].length !== members) || parts.inputs.pasts.length !== nets.length)
    throw new RangeError(`a model of ${members} members can't be packed with other weights or inputs`);
  const { id, sha256 } = demandSchema(names);
  const metadata = { modelId: words.modelId, version: words.version, featureSchema: `${id} ${sha256}` };
  const onnx = demandOnnx(boosted, weights, names.length, metadata, nets);
  const lookBacks = nets.map(({ shape }) => shape.steps);
  const port = (name: string, wide: number, rows = 'N') => ({ name, dtype: 'float32' as const, shape: [rows, wide] });
  const manifest: ModelManifest = {
    format: 1,
    ...words,
    kind: 'demand',
    onnx: {
      file: 'model.onnx',
      sha256: sha256Of(onnx),
      bytes: onnx.byteLength,
      opset: { ...opsets },
      ir: irVersion,
      minOrt: '1.17',
    },
    featureSchema: {
      id,
      sha256,
      names: [...names],
      levels: Object.fromEntries(Object.entries(parts.levels).map(([name, levels]) => [name, [...levels]])),
    },
    ...(nets.length === 0 ? {} : { past: { ...pastSchema, lookBacks } }),
    inputs: [
      port('features', names.length),
      port('plain', 4),
      port('scale', 1),
      ...lookBacks.map((steps, at) => port(pastInput(at), steps * pastChannels, 'S')),
    ],
    outputs: [port('forecast', 4)],
    quantiles: [0.1, 0.5, 0.9],
    horizon: parts.horizon,
    trainWindow: parts.trainWindow,
    rows: parts.rows,
    seed: parts.seed,
    hyperparams: parts.hyperparams,
    postprocess: { capTimes: 3, snap: false },
    metrics: parts.metrics,
    baselineMetrics: parts.baselineMetrics,
    golden: goldenOf(parts),
    watched: watchedOf(parts),
    conformal: {
      edges: [...conformal.edges],
      shift: conformal.shift.map(([a, b, c]) => [a, b, c]),
      meanScale: conformal.meanScale,
      ...(conformal.widen === undefined ? {} : { widen: conformal.widen }),
    },
    ensembleWeights: Object.fromEntries(heads.map((head) => [head, [...weights[head]]])),
    plainBand: {
      at: [...band.at],
      p10: [...band.p10],
      p50: [...band.p50],
      p90: [...band.p90],
      mean: [...band.mean],
    },
  };
  return { manifest: modelManifest.parse(manifest), onnx };
}

/** What the calendar or an item's age moves by itself is no drift. */
const movesByItself = /^(horizon|age|weekday|date|dayOfYear|factor|day\..*|toNext\..*|sinceLast\..*)$/;
const mostWatched = 10;

/** The ten features that the trees of the median ask most often. */
function watchedOf({ boosted, featureNames }: DemandParts): string[] {
  const asked = new Float64Array(featureNames.length);
  for (const { p50 } of boosted) {
    for (const { feature, left } of p50.trees)
      for (const [node, j] of feature.entries()) if ((left[node] ?? -1) >= 0) asked[j] = (asked[j] ?? 0) + 1;
  }
  return featureNames
    .map((name, j) => ({ name, times: asked[j] ?? 0 }))
    .filter(({ name, times }) => times > 0 && !movesByItself.test(name))
    .toSorted((a, b) => b.times - a.times || (a.name < b.name ? -1 : 1))
    .slice(0, mostWatched)
    .map(({ name }) => name);
}

/** Parts of a model that was fitted on one frame. `origin`: the first column that it was not trained on. */
export function partsOfModel(model: DemandModel, frame: SeriesFrame, origin: number): DemandParts {
  const { featureNames, boosted, nets, band } = model.members;
  const { horizon, seed, maxRows } = model.settings;
  const scores = model.windows.flatMap((window) => scoreWindow(frame, window));
  const naive = Object.values(naiveRules).map((rule) =>
    packedFigures(
      model.windows.flatMap(({ origin: at }) => scoreWindow(frame, forecastByRule(rule, frame, at, horizon))),
    ),
  );
  const segmentOf = segmentsOf(frame, origin);
  const bySegment = Object.entries(Object.groupBy(scores, ({ series }) => segmentOf[series] ?? 'c'));
  // The last days that may be looked at: a window of them is known ahead as far as the frame goes.
  const at = Math.max(0, Math.min(origin, frame.days - (nets.length === 0 ? 1 : horizon)));
  const known = cutAt(frame, at);
  const block = { frame: known, features: demandFeatures(known, model.members.season) };
  return {
    featureNames,
    levels: Object.fromEntries(
      frame.groupings
        .filter(({ name }) => featureNames.includes(`${name}.code`))
        .map(({ name, levels }) => [`${name}.code`, levels]),
    ),
    boosted,
    nets,
    weights: model.weights,
    conformal: model.conformal,
    band,
    horizon,
    seed,
    rows: seriesCount(frame) * origin,
    trainWindow: { from: textOfDay(frame.firstDay), to: textOfDay(frame.firstDay + origin - 1) },
    hyperparams: { maxRows, trees: boosted.map((one) => one.p50.trees.length) },
    metrics: {
      all: packedFigures(scores),
      segments: Object.fromEntries(bySegment.map(([name, own]) => [name, packedFigures(own ?? [])])),
    },
    baselineMetrics: naive.toSorted((a, b) => a.wql - b.wql)[0] ?? packedFigures([]),
    inputs: demandInputs(
      { featureNames, levels: null, band, lookBacks: nets.map(({ shape }) => shape.steps) },
      block,
      at,
      Math.min(horizon, frame.days - at),
    ),
  };
}
