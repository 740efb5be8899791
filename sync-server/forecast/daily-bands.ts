/**
 * The daily increment: what the days since the training say of the model's bands and mean. Rule kept: the model is left as it
 * is; only days that it was not trained on count, and few of them move little (learnConformal's shrinking); a new model
 * begins with its own bands.
 */
import { applyConformal, type Conformal, learnConformal } from '#ml/ensemble/conformal.ts';
import { ModelFault } from '#ml/onnx/runtime.ts';
import type { Forecasts } from '#ml/evaluate/forecast-table.ts';
import type { SeriesFrame } from '#ml/frame/series-frame.ts';
import { joinForecasts, joinFrames } from './join-stores.ts';
import { modelTold } from './model-file.ts';
import { openGraph, runGraph } from './run-graph.ts';
import { viewStore } from './store-features.ts';
import { framesTold, readStoreFrame } from './store-frames.ts';
import { makeVersion, newestVersion, placeOf, type StepReport, type StepWorld, type Version } from './step.ts';

type BandsTold = { readonly conformal: Conformal; readonly days: number; readonly ofModel: string };

/** The newest bands, where they are of this model. */
export async function bandsFor(
  world: StepWorld,
  model: Version,
): Promise<{ told: BandsTold; fingerprint: string } | null> {
  const found = await newestVersion(world.store, placeOf('bands', world.tenantId));
  if (found === null) return null;
  const told = found.told as unknown as BandsTold;
  return told.ofModel === model.fingerprint ? { told, fingerprint: found.fingerprint } : null;
}

/** `origin`: the first column of the frames of which nothing is known. */
export async function learnBands(
  world: StepWorld,
  frames: Version,
  model: Version,
  clusters: Readonly<Record<string, number>>,
  origin: number,
): Promise<StepReport> {
  const told = modelTold(model);
  const { lastDay, stores } = framesTold(frames);
  const days = Math.round((Date.parse(lastDay) - Date.parse(told.trainedThrough)) / 86_400_000);
  const begin = origin - days;
  const facts = { modelId: told.modelId, rows: told.rows, days };
  const running = days < 1 ? null : await openGraph(world, model);
  if (running === null) return { version: model.version, isNew: false, facts };
  try {
    const made = await makeVersion(world, 'bands', ['bands 1', frames.fingerprint, model.fingerprint], async () => {
      const windows: Forecasts[] = [];
      const known: SeriesFrame[] = [];
      for (const [at, { storeId }] of stores.entries()) {
        world.signal.throwIfAborted();
        world.tell({ done: at, of: stores.length });
        const { frame } = await readStoreFrame(world.store, frames, storeId, told.horizon);
        const words = { names: told.schema.names, levels: told.levels };
        const view = viewStore(frame, begin, words, clusters[storeId] ?? 0);
        const window = await runGraph(running, told, view, begin).catch((error: unknown) => {
          if (error instanceof ModelFault) return null;
          throw error;
        });
        if (window === null) continue;
        applyConformal(told.conformal, window);
        windows.push(window);
        known.push(joinFrames([frame], begin, begin + told.horizon));
      }
      const whole = joinFrames(known, 0, told.horizon);
      const conformal = learnConformal(whole, windows.length === 0 ? [] : [joinForecasts(windows, told.horizon, 0)]);
      const said: BandsTold = { conformal, days, ofModel: model.fingerprint };
      return said;
    });
    return { version: made.version, isNew: made.isNew, facts };
  } finally {
    await running.close();
  }
}
