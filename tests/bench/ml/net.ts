/**
 * The trainer of nets at one size that others can be measured at: 64 recurrent units over 56 days of 24 numbers, 14 days
 * to come, 256 windows a step, one thread. Rule kept: copying the windows into the batch counts; opening the graph does
 * not (it is beside); the loss must have fallen, or the figure is none.
 */
import { type NetShape, writeNetLoss } from '#ml/nn/demand-net.ts';
import { firstWeights, trainingGraph } from '#ml/nn/graphs.ts';
import { openLearner } from '#ml/nn/learner.ts';
import { batchOf, type Windows } from '#ml/nn/train-net.ts';
import { seeded } from '#ml/random.ts';
import { type Figure, mean, median, worst } from '../till/figures.ts';

const batch = 256;
const shape: NetShape = {
  encoder: 'recurrent',
  steps: 56,
  channels: 24,
  horizon: 14,
  ahead: 45,
  hidden: 64,
  context: 16,
  decoder: 32,
};

/** Units that go with yesterday's and with what is known of the day. */
function windowsOf(count: number): Windows {
  const random = seeded(20_261_121);
  const { steps, channels, horizon, ahead } = shape;
  const numbers = (length: number): Float32Array => Float32Array.from({ length }, () => 2 * random() - 1);
  const made = {
    count,
    past: numbers(count * steps * channels),
    ahead: numbers(count * horizon * ahead),
    target: new Float32Array(count * horizon),
    weight: new Float32Array(count * horizon).fill(1),
  };
  for (let k = 0; k < made.target.length; k += 1) {
    const yesterday = made.past[(Math.floor(k / horizon) + 1) * steps * channels - channels] ?? 0;
    made.target[k] = Math.max(0, 1 + 0.6 * yesterday + 0.3 * (made.ahead[k * ahead] ?? 0) + 0.2 * random());
  }
  return made;
}

export async function measureNetTrainer(steps: number): Promise<readonly Figure[]> {
  const windows = windowsOf(4 * batch);
  const opened = performance.now();
  const graph = trainingGraph((tape) => writeNetLoss(tape, shape, batch), { clipNorm: 1, decay: 0.01 });
  const learner = await openLearner(graph, firstWeights(graph.parameters, 1));
  const openMs = performance.now() - opened;
  const fill = batchOf(shape, batch);
  const random = seeded(1);
  const picked = new Int32Array(batch);
  const [times, losses]: [number[], number[]] = [[], []];
  const warmUp = Math.ceil(steps / 10);
  for (let step = 0; step < steps + warmUp; step += 1) {
    for (let b = 0; b < batch; b += 1) picked[b] = Math.floor(random() * windows.count);
    const started = performance.now();
    const { loss } = await learner.step(fill(windows, picked, 1 / (batch * shape.horizon)), 0.003, 0.98);
    if (step >= warmUp) times.push(performance.now() - started);
    losses.push(loss);
  }
  await learner.close();
  const tenth = Math.max(1, Math.floor(losses.length / 10));
  const [firstLoss, lastLoss] = [mean(losses.slice(0, tenth)), mean(losses.slice(-tenth))];
  const hasLearnt = lastLoss < firstLoss;
  return [
    {
      name: 'lstm_train_windows_per_s',
      value: hasLearnt ? (1000 * batch) / median(times) : null,
      unit: 'windows/s',
      n: times.length,
      bar: { atLeast: 4000 },
      beside: {
        stepMs: median(times),
        worstStepMs: worst(times),
        batch,
        threads: 1,
        parameters: graph.size,
        openMs,
        firstLoss,
        lastLoss,
      },
      why: hasLearnt ? undefined : 'the loss did not fall',
    },
  ];
}
