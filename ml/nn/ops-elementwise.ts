/**
 * Ops number by number, each beside its derivative. Rule kept: both sides of a sum or product have the same shape, or the
 * second is a number of the graph that no gradient goes to. Derivatives are those of any calculus text; the test checks
 * each against finite differences.
 */
import type { Tape, Value } from './tape.ts';

export function add(tape: Tape, a: Value, b: Value): Value {
  const made = tape.emit('Add', [a, b], a.dims);
  tape.record([made], [a, b], ([grad]) => [() => whole(grad), () => whole(grad)]);
  return made;
}

export function multiply(tape: Tape, a: Value, b: Value): Value {
  const made = tape.emit('Mul', [a, b], a.dims);
  tape.record([made], [a, b], ([grad]) => [
    () => tape.emit('Mul', [whole(grad), b], a.dims),
    () => tape.emit('Mul', [whole(grad), a], b.dims),
  ]);
  return made;
}

/** a × k, k a number that is not learnt. */
export function scale(tape: Tape, a: Value, k: number): Value {
  const factor = tape.number(k);
  const made = tape.emit('Mul', [a, factor], a.dims);
  tape.record([made], [a], ([grad]) => [() => tape.emit('Mul', [whole(grad), factor], a.dims)]);
  return made;
}

/** d sigmoid = s (1 − s). */
export function sigmoid(tape: Tape, a: Value): Value {
  const made = tape.emit('Sigmoid', [a], a.dims);
  tape.record([made], [a], ([grad]) => [() => sigmoidBack(tape, made, whole(grad))]);
  return made;
}

/** grad × s (1 − s), of s itself. */
export function sigmoidBack(tape: Tape, s: Value, grad: Value): Value {
  const slope = tape.emit('Sub', [s, tape.emit('Mul', [s, s], s.dims)], s.dims);
  return tape.emit('Mul', [grad, slope], s.dims);
}

/** d tanh = 1 − t². */
export function tanh(tape: Tape, a: Value): Value {
  const made = tape.emit('Tanh', [a], a.dims);
  tape.record([made], [a], ([grad]) => [() => tanhBack(tape, made, whole(grad))]);
  return made;
}

/** grad × (1 − t²), of t itself: grad − grad t². */
export function tanhBack(tape: Tape, t: Value, grad: Value): Value {
  const slope = tape.emit('Sub', [tape.number(1), tape.emit('Mul', [t, t], t.dims)], t.dims);
  return tape.emit('Mul', [grad, slope], t.dims);
}

/** max(a, 0); its gradient at 0 is 0. */
export function relu(tape: Tape, a: Value): Value {
  const made = tape.emit('Relu', [a], a.dims);
  tape.record([made], [a], ([grad]) => [
    () => tape.emit('Mul', [whole(grad), tape.emit('Sign', [made], a.dims)], a.dims),
  ]);
  return made;
}

/** a above nought, a hundredth of it below (Maas, Hannun & Ng 2013): a floor that still says where up is. */
export function leaky(tape: Tape, a: Value): Value {
  const made = tape.emit('LeakyRelu', [a], a.dims);
  tape.record([made], [a], ([grad]) => [
    () => {
      const isAbove = tape.emit('Greater', [a, tape.number(0)], a.dims);
      const slope = tape.emit('Where', [isAbove, tape.number(1), tape.number(0.01)], a.dims);
      return tape.emit('Mul', [whole(grad), slope], a.dims);
    },
  ]);
  return made;
}

/** log(1 + eᵃ), whose derivative is the sigmoid. */
export function softplus(tape: Tape, a: Value): Value {
  const made = tape.emit('Softplus', [a], a.dims);
  tape.record([made], [a], ([grad]) => [
    () => tape.emit('Mul', [whole(grad), tape.emit('Sigmoid', [a], a.dims)], a.dims),
  ]);
  return made;
}

/** An op with one output is only pulled where that has a gradient. */
export function whole(grad: Value | null | undefined): Value {
  if (grad === null || grad === undefined) throw new Error('An output without a gradient was pulled.');
  return grad;
}
