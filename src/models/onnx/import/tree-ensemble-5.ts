import type {OnnxNode} from './onnx-graph.ts';
import {NotTaken, numbersOf, type TreeTable} from './tree-table.ts';

const MODES = ['BRANCH_LEQ', 'BRANCH_LT', 'BRANCH_GTE', 'BRANCH_GT', 'BRANCH_EQ', 'BRANCH_NEQ', 'BRANCH_MEMBER'];
const AGGREGATES = ['AVERAGE', 'SUM', 'MIN', 'MAX'];
/** What `post_transform` of TreeEnsemble counts. */
export const TRANSFORMS = ['NONE', 'SOFTMAX', 'LOGISTIC', 'SOFTMAX_ZERO', 'PROBIT'];

/** The lists of TreeEnsemble (ai.onnx.ml 5): leaves are numbered by themselves, here behind the nodes that split. */
export function treeTable5(node: OnnxNode): TreeTable {
  const aggregate = AGGREGATES[node.attributes.get('aggregate_function')?.int ?? 1];
  if (aggregate !== 'SUM') throw new NotTaken(`its trees are joined by ${aggregate}`);
  const list = (name: string): Float64Array => numbersOf(node, name);
  const tensor = (name: string): Float64Array => node.attributes.get(name)?.tensor?.numbers() ?? new Float64Array();
  const targets = list('leaf_targetids');
  if (targets.some(target => target !== targets[0])) throw new NotTaken('it has more than one score');
  const modes = tensor('nodes_modes');
  const splits = modes.length;
  const weights = tensor('leaf_weights');
  const all = splits + weights.length;
  const childrenOf = (nodes: string, leaves: string) => {
    const ids = list(nodes);
    const isLeaf = list(leaves);
    return Int32Array.from({length: all}, (_, n) => (n < splits ? ids[n]! + (isLeaf[n] === 1 ? splits : 0) : -1));
  };
  const padded = (numbers: Float64Array) => Float64Array.from({length: all}, (_, n) => numbers[n] ?? 0);
  return {
    mode: Array.from({length: all}, (_, n) => (n < splits ? (MODES[modes[n]!] ?? `mode ${modes[n]}`) : 'LEAF')),
    feature: Int32Array.from(padded(list('nodes_featureids'))),
    value: padded(tensor('nodes_splits')),
    yes: childrenOf('nodes_truenodeids', 'nodes_trueleafs'),
    no: childrenOf('nodes_falsenodeids', 'nodes_falseleafs'),
    missingYes: Uint8Array.from(padded(list('nodes_missing_value_tracks_true'))),
    weight: Float64Array.from({length: all}, (_, n) => (n < splits ? 0 : weights[n - splits]!)),
    roots: Int32Array.from(list('tree_roots')),
    base: 0,
  };
}
