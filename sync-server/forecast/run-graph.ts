/**
 * A trained model opened by the server itself, through the very files that shops get. Rule kept: what ONNX can't answer is a
 * ModelFault for the caller's next rung.
 */
import { buffer } from 'node:stream/consumers';
import { modelManifest, type ModelManifest } from '#ml/registry/manifest.ts';
import { openModel, type RunningModel } from '#ml/onnx/runtime.ts';
import type { StepWorld, Version } from './step.ts';

const runMs = 60_000;
export type OpenPackage = { readonly manifest: ModelManifest; readonly running: RunningModel };

/** null: it has no trees, or a file of it is gone. */
export async function openPackage({ store }: StepWorld, model: Version): Promise<OpenPackage | null> {
  if (model.files['package.json'] === undefined) return null;
  const [packed, onnx] = [
    await store.get(`${model.prefix}/package.json`),
    await store.get(`${model.prefix}/model.onnx`),
  ];
  if (packed === null || onnx === null) return null;
  const manifest = modelManifest.parse(JSON.parse((await buffer(packed.stream)).toString('utf8')));
  return { manifest, running: openModel(await buffer(onnx.stream), runMs) };
}
