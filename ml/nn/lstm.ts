/**
 * The recurrent layer: a long short-term memory, unrolled over its steps, with its backward half written by hand so that
 * the weights' gradients are three large products over all steps at once. Rule kept: gates are in ONNX's order (input,
 * output, forget, cell), so what is trained here goes into ONNX's own LSTM node as it is.
 *
 * Hochreiter & Schmidhuber 1997; forget gate: Gers, Schmidhuber & Cummins 2000, starting at 1 (Jozefowicz, Zaremba &
 * Sutskever 2015). Through time: Werbos 1990.
 */
import { sumRows } from './dense.ts';
import { sigmoidBack, tanhBack, whole } from './ops-elementwise.ts';
import type { Tape, Value } from './tape.ts';

const columns = { axis: { int: 1 } } as const;
const stacked = { axis: { int: 0 } } as const;
type Step = {
  readonly gates: Value;
  readonly candidate: Value;
  readonly i: Value;
  readonly o: Value;
  readonly f: Value;
  readonly squashed: Value;
  /** Memory and output before this step; null at the first, where they are nil. */
  readonly before: { readonly c: Value; readonly h: Value } | null;
};
export type LstmWeights = { readonly x: Value; readonly h: Value; readonly b: Value };

export function lstmWeights(tape: Tape, name: string, features: number, hidden: number): LstmWeights {
  const start = { within: 1 / Math.sqrt(hidden) };
  return {
    x: tape.parameter(`${name}.x`, [features, 4 * hidden], start, true),
    h: tape.parameter(`${name}.h`, [hidden, 4 * hidden], start, true),
    b: tape.parameter(`${name}.b`, [4 * hidden], { all: 0 }, false),
  };
}

/** steps: T inputs [B × F], oldest first. Answers the last output [B × H]. */
export function lstm(tape: Tape, steps: readonly Value[], weights: LstmWeights): Value {
  const hidden = weights.h.dims[0] ?? 1;
  const batch = steps[0]?.dims[0] ?? 1;
  const [state, three, four] = [
    [batch, hidden],
    [batch, 3 * hidden],
    [batch, 4 * hidden],
  ] as const;
  const done: Step[] = [];
  let before: Step['before'] = null;
  for (const x of steps) {
    const own = tape.emit('Gemm', [x, weights.x, weights.b], four);
    const z: Value = before === null ? own : tape.emit('Gemm', [before.h, weights.h, own], four);
    const [zGates = z, zCell = z] = tape.emitMany(
      'Split',
      [z, tape.ints([3 * hidden, hidden])],
      [three, state],
      columns,
    );
    const gates = tape.emit('Sigmoid', [zGates], three);
    const candidate = tape.emit('Tanh', [zCell], state);
    const [i = z, o = z, f = z] = tape.emitMany(
      'Split',
      [gates, tape.ints([hidden, hidden, hidden])],
      [state, state, state],
      columns,
    );
    const fresh = tape.emit('Mul', [i, candidate], state);
    const c: Value = before === null ? fresh : tape.emit('Add', [tape.emit('Mul', [f, before.c], state), fresh], state);
    const squashed = tape.emit('Tanh', [c], state);
    const h = tape.emit('Mul', [o, squashed], state);
    done.push({ gates, candidate, i, o, f, squashed, before });
    before = { c, h };
  }
  const last = before?.h;
  if (last === undefined) throw new Error('A recurrent layer without steps.');
  tape.record([last], [...steps, weights.x, weights.h, weights.b], ([grad]) => {
    // All steps are gone back over once, for whichever input asks first.
    let made: readonly Value[] | null = null;
    const slopes = (): readonly Value[] => {
      made ??= goBack(tape, done, weights, whole(grad), state);
      return made;
    };
    const oldest = (): Value => tape.emit('Concat', slopes(), [batch * done.length, 4 * hidden], stacked);
    let all: Value | null = null;
    const dz = (): Value => {
      all ??= oldest();
      return all;
    };
    return [
      ...steps.map((x, t) => () => tape.emit('Gemm', [slopes()[t] ?? x, weights.x], x.dims, { transB: { int: 1 } })),
      () => {
        const xs = tape.emit('Concat', steps, [batch * steps.length, weights.x.dims[0] ?? 1], stacked);
        return tape.emit('Gemm', [xs, dz()], weights.x.dims, { transA: { int: 1 } });
      },
      () => {
        const later = done.slice(1);
        const hs = tape.emit(
          'Concat',
          later.map((step) => step.before?.h ?? last),
          [batch * later.length, hidden],
          stacked,
        );
        const dzs = tape.emit('Concat', slopes().slice(1), [batch * later.length, 4 * hidden], stacked);
        return tape.emit('Gemm', [hs, dzs], weights.h.dims, { transA: { int: 1 } });
      },
      () => sumRows(tape, dz(), weights.b.dims),
    ];
  });
  return last;
}

/** Gradients of each step's gates before their squashing [B × 4H], oldest first. */
function goBack(
  tape: Tape,
  done: readonly Step[],
  weights: LstmWeights,
  grad: Value,
  state: readonly number[],
): readonly Value[] {
  const [batch = 1, hidden = 1] = state;
  const slopes: Value[] = [];
  let dh = grad;
  let dcLater: Value | null = null;
  for (const [back, step] of done.toReversed().entries()) {
    const { gates, candidate, i, o, f, squashed, before } = step;
    const dOut = tape.emit('Mul', [dh, squashed], state);
    const throughH = tanhBack(tape, squashed, tape.emit('Mul', [dh, o], state));
    const dc: Value = dcLater === null ? throughH : tape.emit('Add', [throughH, dcLater], state);
    const dIn = tape.emit('Mul', [dc, candidate], state);
    const dForget =
      before === null ? tape.emit('Mul', [dc, tape.number(0)], state) : tape.emit('Mul', [dc, before.c], state);
    const dGates = tape.emit('Concat', [dIn, dOut, dForget], [batch, 3 * hidden], columns);
    const dCandidate = tanhBack(tape, candidate, tape.emit('Mul', [dc, i], state));
    const dz = tape.emit('Concat', [sigmoidBack(tape, gates, dGates), dCandidate], [batch, 4 * hidden], columns);
    slopes.push(dz);
    if (back === done.length - 1) break;
    dh = tape.emit('Gemm', [dz, weights.h], state, { transB: { int: 1 } });
    dcLater = tape.emit('Mul', [dc, f], state);
  }
  return slopes.toReversed();
}
