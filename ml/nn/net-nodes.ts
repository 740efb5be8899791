/**
 * Trained nets as nodes of an ONNX graph, the recurrent part as ONNX's own LSTM. Rule kept: what comes before a net
 * (standard features, unknown ones nought) and after it (mean over the nets, order, the floor at nil) is inside, so that
 * shop and server cannot differ.
 */
import type { Constant, GraphNode } from '../onnx/proto.ts';
import { type Encode, writeNet } from './demand-net.ts';
import type { DemandNets } from './demand-nets.ts';
import { nameWeights } from './forward.ts';
import { newTape, type Tape, type Value } from './tape.ts';

export type NetNodes = { readonly nodes: readonly GraphNode[]; readonly constants: readonly Constant[] };

/** ONNX's LSTM over [steps × B × channels]; gates are in its order already, its weights stand the other way round. */
const asNode: Encode = (tape, past, weights, { steps, channels, hidden }) => {
  const batch = past.dims[0] ?? 1;
  const turned = (w: Value): Value => {
    const [from = 1, out = 1] = w.dims;
    const across = tape.emit('Transpose', [w], [out, from], { perm: { ints: Int32Array.of(1, 0) } });
    return tape.emit('Reshape', [across, tape.ints([1, out, from])], [1, out, from]);
  };
  const noBias = tape.row(new Float32Array(4 * hidden));
  const bias = tape.emit('Concat', [weights.b, noBias], [8 * hidden], { axis: { int: 0 } });
  const days = tape.emit('Reshape', [past, tape.ints([-1, steps, channels])], [batch, steps, channels]);
  const [, last] = tape.emitMany(
    'LSTM',
    [
      tape.emit('Transpose', [days], [steps, batch, channels], { perm: { ints: Int32Array.of(1, 0, 2) } }),
      turned(weights.x),
      turned(weights.h),
      tape.emit('Reshape', [bias, tape.ints([1, 8 * hidden])], [1, 8 * hidden]),
    ],
    [
      [steps, 1, batch, hidden],
      [1, batch, hidden],
    ],
    { hidden_size: { int: hidden } },
  );
  if (last === undefined) throw new Error('An LSTM without its last output.');
  return tape.emit('Reshape', [last, tape.ints([-1, hidden])], [batch, hidden]);
};

/** [N × features] as the nets know them: standard, within ±4, nought where not known. */
function standardised(tape: Tape, features: Value, { standard }: DemandNets): Value {
  const { dims } = features;
  const moved = tape.emit('Sub', [features, tape.row(standard.middle)], dims);
  const even = tape.emit('Div', [moved, tape.row(standard.spread)], dims);
  const known = tape.emit('Where', [tape.emit('IsNaN', [even], dims), tape.number(0), even], dims);
  return tape.emit('Max', [tape.emit('Min', [known, tape.number(4)], dims), tape.number(-4)], dims);
}

/**
 * past: [S × steps·channels], features: [S·horizon × features] as the boosted models have them. Writes `output`
 * [S·horizon × 4]: p10 ≤ p50 ≤ p90 and mean over level × season, none below nil.
 */
export function netNodes(model: DemandNets, past: string, features: string, output: string): NetNodes {
  const { shape, parameters, nets } = model;
  const nodes: GraphNode[] = [];
  const constants: Constant[] = [];
  const made = nets.map((weights, at) => {
    const tape = newTape(`${output}.${at}.`);
    const ahead = standardised(tape, { name: features, dims: [shape.horizon, shape.ahead] }, model);
    const found = writeNet(tape, shape, { name: past, dims: [1, shape.steps * shape.channels] }, ahead, asNode);
    const parts = tape.parts();
    nodes.push(...parts.nodes);
    constants.push(...parts.constants);
    const named = nameWeights(parameters, weights);
    for (const { name, value } of parts.parameters)
      constants.push({ name: value.name, dims: value.dims, floats: named.get(name)?.values ?? new Float32Array() });
    return found;
  });
  const tape = newTape(`${output}.`);
  const rows = shape.horizon;
  const meanOf = (values: readonly Value[], width: number): Value => tape.emit('Mean', values, [rows, width]);
  const bands = meanOf(
    made.map(({ quantiles }) => tape.emit('Relu', [quantiles], [rows, 3])),
    3,
  );
  const one = [rows, 1];
  const [a = bands, b = bands, c = bands] = tape.emitMany('Split', [bands, tape.ints([1, 1, 1])], [one, one, one], {
    axis: { int: 1 },
  });
  const [low, high] = [tape.emit('Min', [a, b], one), tape.emit('Max', [a, b], one)];
  const between = tape.emit('Min', [high, c], one);
  const all = [
    tape.emit('Min', [low, between], one),
    tape.emit('Max', [low, between], one),
    tape.emit('Max', [high, c], one),
    meanOf(
      made.map(({ mean }) => mean),
      1,
    ),
  ];
  const joined = tape.emit('Concat', all, [rows, 4], { axis: { int: 1 } });
  const parts = tape.parts();
  return {
    nodes: [...nodes, ...parts.nodes, { op: 'Identity', inputs: [joined.name], outputs: [output] }],
    constants: [...constants, ...parts.constants],
  };
}
