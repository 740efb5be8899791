/**
 * A released model asked by the server itself, through the very file that shops get. Rule kept: what ONNX can't answer is a
 * ModelFault for the caller's next rung; bands are not in it, they are set after.
 */
import { buffer } from 'node:stream/consumers';
import { heads } from '#ml/ensemble/blend.ts';
import { emptyForecasts, type Forecasts, putInOrder } from '#ml/evaluate/forecast-table.ts';
import { openModel, type RunningModel } from '#ml/onnx/runtime.ts';
import { runDemand } from '#ml/registry/packed-demand.ts';
import { graphInputs } from './graph-inputs.ts';
import { bandOf, type ModelTold, modelTold } from './model-file.ts';
import type { StoreView } from './store-features.ts';
import type { StepWorld, Version } from './step.ts';

const runMs = 60_000;

/** null: it has no trees, or its file is gone. */
export async function openGraph(world: StepWorld, model: Version): Promise<RunningModel | null> {
  if (modelTold(model).boosted === 0) return null;
  const found = await world.store.get(`${model.prefix}/model.onnx`);
  return found === null ? null : openModel(await buffer(found.stream), runMs);
}

/** Rejects with a ModelFault. */
export async function runGraph(
  running: RunningModel,
  told: ModelTold,
  view: StoreView,
  origin: number,
): Promise<Forecasts> {
  const inputs = graphInputs(view, bandOf(told.band), origin, told.horizon);
  const found = await runDemand(running, inputs);
  const made = emptyForecasts(view.frame.names.length, told.horizon, origin);
  for (const [q, head] of heads.entries())
    for (let row = 0; row < inputs.rows; row += 1) made[head][row] = found[row * 4 + q] ?? 0;
  putInOrder(made);
  return made;
}
