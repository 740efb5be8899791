/**
 * What training makes small. Rule kept: a loss is a number of the graph [1]; a row's weight is nil where its target is not
 * known, and then neither loss nor gradient comes of it.
 */
import { whole } from './ops-elementwise.ts';
import type { Tape, Value } from './tape.ts';

const all = { keepdims: { int: 1 } } as const;

/**
 * Σ weight × max(q (y − f), (q − 1)(y − f)) over rows and quantiles (Koenker & Bassett 1978). f [R × Q], y and weight
 * [R × 1]. Its gradient by f is weight × ([f > y] − q).
 */
export function pinball(tape: Tape, f: Value, y: Value, weight: Value, quantiles: readonly number[]): Value {
  const q = tape.row(quantiles);
  const below = tape.row(quantiles.map((each) => each - 1));
  const off = tape.emit('Sub', [y, f], f.dims);
  const each = tape.emit('Max', [tape.emit('Mul', [off, q], f.dims), tape.emit('Mul', [off, below], f.dims)], f.dims);
  const weighted = tape.emit('Mul', [each, weight], f.dims);
  const made = tape.emit('Reshape', [tape.emit('ReduceSum', [weighted], [1, 1], all), tape.ints([1])], [1]);
  tape.record([made], [f], ([grad]) => [
    () => {
      const isOver = tape.emit('Cast', [tape.emit('Greater', [f, y], f.dims)], f.dims, { to: { int: 1 } });
      const slope = tape.emit('Mul', [tape.emit('Sub', [isOver, q], f.dims), weight], f.dims);
      return tape.emit('Mul', [slope, whole(grad)], f.dims);
    },
  ]);
  return made;
}

/**
 * Σ weight × (f − y log f), the Poisson deviance without what f does not touch (McCullagh & Nelder 1989, §2.3), which a
 * mean makes smallest whatever the spread. f > 0, all [R × 1]. Gradient: weight × (1 − y ÷ f).
 */
export function poisson(tape: Tape, f: Value, y: Value, weight: Value): Value {
  const logged = tape.emit('Mul', [y, tape.emit('Log', [f], f.dims)], f.dims);
  const weighted = tape.emit('Mul', [tape.emit('Sub', [f, logged], f.dims), weight], f.dims);
  const made = tape.emit('Reshape', [tape.emit('ReduceSum', [weighted], [1, 1], all), tape.ints([1])], [1]);
  tape.record([made], [f], ([grad]) => [
    () => {
      const slope = tape.emit('Sub', [tape.number(1), tape.emit('Div', [y, f], f.dims)], f.dims);
      return tape.emit('Mul', [tape.emit('Mul', [slope, weight], f.dims), whole(grad)], f.dims);
    },
  ]);
  return made;
}
