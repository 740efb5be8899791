/**
 * From a tape to ONNX bytes: the training graph (forward, backward, one step of Adam) and the judging graph (the loss
 * alone). Rule kept: weights are one row [P] in the order in which the tape named its parameters, in both.
 */
import { encodeModel, type GraphNode } from '../onnx/proto.ts';
import { seeded } from '../random.ts';
import { adamStep, type AdamSettings } from './adam.ts';
import { newTape, type Parameter, type Tape, type Value } from './tape.ts';

/** Writes the forward half and answers its loss [1]. */
export type WriteLoss = (tape: Tape) => Value;
export type TrainingGraph = {
  readonly bytes: Uint8Array;
  readonly parameters: readonly Parameter[];
  readonly size: number;
};

export const sizeOf = (parameters: readonly Parameter[]): number => parameters.reduce((sum, { size }) => sum + size, 0);

/** One row [P] apart into the parameters, each in its shape. */
export function partNodes(parameters: readonly Parameter[], weights: string): readonly GraphNode[] {
  return [
    { op: 'Split', inputs: [weights, 'p.sizes'], outputs: parameters.map(({ name }) => `flat.${name}`) },
    ...parameters.map(({ name, value }) => ({
      op: 'Reshape',
      inputs: [`flat.${name}`, `p.dims.${name}`],
      outputs: [value.name],
    })),
  ];
}

const partConstants = (parameters: readonly Parameter[]) => [
  { name: 'p.sizes', dims: [parameters.length], ints: parameters.map(({ size }) => size) },
  ...parameters.map(({ name, value }) => ({ name: `p.dims.${name}`, dims: [value.dims.length], ints: value.dims })),
];

/** What the tape holds as a model with these outputs. Inputs: the tape's own, and `weights` [P]. */
export function encodeTape(
  tape: Tape,
  name: string,
  outputs: readonly (readonly [name: string, value: Value])[],
): Uint8Array {
  const { nodes, constants, inputs, parameters } = tape.parts();
  const size = sizeOf(parameters);
  return encodeModel({
    name,
    nodes: [
      ...partNodes(parameters, 'weights'),
      ...nodes,
      ...outputs.map(([as, value]) => ({ op: 'Identity', inputs: [value.name], outputs: [as] })),
    ],
    constants: [...constants, ...partConstants(parameters)],
    inputs: [{ name: 'weights', dims: [size] }, ...inputs],
    outputs: outputs.map(([as, value]) => ({ name: as, dims: value.dims })),
    metadata: {},
  });
}

/** Inputs: the loss's own, `weights`, `first`, `second`, `mean` [P], and `stepInputs`; outputs: `loss`, `norm`, `next.…`. */
export function trainingGraph(write: WriteLoss, settings: AdamSettings): TrainingGraph {
  const tape = newTape();
  const loss = write(tape);
  const { parameters } = tape.parts();
  const size = sizeOf(parameters);
  const learnt = adamStep(tape, loss, { name: 'weights', dims: [size] }, settings);
  const bytes = encodeTape(tape, 'training', [
    ['loss', loss],
    ['norm', learnt.norm],
    ['next.weights', learnt.weights],
    ['next.first', learnt.first],
    ['next.second', learnt.second],
    ['next.mean', learnt.mean],
  ]);
  return { bytes, parameters, size };
}

/** Inputs: the loss's own and `weights`; output: `loss`. */
export function judgingGraph(write: WriteLoss): Uint8Array {
  const tape = newTape();
  const loss = write(tape);
  return encodeTape(tape, 'judging', [['loss', loss]]);
}

/** The weights before the first step; the same seed gives the same weights. */
export function firstWeights(parameters: readonly Parameter[], seed: number): Float32Array {
  const random = seeded(seed);
  const made = new Float32Array(sizeOf(parameters));
  let at = 0;
  for (const { size, start } of parameters) {
    for (let k = 0; k < size; k += 1) made[at + k] = 'all' in start ? start.all : (2 * random() - 1) * start.within;
    at += size;
  }
  return made;
}
