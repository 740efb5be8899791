/**
 * An ONNX model in a thread of its own, with a time limit. Rule kept: the caller's thread never waits inside the
 * runtime; a model that can't be opened, takes too long or dies is a `ModelFault`, after which the caller goes one rung
 * down its ladder. Nothing is loaded before a model is opened.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { RunAnswer, RunOrder, RunQuestion, TensorData } from './run-worker.ts';

/** `noRuntime`: onnxruntime itself can't be loaded here (not installed, a processor too old); no model will do better. */
export type FaultKind = 'noRuntime' | 'slow' | 'failed';
export class ModelFault extends Error {
  readonly kind: FaultKind;
  constructor(message: string, kind: FaultKind = 'failed') {
    super(message);
    this.kind = kind;
  }
}

const isNotLoaded = (error: unknown): boolean =>
  ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_DLOPEN_FAILED'].includes(
    (error as NodeJS.ErrnoException | null)?.code ?? '',
  );

export type RunningModel = {
  /** Rejects with a ModelFault. */
  readonly run: (inputs: Readonly<Record<string, TensorData>>) => Promise<Readonly<Record<string, TensorData>>>;
  readonly close: () => Promise<void>;
};

/** At most two: more are slower where the counter works beside (measured), and one stays free for it. */
export const modelThreads = (): number => Math.max(1, Math.min(2, availableParallelism() - 1));

/** In a bundle the thread's program is a file beside it. */
const workerFile = import.meta.url.endsWith('.mjs') ? './run-worker.mjs' : './run-worker.ts';

/** `program`: the thread's, where it is not the one beside this file. */
export function openModel(
  bytes: Uint8Array,
  timeoutMs: number,
  threads: number = modelThreads(),
  program: URL = new URL(workerFile, import.meta.url),
): RunningModel {
  const order: RunOrder = { bytes, threads };
  const worker = new Worker(program, { workerData: order });
  const waiting = new Map<
    number,
    { done: (found: Readonly<Record<string, TensorData>>) => void; fail: (error: ModelFault) => void }
  >();
  let nextNo = 1;
  let ended: ModelFault | null = null;
  const endAll = (why: string, kind: FaultKind = 'failed'): void => {
    ended ??= new ModelFault(why, kind);
    for (const { fail } of waiting.values()) fail(ended);
    waiting.clear();
  };
  worker.on('message', (found: RunAnswer) => {
    const asker = waiting.get(found.no);
    waiting.delete(found.no);
    if ('refusal' in found) asker?.fail(new ModelFault(found.refusal));
    else asker?.done(found.outputs);
  });
  worker.on('error', (error) =>
    endAll(error instanceof Error ? error.message : String(error), isNotLoaded(error) ? 'noRuntime' : 'failed'),
  );
  worker.on('exit', () => endAll('The model has been closed.'));
  worker.unref();
  const run: RunningModel['run'] = (inputs) =>
    new Promise((done, fail) => {
      if (ended !== null) {
        fail(ended);
        return;
      }
      const no = nextNo;
      nextNo += 1;
      const timer = setTimeout(() => {
        // A run can't be called off; its thread can be ended.
        endAll(`The model took longer than ${timeoutMs} ms.`, 'slow');
        void worker.terminate();
      }, timeoutMs);
      waiting.set(no, {
        done: (found) => {
          clearTimeout(timer);
          done(found);
        },
        fail: (error) => {
          clearTimeout(timer);
          fail(error);
        },
      });
      worker.postMessage({ no, inputs } satisfies RunQuestion);
    });
  return {
    run,
    close: async () => {
      await worker.terminate();
    },
  };
}
