/** Every op's gradient beside finite differences of its loss, both by the runtime that trains. */
import { describe, expect, it } from 'vitest';
import { seeded } from '../random.ts';
import { affine, dense } from './dense.ts';
import { encodeTape, firstWeights, sizeOf, trainingGraph, type WriteLoss } from './graphs.ts';
import { numberOf, openLearner, openSession, tensorsOf } from './learner.ts';
import { pinball, poisson } from './losses.ts';
import { lstm, lstmWeights } from './lstm.ts';
import { add, leaky, multiply, relu, scale, sigmoid, softplus, tanh, whole } from './ops-elementwise.ts';
import { cutRows, joinColumns, repeatRows, splitColumns } from './ops-shape.ts';
import { newTape, type Tape, type Value } from './tape.ts';

/** Numbers that are never near a corner of an op. */
const numbers = (count: number, seed: number, least = -1.5, most = 1.5): Float32Array => {
  const random = seeded(seed);
  return Float32Array.from({ length: count }, () => least + (most - least) * random());
};
const matrix = (tape: Tape, name: string, rows: number, columns: number): Value =>
  tape.parameter(name, [rows, columns], { within: 1.5 }, true);
/** Σ out × fixed numbers: every output counts, each by its own weight. */
function summed(tape: Tape, out: Value): Value {
  const size = out.dims.reduce((a, b) => a * b, 1);
  const flat = tape.emit('Reshape', [out, tape.ints([1, size])], [1, size]);
  tape.record([flat], [out], ([grad]) => [() => tape.emit('Reshape', [whole(grad), tape.ints(out.dims)], out.dims)]);
  const by = tape.emit('Reshape', [tape.row(numbers(size, 99)), tape.ints([size, 1])], [size, 1]);
  return tape1(tape, affine(tape, flat, by, tape.row([0])));
}
function tape1(tape: Tape, a: Value): Value {
  const made = tape.emit('Reshape', [a, tape.ints([1])], [1]);
  tape.record([made], [a], ([grad]) => [() => tape.emit('Reshape', [whole(grad), tape.ints([1, 1])], [1, 1])]);
  return made;
}
const known = (tape: Tape, rows: number, columns: number, seed: number, least: number, most: number): Value =>
  tape.emit(
    'Reshape',
    [tape.row(numbers(rows * columns, seed, least, most)), tape.ints([rows, columns])],
    [rows, columns],
  );

const ops: Readonly<Record<string, WriteLoss>> = {
  add: (tape) => summed(tape, add(tape, matrix(tape, 'a', 3, 4), matrix(tape, 'b', 3, 4))),
  multiply: (tape) => summed(tape, multiply(tape, matrix(tape, 'a', 3, 4), matrix(tape, 'b', 3, 4))),
  'a value used twice': (tape) => {
    const a = matrix(tape, 'a', 2, 3);
    return summed(tape, add(tape, multiply(tape, a, a), a));
  },
  scale: (tape) => summed(tape, scale(tape, matrix(tape, 'a', 3, 4), -2.5)),
  sigmoid: (tape) => summed(tape, sigmoid(tape, matrix(tape, 'a', 3, 4))),
  tanh: (tape) => summed(tape, tanh(tape, matrix(tape, 'a', 3, 4))),
  relu: (tape) => summed(tape, relu(tape, matrix(tape, 'a', 5, 4))),
  leaky: (tape) => summed(tape, leaky(tape, matrix(tape, 'a', 5, 4))),
  softplus: (tape) => summed(tape, softplus(tape, matrix(tape, 'a', 3, 4))),
  dense: (tape) => summed(tape, dense(tape, 'two', dense(tape, 'one', matrix(tape, 'a', 5, 3), 4, 0.1), 2)),
  'join columns': (tape) => summed(tape, joinColumns(tape, [matrix(tape, 'a', 3, 2), matrix(tape, 'b', 3, 5)])),
  'split columns': (tape) => {
    const [a, , c] = splitColumns(tape, matrix(tape, 'a', 3, 7), [2, 3, 2]);
    return summed(tape, multiply(tape, a as Value, c as Value));
  },
  'cut rows': (tape) => summed(tape, tanh(tape, cutRows(tape, matrix(tape, 'a', 2, 6), 3))),
  'join rows': (tape) => summed(tape, tanh(tape, cutRows(tape, matrix(tape, 'a', 6, 2), 6))),
  'repeat rows': (tape) => summed(tape, repeatRows(tape, matrix(tape, 'a', 2, 3), 4)),
  pinball: (tape) =>
    pinball(tape, matrix(tape, 'f', 6, 3), known(tape, 6, 1, 5, -1, 1), known(tape, 6, 1, 6, 0, 2), [0.1, 0.5, 0.9]),
  poisson: (tape) =>
    poisson(tape, softplus(tape, matrix(tape, 'f', 6, 1)), known(tape, 6, 1, 5, 0, 3), known(tape, 6, 1, 6, 0, 2)),
  lstm: (tape) => {
    const steps = Array.from({ length: 5 }, (_, t) => matrix(tape, `x${t}`, 3, 4));
    return summed(tape, lstm(tape, steps, lstmWeights(tape, 'l', 4, 6)));
  },
};

