/**
 * The shop's folder of models: a folder for each, and one small pointer that says which runs. Rule kept: what is not in
 * the pointer is not used, so that a crash at any moment leaves the model that ran; a change of model is the renaming of
 * that one file. The model that runs and the two before it are kept, and one that runs beside.
 *
 * `models/pointer.json`, `models/ID/{manifest.json,model.onnx,facts.json,shop.json}`, `models/opening.json` while one is opened.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type DurableFiles, replaceFile } from './durable-files.ts';

const id = z.string().regex(/^[0-9a-z][0-9a-z-]{7,63}$/);
const pointerShape = z.object({
  running: id.nullable(),
  /** The newest first. */
  previous: z.array(id).max(10),
  shadow: z.object({ modelId: id, sinceMs: z.int() }).nullable(),
});
export type Pointer = z.output<typeof pointerShape>;
export const noPointer: Pointer = { running: null, previous: [], shadow: null };

/** Models that ran before the one that runs. */
const previousKept = 2;
/** Opened so often without an answer (the program died in it), a model is not opened again. */
const mostDeaths = 2;
const markShape = z.object({ modelId: id, times: z.int() });

export type FileName = 'manifest.json' | 'model.onnx' | 'facts.json' | 'shop.json';
export type ModelFolder = {
  /** `noPointer` where there is none or it is damaged. Throws where the disk does not hand it out (another program holds it). */
  readonly pointer: () => Promise<Pointer>;
  /** There is one and it says nothing: half of it, or a disk's zeros. */
  readonly isDamaged: () => Promise<boolean>;
  /** Answers what stands now: as `to`, with as many before as are kept. */
  readonly point: (to: Pointer) => Promise<Pointer>;
  readonly read: (modelId: string, name: FileName) => Promise<Uint8Array | null>;
  readonly put: (modelId: string, name: FileName, bytes: Uint8Array) => Promise<void>;
  /** Where a download grows; not a file of the model before it is whole and checked. */
  readonly partPath: (modelId: string, name: FileName) => string;
  /** Takes away every model that the pointer and `also` don't name. */
  readonly sweep: (also: readonly string[]) => Promise<void>;
  /** False: the program died twice while it opened this very model. */
  readonly beginOpening: (modelId: string) => Promise<boolean>;
  readonly endOpening: () => Promise<void>;
};

const textOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

function jsonOf<T>(shape: z.ZodType<T>, bytes: Uint8Array | null): T | null {
  if (bytes === null) return null;
  try {
    return shape.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data ?? null;
  } catch {
    // Half a file, or a disk's zeros: as if it were not there.
    return null;
  }
}

export function openModelFolder(dir: string, files: DurableFiles): ModelFolder {
  const at = (...parts: readonly string[]): string => join(dir, ...parts);
  const bytesOfPointer = (): Promise<Uint8Array | null> => files.read(at('pointer.json'));
  const pointer = async (): Promise<Pointer> => jsonOf(pointerShape, await bytesOfPointer()) ?? noPointer;
  return {
    pointer,
    isDamaged: async () => {
      const bytes = await bytesOfPointer();
      return bytes !== null && jsonOf(pointerShape, bytes) === null;
    },
    point: async (to) => {
      const kept = { ...to, previous: to.previous.slice(0, previousKept) };
      await replaceFile(files, at('pointer.json'), textOf(kept));
      return kept;
    },
    read: (modelId, name) => files.read(at(modelId, name)),
    put: (modelId, name, bytes) => replaceFile(files, at(modelId, name), bytes),
    partPath: (modelId, name) => at(modelId, `${name}.part`),
    sweep: async (also) => {
      const { running, previous, shadow } = await pointer();
      const kept = new Set([running, ...previous, shadow?.modelId, ...also]);
      const found = await readdir(dir, { withFileTypes: true }).catch(() => []);
      for (const entry of found) if (entry.isDirectory() && !kept.has(entry.name)) await files.remove(at(entry.name));
    },
    beginOpening: async (modelId) => {
      const mark = jsonOf(markShape, await files.read(at('opening.json')));
      const times = mark?.modelId === modelId ? mark.times : 0;
      if (times >= mostDeaths) return false;
      await replaceFile(files, at('opening.json'), textOf({ modelId, times: times + 1 }));
      return true;
    },
    endOpening: () => files.remove(at('opening.json')),
  };
}
