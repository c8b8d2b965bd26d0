// ONNX models made by our own writer, for tests.
import {normal, type Random} from '../../math/index.ts';
import {encodeModel, type Graph, type Node, type Port} from '../onnx/messages.ts';

/** A multi-layer perceptron with ReLU between its layers and a softmax at its end: `x` [rows, sizes[0]] to `p`. */
export function perceptron(
  random: Random,
  sizes: readonly number[],
  end: 'Softmax' | 'Sigmoid' = 'Softmax',
): Uint8Array {
  const nodes: Node[] = [];
  const initializers: Graph['initializers'][number][] = [];
  let at = 'x';
  for (let layer = 1; layer < sizes.length; layer++) {
    const [from, to] = [sizes[layer - 1]!, sizes[layer]!];
    const weights = Float32Array.from({length: from * to}, () => normal(random) / Math.sqrt(from));
    initializers.push({name: `w${layer}`, dims: [from, to], data: weights});
    initializers.push({
      name: `b${layer}`,
      dims: [to],
      data: Float32Array.from({length: to}, () => normal(random) / 10),
    });
    nodes.push({op: 'Gemm', inputs: [at, `w${layer}`, `b${layer}`], outputs: [`h${layer}`]});
    at = `h${layer}`;
    if (layer === sizes.length - 1) break;
    nodes.push({op: 'Relu', inputs: [at], outputs: [`a${layer}`]});
    at = `a${layer}`;
  }
  nodes.push(
    end === 'Softmax'
      ? {op: end, inputs: [at], outputs: ['p'], attributes: {axis: 1n}}
      : {op: end, inputs: [at], outputs: ['p']},
  );
  return graph(
    nodes,
    [{name: 'x', type: 'float', dims: ['rows', sizes[0]!]}],
    [{name: 'p', type: 'float', dims: ['rows', sizes.at(-1)!]}],
    initializers,
  );
}

/** Output `same` is input `x`, of any type. */
export const identity = (type: Port['type'], dims: Port['dims'] = ['rows', 2]): Uint8Array =>
  graph([{op: 'Identity', inputs: ['x'], outputs: ['same']}], [{name: 'x', type, dims}], [{name: 'same', type, dims}]);

/** Words to numbers: `city` string [rows] to `code` int64 [rows]; others are -1. */
export const words = (known: readonly string[]): Uint8Array =>
  graph(
    [
      {
        op: 'LabelEncoder',
        domain: 'ai.onnx.ml',
        inputs: ['city'],
        outputs: ['code'],
        attributes: {keys_strings: known, values_int64s: known.map((_, i) => BigInt(i)), default_int64: -1n},
      },
    ],
    [{name: 'city', type: 'string', dims: ['rows']}],
    [{name: 'code', type: 'int64', dims: ['rows']}],
  );

export function graph(
  nodes: readonly Node[],
  inputs: readonly Port[],
  outputs: readonly Port[],
  initializers: Graph['initializers'] = [],
): Uint8Array {
  return encodeModel({name: 'test', nodes, inputs, outputs, initializers, metadata: {}});
}
