/**
 * Trains one net in the thread it is called in. Rule kept: how long is said in steps, never in seconds, so that a slow
 * machine makes the same net; what is kept is the running mean of the weights at the step that did best on windows held
 * back, not the last.
 *
 * Warm-up and cosine fall of the rate: Loshchilov & Hutter 2017. Early stopping: Prechelt 1998.
 */
import { type NetShape, writeNetLoss } from './demand-net.ts';
import { firstWeights, judgingGraph, trainingGraph } from './graphs.ts';
import { type Feeds, numberOf, openLearner, openSession, tensorsOf } from './learner.ts';
import { seeded } from '../random.ts';

/** Windows of days beside each other: what went before, what is known ahead, and what came. */
export type Windows = {
  readonly count: number;
  /** [count × steps·channels], [count·horizon × ahead], [count·horizon]. */
  readonly past: Float32Array;
  readonly ahead: Float32Array;
  readonly target: Float32Array;
  /** Nil where the target is not known. */
  readonly weight: Float32Array;
};
export type NetSettings = {
  readonly batch: number;
  /** Most steps; with `held` it may stop before. */
  readonly steps: number;
  readonly rate: number;
  readonly decay: number;
  readonly clipNorm: number;
  /** Steps between looks at the held-back windows, and looks without a gain after which it stops. */
  readonly checkEvery: number;
  readonly patience: number;
  readonly seed: number;
};
export type NetOrder = {
  readonly shape: NetShape;
  readonly learn: Windows;
  /** null: all steps are done, and the last running mean is kept. */
  readonly held: Windows | null;
  /** Weights to go on from; null: new ones from the seed. */
  readonly start: Float32Array | null;
  readonly settings: NetSettings;
};
export type TrainedNet = { readonly weights: Float32Array; readonly heldLoss: number; readonly steps: number };

const warmUp = 50;

/** Copies windows beside each other into the tensors of a batch; rows past `picked` stay nil, with no weight. */
export function batchOf({ steps, channels, horizon, ahead }: NetShape, batch: number) {
  const feeds = {
    past: { dims: [batch, steps * channels], data: new Float32Array(batch * steps * channels) },
    ahead: { dims: [batch * horizon, ahead], data: new Float32Array(batch * horizon * ahead) },
    target: { dims: [batch * horizon, 1], data: new Float32Array(batch * horizon) },
    weight: { dims: [batch * horizon, 1], data: new Float32Array(batch * horizon) },
  };
  const [row, wide] = [steps * channels, horizon * ahead];
  const fill = (from: Windows, picked: ArrayLike<number>, share: number): Feeds => {
    feeds.weight.data.fill(0);
    for (let b = 0; b < picked.length; b += 1) {
      const w = picked[b] ?? 0;
      feeds.past.data.set(from.past.subarray(w * row, (w + 1) * row), b * row);
      feeds.ahead.data.set(from.ahead.subarray(w * wide, (w + 1) * wide), b * wide);
      feeds.target.data.set(from.target.subarray(w * horizon, (w + 1) * horizon), b * horizon);
      for (let h = 0; h < horizon; h += 1)
        feeds.weight.data[b * horizon + h] = (from.weight[w * horizon + h] ?? 0) * share;
    }
    return feeds;
  };
  return fill;
}

const sumOf = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0);

/** Throws TrainingDiverged. */
export async function trainNet({ shape, learn, held, start, settings }: NetOrder): Promise<TrainedNet> {
  const { batch, steps, rate, checkEvery, patience, seed } = settings;
  const graph = trainingGraph((tape) => writeNetLoss(tape, shape, batch), settings);
  const learner = await openLearner(graph, start ?? firstWeights(graph.parameters, seed));
  const judge = held === null ? null : await openSession(judgingGraph((tape) => writeNetLoss(tape, shape, batch)));
  const fill = batchOf(shape, batch);
  const random = seeded(seed + 7919);
  const picked = new Int32Array(batch);
  // The same share for each batch: what a window counts does not depend on what it was drawn with.
  const share = learn.count / (sumOf(learn.weight) * batch);
  const lossOfHeld = async (weights: Float32Array): Promise<number> => {
    if (held === null || judge === null) return Number.NaN;
    const heldShare = 1 / sumOf(held.weight);
    let sum = 0;
    for (let from = 0; from < held.count; from += batch) {
      const these = Int32Array.from({ length: Math.min(batch, held.count - from) }, (_, k) => from + k);
      const feeds = { ...fill(held, these, heldShare), weights: { dims: [weights.length], data: weights } };
      sum += numberOf((await judge.run(tensorsOf(feeds)))['loss']);
    }
    return sum;
  };
  let best: TrainedNet = { weights: learner.weights(), heldLoss: Number.POSITIVE_INFINITY, steps: 0 };
  try {
    for (let step = 1; step <= steps; step += 1) {
      for (let b = 0; b < batch; b += 1) picked[b] = Math.floor(random() * learn.count);
      const fall = 0.5 * (1 + Math.cos((Math.PI * step) / steps));
      const now = rate * Math.min(1, step / warmUp) * (0.02 + 0.98 * fall);
      await learner.step(fill(learn, picked, share), now, Math.min(0.98, step / (step + 10)));
      if (judge === null || (step % checkEvery !== 0 && step !== steps)) continue;
      const weights = learner.weights();
      const heldLoss = await lossOfHeld(weights);
      if (heldLoss < best.heldLoss) best = { weights, heldLoss, steps: step };
      else if (step - best.steps >= patience * checkEvery) break;
    }
    return judge === null ? { weights: learner.weights(), heldLoss: Number.NaN, steps } : best;
  } finally {
    await learner.close();
    await judge?.release();
  }
}
