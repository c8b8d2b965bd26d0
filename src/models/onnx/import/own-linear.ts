import {type LinearModel, linearModelOf} from '../../linear/linear-model.ts';
import {linearGraph} from '../linear-graph.ts';
import type {Node} from '../messages.ts';
import type {OnnxGraph, OnnxNode} from './onnx-graph.ts';

/**
 * The linear model of our own export, or null. Its arrays stand in the file under the names that the export gives them;
 * that nothing else does is seen by exporting it again: nodes and constants must be those of the file.
 */
export function ownLinear(graph: OnnxGraph, features: number): LinearModel | null {
  const numbers = (name: string) => graph.initializers.get(name)?.numbers() ?? new Float64Array();
  const integers = (name: string) => Int32Array.from(numbers(name));
  if (!graph.initializers.has('coefficients') || !graph.initializers.has('intercept')) return null;
  const coefficient = numbers('coefficients');
  const arrays = {
    intercept: numbers('intercept'),
    numericFeature: integers('numbersFeatures'),
    mean: numbers('means'),
    scale: numbers('scales'),
    indicatorFeature: integers('markedFeatures'),
    categoryFeature: integers('codesFeatures'),
    categoryCode: integers('categories'),
    coefficient,
    center: new Float64Array(coefficient.length), // not in the file: explanations are measured from zero
  };
  const terms = arrays.numericFeature.length + arrays.indicatorFeature.length + arrays.categoryFeature.length;
  if (terms !== coefficient.length || arrays.intercept.length !== 1) return null;
  const model = linearModelOf(arrays, features);
  const again = linearGraph(model, 'binary');
  const sameNodes = JSON.stringify(again.nodes.map(wordsOf)) === JSON.stringify(graph.nodes.map(wordsOf));
  const sameConstants = again.initializers.every(
    ({name, data}) =>
      JSON.stringify([...numbers(name)]) === JSON.stringify(Array.from(data as ArrayLike<number | bigint>, Number)),
  );
  return sameNodes && sameConstants ? model : null;
}

/** What a node does, from what, to what. */
function wordsOf(node: Node | OnnxNode): unknown {
  const {attributes = new Map()} = node;
  const integers =
    attributes instanceof Map
      ? [...attributes].map(([name, {int}]) => [name, int])
      : Object.entries(attributes).map(([name, value]) => [name, Number(value)]);
  return [node.op, node.inputs, node.outputs, integers];
}
