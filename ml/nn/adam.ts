/**
 * One step of learning as graph ops: all gradients in one row, clipped by their common norm, Adam with its decay apart
 * from the gradient, and the running mean of the weights. Rule kept: all weights are ONE tensor [P], and so are both
 * moments and the mean; they go in and come out at each step, so a run of the graph changes nothing but its outputs.
 *
 * Kingma & Ba 2015 (Adam); Loshchilov & Hutter 2019 (decoupled decay); Pascanu, Mikolov & Bengio 2013 (clipping by norm);
 * Polyak & Juditsky 1992 (averaging).
 */
import type { Tape, Value } from './tape.ts';

export const adamRates = { first: 0.9, second: 0.999, epsilon: 1e-8 } as const;
export type AdamSettings = { readonly clipNorm: number; readonly decay: number };
export const stepInputs = ['rate', 'firstCorrection', 'secondCorrection', 'meanKeeps'] as const;
export type Learnt = {
  readonly weights: Value;
  readonly first: Value;
  readonly second: Value;
  readonly mean: Value;
  readonly norm: Value;
};

/**
 * weights: [P], the tape's parameters in order. Further inputs, [1] each: `rate`; `firstCorrection` 1 ÷ (1 − β₁ᵗ) and
 * `secondCorrection` 1 ÷ (1 − β₂ᵗ) of step t from 1; `meanKeeps`, the share of the running mean that stays.
 */
export function adamStep(tape: Tape, loss: Value, weights: Value, settings: AdamSettings): Learnt {
  const { parameters } = tape.parts();
  const all = weights.dims;
  const at = (op: string, ...inputs: readonly Value[]): Value => tape.emit(op, inputs, all);
  const one = (op: string, ...inputs: readonly Value[]): Value => tape.emit(op, inputs, [1]);
  const [rate, firstCorrection, secondCorrection, meanKeeps] = stepInputs.map((name) => tape.input(name, [1]));
  if (!rate || !firstCorrection || !secondCorrection || !meanKeeps) throw new Error('A step without its rates.');
  const [first, second, mean] = [tape.input('first', all), tape.input('second', all), tape.input('mean', all)];
  const grads = tape.gradients(
    loss,
    parameters.map(({ value }) => value),
  );
  const gradient = tape.emit(
    'Concat',
    grads.map((grad, k) => tape.emit('Reshape', [grad, tape.ints([-1])], [parameters[k]?.size ?? 1])),
    all,
    { axis: { int: 0 } },
  );
  const squares = tape.emit('ReduceSumSquare', [gradient], [1], { keepdims: { int: 1 } });
  const norm = one('Sqrt', squares);
  const { first: b1, second: b2, epsilon } = adamRates;
  const share = one('Div', tape.number(settings.clipNorm), one('Max', norm, tape.number(settings.clipNorm)));
  const clipped = at('Mul', gradient, share);
  const newFirst = at('Add', at('Mul', first, tape.number(b1)), at('Mul', clipped, tape.number(1 - b1)));
  const squared = at('Mul', at('Mul', clipped, clipped), tape.number(1 - b2));
  const newSecond = at('Add', at('Mul', second, tape.number(b2)), squared);
  const spread = at('Add', at('Sqrt', at('Mul', newSecond, secondCorrection)), tape.number(epsilon));
  const move = at('Div', at('Mul', newFirst, firstCorrection), spread);
  const decayed = tape.row(
    parameters.flatMap(({ size, isDecayed }) => Array.from({ length: size }, () => (isDecayed ? settings.decay : 0))),
  );
  const step = at('Mul', at('Add', move, at('Mul', weights, decayed)), rate);
  const newWeights = at('Sub', weights, step);
  const newMean = at('Add', newWeights, at('Mul', at('Sub', mean, newWeights), meanKeeps));
  return { weights: newWeights, first: newFirst, second: newSecond, mean: newMean, norm };
}
