import {type Forest, setCodes} from '../trees/forest.ts';
import {binaryOutput} from './binary-output.ts';
import {type Attribute, ELEMENT, type Graph, type Tensor} from './messages.ts';

/**
 * A TreeEnsembleRegressor gives the margin; a binary task adds a sigmoid. A categorical node becomes a chain of
 * BRANCH_EQ nodes, one per category of its set, whose true branches lead to the same child (the way other
 * exporters write set membership, and which ONNX Runtime turns back into one bit test). Values and sums are
 * double, so that only the result is rounded to float32: float32 sums drift by 1e-6 within some fifty trees. A forest
 * whose sums are float32, since it came from ONNX, is written back as such.
 */
export function treeGraph(forest: Forest, task: 'binary' | 'regression'): Pick<Graph, 'nodes' | 'initializers'> {
  const margin = task === 'binary' ? 'margin' : 'variable';
  const single = forest.base instanceof Float32Array;
  const ensemble = {
    op: 'TreeEnsembleRegressor',
    domain: 'ai.onnx.ml',
    inputs: [single ? 'input' : 'features'],
    outputs: [margin],
    attributes: ensembleAttributes(forest),
  } as const;
  const cast = {op: 'Cast', inputs: ['input'], outputs: ['features'], attributes: {to: BigInt(ELEMENT.double)}};
  const before = single ? [] : [cast];
  if (task === 'regression') return {nodes: [...before, ensemble], initializers: []};
  const output = binaryOutput('positive');
  return {
    nodes: [...before, ensemble, {op: 'Sigmoid', inputs: [margin], outputs: ['positive']}, ...output.nodes],
    initializers: output.initializers,
  };
}

function ensembleAttributes(forest: Forest) {
  const table = new NodeTable();
  forest.roots.forEach((root, tree) => {
    const end = forest.roots[tree + 1] ?? forest.feature.length;
    addTree(table, forest, tree, root, end);
  });
  if (forest.roots.length === 0) table.leaf(0, 0, 0);
  return table.attributes(forest.base);
}

/** Codes are non-negative. */
const NO_CODE = -1;

/** Nodes keep their place in the tree as id; the extra nodes of chains are numbered behind them. */
function addTree(table: NodeTable, forest: Forest, tree: number, root: number, end: number): void {
  let spare = end - root;
  for (let n = root; n < end; n++) {
    const id = n - root;
    if (forest.feature[n] === -1) {
      table.leaf(tree, id, forest.value[n]!);
      continue;
    }
    const feature = forest.feature[n]!;
    const missing = forest.missingLeft[n]!;
    const left = forest.left[n]! - root;
    const right = forest.right[n]! - root;
    if (forest.set[n]! < 0) {
      table.branch(tree, id, 'BRANCH_LEQ', feature, forest.threshold[n]!, left, right, missing);
      continue;
    }
    let at = id;
    const codes = setCodes(forest.sets, forest.set[n]!);
    // A set of categories that all were too rare to be told apart is empty: everything but what is missing goes right.
    if (codes.length === 0) codes.push(NO_CODE);
    codes.forEach((code, k) => {
      const next = k + 1 < codes.length ? spare++ : right;
      table.branch(tree, at, 'BRANCH_EQ', feature, code, left, next, missing);
      at = next;
    });
  }
}

/** The parallel lists that the operator takes. */
class NodeTable {
  readonly #trees: bigint[] = [];
  readonly #ids: bigint[] = [];
  readonly #modes: string[] = [];
  readonly #features: bigint[] = [];
  readonly #values: number[] = [];
  readonly #whenTrue: bigint[] = [];
  readonly #whenFalse: bigint[] = [];
  readonly #missing: bigint[] = [];
  readonly #leafTrees: bigint[] = [];
  readonly #leafIds: bigint[] = [];
  readonly #weights: number[] = [];

  branch(
    tree: number,
    id: number,
    mode: string,
    feature: number,
    value: number,
    left: number,
    right: number,
    missing: number,
  ): void {
    this.#trees.push(BigInt(tree));
    this.#ids.push(BigInt(id));
    this.#modes.push(mode);
    this.#features.push(BigInt(feature));
    this.#values.push(value);
    this.#whenTrue.push(BigInt(left));
    this.#whenFalse.push(BigInt(right));
    this.#missing.push(BigInt(missing));
  }

  leaf(tree: number, id: number, weight: number): void {
    this.branch(tree, id, 'LEAF', 0, 0, 0, 0, 0);
    this.#leafTrees.push(BigInt(tree));
    this.#leafIds.push(BigInt(id));
    this.#weights.push(weight);
  }

  attributes(base: Float64Array | Float32Array): Record<string, Attribute> {
    const numbers: Record<string, Attribute> =
      base instanceof Float32Array
        ? {
            base_values: base,
            nodes_values: Float32Array.from(this.#values),
            target_weights: Float32Array.from(this.#weights),
          }
        : {
            base_values_as_tensor: doubles(base),
            nodes_values_as_tensor: doubles(this.#values),
            target_weights_as_tensor: doubles(this.#weights),
          };
    return {
      ...numbers,
      n_targets: 1n,
      aggregate_function: 'SUM',
      post_transform: 'NONE',
      nodes_treeids: this.#trees,
      nodes_nodeids: this.#ids,
      nodes_modes: this.#modes,
      nodes_featureids: this.#features,
      nodes_truenodeids: this.#whenTrue,
      nodes_falsenodeids: this.#whenFalse,
      nodes_missing_value_tracks_true: this.#missing,
      target_treeids: this.#leafTrees,
      target_nodeids: this.#leafIds,
      target_ids: this.#leafIds.map(() => 0n),
    };
  }
}

function doubles(values: readonly number[] | Float64Array): Tensor {
  return {name: '', dims: [values.length], data: Float64Array.from(values)};
}
