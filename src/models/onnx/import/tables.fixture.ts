// Tree ensembles as operators, made node by node, for tests.
import {type Attribute, encodeModel, type Node} from '../messages.ts';

/** A split with its children, or a leaf. */
export type Branch =
  | {
      readonly mode: string;
      readonly feature: number;
      readonly value: number;
      readonly missing?: boolean;
      readonly yes: Branch;
      readonly no: Branch;
    }
  | {readonly leaf: number};

/** The parallel lists of a tree ensemble's attributes. */
export function ensemble(trees: readonly Branch[], kind: 'target' | 'class'): Record<string, Attribute> {
  const lists = {
    tree: [] as bigint[],
    id: [] as bigint[],
    feature: [] as bigint[],
    yes: [] as bigint[],
    no: [] as bigint[],
    missing: [] as bigint[],
  };
  const modes: string[] = [];
  const values: number[] = [];
  const leaves = {tree: [] as bigint[], id: [] as bigint[], weight: [] as number[]};
  trees.forEach((root, tree) => {
    let next = 0;
    const add = (branch: Branch): bigint => {
      const id = BigInt(next++);
      const at = modes.length;
      const split = 'leaf' in branch ? null : branch;
      lists.tree.push(BigInt(tree));
      lists.id.push(id);
      modes.push(split?.mode ?? 'LEAF');
      lists.feature.push(BigInt(split?.feature ?? 0));
      values.push(split?.value ?? 0);
      lists.missing.push(split?.missing ? 1n : 0n);
      lists.yes.push(0n);
      lists.no.push(0n);
      if ('leaf' in branch) {
        leaves.tree.push(BigInt(tree));
        leaves.id.push(id);
        leaves.weight.push(branch.leaf);
      } else {
        lists.yes[at] = add(branch.yes);
        lists.no[at] = add(branch.no);
      }
      return id;
    };
    add(root);
  });
  return {
    nodes_treeids: lists.tree,
    nodes_nodeids: lists.id,
    nodes_modes: modes,
    nodes_featureids: lists.feature,
    nodes_values: Float32Array.from(values),
    nodes_truenodeids: lists.yes,
    nodes_falsenodeids: lists.no,
    nodes_missing_value_tracks_true: lists.missing,
    [`${kind}_treeids`]: leaves.tree,
    [`${kind}_nodeids`]: leaves.id,
    [`${kind}_ids`]: leaves.tree.map(() => 0n),
    [`${kind}_weights`]: Float32Array.from(leaves.weight),
  };
}

/** `x` float [rows, features] through `before`, then trees that give `y`. */
export function regressor(
  trees: readonly Branch[],
  features: number,
  more: Record<string, Attribute> = {},
  before: readonly Node[] = [],
): Uint8Array {
  const attributes = {...ensemble(trees, 'target'), n_targets: 1n, ...more};
  const input = before.at(-1)?.outputs[0] ?? 'x';
  return model(
    [...before, {op: 'TreeEnsembleRegressor', domain: 'ai.onnx.ml', inputs: [input], outputs: ['y'], attributes}],
    features,
    [{name: 'y', type: 'float', dims: ['rows', 1]}],
  );
}

/** The same as a classifier of `early` and `late` that gives `label` and `p`, as converters of XGBoost write it. */
export function classifier(
  trees: readonly Branch[],
  features: number,
  more: Record<string, Attribute> = {},
): Uint8Array {
  const attributes = {
    ...ensemble(trees, 'class'),
    classlabels_strings: ['early', 'late'],
    post_transform: 'LOGISTIC',
    ...more,
  };
  return model(
    [{op: 'TreeEnsembleClassifier', domain: 'ai.onnx.ml', inputs: ['x'], outputs: ['label', 'p'], attributes}],
    features,
    [
      {name: 'label', type: 'string', dims: ['rows']},
      {name: 'p', type: 'float', dims: ['rows', 2]},
    ],
  );
}

export function model(
  nodes: readonly Node[],
  features: number,
  outputs: Parameters<typeof encodeModel>[0]['outputs'],
): Uint8Array {
  return encodeModel({
    name: 'test',
    nodes,
    initializers: [],
    inputs: [{name: 'x', type: 'float', dims: ['rows', features]}],
    outputs,
    metadata: {},
  });
}
