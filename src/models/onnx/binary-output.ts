import type {Graph} from './messages.ts';

/**
 * Float probability `p` [rows, 1] to `label` and `probabilities`. Label 1 needs p > 0.5.
 * Plain operators instead of a classifier node: runtimes disagree about base values of binary classifiers.
 */
export function binaryOutput(probability: string): Pick<Graph, 'nodes' | 'initializers'> {
  return {
    nodes: [
      {op: 'Sub', inputs: ['one', probability], outputs: ['complement']},
      {op: 'Concat', inputs: ['complement', probability], outputs: ['probabilities'], attributes: {axis: 1n}},
      {op: 'Greater', inputs: [probability, 'half'], outputs: ['isPositive']},
      {op: 'Cast', inputs: ['isPositive'], outputs: ['labelColumn'], attributes: {to: 7n}},
      {op: 'Squeeze', inputs: ['labelColumn', 'columnAxis'], outputs: ['label']},
    ],
    initializers: [
      {name: 'one', dims: [1], data: Float32Array.of(1)},
      {name: 'half', dims: [1], data: Float32Array.of(0.5)},
      {name: 'columnAxis', dims: [1], data: BigInt64Array.of(1n)},
    ],
  };
}