describe('the gradient that is written', () => {
  for (const [name, write] of Object.entries(ops)) {
    it(`of ${name} is that of finite differences`, async () => {
      const tape = newTape();
      const loss = write(tape);
      const { parameters } = tape.parts();
      const size = sizeOf(parameters);
      const flat = tape
        .gradients(
          loss,
          parameters.map(({ value }) => value),
        )
        .map((grad, k) => tape.emit('Reshape', [grad, tape.ints([-1])], [parameters[k]?.size ?? 1]));
      const gradient = tape.emit('Concat', flat, [size], { axis: { int: 0 } });
      const session = await openSession(
        encodeTape(tape, 'gradients', [
          ['loss', loss],
          ['gradient', gradient],
        ]),
      );
      // A different start than zero for what starts at nil.
      const weights = firstWeights(parameters, 4).map((value, k) => (value === 0 ? 0.3 - 0.05 * (k % 11) : value));
      const at = async (values: Float32Array) => session.run(tensorsOf({ weights: { dims: [size], data: values } }));
      const found = (await at(weights))['gradient']?.data as Float32Array;
      const lossAt = async (k: number, by: number): Promise<number> => {
        const moved = weights.slice();
        moved[k] = (moved[k] ?? 0) + by;
        return numberOf((await at(moved))['loss']);
      };
      const by = 1 / 128;
      let [worst, most] = [0, 0];
      for (let k = 0; k < size; k += 1) {
        const slope = ((await lossAt(k, by)) - (await lossAt(k, -by))) / (2 * by);
        worst = Math.max(worst, Math.abs(slope - (found[k] ?? Number.NaN)));
        most = Math.max(most, Math.abs(slope));
      }
      expect(found.length).toBe(size);
      expect(most).toBeGreaterThan(0.1);
      expect(worst / most).toBeLessThan(2e-3);
    });
  }
});

/** y = the quantiles of 3 sin(x) + an even spread of ±1, of which the net knows nothing. */
const rows = 256;
const write: WriteLoss = (tape) => {
  const x = tape.input('x', [rows, 1]);
  const hidden = tanh(tape, dense(tape, 'one', x, 24));
  const f = dense(tape, 'out', tanh(tape, dense(tape, 'two', hidden, 24)), 3);
  return scale(
    tape,
    pinball(tape, f, tape.input('y', [rows, 1]), known(tape, 1, 1, 1, 1, 1), [0.1, 0.5, 0.9]),
    1 / rows,
  );
};
async function learn(seed: number, steps: number, threads = 1): Promise<{ losses: number[]; weights: Float32Array }> {
  const graph = trainingGraph(write, { clipNorm: 1, decay: 0.001 });
  const learner = await openLearner(graph, firstWeights(graph.parameters, seed), threads);
  const random = seeded(seed);
  const losses: number[] = [];
  for (let step = 0; step < steps; step += 1) {
    const x = Float32Array.from({ length: rows }, () => 6 * random() - 3);
    const y = x.map((value) => 3 * Math.sin(value) + 2 * random() - 1);
    const feeds = { x: { dims: [rows, 1], data: x }, y: { dims: [rows, 1], data: y } };
    losses.push((await learner.step(feeds, 0.01, 0.95)).loss);
  }
  const weights = learner.weights();
  await learner.close();
  return { losses, weights };
}

describe('training', () => {
  it('learns a curve and its band', async () => {
    const { losses } = await learn(3, 400);
    const last = losses.slice(-50).reduce((a, b) => a + b, 0) / 50;
    // The three pinball losses of an even spread of ±1 at its own quantiles: .09 + .25 + .09.
    expect(last).toBeLessThan(0.47);
    expect(losses[0]).toBeGreaterThan(1.5);
  });
  it('gives the same bytes from the same seed, and others from another', async () => {
    const [a, b, c] = [await learn(5, 20), await learn(5, 20), await learn(6, 20)];
    expect(Buffer.from(a.weights.buffer).equals(Buffer.from(b.weights.buffer))).toBe(true);
    expect(Buffer.from(a.weights.buffer).equals(Buffer.from(c.weights.buffer))).toBe(false);
  });
});
