/**
 * Fourth step: a model over all stores. Rule kept: only the organisation's own days are read; it is made anew when a week
 * of days has come or when a shop's drift asks for it, never twice from the same days.
 */
import { figuresOf, scoreWindow } from '#ml/evaluate/metrics.ts';
import { demandOnnx } from '#ml/onnx/demand-model.ts';
import { featuresTold } from './features.ts';
import { fitStores, type StoreSource } from './fit-stores.ts';
import { bandTold, modelIdOf, type ModelTold, modelTold } from './model-file.ts';
import { dayAfter, framesTold, readStoreFrame } from './store-frames.ts';
import {
  demandVersion,
  makeVersion,
  newestVersion,
  placeOf,
  type StepReport,
  StepTooEarly,
  type StepWorld,
  type Version,
} from './step.ts';

/** A model is made anew after so many days of bills. */
const retrainDays = 7;
/** Fewer days say nothing of weeks. */
const leastDays = 28;

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
  if (last !== null && isYoung && fits && !isAsked) return reportOf(last, false);
  const { threads: _, ...counted } = settings;
  const inputs = ['model 1', frames.fingerprint, features.schema, features.clusters, counted];
  const made = await makeVersion(world, 'models', inputs, async (to) => {
    const words = { names: features.schema.names, levels: features.levels };
    const hooks = { signal: world.signal, tell: world.tell };
    const model = await fitStores(sourcesOf(world, frames, features.clusters), origin, words, settings, hooks);
    const modelId = modelIdOf(lastDay, JSON.stringify([world.tenantId, inputs]));
    const version = `1.0.0+${lastDay.replaceAll('-', '')}`;
    const { boosted } = model.members;
    if (boosted.length > 0) {
      const metadata = { modelId, version, featureSchema: `${features.schema.id} ${features.schema.sha256}` };
      await to.bytes('model.onnx', demandOnnx(boosted, model.weights, words.names.length, metadata));
    }
    const scores = model.windows.flatMap((window) => scoreWindow(model.windowFrame, window));
    const { wql, wmape, coverage80_pit: coverage, bias } = figuresOf(scores);
    const figures = Object.entries({ wql, wmape, coverage, bias }).filter(([, value]) => Number.isFinite(value));
    const told: ModelTold = {
      modelId,
      version,
      trainedThrough: lastDay,
      horizon: settings.horizon,
      rows: model.members.rows,
      schema: features.schema,
      levels: features.levels,
      weights: model.weights,
      conformal: model.conformal,
      band: bandTold(model.members.band),
      boosted: boosted.length,
      isCounts: model.windowFrame.units.every((units) => Number.isNaN(units) || Number.isInteger(units)),
      metrics: Object.fromEntries(figures),
    };
    return { ...told, stores: stores.length };
  });
  return reportOf(made, made.isNew);
}

function reportOf(version: Version, isNew: boolean): StepReport {
  const { modelId, rows, metrics } = modelTold(version);
  return { version: version.version, isNew, facts: { modelId, rows, wql: metrics['wql'] ?? 0 } };
}
