import type {LinearModel} from '../linear/linear-model.ts';
import {binaryOutput} from './binary-output.ts';
import {ELEMENT, type Graph, type Node, type Tensor} from './messages.ts';

/**
 * The whole preprocessing as standard operators, computed in double: impute and standardise numbers, mark what
 * is missing, compare codes; then one product with the coefficients. Terms stand in the model's own order.
 */
export function linearGraph(model: LinearModel, task: 'binary' | 'regression'): Pick<Graph, 'nodes' | 'initializers'> {
  const nodes: Node[] = [{op: 'Cast', inputs: ['input'], outputs: ['x'], attributes: {to: BigInt(ELEMENT.double)}}];
  const initializers: Tensor[] = [];
  const terms: string[] = [];
  const constant = (name: string, data: Float64Array | BigInt64Array, dims = [data.length]) => {
    initializers.push({name, dims, data});
    return name;
  };
  const gather = (features: Int32Array, output: string) => {
    const indices = constant(`${output}Features`, BigInt64Array.from(features, BigInt));
    nodes.push({op: 'Gather', inputs: ['x', indices], outputs: [output], attributes: {axis: 1n}});
  };
  const asNumber = (from: string, output: string) => {
    nodes.push({op: 'Cast', inputs: [from], outputs: [output], attributes: {to: BigInt(ELEMENT.double)}});
    terms.push(output);
  };
  if (model.numericFeature.length > 0) {
    gather(model.numericFeature, 'numbers');
    constant('means', model.mean);
    constant('scales', model.scale);
    nodes.push(
      {op: 'IsNaN', inputs: ['numbers'], outputs: ['numberMissing']},
      {op: 'Where', inputs: ['numberMissing', 'means', 'numbers'], outputs: ['imputed']},
      {op: 'Sub', inputs: ['imputed', 'means'], outputs: ['centred']},
      {op: 'Div', inputs: ['centred', 'scales'], outputs: ['standardised']},
    );
    terms.push('standardised');
  }
  if (model.indicatorFeature.length > 0) {
    gather(model.indicatorFeature, 'marked');
    nodes.push({op: 'IsNaN', inputs: ['marked'], outputs: ['markedMissing']});
    asNumber('markedMissing', 'indicators');
  }
  if (model.categoryFeature.length > 0) {
    gather(model.categoryFeature, 'codes');
    constant('categories', Float64Array.from(model.categoryCode));
    nodes.push({op: 'Equal', inputs: ['codes', 'categories'], outputs: ['isCategory']});
    asNumber('isCategory', 'oneHot');
  }
  constant('coefficients', model.coefficient, [model.coefficient.length, 1]);
  constant('intercept', model.intercept);
  nodes.push(
    {op: 'Concat', inputs: terms, outputs: ['terms'], attributes: {axis: 1n}},
    {op: 'MatMul', inputs: ['terms', 'coefficients'], outputs: ['weighted']},
    {op: 'Add', inputs: ['weighted', 'intercept'], outputs: ['margin']},
  );
  const asFloat = (from: string, output: string) =>
    nodes.push({op: 'Cast', inputs: [from], outputs: [output], attributes: {to: BigInt(ELEMENT.float)}});
  if (task === 'regression') {
    asFloat('margin', 'variable');
    return {nodes, initializers};
  }
  nodes.push({op: 'Sigmoid', inputs: ['margin'], outputs: ['probability']});
  asFloat('probability', 'positive');
  const output = binaryOutput('positive');
  nodes.push(...output.nodes);
  return {nodes, initializers: [...initializers, ...output.initializers]};
}
