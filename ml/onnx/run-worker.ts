/**
 * The thread in which models run: a run holds its thread for as long as it takes, so it is never the counter's. Rule
 * kept: one model a thread; a question is answered or refused with a sentence, and the next one is taken.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { stepBack } from './step-back.ts';

export type RunOrder = { readonly bytes: Uint8Array; readonly threads: number };
export type TensorData = { readonly dims: readonly number[]; readonly data: Float32Array };
export type RunQuestion = { readonly no: number; readonly inputs: Readonly<Record<string, TensorData>> };
export type RunAnswer =
  | { readonly no: number; readonly outputs: Readonly<Record<string, TensorData>> }
  | { readonly no: number; readonly refusal: string };

stepBack();
const { bytes, threads } = workerData as RunOrder;
/** A model that can't be opened is told with each question. */
const opening: Promise<InferenceSession | Error> = InferenceSession.create(bytes, {
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  logSeverityLevel: 3,
  // A thread that has nothing to do sleeps: turning in a circle until there is, it would take the counter's time.
  extra: { session: { intra_op: { allow_spinning: '0' } } },
}).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));

async function answer({ no, inputs }: RunQuestion): Promise<RunAnswer> {
  try {
    const session = await opening;
    if (session instanceof Error) return { no, refusal: session.message };
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([name, { dims, data }]) => [name, new Tensor('float32', data, dims)]),
    );
    const found = await session.run(feeds);
    const outputs = Object.fromEntries(
      Object.entries(found).map(([name, tensor]) => [name, { dims: tensor.dims, data: tensor.data as Float32Array }]),
    );
    return { no, outputs };
  } catch (error) {
    return { no, refusal: error instanceof Error ? error.message : String(error) };
  } finally {
    // They are this thread's own copies; it makes too few objects to have them looked for.
    for (const { data } of Object.values(inputs))
      if (data.buffer instanceof ArrayBuffer && !data.buffer.detached) data.buffer.transfer(0);
  }
}

parentPort?.on('message', (question: RunQuestion) => {
  void answer(question).then((found) => parentPort?.postMessage(found));
});
