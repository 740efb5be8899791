/**
 * Runs a training graph step by step in the thread it is called in. Rule kept: one thread of the runtime, so that the same
 * seed gives the same bytes however many cores there are; a loss that is no number ends the training, never goes on.
 */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { adamRates } from './adam.ts';
import type { TrainingGraph } from './graphs.ts';

export type Feeds = Readonly<Record<string, { readonly dims: readonly number[]; readonly data: Float32Array }>>;
export type Step = { readonly loss: number; readonly norm: number };
export type Learner = {
  /** `rate`: of Adam; `meanKeeps`: the share of the running mean of the weights that stays. */
  readonly step: (feeds: Feeds, rate: number, meanKeeps: number) => Promise<Step>;
  /** Of the running mean. */
  readonly weights: () => Float32Array;
  readonly close: () => Promise<void>;
};

/** Training ran away: a loss or gradient that is no number. */
export class TrainingDiverged extends Error {}

export const openSession = (bytes: Uint8Array, threads = 1): Promise<InferenceSession> =>
  InferenceSession.create(bytes, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 3,
  });

export const tensorsOf = (feeds: Feeds): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(feeds).map(([name, { dims, data }]) => [name, new Tensor('float32', data, dims)]));

/** start: weights [P] to begin with. */
export async function openLearner(graph: TrainingGraph, start: Float32Array, threads = 1): Promise<Learner> {
  const session = await openSession(graph.bytes, threads);
  const whole = (data: Float32Array): Tensor => new Tensor('float32', data, [graph.size]);
  let state = {
    weights: whole(start.slice()),
    first: whole(new Float32Array(graph.size)),
    second: whole(new Float32Array(graph.size)),
    mean: whole(start.slice()),
  };
  const one = (value: number): Tensor => new Tensor('float32', Float32Array.of(value), [1]);
  let steps = 0;
  return {
    step: async (feeds, rate, meanKeeps) => {
      steps += 1;
      const found = await session.run({
        ...tensorsOf(feeds),
        ...state,
        rate: one(rate),
        firstCorrection: one(1 / (1 - adamRates.first ** steps)),
        secondCorrection: one(1 / (1 - adamRates.second ** steps)),
        meanKeeps: one(meanKeeps),
      });
      const next = (name: string): Tensor => {
        const tensor = found[`next.${name}`];
        if (tensor === undefined) throw new Error(`The training graph has no ${name}.`);
        return tensor as Tensor;
      };
      const [loss, norm] = [numberOf(found['loss']), numberOf(found['norm'])];
      if (!Number.isFinite(loss) || !Number.isFinite(norm))
        throw new TrainingDiverged(`Step ${steps}: loss ${loss}, gradient ${norm}.`);
      state = { weights: next('weights'), first: next('first'), second: next('second'), mean: next('mean') };
      return { loss, norm };
    },
    weights: () => (state.mean.data as Float32Array).slice(),
    close: () => session.release(),
  };
}

export const numberOf = (tensor: { readonly data: unknown } | undefined): number =>
  tensor === undefined ? Number.NaN : ((tensor.data as Float32Array)[0] ?? Number.NaN);
