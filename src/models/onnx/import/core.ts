import type {ModelArrays} from '../../artifact.ts';
import {linearCore} from './linear-core.ts';
import type {OnnxGraph, OnnxNode} from './onnx-graph.ts';
import type {OnnxPort} from './onnx-port.ts';
import {foldIntoForest, type Step, stepOf} from './prepare.ts';
import {tableForest} from './table-forest.ts';
import {treeTable5} from './tree-ensemble-5.ts';
import {isDouble, NotTaken, treeTable} from './tree-table.ts';

const FLOAT = 1;
const DOUBLE = 11;

/** The node that predicts, with the preparation before it, as arrays of ours. */
export type Core = {
  readonly kind: 'trees' | 'linear';
  readonly arrays: ModelArrays;
  readonly missingIsNaN: boolean;
  /** No leaf takes anything away: a classifier then answers with probabilities as they are. */
  readonly positive: boolean;
};

export function coreOf(graph: OnnxGraph, node: OnnxNode, input: OnnxPort, features: number): Core {
  const {steps, element} = preparation(graph, node.inputs[0]!, input, features);
  if (element === DOUBLE && steps.length > 0) throw new NotTaken('it is prepared in double precision');
  if (node.op.startsWith('Linear')) return {kind: 'linear', positive: false, ...linearCore(node, steps, features)};
  if (element !== DOUBLE && isDouble(node)) throw new NotTaken('its thresholds are double and its input is not');
  const table = node.op === 'TreeEnsemble' ? treeTable5(node) : treeTable(node);
  const forest = tableForest(table, features, element === DOUBLE ? 'double' : 'float32');
  return {
    kind: 'trees',
    arrays: foldIntoForest(steps, forest),
    missingIsNaN: false,
    positive: table.weight.every(w => w >= 0),
  };
}

/** What lies between the input of the model and `name`, in the order in which it is done, and the type that arrives. */
function preparation(
  graph: OnnxGraph,
  name: string,
  input: OnnxPort,
  features: number,
): {readonly steps: readonly Step[]; readonly element: number} {
  const steps: Step[] = [];
  let element = input.element;
  const nodes: OnnxNode[] = [];
  for (let at = name; at !== input.name; ) {
    const node = graph.nodes.find(({outputs}) => outputs.includes(at));
    if (node === undefined) throw new NotTaken(`'${at}' does not come from the input`);
    nodes.unshift(node);
    at = node.inputs[0]!;
  }
  let narrowed = element === FLOAT;
  for (const node of nodes) {
    if (node.op === 'Cast') {
      element = node.attributes.get('to')?.int ?? 0;
      if (element === FLOAT) narrowed = true;
      else if (element !== DOUBLE) throw new NotTaken('its input is cast to another type');
    } else if (node.op === 'Imputer' || node.op === 'Scaler') {
      steps.push(stepOf(node, features));
      element = FLOAT; // what both of them give, whatever they take
      if (!narrowed) throw new NotTaken('it is prepared in double precision');
    } else if (node.op !== 'Identity') throw new NotTaken(`its input goes through ${node.op}`);
  }
  if (!narrowed) throw new NotTaken('it reads its input in double precision');
  return {steps, element};
}
