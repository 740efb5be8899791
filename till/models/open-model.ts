/**
 * A model of the folder, opened: its files checked once more, its thread started, its golden batch asked. Rule kept: a
 * model answers as it did when it was made or it is not used; a program that died twice in opening a model does not open
 * it a third time; why one is not open is plain data for the ladder and the model page.
 */
import { sha256Of } from '#ml/registry/floats-text.ts';
import { goldenDifference } from '#ml/registry/golden.ts';
import { type ModelManifest, modelManifest } from '#ml/registry/manifest.ts';
import { ModelFault, openModel, type RunningModel } from '#ml/onnx/runtime.ts';
import { type ModelFacts, modelFacts } from '#contract/sync.ts';
import type { ModelFolder } from './model-folder.ts';

/** Why a better rung does not forecast (contract/till-forecast.ts says the same to the screens). */
export type RungReason = 'noModel' | 'modelRefused' | 'modelFailed' | 'modelSlow' | 'noRuntime';
export type OpenRefused = { readonly reason: RungReason; readonly detail: string };
export type OpenModel = {
  readonly manifest: ModelManifest;
  readonly running: RunningModel;
  /** What head office said of this shop with the model; none of one that was trained here. */
  readonly facts: ModelFacts;
};

/** To load and to answer the golden batch. */
const openingMs = 5_000;
/** One piece of a night's forecast, on the slowest PC. */
const runMs = 60_000;

export type OpenWords = {
  /** The runtime's thread, where it is not the usual one. */
  readonly program?: URL | undefined;
  readonly openingMs?: number | undefined;
};

/** A model that does not do its work, or a disk that does not hand out its files: one rung lower. Anything else is ours. */
export const isModelTrouble = (error: unknown): error is Error =>
  error instanceof ModelFault || (error instanceof Error && 'syscall' in error);
export const reasonOf = (error: Error): RungReason => {
  const kind = error instanceof ModelFault ? error.kind : null;
  return kind === 'noRuntime' ? 'noRuntime' : kind === 'slow' ? 'modelSlow' : 'modelFailed';
};

/** Starts it and asks its golden batch, in the time that it has. Throws a ModelFault. */
export async function tryModel(
  manifest: ModelManifest,
  onnx: Uint8Array,
  words: OpenWords = {},
): Promise<RunningModel> {
  const running = openModel(onnx, runMs, undefined, words.program);
  const limit = words.openingMs ?? openingMs;
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<never>((_, fail) => {
      timer = setTimeout(() => fail(new ModelFault(`Not open after ${limit} ms.`, 'slow')), limit);
    });
    const off = await Promise.race([goldenDifference(manifest, running), late]);
    if (!(off <= manifest.golden.tolerance)) throw new GoldenDiffers(`off by ${off.toExponential(1)}`);
    return running;
  } catch (error) {
    // Not waited for: a thread inside the runtime ends when its run does.
    void running.close();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
export class GoldenDiffers extends ModelFault {}

export async function openInstalled(
  folder: ModelFolder,
  modelId: string,
  words: OpenWords = {},
): Promise<OpenModel | OpenRefused> {
  try {
    return await openWhole(folder, modelId, words);
  } catch (error) {
    if (!isModelTrouble(error)) throw error;
    const reason = error instanceof GoldenDiffers ? 'modelRefused' : reasonOf(error);
    return { reason, detail: `${modelId}: ${error.message}` };
  }
}

async function openWhole(folder: ModelFolder, modelId: string, words: OpenWords): Promise<OpenModel | OpenRefused> {
  const [text, onnx] = [await folder.read(modelId, 'manifest.json'), await folder.read(modelId, 'model.onnx')];
  if (text === null || onnx === null) return { reason: 'modelRefused', detail: `${modelId}: files are missing` };
  const manifest = manifestOf(text);
  if (manifest === null) return { reason: 'modelRefused', detail: `${modelId}: manifest can't be read` };
  if (onnx.byteLength !== manifest.onnx.bytes || sha256Of(onnx) !== manifest.onnx.sha256)
    return { reason: 'modelRefused', detail: `${modelId}: model.onnx is not what was installed` };
  if (!(await folder.beginOpening(modelId)))
    return { reason: 'modelFailed', detail: `${modelId}: the program ended twice while it was opened` };
  try {
    const facts = factsOf(await folder.read(modelId, 'facts.json'));
    return { manifest, running: await tryModel(manifest, onnx, words), facts };
  } finally {
    await folder.endOpening();
  }
}

/** A model can do without them: what can't be read is not known. */
function factsOf(bytes: Uint8Array | null): ModelFacts {
  if (bytes === null) return {};
  try {
    return modelFacts.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data?.facts ?? {};
  } catch {
    // Half a file.
    return {};
  }
}

export function manifestOf(bytes: Uint8Array): ModelManifest | null {
  try {
    return modelManifest.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data ?? null;
  } catch {
    // Half a file.
    return null;
  }
}
