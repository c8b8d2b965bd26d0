/** The dense layers of a graph: products with a constant matrix. */
import {WireType} from '@bufbuild/protobuf/wire';
import {MillraceError} from '../../../protocol/index.ts';
import type {OnnxGraph, OnnxNode} from './onnx-graph.ts';
import {type Field, integerOf, integersOf} from './wire.ts';

/** `y = x · weights`, in a MatMul or a Gemm (which may scale, and add something). */
export type DenseLayer = {
  readonly node: OnnxNode;
  /** Row by row, `inputs` × `outputs`, whichever way the file has it. */
  readonly weights: Float32Array;
  readonly inputs: number;
  readonly outputs: number;
  /** The file has it as `outputs` × `inputs`. */
  readonly transposed: boolean;
  /** Gemm only: the factors of the product and of what is added. */
  readonly alpha: number;
  readonly beta: number;
};

const FLOAT = 1;

/**
 * All layers whose weights are a float32 matrix that no caller can override. Others (attention products, convolutions,
 * float16) are left as they are. Throws MODEL_INVALID for weights that stand in another file.
 */
export function denseLayers(graph: OnnxGraph): DenseLayer[] {
  return graph.nodes.flatMap(node => {
    if (node.domain !== '' && node.domain !== 'ai.onnx') return [];
    if (node.op !== 'MatMul' && node.op !== 'Gemm') return [];
    const number = (name: string, otherwise: number) => numberOf(node.attributes.get(name)) ?? otherwise;
    if (number('transA', 0) !== 0) return [];
    const weights = matrixOf(graph, node.inputs[1] ?? '');
    if (weights === null) return [];
    const transposed = number('transB', 0) !== 0;
    const [rows, columns, data] = weights;
    const layer = {node, transposed, alpha: number('alpha', 1), beta: number('beta', 1)};
    return transposed
      ? [{...layer, weights: transpose(data, rows, columns), inputs: columns, outputs: rows}]
      : [{...layer, weights: data, inputs: rows, outputs: columns}];
  });
}

function matrixOf(graph: OnnxGraph, name: string): [rows: number, columns: number, data: Float32Array] | null {
  const tensor = graph.initializers.get(name);
  // Since version 4 an initialiser that is an input too is a default that a caller may override.
  if (tensor === undefined || (graph.irVersion >= 4 && graph.inputs.has(name))) return null;
  const all = (number: number) => tensor.filter(field => field.number === number);
  const dims = integersOf(all(1));
  const [type] = all(2).map(integerOf);
  if (dims.length !== 2 || type !== FLOAT) return null;
  if (all(14).some(field => integerOf(field) === 1))
    throw new MillraceError('MODEL_INVALID', `The weights '${name}' stand in another file.`, {
      fix: 'Save the model as one file: onnx.save(model, path, save_as_external_data=False).',
    });
  const [rows, columns] = dims as [number, number];
  const data = floatsOf(all(9), all(4));
  if (data.length !== rows * columns)
    throw new MillraceError(
      'MODEL_INVALID',
      `The weights '${name}' are ${data.length} values for ${rows} × ${columns}.`,
    );
  return [rows, columns, data];
}

/** Little-endian raw bytes, or a list of floats, packed or not. */
function floatsOf([raw]: readonly Field[], listed: readonly Field[]): Float32Array {
  const parts = raw === undefined ? listed.map(({value}) => value) : [raw.value];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return new Float32Array(bytes.buffer, 0, bytes.length >> 2);
}

/** The value of an attribute that is a number: an int (field 3) or a float (field 2). */
function numberOf(attribute: readonly Field[] | undefined): number | undefined {
  const value = attribute?.find(({number}) => number === 2 || number === 3);
  if (value === undefined) return undefined;
  if (value.type !== WireType.Bit32) return integerOf(value);
  return new DataView(value.value.buffer, value.value.byteOffset).getFloat32(0, true);
}

export function transpose(data: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(data.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = data[i * columns + j]!;
  return out;
}
