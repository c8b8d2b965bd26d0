import type {OnnxNode} from './onnx-graph.ts';

/** A tree ensemble as the operator's attributes give it: one entry per node, children as places in these lists. */
export type TreeTable = {
  readonly mode: readonly string[];
  readonly feature: Int32Array;
  readonly value: Float64Array;
  readonly yes: Int32Array;
  readonly no: Int32Array;
  readonly missingYes: Uint8Array;
  /** What a leaf adds; 0 elsewhere. */
  readonly weight: Float64Array;
  /** First node of each tree, in the order in which they are added up. */
  readonly roots: Int32Array;
  readonly base: number;
};

/** Why a node is not taken over; it completes "ONNX Runtime evaluates it: …". */
export class NotTaken extends Error {}

/**
 * The lists of TreeEnsembleClassifier and TreeEnsembleRegressor (ai.onnx.ml 1 to 4). Throws NotTaken where there is
 * more than one score, an aggregate other than a sum, or anything that is no tree.
 */
export function treeTable(node: OnnxNode): TreeTable {
  const list = (name: string): Float64Array => numbersOf(node, name);
  const kind = node.op === 'TreeEnsembleClassifier' ? 'class' : 'target';
  const aggregate = node.attributes.get('aggregate_function')?.text ?? 'SUM';
  if (aggregate !== 'SUM') throw new NotTaken(`its trees are joined by ${aggregate}`);
  const scores = list(`${kind}_ids`);
  if (scores.some(id => id !== scores[0])) throw new NotTaken('it has more than one score');
  const base = list('base_values');
  if (base.length > 1) throw new NotTaken('it has more than one base value');
  const mode = node.attributes.get('nodes_modes')?.texts ?? [];
  const trees = list('nodes_treeids');
  const ids = list('nodes_nodeids');
  const places = new Map<string, number>();
  const key = (tree: number, id: number) => `${tree}/${id}`;
  for (let n = 0; n < mode.length; n++) places.set(key(trees[n]!, ids[n]!), n);
  if (places.size !== ids.length || mode.length !== ids.length)
    throw new NotTaken('its nodes are not numbered one by one');
  const childrenOf = (name: string) => {
    const children = list(name);
    return Int32Array.from(mode, (m, n) => (m === 'LEAF' ? -1 : (places.get(key(trees[n]!, children[n]!)) ?? -1)));
  };
  const weight = new Float64Array(mode.length);
  const leafTrees = list(`${kind}_treeids`);
  const leafIds = list(`${kind}_nodeids`);
  list(`${kind}_weights`).forEach((w, i) => {
    const n = places.get(key(leafTrees[i]!, leafIds[i]!));
    if (n === undefined || mode[n] !== 'LEAF' || weight[n] !== 0)
      throw new NotTaken('its weights are not one per leaf');
    weight[n] = w;
  });
  const missing = list('nodes_missing_value_tracks_true');
  return {
    mode,
    feature: Int32Array.from(list('nodes_featureids')),
    value: list('nodes_values'),
    yes: childrenOf('nodes_truenodeids'),
    no: childrenOf('nodes_falsenodeids'),
    missingYes: Uint8Array.from(mode, (_, n) => missing[n] ?? 0),
    weight,
    roots: Int32Array.from(mode.keys()).filter(n => n === 0 || trees[n] !== trees[n - 1]),
    base: base[0] ?? 0,
  };
}

/** Whether the node's numbers are given in double precision. */
export const isDouble = (node: OnnxNode): boolean =>
  node.attributes.has('nodes_values_as_tensor') || node.attributes.get('nodes_splits')?.tensor?.element === DOUBLE;

const DOUBLE = 11;

/** A list of numbers, in whichever of its forms it is given. */
export function numbersOf(node: OnnxNode, name: string): Float64Array {
  const attribute = node.attributes.get(name);
  if (attribute === undefined) return node.attributes.get(`${name}_as_tensor`)?.tensor?.numbers() ?? new Float64Array();
  return attribute.floats.length > 0 ? Float64Array.from(attribute.floats) : Float64Array.from(attribute.ints, Number);
}
