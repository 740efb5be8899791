/**
 * The demand model as one ONNX graph: every head of every boosted model, the plain forecast beside them, their blend,
 * back to units, in order, never below nil. Rule kept: all that turns features into a forecast is inside, so that shop
 * and server cannot differ.
 *
 * Inputs: `features` [N × F]; `plain` [N × 4], the plain forecast over `scale` (p10, p50, p90, mean); `scale` [N × 1],
 * level × season in units a day; for the nets `past0`, … [N ÷ horizon × days·channels], rows of `features` then being
 * series by series, day by day. Output: `forecast` [N × 4], units a day: p10 ≤ p50 ≤ p90, mean.
 */
import { type BlendWeights, heads } from '../ensemble/blend.ts';
import type { Forest } from '../gbdt/tree.ts';
import type { BoostedModel } from '../models/boosted.ts';
import type { DemandNets } from '../nn/demand-nets.ts';
import { netNodes } from '../nn/net-nodes.ts';
import { forestNode } from './forest-node.ts';
import { encodeModel, type GraphNode } from './proto.ts';

/** `weights`: per head, of the plain forecast first, then of each boosted model, then of each of `nets`. */
export function demandOnnx(
  boosted: readonly BoostedModel[],
  weights: BlendWeights,
  featureCount: number,
  metadata: Readonly<Record<string, string>>,
  nets: readonly DemandNets[] = [],
): Uint8Array {
  const forests: { readonly forest: Forest; readonly head: number; readonly member: number }[] = [];
  for (const [member, model] of boosted.entries()) {
    for (const [head, name] of heads.entries()) forests.push({ forest: model[name], head, member: member + 1 });
  }
  // Logs last: one slice of the sums goes through the exponential.
  const ordered = forests.toSorted((a, b) => Number(a.forest.link === 'log') - Number(b.forest.link === 'log'));
  const straight = ordered.filter(({ forest }) => forest.link === 'identity').length;
  const given = 1 + nets.length;
  const rows = ordered.length + given * heads.length;
  const mix = new Float32Array(rows * heads.length);
  for (const [row, { head, member }] of ordered.entries()) {
    mix[row * heads.length + head] = weights[heads[head] ?? 'p50'][member] ?? 0;
  }
  for (const [head, name] of heads.entries()) {
    for (let at = 0; at < given; at += 1) {
      const member = at === 0 ? 0 : boosted.length + at;
      mix[(ordered.length + at * heads.length + head) * heads.length + head] = weights[name][member] ?? 0;
    }
  }
  const neural = nets.map((each, at) => netNodes(each, `past${at}`, 'features', `nets${at}`));
  const node = (op: string, inputs: readonly string[], outputs: readonly string[], axis?: number): GraphNode =>
    axis === undefined ? { op, inputs, outputs } : { op, inputs, outputs, attributes: { axis: { int: axis } } };
  const trees: readonly GraphNode[] =
    ordered.length === 0
      ? []
      : [
          // A node each: the runtime is quicker at one target of many trees than at many targets.
          ...ordered.map(({ forest }, at) => forestNode([forest], 'features', `sum${at}`)),
          node(
            'Concat',
            ordered.map((_, at) => `sum${at}`),
            ['sums'],
            1,
          ),
          node('Split', ['sums', 'parts'], ['straight', 'logs'], 1),
          node('Exp', ['logs'], ['raised']),
        ];
  const members = [
    ...(ordered.length === 0 ? [] : ['straight', 'raised']),
    'plain',
    ...nets.map((_, at) => `nets${at}`),
  ];
  const nodes: GraphNode[] = [
    ...neural.flatMap((each) => each.nodes),
    ...trees,
    node('Concat', members, ['told'], 1),
    // Each member by itself is never below nil, before the blend as after it.
    node('Relu', ['told'], ['members']),
    node('MatMul', ['members', 'mix'], ['blended']),
    node('Mul', ['blended', 'scale'], ['amounts']),
    node('Relu', ['amounts'], ['positive']),
    node('Split', ['positive', 'ones'], ['a', 'b', 'c', 'mean'], 1),
    node('Min', ['a', 'b'], ['a1']),
    node('Max', ['a', 'b'], ['b1']),
    node('Min', ['b1', 'c'], ['b2']),
    node('Max', ['b1', 'c'], ['p90']),
    node('Min', ['a1', 'b2'], ['p10']),
    node('Max', ['a1', 'b2'], ['p50']),
    node('Concat', ['p10', 'p50', 'p90', 'mean'], ['forecast'], 1),
  ];
  return encodeModel({
    name: 'demand',
    nodes,
    constants: [
      ...neural.flatMap((each) => each.constants),
      { name: 'parts', dims: [2], ints: [straight, ordered.length - straight] },
      { name: 'ones', dims: [4], ints: [1, 1, 1, 1] },
      { name: 'mix', dims: [rows, heads.length], floats: mix },
    ],
    inputs: [
      { name: 'features', dims: ['N', featureCount] },
      { name: 'plain', dims: ['N', 4] },
      { name: 'scale', dims: ['N', 1] },
      ...nets.map(({ shape }, at) => ({ name: `past${at}`, dims: ['S', shape.steps * shape.channels] })),
    ],
    outputs: [{ name: 'forecast', dims: ['N', 4] }],
    metadata,
  });
}
