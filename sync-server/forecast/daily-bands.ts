/**
 * The daily increment: what the days that the model has not seen say of its bands and totals, store by store. Rule kept: the
 * model is left as it is; learnt as a shop learns it (ml/registry/replay.ts), so that head office's forecast of a store is
 * the one that the store's own till makes; few days move little (learnConformal's shrinking).
 */
import { dayOf } from '#ml/calendar/days.ts';
import type { SeriesFrame } from '#ml/frame/series-frame.ts';
import { ModelFault } from '#ml/onnx/runtime.ts';
import { forecastPacked } from '#ml/registry/packed-demand.ts';
import { judgedWindows } from '#ml/registry/promotion.ts';
import { type Learnt, makeRunner } from '#ml/registry/replay.ts';
import { modelTold } from './model-file.ts';
import { type OpenPackage, openPackage } from './run-graph.ts';
import { shopView } from './store-features.ts';
import { framesTold, readStoreFrame } from './store-frames.ts';
import { makeVersion, newestVersion, placeOf, type StepReport, type StepWorld, type Version } from './step.ts';

type StoreBands = Omit<Learnt, 'weights'>;
type BandsTold = {
  readonly stores: Readonly<Record<string, StoreBands>>;
  readonly days: number;
  readonly ofModel: string;
};

/** Of this model, where there are any: the fingerprint of the version, and what each store has learnt. */
export async function bandsFor(world: StepWorld, model: Version) {
  const found = await newestVersion(world.store, placeOf('bands', world.tenantId));
  if (found === null) return null;
  const told = found.told as unknown as BandsTold;
  return told.ofModel === model.fingerprint ? { stores: told.stores, fingerprint: found.fingerprint } : null;
}

/** What a shop does that judges the model tonight; with fewer unseen days than that, what of them is over. */
async function learnStore(
  { manifest, running }: OpenPackage,
  frame: SeriesFrame,
  origin: number,
  cluster: number | undefined,
): Promise<StoreBands> {
  const trainedThrough = (dayOf(manifest.trainWindow.to) ?? frame.firstDay) - frame.firstDay;
  const judged = judgedWindows(origin, trainedThrough);
  const { origins, horizon } =
    judged.origins.length > 0 ? judged : { origins: [trainedThrough + 1], horizon: manifest.horizon };
  const runner = makeRunner(frame, manifest);
  for (const start of origins) {
    const view = shopView(frame, start, cluster);
    const { raw } = await forecastPacked(manifest, running, view, horizon);
    runner.forecast(view, raw);
  }
  return runner.seen();
}

/** `origin`: the first column of the frames of which nothing is known. null: there is nothing that it has not seen. */
export async function learnBands(
  world: StepWorld,
  frames: Version,
  model: Version,
  clusters: Readonly<Record<string, number>>,
  origin: number,
): Promise<StepReport | null> {
  const told = modelTold(model);
  const { firstDay, lastDay, stores } = framesTold(frames);
  const opened = await openPackage(world, model);
  if (opened === null) return null;
  try {
    const { to } = opened.manifest.trainWindow;
    const days = Math.round((Date.parse(lastDay) - Date.parse(to)) / 86_400_000);
    if (days < 1 || to < firstDay) return null;
    const made = await makeVersion(world, 'bands', ['bands 2', frames.fingerprint, model.fingerprint], async () => {
      const learnt: Record<string, StoreBands> = {};
      for (const [at, { storeId }] of stores.entries()) {
        world.signal.throwIfAborted();
        world.tell({ done: at, of: stores.length });
        const { frame } = await readStoreFrame(world.store, frames, storeId, told.horizon);
        try {
          learnt[storeId] = await learnStore(opened, frame, origin, clusters[storeId]);
        } catch (error) {
          // That store goes on with the bands that the model brought.
          if (!(error instanceof ModelFault)) throw error;
        }
      }
      const said: BandsTold = { stores: learnt, days, ofModel: model.fingerprint };
      return said;
    });
    const facts = { modelId: told.modelId, rows: told.rows, trainedThrough: told.trainedThrough, days };
    return { version: made.version, isNew: made.isNew, facts };
  } finally {
    await opened.running.close();
  }
}
