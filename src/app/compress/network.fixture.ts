// A dense network with random weights, as an ONNX file: `x` float [rows, sizes[0]] to `p`.
import {normal, seededRandom} from '../../math/index.ts';
import {encodeModel, type Graph} from '../../models/index.ts';

export function networkFile(seed: number, sizes: readonly number[]): Uint8Array {
  const random = seededRandom(seed);
  const floats = (length: number, scale: number) => Float32Array.from({length}, () => scale * normal(random));
  const nodes: Graph['nodes'][number][] = [];
  const initializers: Graph['initializers'][number][] = [];
  let at = 'x';
  sizes.slice(1).forEach((to, layer) => {
    const from = sizes[layer]!;
    initializers.push(
      {name: `w${layer}`, dims: [from, to], data: floats(from * to, 1 / Math.sqrt(from))},
      {name: `b${layer}`, dims: [to], data: floats(to, 0.1)},
    );
    nodes.push({op: 'Gemm', inputs: [at, `w${layer}`, `b${layer}`], outputs: [`h${layer}`]});
    const last = layer === sizes.length - 2;
    at = last ? 'p' : `a${layer}`;
    nodes.push({op: last ? 'Sigmoid' : 'Relu', inputs: [`h${layer}`], outputs: [at]});
  });
  return encodeModel({
    name: 'network',
    nodes,
    initializers,
    inputs: [{name: 'x', type: 'float', dims: ['rows', sizes[0]!]}],
    outputs: [{name: 'p', type: 'float', dims: ['rows', sizes.at(-1)!]}],
    metadata: {},
  });
}
