// ONNX files small enough to compute by hand: input `x` float [rows, 2], output `y`.
import {encodeModel, type Graph} from '../../models/index.ts';

const fileOf = (graph: Pick<Graph, 'nodes'> & Partial<Graph>, width: number): Uint8Array =>
  encodeModel({
    name: 'test',
    initializers: [],
    metadata: {},
    inputs: [{name: 'x', type: 'float', dims: ['rows', 2]}],
    outputs: [{name: 'y', type: 'float', dims: ['rows', width]}],
    ...graph,
  });

/** One value where the first number is at most `threshold`, the other where it is above or missing. */
export const stumpFile = (threshold: number, [below, above]: readonly [number, number]): Uint8Array => {
  const attributes = {
    n_targets: 1n,
    nodes_treeids: [0n, 0n, 0n],
    nodes_nodeids: [0n, 1n, 2n],
    nodes_modes: ['BRANCH_LEQ', 'LEAF', 'LEAF'],
    nodes_featureids: [0n, 0n, 0n],
    nodes_values: Float32Array.of(threshold, 0, 0),
    nodes_truenodeids: [1n, 0n, 0n],
    nodes_falsenodeids: [2n, 0n, 0n],
    target_treeids: [0n, 0n],
    target_nodeids: [1n, 2n],
    target_ids: [0n, 0n],
    target_weights: Float32Array.of(below, above),
  };
  return fileOf(
    {nodes: [{op: 'TreeEnsembleRegressor', domain: 'ai.onnx.ml', inputs: ['x'], outputs: ['y'], attributes}]},
    1,
  );
};

/** y = 2 a - b + 0.5 */
export const linearFile = (): Uint8Array => {
  const attributes = {coefficients: Float32Array.of(2, -1), intercepts: Float32Array.of(0.5)};
  return fileOf({nodes: [{op: 'LinearRegressor', domain: 'ai.onnx.ml', inputs: ['x'], outputs: ['y'], attributes}]}, 1);
};

/** y = id + constructor: a column of integers and one of floats, by names that objects have too. */
export const columnsFile = (): Uint8Array =>
  fileOf(
    {
      nodes: [
        {op: 'Cast', inputs: ['id'], outputs: ['n'], attributes: {to: 1n}},
        {op: 'Add', inputs: ['n', 'constructor'], outputs: ['y']},
      ],
      inputs: [
        {name: 'id', type: 'int64', dims: ['rows', 1]},
        {name: 'constructor', type: 'float', dims: ['rows', 1]},
      ],
    },
    1,
  );

/** The softmax of [a + b, a - b]. */
export const networkFile = (): Uint8Array =>
  fileOf(
    {
      nodes: [
        {op: 'MatMul', inputs: ['x', 'w'], outputs: ['h']},
        {op: 'Softmax', inputs: ['h'], outputs: ['y'], attributes: {axis: 1n}},
      ],
      initializers: [{name: 'w', dims: [2, 2], data: Float32Array.of(1, 1, 1, -1)}],
    },
    2,
  );
