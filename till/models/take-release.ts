/**
 * A release of head office on its way into the shop: fetched, checked in order, tried, installed. Rule kept: nothing of it
 * is in the folder of models under its own name before every check was passed; a line that broke is tried again, a file
 * that is wrong is refused with a code.
 */
import { readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import type { SentContent } from '#contract/sent-shapes.ts';
import { type ModelFacts, modelFacts } from '#contract/sync.ts';
import { ModelFault } from '#ml/onnx/runtime.ts';
import {
  type CheckedPackage,
  checkPackage,
  type ModelRefused,
  type PackageTrust,
  refused,
} from '#ml/registry/check-package.ts';
import { mostManifestBytes } from '#ml/registry/manifest.ts';
import { publicKeyShape } from '#ml/registry/signature.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { SyncServer } from '../sync/till-access.ts';
import { downloadPart } from './download.ts';
import type { ModelFolder } from './model-folder.ts';
import { GoldenDiffers, type OpenWords, tryModel } from './open-model.ts';

export type Release = SentContent<'modelReleases'>;
export type TakeOutcome =
  | { readonly kind: 'installed'; readonly checked: CheckedPackage }
  | { readonly kind: 'refused'; readonly refusal: ModelRefused }
  /** The line broke, or head office is away: what came is kept. */
  | { readonly kind: 'later' };

const keyAnswer = z.object({ publicKey: publicKeyShape });

/** Head office's key as it tells it to a till that is enrolled. null: it does not answer. */
export async function askModelKey(server: SyncServer, signal: AbortSignal): Promise<string | null> {
  try {
    const response = await server.fetch(new URL('/v1/sync/models/key', server.url), {
      signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
    });
    return response.ok ? keyAnswer.parse(await response.json()).publicKey : null;
  } catch {
    // No network, or a portal's page.
    return null;
  }
}

/** What head office says of this shop with that model. null: the line broke; of a server that knows none: nothing. */
async function askFacts(server: SyncServer, modelId: string, signal: AbortSignal): Promise<ModelFacts | null> {
  try {
    const response = await server.fetch(new URL(`/v1/sync/models/${modelId}/facts`, server.url), {
      signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
    });
    if (response.status === 404) return {};
    return response.ok ? modelFacts.parse(await response.json()).facts : null;
  } catch {
    // No network, or a portal's page.
    return null;
  }
}

/** Loads it and asks its golden batch, in a thread. */
export async function tryPackage(
  checked: CheckedPackage,
  onnx: Uint8Array,
  words: OpenWords,
): Promise<Result<CheckedPackage, ModelRefused>> {
  try {
    const running = await tryModel(checked.manifest, onnx, words);
    await running.close();
    return ok(checked);
  } catch (error) {
    if (!(error instanceof ModelFault)) throw error;
    if (error instanceof GoldenDiffers) return refused('goldenDiffers', error.message);
    const codes = { noRuntime: 'runtimeMissing', slow: 'tookTooLong', failed: 'doesNotOpen' } as const;
    return refused(codes[error.kind], error.message.slice(0, 300));
  }
}

export async function takeRelease(
  deps: {
    readonly server: SyncServer;
    readonly folder: ModelFolder;
    readonly words: OpenWords;
    readonly signal: AbortSignal;
  },
  modelId: string,
  release: Release,
  trust: Omit<PackageTrust, 'told'>,
): Promise<TakeOutcome> {
  const { server, folder, signal } = deps;
  if (release.manifest.bytes > mostManifestBytes)
    return { kind: 'refused', refusal: refused('sizeDiffers', 'manifest').error };
  const [manifestPart, onnxPart] = [folder.partPath(modelId, 'manifest.json'), folder.partPath(modelId, 'model.onnx')];
  const forget = async (): Promise<void> => {
    await rm(manifestPart, { force: true });
    await rm(onnxPart, { force: true });
  };
  const told = {
    manifestSha256: release.manifest.sha256,
    onnxSha256: release.onnx.sha256,
    onnxBytes: release.onnx.bytes,
  };
  for (let tries = 1; ; tries += 1) {
    const isHere =
      (await downloadPart(server, release.manifest.url, release.manifest.bytes, manifestPart, signal)) &&
      (await downloadPart(server, release.onnx.url, release.onnx.bytes, onnxPart, signal));
    if (!isHere) return { kind: 'later' };
    const files = { manifest: await readFile(manifestPart), onnx: await readFile(onnxPart) };
    const checked = checkPackage(files, { ...trust, told });
    const tried = checked.ok ? await tryPackage(checked.value, files.onnx, deps.words) : err(checked.error);
    if (tried.ok && tried.value.manifest.modelId !== modelId) {
      await forget();
      return { kind: 'refused', refusal: refused('metadataDiffers', tried.value.manifest.modelId).error };
    }
    if (tried.ok) {
      const facts = await askFacts(server, modelId, signal);
      if (facts === null) return { kind: 'later' };
      await folder.put(modelId, 'facts.json', new TextEncoder().encode(JSON.stringify({ facts })));
      await folder.put(modelId, 'model.onnx', files.onnx);
      await folder.put(modelId, 'manifest.json', files.manifest);
      await forget();
      return { kind: 'installed', checked: tried.value };
    }
    await forget();
    // A line that garbles bytes: once more from the start, then it is the file that is wrong.
    const isGarbled = ['hashDiffers', 'manifestChanged', 'sizeDiffers'].includes(tried.error.code);
    if (!isGarbled || tries === 2) return { kind: 'refused', refusal: tried.error };
  }
}
