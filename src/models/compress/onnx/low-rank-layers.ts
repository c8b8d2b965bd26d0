import {MillraceError} from '../../../protocol/index.ts';
import {type DenseLayer, denseLayers, transpose} from './dense-layers.ts';
import type {RewrittenOnnx} from './int8-layers.ts';
import {OnnxGraph} from './onnx-graph.ts';
import {type Svd, svd} from './svd.ts';

/** The rank of every layer, or the share of each layer's energy (squared singular values) that is kept. */
export type LowRankOptions = {readonly rank: number} | {readonly energy: number};

/** What became of one dense layer; its rank is null if two factors would be no smaller than the whole. */
export type LayerRank = {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly rank: number | null;
  /** Share of the squared singular values that these ranks hold. */
  readonly energy: number;
};

/**
 * Dense layers as two thinner ones: the truncated singular value decomposition, which is the best matrix of its rank
 * (Eckart and Young, 1936), with the roots of the singular values on either side. Only where that is smaller:
 * rank · (inputs + outputs) < inputs · outputs. Throws REQUEST_INVALID for options that mean nothing.
 */
export function lowRankLayers(
  bytes: Uint8Array,
  options: LowRankOptions,
): RewrittenOnnx & {readonly ranks: readonly LayerRank[]} {
  checkOptions(options);
  const graph = new OnnxGraph(bytes);
  const layers = denseLayers(graph);
  const ranks = layers.map((layer): LayerRank => {
    const {inputs, outputs} = layer;
    const name = layer.node.inputs[1]!;
    const largest = Math.ceil((inputs * outputs) / (inputs + outputs)) - 1;
    if (largest < 1) return {name, inputs, outputs, rank: null, energy: 1};
    const parts = svd(layer.weights, inputs, outputs);
    const rank = 'rank' in options ? options.rank : rankFor(parts.s, options.energy);
    if (rank > largest) return {name, inputs, outputs, rank: null, energy: 1};
    factorise(graph, layer, parts, rank);
    return {name, inputs, outputs, rank, energy: energyOf(parts.s, rank)};
  });
  const changed = ranks.filter(({rank}) => rank !== null).length;
  return {bytes: changed === 0 ? bytes : graph.finish(), changed, layers: layers.length, ranks};
}

function factorise(graph: OnnxGraph, {node, inputs, outputs, transposed}: DenseLayer, parts: Svd, rank: number): void {
  const first = new Float32Array(inputs * rank);
  const second = new Float32Array(rank * outputs);
  for (let k = 0; k < rank; k++) {
    const root = Math.sqrt(parts.s[k]!);
    for (let i = 0; i < inputs; i++) first[i * rank + k] = parts.u[i * parts.rank + k]! * root;
    for (let j = 0; j < outputs; j++) second[k * outputs + j] = parts.v[j * parts.rank + k]! * root;
  }
  const [x, weights, ...others] = node.inputs as [string, string, ...string[]];
  const name = (stem: string) => graph.freshName(`${weights}_${stem}`);
  const a = graph.addTensor({name: name('first'), dims: [inputs, rank], data: first});
  const b = graph.addTensor(
    transposed
      ? {name: name('second'), dims: [outputs, rank], data: transpose(second, rank, outputs)}
      : {name: name('second'), dims: [rank, outputs], data: second},
  );
  const inner = name('inner');
  graph.rewire(node, [{op: 'MatMul', inputs: [x, a], outputs: [inner]}], [inner, b, ...others]);
}

const squares = (s: Float64Array): number => s.reduce((sum, x) => sum + x * x, 0);

function energyOf(s: Float64Array, rank: number): number {
  const all = squares(s);
  return all > 0 ? squares(s.subarray(0, rank)) / all : 1;
}

function rankFor(s: Float64Array, energy: number): number {
  const needed = energy * squares(s);
  let sum = 0;
  for (let k = 0; k < s.length; k++) {
    sum += s[k]! * s[k]!;
    if (sum >= needed) return k + 1;
  }
  return s.length;
}

function checkOptions(options: LowRankOptions): void {
  if (
    'rank' in options ? Number.isInteger(options.rank) && options.rank > 0 : options.energy > 0 && options.energy <= 1
  )
    return;
  throw new MillraceError('REQUEST_INVALID', `Low rank: ${JSON.stringify(options)} is not possible.`, {
    fix: 'Give a rank of 1 or more, or a share of the energy above 0 and up to 1, such as 0.95.',
  });
}
