/**
 * The forests of an ONNX file of ours, read back. Rule kept: it reads what `forest-node.ts` writes and nothing else; a
 * file that is anything else is a ForestUnreadable with a sentence, so that the caller goes one rung down its ladder.
 * Field numbers: onnx/onnx.proto, release 1.13.
 */
import protobuf from 'protobufjs/minimal.js';
import type { Forest, Tree } from '../gbdt/tree.ts';

export class ForestUnreadable extends Error {}

type Reader = protobuf.Reader;
type Attribute = { name: string; floats: number[]; ints: number[]; texts: string[] };

export type ReadForests = {
  /** By target; links are not in the node, each is 'identity'. */
  readonly forests: readonly Forest[];
  readonly metadata: Readonly<Record<string, string>>;
};

/** Calls `take` with each field's number until `end`; what is not taken is skipped. */
function fields(reader: Reader, end: number, take: (field: number, wire: number) => boolean): void {
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (!take(tag >>> 3, tag & 7)) reader.skipType(tag & 7);
  }
}

function inner<T>(reader: Reader, read: (end: number) => T): T {
  const length = reader.uint32();
  return read(reader.pos + length);
}

function readAttribute(reader: Reader, end: number): Attribute {
  const made: Attribute = { name: '', floats: [], ints: [], texts: [] };
  fields(reader, end, (field, wire) => {
    if (field === 1) made.name = reader.string();
    else if (field === 7 && wire === 2)
      inner(reader, (last) => {
        while (reader.pos < last) made.floats.push(reader.float());
      });
    else if (field === 8 && wire === 2)
      inner(reader, (last) => {
        while (reader.pos < last) made.ints.push(Number(reader.int64()));
      });
    else if (field === 9) made.texts.push(reader.string());
    else return false;
    return true;
  });
  return made;
}

export function readForests(bytes: Uint8Array): ReadForests {
  const metadata: Record<string, string> = {};
  let node: ReadonlyMap<string, Attribute> | null = null;
  try {
    const reader = protobuf.Reader.create(bytes);
    fields(reader, bytes.length, (field, wire) => {
      if (field === 7 && wire === 2) {
        inner(reader, (end) =>
          fields(reader, end, (inGraph) => {
            if (inGraph !== 1) return false;
            node = inner(reader, (last) => readNode(reader, last)) ?? node;
            return true;
          }),
        );
        return true;
      }
      if (field !== 14) return false;
      let [key, value] = ['', ''];
      inner(reader, (end) =>
        fields(reader, end, (part) => {
          if (part === 1) key = reader.string();
          else if (part === 2) value = reader.string();
          else return false;
          return true;
        }),
      );
      metadata[key] = value;
      return true;
    });
  } catch (error) {
    throw new ForestUnreadable(`This file is damaged: ${error instanceof Error ? error.message : String(error)}.`);
  }
  if (node === null) throw new ForestUnreadable('This file has no forest in it.');
  return { forests: toForests(node), metadata };
}

/** null: a node of another kind. */
function readNode(reader: Reader, end: number): ReadonlyMap<string, Attribute> | null {
  const attributes = new Map<string, Attribute>();
  let op = '';
  fields(reader, end, (field) => {
    if (field === 4) op = reader.string();
    else if (field === 5) {
      const attribute = inner(reader, (last) => readAttribute(reader, last));
      attributes.set(attribute.name, attribute);
    } else return false;
    return true;
  });
  return op === 'TreeEnsembleRegressor' ? attributes : null;
}

function toForests(attributes: ReadonlyMap<string, Attribute>): readonly Forest[] {
  const ints = (name: string): readonly number[] => attributes.get(name)?.ints ?? [];
  const floats = (name: string): readonly number[] => attributes.get(name)?.floats ?? [];
  const treeIds = ints('nodes_treeids');
  const nodeIds = ints('nodes_nodeids');
  const modes = attributes.get('nodes_modes')?.texts ?? [];
  const trues = ints('nodes_truenodeids');
  const falses = ints('nodes_falsenodeids');
  const features = ints('nodes_featureids');
  const thresholds = floats('nodes_values');
  const missing = ints('nodes_missing_value_tracks_true');
  const trees: { target: number; nodes: number[] }[] = [];
  for (const [at, tree] of treeIds.entries()) {
    trees[tree] ??= { target: 0, nodes: [] };
    if (nodeIds[at] !== trees[tree].nodes.length) throw new ForestUnreadable('Its nodes are not in order.');
    trees[tree].nodes.push(at);
  }
  const leaves = new Map<string, number>();
  const targets = ints('target_ids');
  const weights = floats('target_weights');
  for (const [at, tree] of ints('target_treeids').entries()) {
    leaves.set(`${tree} ${ints('target_nodeids')[at] ?? -1}`, weights[at] ?? 0);
    const of = trees[tree];
    if (of !== undefined) of.target = targets[at] ?? 0;
  }
  const bases = floats('base_values');
  const made: Tree[][] = bases.map(() => []);
  for (const [tree, { target, nodes }] of trees.entries()) {
    const isLeaf = (at: number): boolean => modes[at] === 'LEAF';
    const child = (to: number, at: number): number => {
      if (to <= (nodeIds[at] ?? 0) || to >= nodes.length) throw new ForestUnreadable('A branch leads nowhere.');
      return to;
    };
    made[target]?.push({
      feature: Int16Array.from(nodes, (at) => features[at] ?? 0),
      threshold: Float32Array.from(nodes, (at) => thresholds[at] ?? 0),
      missingLeft: Uint8Array.from(nodes, (at) => missing[at] ?? 0),
      left: Int32Array.from(nodes, (at) => (isLeaf(at) ? -1 : child(trues[at] ?? 0, at))),
      right: Int32Array.from(nodes, (at) => (isLeaf(at) ? -1 : child(falses[at] ?? 0, at))),
      value: Float32Array.from(nodes, (at) => leaves.get(`${tree} ${nodeIds[at] ?? 0}`) ?? 0),
    });
  }
  return bases.map((base, target) => ({ base, trees: made[target] ?? [], link: 'identity' }));
}
