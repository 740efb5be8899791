/**
 * Fourth step: a model over all stores. Rule kept: only the organisation's own days are read; it is made anew when a week
 * of days has come or when a shop's drift asks for it, never twice from the same days; on the days between its bands are
 * set by what has come.
 */
import type { Forecasts } from '#ml/evaluate/forecast-table.ts';
import { scoreWindow } from '#ml/evaluate/metrics.ts';
import { canonicalJson } from '#ml/registry/canonical-json.ts';
import { packDemand, packedFigures } from '#ml/registry/pack-demand.ts';
import { demandInputs } from '#ml/registry/packed-demand.ts';
import { learnBands } from './daily-bands.ts';
import { featuresTold } from './features.ts';
import type { StoreSource } from './fit-members.ts';
import { fitStores, type StoresModel } from './fit-stores.ts';
import { bandTold, modelIdOf, type ModelTold, modelTold } from './model-file.ts';
import { viewStore } from './store-features.ts';
import { dayAfter, framesTold, readStoreFrame } from './store-frames.ts';
import {
  demandVersion,
  leastDays,
  makeVersion,
  newestVersion,
  placeOf,
  retrainDays,
  type StepReport,
  StepTooEarly,
  type StepWorld,
  type Version,
} from './step.ts';

/** A shop that hears of no newer one stops using it. */
const livesDays = 90;
const codeVersion = '0.1.0';
/** Shops judge a model on days that it has not seen (docs/decisions/0077): so many are not learnt from. */
const heldBackDays = 28;
/** Below this a chain can spare none; its shops wait for new days. */
const sparesFrom = 168;

export function sourcesOf(world: StepWorld, frames: Version, clusters: Readonly<Record<string, number>>) {
  return framesTold(frames).stores.map(
    ({ storeId, items }): StoreSource => ({
      storeId,
      cluster: clusters[storeId] ?? 0,
      items,
      read: async () => (await readStoreFrame(world.store, frames, storeId, world.settings.horizon)).frame,
    }),
  );
}

/** Columns of the frames that are known; the next one is the first to be forecast. */
export const knownDays = (frames: Version): number => {
  const { firstDay, lastDay } = framesTold(frames);
  return Math.round((Date.parse(lastDay) - Date.parse(firstDay)) / 86_400_000) + 1;
};

