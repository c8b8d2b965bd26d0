// LightGBM's own trees, read from its JSON.
import type {Forest} from '../../../src/models/index.ts';

/** One node of LightGBM's `dump_model`: numeric splits only, no missing values. */
type DumpedNode =
  | {
      readonly split_feature: number;
      readonly threshold: number;
      readonly left_child: DumpedNode;
      readonly right_child: DumpedNode;
      readonly internal_count: number;
    }
  | {readonly leaf_value: number; readonly leaf_count: number};

export type DumpedTrees = readonly {readonly tree_structure: DumpedNode}[];

type Nodes = {
  readonly roots: number[];
  readonly feature: number[];
  /** Threshold, or what a leaf adds to the margin. */
  readonly value: number[];
  readonly left: number[];
  readonly right: number[];
  readonly rows: number[];
};

function flatten(trees: DumpedTrees): Nodes {
  const nodes: Nodes = {roots: [], feature: [], value: [], left: [], right: [], rows: []};
  const add = (node: DumpedNode): number => {
    const leaf = 'leaf_value' in node;
    const at = nodes.feature.push(leaf ? -1 : node.split_feature) - 1;
    nodes.value.push(leaf ? node.leaf_value : node.threshold);
    nodes.rows.push(leaf ? node.leaf_count : node.internal_count);
    nodes.left.push(0);
    nodes.right.push(0);
    if (!leaf) {
      nodes.left[at] = add(node.left_child);
      nodes.right[at] = add(node.right_child);
    }
    return at;
  };
  for (const {tree_structure} of trees) nodes.roots.push(add(tree_structure));
  return nodes;
}

/** A walk written by hand, as a server for this one model would have it: the probability of label 1. */
export function treeWalk(trees: DumpedTrees): (row: readonly number[]) => number {
  const {roots, feature, value, left, right} = flatten(trees);
  const [features, values] = [Int32Array.from(feature), Float64Array.from(value)];
  const [lefts, rights] = [Int32Array.from(left), Int32Array.from(right)];
  return row => {
    let margin = 0;
    for (const root of roots) {
      let n = root;
      for (let f = features[n]!; f >= 0; f = features[n]!) n = (row[f]! <= values[n]! ? lefts[n] : rights[n])!;
      margin += values[n]!;
    }
    return 1 / (1 + Math.exp(-margin));
  };
}

/** The same trees for the built-in evaluator. */
export function forestOfTrees(trees: DumpedTrees): Forest {
  const {roots, feature, value, left, right, rows} = flatten(trees);
  const leaf = (n: number) => feature[n] === -1;
  return {
    base: Float64Array.of(0),
    roots: Int32Array.from(roots),
    feature: Int32Array.from(feature),
    threshold: Float32Array.from(value, (threshold, n) => (leaf(n) ? 0 : threshold)),
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    missingLeft: new Uint8Array(feature.length),
    set: new Int32Array(feature.length).fill(-1),
    sets: new Uint32Array(),
    value: Float32Array.from(value, (added, n) => (leaf(n) ? added : 0)),
    gain: Float32Array.from(feature, (_, n) => (leaf(n) ? 0 : 1)),
    cover: Float64Array.from(rows),
  };
}
