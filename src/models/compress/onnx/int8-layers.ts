import {MillraceError} from '../../../protocol/index.ts';
import {ELEMENT, type Node} from '../../onnx/messages.ts';
import {type DenseLayer, denseLayers} from './dense-layers.ts';
import {OnnxGraph} from './onnx-graph.ts';

/** Layers of fewer weights stay as they are: quantising their input would take longer than the product. */
const LEAST_WEIGHTS = 4_096;
/** QuantizeLinear and MatMulInteger exist since then. */
const LEAST_OPSET = 10;

export type RewrittenOnnx = {
  readonly bytes: Uint8Array;
  /** Dense layers that were changed, of how many. */
  readonly changed: number;
  readonly layers: number;
};

/**
 * Dense layers in 8-bit integers. Weights have one scale for each output; each row of the input gets a scale of its own when
 * the model runs, so that an answer does not depend on the rows beside it (DynamicQuantizeLinear, with one scale for a whole
 * batch, changes answers in the second digit). The product is a MatMulInteger, which runs on integer instructions;
 * weights behind DequantizeLinear would be turned back into floats at each call.
 */
export function int8Layers(bytes: Uint8Array): RewrittenOnnx {
  const graph = new OnnxGraph(bytes);
  const layers = denseLayers(graph);
  if (graph.opset < LEAST_OPSET)
    throw new MillraceError('MODEL_INVALID', `The model is of opset ${graph.opset}; int8 layers need ${LEAST_OPSET}.`, {
      fix: 'Convert it: onnx.version_converter.convert_version(model, 17).',
    });
  const large = layers.filter(({weights}) => weights.length >= LEAST_WEIGHTS);
  for (const layer of large) graph.replace(layer.node, quantisedProduct(graph, layer));
  return {bytes: large.length === 0 ? bytes : graph.finish(), changed: large.length, layers: layers.length};
}

function quantisedProduct(graph: OnnxGraph, layer: DenseLayer): Node[] {
  const {node, inputs, outputs, beta} = layer;
  const [output] = node.outputs as [string];
  const name = (stem: string) => graph.freshName(`${output}_${stem}`);
  const constant = (stem: string, value: number) =>
    graph.addTensor({name: name(stem), dims: [], data: Float32Array.of(value)});
  const {steps, scales} = quantiseWeights(layer);
  const weights = graph.addTensor({name: name('weights'), dims: [inputs, outputs], data: steps});
  const weightScales = graph.addTensor({name: name('scales'), dims: [outputs], data: scales});
  const zero = graph.addTensor({name: name('zero'), dims: [], data: Uint8Array.of(128)});
  const [x, added] = [node.inputs[0]!, node.inputs[2]];

  const size = name('size');
  const peak = name('peak');
  const some = name('some');
  const number = name('number');
  const sum = name('sum');
  const nothing = name('nothing');
  const scale = name('scale');
  const scaled = name('scaled');
  const quantised = name('quantised');
  const sums = name('sums');
  const product = name('product');
  const inRows = name('in_rows');
  const weighted = added === undefined ? output : name('weighted');
  const nodes: Node[] = [
    {op: 'Abs', inputs: [x], outputs: [size]},
    ofRows('ReduceMax', graph, size, peak, name),
    {op: 'Max', inputs: [peak, constant('least', 1e-30)], outputs: [some]},
    {op: 'Div', inputs: [some, constant('steps', 127)], outputs: [number]},
    // A largest value forgets a NaN beside it, a sum does not: its row has no scale, and no answer.
    ofRows('ReduceL1', graph, x, sum, name),
    {op: 'Mul', inputs: [sum, constant('nothing', 0)], outputs: [nothing]},
    {op: 'Add', inputs: [number, nothing], outputs: [scale]},
    {op: 'Div', inputs: [x, scale], outputs: [scaled]},
    {op: 'QuantizeLinear', inputs: [scaled, constant('one', 1), zero], outputs: [quantised]},
    {op: 'MatMulInteger', inputs: [quantised, weights, zero], outputs: [sums]},
    {op: 'Cast', inputs: [sums], outputs: [product], attributes: {to: BigInt(ELEMENT.float)}},
    {op: 'Mul', inputs: [product, scale], outputs: [inRows]},
    {op: 'Mul', inputs: [inRows, weightScales], outputs: [weighted]},
  ];
  if (added === undefined) return nodes;
  if (beta === 1) return [...nodes, {op: 'Add', inputs: [weighted, added], outputs: [output]}];
  const offset = name('offset');
  return [
    ...nodes,
    {op: 'Mul', inputs: [added, constant('beta', beta)], outputs: [offset]},
    {op: 'Add', inputs: [weighted, offset], outputs: [output]},
  ];
}

/** Opset 18 turned the axes of a reduction from an attribute into an input. */
function ofRows(op: string, graph: OnnxGraph, from: string, to: string, name: (stem: string) => string): Node {
  const attributes = {keepdims: 1n};
  if (graph.opset < 18) return {op, inputs: [from], outputs: [to], attributes: {...attributes, axes: [-1n]}};
  const axes = graph.addTensor({name: name('axes'), dims: [1], data: BigInt64Array.of(-1n)});
  return {op, inputs: [from, axes], outputs: [to], attributes};
}

/** Steps of -127 to 127 and one scale for each output; `alpha` goes into the scales. */
function quantiseWeights({weights, inputs, outputs, alpha}: DenseLayer): {steps: Int8Array; scales: Float32Array} {
  const scales = new Float32Array(outputs);
  for (let k = 0; k < weights.length; k++) {
    const j = k % outputs;
    scales[j] = Math.max(scales[j]!, Math.abs(weights[k]!) / 127);
  }
  const steps = new Int8Array(inputs * outputs);
  for (let k = 0; k < weights.length; k++) {
    const scale = scales[k % outputs]!;
    steps[k] = scale > 0 ? Math.max(-127, Math.min(127, Math.round(weights[k]! / scale))) : 0;
  }
  return {steps, scales: scales.map(scale => scale * alpha)};
}