/** `isAsked`: a shop's drift asks for a new one, also within the week. */
export async function trainStep(world: StepWorld, isAsked: boolean): Promise<StepReport> {
  const { settings } = world;
  const features = featuresTold(await demandVersion(world, 'features', 'features'));
  const frames = await demandVersion(world, 'frames', 'clean');
  if (features.frames.fingerprint !== frames.fingerprint)
    throw new StepTooEarly('The frames are newer. Run features first.');
  const { lastDay, stores } = framesTold(frames);
  const origin = knownDays(frames);
  if (origin < leastDays) throw new StepTooEarly(`There are ${origin} days of bills; a model needs ${leastDays}.`);
  const last = await newestVersion(world.store, placeOf('models', world.tenantId));
  const isYoung = last !== null && lastDay < dayAfter(modelTold(last).trainedThrough, retrainDays);
  const fits = last !== null && modelTold(last).schema.sha256 === features.schema.sha256;
  const bands = (model: Version): Promise<StepReport | null> =>
    learnBands(world, frames, model, features.clusters, origin);
  if (last !== null && isYoung && fits && !isAsked) return (await bands(last)) ?? reportOf(last, false);
  const { threads: _, ...counted } = settings;
  const inputs = ['model 3', frames.fingerprint, features.schema, features.clusters, counted];
  const made = await makeVersion(world, 'models', inputs, async (to) => {
    const words = { names: features.schema.names, levels: features.levels };
    const hooks = { signal: world.signal, tell: world.tell };
    const sources = sourcesOf(world, frames, features.clusters);
    const learnt = origin >= sparesFrom ? origin - heldBackDays : origin;
    const model = await fitStores(sources, learnt, words, settings, hooks);
    const modelId = modelIdOf(lastDay, JSON.stringify([world.tenantId, inputs]));
    const version = `1.0.0+${lastDay.replaceAll('-', '')}`;
    const [largest] = sources.toSorted((a, b) => b.items - a.items);
    const figures = figuresBy(model);
    const view = largest === undefined ? null : viewStore(await largest.read(), origin, words, largest.cluster);
    const { boosted, nets, band, rows } = model.members;
    const lookBacks = nets.map(({ shape }) => shape.steps);
    const packed =
      view === null
        ? null
        : packDemand(
            {
              featureNames: words.names,
              levels: words.levels,
              boosted,
              nets,
              weights: model.weights,
              conformal: model.conformal,
              band,
              horizon: settings.horizon,
              seed: settings.seed,
              rows,
              trainWindow: { from: framesTold(frames).firstDay, to: dayAfter(lastDay, learnt - origin) },
              hyperparams: { maxRows: settings.maxRows, trees: settings.trees, nets: nets.length },
              ...figures,
              inputs: demandInputs(
                { featureNames: words.names, levels: null, band, lookBacks },
                view,
                origin,
                settings.horizon,
              ),
            },
            {
              modelId,
              version,
              // Of the days and not of the clock: the same days make the same bytes.
              createdAt: `${dayAfter(lastDay, 1)}T00:00:00Z`,
              expiresAt: `${dayAfter(lastDay, livesDays)}T00:00:00Z`,
              codeVersion,
              parentModel: last === null ? null : modelTold(last).modelId,
              stores: stores.length,
            },
          );
    if (packed !== null) {
      await to.bytes('model.onnx', packed.onnx);
      await to.bytes('package.json', Buffer.from(canonicalJson(packed.manifest)));
    }
    const told: ModelTold = {
      modelId,
      version,
      trainedThrough: lastDay,
      horizon: settings.horizon,
      rows,
      schema: features.schema,
      levels: features.levels,
      clusters: features.clusters,
      weights: model.weights,
      conformal: model.conformal,
      band: bandTold(band),
      boosted: boosted.length,
      metrics: { wql: figures.metrics.all.wql, naive: figures.baselineMetrics.wql, ...againstLastWeek(model) },
    };
    return { ...told, stores: stores.length };
  });
  // What the days that it has not seen say of it, as each shop will find for itself.
  await bands(made);
  return reportOf(made, made.isNew);
}

/** On the windows that were held back, against the best of the plain rules. */
function figuresBy({ windows, windowFrame, naive, segments }: StoresModel) {
  const scored = (made: readonly Forecasts[]) => made.flatMap((window) => scoreWindow(windowFrame, window));
  const scores = scored(windows);
  const bySegment = Object.entries(Object.groupBy(scores, ({ series }) => segments[series] ?? 'c'));
  const rules = Object.values(naive).map((made) => packedFigures(scored(made)));
  return {
    metrics: {
      all: packedFigures(scores),
      segments: Object.fromEntries(bySegment.map(([name, own]) => [name, packedFigures(own ?? [])])),
    },
    baselineMetrics: rules.toSorted((a, b) => a.wql - b.wql)[0] ?? packedFigures([]),
  };
}

/** The loss of "the same weekday a week ago" on the held-back windows; nothing where there are none. */
function againstLastWeek({ naive, windowFrame }: StoresModel): { readonly seasonalNaive?: number } {
  const made = naive['seasonal naive'] ?? [];
  if (made.length === 0) return {};
  return { seasonalNaive: packedFigures(made.flatMap((window) => scoreWindow(windowFrame, window))).wql };
}

function reportOf(version: Version, isNew: boolean): StepReport {
  const { modelId, rows, metrics, trainedThrough } = modelTold(version);
  return {
    version: version.version,
    isNew,
    facts: { modelId, rows, trainedThrough, wql: metrics['wql'] ?? 0, naive: metrics['naive'] ?? 0 },
  };
}
