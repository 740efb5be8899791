/**
 * Ops that move numbers and compute none: columns beside each other, columns apart, rows cut into several. Rule kept: a
 * written shape leaves the rows open (−1), so that nothing depends on how many there are.
 */
import { whole } from './ops-elementwise.ts';
import type { Tape, Value } from './tape.ts';

const columns = { axis: { int: 1 } } as const;
const rowsOf = ({ dims }: Value): number => dims[0] ?? 1;
const columnsOf = ({ dims }: Value): number => dims[1] ?? 1;

export function joinColumns(tape: Tape, parts: readonly Value[]): Value {
  const sizes = parts.map(columnsOf);
  const [first] = parts;
  if (first === undefined) throw new Error('Nothing to join.');
  const made = tape.emit('Concat', parts, [rowsOf(first), sizes.reduce((a, b) => a + b, 0)], columns);
  tape.record([made], parts, ([grad]) => {
    // One split serves every part that asks.
    let apart: readonly Value[] | null = null;
    return parts.map((part, at) => () => {
      apart ??= tape.emitMany(
        'Split',
        [whole(grad), tape.ints(sizes)],
        sizes.map((size) => [rowsOf(part), size]),
        columns,
      );
      return apart[at] ?? part;
    });
  });
  return made;
}

export function splitColumns(tape: Tape, a: Value, sizes: readonly number[]): readonly Value[] {
  const made = tape.emitMany(
    'Split',
    [a, tape.ints(sizes)],
    sizes.map((size) => [rowsOf(a), size]),
    columns,
  );
  tape.record(made, [a], (grads) => [
    () =>
      tape.emit(
        'Concat',
        // What nobody used has the gradient nil: its own values times nil keep the rows open.
        made.map((part, at) => grads[at] ?? tape.emit('Mul', [part, tape.number(0)], part.dims)),
        a.dims,
        columns,
      ),
  ]);
  return made;
}

/** [R × C] to [R·k × C/k], each row cut into k in order; k below 1 joins 1/k rows into one. */
export function cutRows(tape: Tape, a: Value, to: number): Value {
  const dims = [(rowsOf(a) * columnsOf(a)) / to, to];
  const made = tape.emit('Reshape', [a, tape.ints([-1, to])], dims);
  tape.record([made], [a], ([grad]) => [
    () => tape.emit('Reshape', [whole(grad), tape.ints([-1, columnsOf(a)])], a.dims),
  ]);
  return made;
}

/** Each row k times, one under the other: [R × C] to [R·k × C]. */
export function repeatRows(tape: Tape, a: Value, k: number): Value {
  const beside = joinColumns(
    tape,
    Array.from({ length: k }, () => a),
  );
  return cutRows(tape, beside, columnsOf(a));
}
