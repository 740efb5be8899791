/**
 * Forests as one TreeEnsembleRegressor, a target each. Rule kept: thresholds and leaves go over as the float32 numbers
 * that training compared with, and NaN goes where the tree sends what is not known, so that ONNX decides as we do.
 */
import type { Forest, Tree } from '../gbdt/tree.ts';
import type { GraphNode } from './proto.ts';

/** `input`: [N × features]; `output`: [N × forests], sums of leaves before the link. */
export function forestNode(forests: readonly Forest[], input: string, output: string): GraphNode {
  const ids: number[] = [];
  const nodeIds: number[] = [];
  const features: number[] = [];
  const values: number[] = [];
  const modes: string[] = [];
  const trueIds: number[] = [];
  const falseIds: number[] = [];
  const missing: number[] = [];
  const leafTrees: number[] = [];
  const leafNodes: number[] = [];
  const leafTargets: number[] = [];
  const leafWeights: number[] = [];
  let treeNo = 0;
  const take = (tree: Tree, target: number): void => {
    for (let node = 0; node < tree.feature.length; node += 1) {
      const left = tree.left[node] ?? -1;
      const isLeaf = left < 0;
      ids.push(treeNo);
      nodeIds.push(node);
      features.push(isLeaf ? 0 : (tree.feature[node] ?? 0));
      values.push(isLeaf ? 0 : (tree.threshold[node] ?? 0));
      modes.push(isLeaf ? 'LEAF' : 'BRANCH_LEQ');
      trueIds.push(isLeaf ? 0 : left);
      falseIds.push(isLeaf ? 0 : (tree.right[node] ?? 0));
      missing.push(isLeaf ? 0 : (tree.missingLeft[node] ?? 0));
      if (isLeaf) {
        leafTrees.push(treeNo);
        leafNodes.push(node);
        leafTargets.push(target);
        leafWeights.push(tree.value[node] ?? 0);
      }
    }
    treeNo += 1;
  };
  for (const [target, forest] of forests.entries()) for (const tree of forest.trees) take(tree, target);
  const ints = (from: readonly number[]): { ints: Int32Array } => ({ ints: Int32Array.from(from) });
  const floats = (from: readonly number[]): { floats: Float32Array } => ({ floats: Float32Array.from(from) });
  return {
    op: 'TreeEnsembleRegressor',
    domain: 'ai.onnx.ml',
    inputs: [input],
    outputs: [output],
    attributes: {
      aggregate_function: { text: 'SUM' },
      base_values: floats(forests.map((forest) => forest.base)),
      n_targets: { int: forests.length },
      nodes_falsenodeids: ints(falseIds),
      nodes_featureids: ints(features),
      nodes_missing_value_tracks_true: ints(missing),
      nodes_modes: { texts: modes },
      nodes_nodeids: ints(nodeIds),
      nodes_treeids: ints(ids),
      nodes_truenodeids: ints(trueIds),
      nodes_values: floats(values),
      post_transform: { text: 'NONE' },
      target_ids: ints(leafTargets),
      target_nodeids: ints(leafNodes),
      target_treeids: ints(leafTrees),
      target_weights: floats(leafWeights),
    },
  };
}
