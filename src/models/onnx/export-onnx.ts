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
 */
export function exportOnnx(predictor: Predictor): Uint8Array {
  const {spec} = predictor;
  const body = partsOf(predictor);
  const binary = spec.task === 'binary';
  const graph: Graph = {
    name: spec.trainer.kind,
    inputs: [{name: 'input', type: 'float', dims: ['rows', spec.features.length]}],
    outputs: binary
      ? [
          {name: 'label', type: 'int64', dims: ['rows']},
          {name: 'probabilities', type: 'float', dims: ['rows', 2]},
        ]
      : [{name: 'variable', type: 'float', dims: ['rows', 1]}],
    nodes: body.nodes,
    initializers: body.initializers,
    metadata: {features: JSON.stringify(spec.features), task: spec.task},
  };
  return encodeModel(graph);
}

function partsOf(predictor: Predictor): Pick<Graph, 'nodes' | 'initializers'> {
  const {spec} = predictor;
  if (predictor instanceof TreePredictor) return treeGraph(predictor.forest, spec.task);
  if (predictor instanceof LinearPredictor) return linearGraph(predictor.model);
  throw new TypeError(`no ONNX export for models of kind '${spec.kind}'`);
}
