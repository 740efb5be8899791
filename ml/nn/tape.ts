/**
 * The tape: what is computed is written down as ONNX nodes, and beside each how its gradient is computed, as more ONNX
 * nodes; going back over the tape writes the backward half of the graph. Nothing is computed here. Rule kept: rows are
 * the batch and are never named in a shape that is written, so the same forward half serves a fixed batch (training)
 * and any batch (the exported model).
 *
 * Reverse-mode differentiation over a tape: Linnainmaa 1976; Griewank & Walther 2008, ch. 3.
 */
import type { Constant, GraphNode, Port } from '../onnx/proto.ts';

/** A matrix [rows × columns], a row [columns], or a number [1] of the graph. */
export type Value = { readonly name: string; readonly dims: readonly number[] };
/** How a parameter starts: all the same, or even between ± limit. */
export type Start = { readonly all: number } | { readonly within: number };
export type Parameter = {
  readonly name: string;
  readonly value: Value;
  readonly size: number;
  readonly start: Start;
  readonly isDecayed: boolean;
};

/** Given the gradients of an op's outputs (null: it has none), one thunk an input that writes that input's gradient. */
export type Pull = (grads: readonly (Value | null)[]) => readonly (() => Value)[];
type Recorded = { readonly outputs: readonly Value[]; readonly inputs: readonly Value[]; readonly pull: Pull };
type Attributes = NonNullable<GraphNode['attributes']>;

export type Tape = {
  readonly emit: (op: string, inputs: readonly Value[], dims: readonly number[], attributes?: Attributes) => Value;
  readonly emitMany: (
    op: string,
    inputs: readonly Value[],
    dims: readonly (readonly number[])[],
    attributes?: Attributes,
  ) => readonly Value[];
  readonly number: (value: number) => Value;
  readonly row: (values: ArrayLike<number>) => Value;
  readonly ints: (values: readonly number[]) => Value;
  /** Fed at each run; no gradient goes there. `dims` are also its port's. */
  readonly input: (name: string, dims: readonly number[], portDims?: readonly (number | string)[]) => Value;
  readonly parameter: (name: string, dims: readonly number[], start: Start, isDecayed: boolean) => Value;
  /** Says how gradients go back through what was emitted. */
  readonly record: (outputs: readonly Value[], inputs: readonly Value[], pull: Pull) => void;
  /** Writes the backward half. `of` is a number [1]. */
  readonly gradients: (of: Value, to: readonly Value[]) => readonly Value[];
  readonly parts: () => {
    readonly nodes: readonly GraphNode[];
    readonly constants: readonly Constant[];
    readonly inputs: readonly Port[];
    readonly parameters: readonly Parameter[];
  };
};

/** `prefix`: of all names, so that several tapes can go into one graph. */
export function newTape(prefix = ''): Tape {
  const nodes: GraphNode[] = [];
  const constants = new Map<string, Constant>();
  const inputs: Port[] = [];
  const parameters: Parameter[] = [];
  const recorded: Recorded[] = [];
  /** Names whose gradient is wanted: parameters and all that came of them. */
  const tracked = new Set<string>();
  let named = 0;

  const emitMany: Tape['emitMany'] = (op, from, dims, attributes) => {
    const outputs = dims.map((each) => {
      named += 1;
      return { name: `${prefix}v${named}`, dims: each };
    });
    nodes.push({
      op,
      inputs: from.map(({ name }) => name),
      outputs: outputs.map(({ name }) => name),
      ...(attributes === undefined ? {} : { attributes }),
    });
    return outputs;
  };
  const emit: Tape['emit'] = (op, from, dims, attributes) => {
    const [output] = emitMany(op, from, [dims], attributes);
    if (output === undefined) throw new Error('A node without an output.');
    return output;
  };
  const keep = (key: string, dims: readonly number[], make: (name: string) => Constant): Value => {
    const known = constants.get(key);
    if (known !== undefined) return { name: known.name, dims };
    const made = make(`${prefix}k${constants.size}`);
    constants.set(key, made);
    return { name: made.name, dims };
  };
  const row: Tape['row'] = (values) => {
    const floats = Float32Array.from(values);
    return keep(`f${floats.join()}`, [floats.length], (name) => ({ name, dims: [floats.length], floats }));
  };
  return {
    emit,
    emitMany,
    row,
    number: (value) => row([value]),
    ints: (values) =>
      keep(`i${values.join()}`, [values.length], (name) => ({ name, dims: [values.length], ints: values })),
    input: (name, dims, portDims) => {
      inputs.push({ name, dims: portDims ?? dims });
      return { name, dims };
    },
    parameter: (name, dims, start, isDecayed) => {
      const value = { name: `${prefix}p.${name}`, dims };
      if (parameters.some((other) => other.name === name)) throw new Error(`Two parameters are called ${name}.`);
      parameters.push({ name, value, size: dims.reduce((a, b) => a * b, 1), start, isDecayed });
      tracked.add(value.name);
      return value;
    },
    record: (outputs, from, pull) => {
      if (!from.some(({ name }) => tracked.has(name))) return;
      recorded.push({ outputs, inputs: from, pull });
      for (const { name } of outputs) tracked.add(name);
    },
    gradients: (of, to) => {
      const parts = new Map<string, Value[]>([[of.name, [row([1])]]]);
      const gradientOf = ({ name, dims }: Value): Value | null => {
        const found = parts.get(name);
        if (found === undefined || found[0] === undefined) return null;
        if (found.length === 1) return found[0];
        const sum = emit('Sum', found, dims);
        parts.set(name, [sum]);
        return sum;
      };
      for (const { outputs, inputs: from, pull } of recorded.toReversed()) {
        const grads = outputs.map(gradientOf);
        if (grads.every((grad) => grad === null)) continue;
        for (const [at, pulled] of pull(grads).entries()) {
          const input = from[at];
          if (input === undefined || !tracked.has(input.name)) continue;
          const list = parts.get(input.name) ?? [];
          list.push(pulled());
          parts.set(input.name, list);
        }
      }
      return to.map((value) => {
        const grad = gradientOf(value);
        if (grad === null) throw new Error(`${value.name} has no part in the loss.`);
        return grad;
      });
    },
    parts: () => ({ nodes, constants: [...constants.values()], inputs, parameters }),
  };
}
