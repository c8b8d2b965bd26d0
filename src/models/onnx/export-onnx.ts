import {QuantisedTreePredictor} from '../compress/quantised/quantised-tree-predictor.ts';
import {LinearPredictor} from '../linear/linear-predictor.ts';
import type {Predictor} from '../predictor.ts';
import {TreePredictor} from '../trees/tree-predictor.ts';
import {linearGraph} from './linear-graph.ts';
import {encodeModel, type Graph} from './messages.ts';
import {treeGraph} from './tree-graph.ts';

/**
 * The model as an ONNX file that needs nothing of ours to run.
 *   input          float [rows, features]: NaN is missing, a category is its code in the vocabulary
 *   label          int64 [rows], probabilities float [rows, 2]   (binary)
 *   variable       float [rows, 1]                               (regression)
 * The names are those of skl2onnx without its ZipMap. Feature names and vocabularies stand in the metadata.
 * As `prediction` there is one output only, for tools that take no other:
 *   prediction     float [rows, 1]: the probability of label 1, or the value
 */
export function exportOnnx(predictor: Predictor, outputs: 'usual' | 'prediction' = 'usual'): Uint8Array {
  const {spec} = predictor;
  const binary = spec.task === 'binary';
  const parts = partsOf(predictor);
  const only = {op: 'Identity', inputs: [binary ? 'positive' : 'variable'], outputs: ['prediction']};
  const body = outputs === 'usual' ? parts : {...parts, nodes: [...parts.nodes, only]};
  const graph: Graph = {
    name: spec.trainer.kind,
    inputs: [{name: 'input', type: 'float', dims: ['rows', spec.features.length]}],
    outputs: portsOf(outputs === 'prediction' ? 'prediction' : binary ? 'classifier' : 'variable'),
    nodes: body.nodes,
    initializers: body.initializers,
    metadata: {features: JSON.stringify(spec.features), task: spec.task},
  };
  return encodeModel(graph);
}

function portsOf(kind: 'classifier' | 'variable' | 'prediction'): Graph['outputs'] {
  if (kind !== 'classifier') return [{name: kind, type: 'float', dims: ['rows', 1]}];
  return [
    {name: 'label', type: 'int64', dims: ['rows']},
    {name: 'probabilities', type: 'float', dims: ['rows', 2]},
  ];
}

function partsOf(predictor: Predictor): Pick<Graph, 'nodes' | 'initializers'> {
  const {spec} = predictor;
  if (predictor instanceof TreePredictor || predictor instanceof QuantisedTreePredictor)
    return treeGraph(predictor.forest, spec.task);
  if (predictor instanceof LinearPredictor) return linearGraph(predictor.model, spec.task);
  throw new TypeError(`no ONNX export for models of kind '${spec.kind}'`);
}
