/**
 * A dense layer: rows × weights + bias. Rule kept: weights start even within ±√(6 / (in + out)) (Glorot & Bengio 2010),
 * bias at what it is told; only weights decay.
 */
import { whole } from './ops-elementwise.ts';
import type { Tape, Value } from './tape.ts';

const rowsOf = ({ dims }: Value): number => dims[0] ?? 1;

/** y = x w + b: dx = dy wᵀ, dw = xᵀ dy, db = Σ rows of dy. */
export function affine(tape: Tape, x: Value, w: Value, b: Value): Value {
  const made = tape.emit('Gemm', [x, w, b], [rowsOf(x), w.dims[1] ?? 1]);
  tape.record([made], [x, w, b], ([grad]) => [
    () => tape.emit('Gemm', [whole(grad), w], x.dims, { transB: { int: 1 } }),
    () => tape.emit('Gemm', [x, whole(grad)], w.dims, { transA: { int: 1 } }),
    () => sumRows(tape, whole(grad), b.dims),
  ]);
  return made;
}

/** [R × C] to [C]. */
export const sumRows = (tape: Tape, a: Value, dims: readonly number[]): Value =>
  tape.emit('ReduceSum', [a, tape.ints([0])], dims, { keepdims: { int: 0 } });

export function dense(tape: Tape, name: string, x: Value, out: number, bias = 0): Value {
  const from = x.dims[1] ?? 1;
  const w = tape.parameter(`${name}.w`, [from, out], { within: Math.sqrt(6 / (from + out)) }, true);
  const b = tape.parameter(`${name}.b`, [out], { all: bias }, false);
  return affine(tape, x, w, b);
}
