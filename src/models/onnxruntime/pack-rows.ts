// Rows of several requests as one run of ONNX Runtime, and its answers as those of each.
import {makeTensorData, type Tensor, type TensorData, type TensorSpec} from '../../protocol/index.ts';
import {datatypeNamed, ELEMENT_NAME} from './element-names.ts';
import type {PackedTensor} from './session-messages.ts';

/** Rows `from` to `from + count` of a request. */
export type Rows = {readonly inputs: readonly Tensor[]; readonly from: number; readonly count: number};

type Numbers = Exclude<TensorData, readonly Uint8Array[]>;

const STRICT = new TextDecoder('utf-8', {fatal: true});
const TEXT = new TextEncoder();
const isText = (data: TensorData): data is readonly Uint8Array[] => Array.isArray(data);

/** A request that is not cut into rows, as a run. Copies once, so that the request stays whole. */
export function packWhole(specs: readonly TensorSpec[], inputs: readonly Tensor[]): PackedTensor[] {
  return specs.map(spec => {
    const {shape, data} = named(inputs, spec.name);
    return packed(spec, shape, isText(data) ? data.map(bytes => STRICT.decode(bytes)) : data.slice());
  });
}

/**
 * The rows of all pieces, one behind the other, then the last row again until there are `rows`. All pieces have the same
 * shape behind the first dimension.
 */
export function packRows(specs: readonly TensorSpec[], pieces: readonly Rows[], rows: number): PackedTensor[] {
  return specs.map(spec => {
    const tail = named(pieces[0]!.inputs, spec.name).shape.slice(1);
    const width = tail.reduce((product, size) => product * size, 1);
    const parts = pieces.map(({inputs, from, count}) => {
      const {data} = named(inputs, spec.name);
      return cut(data, from * width, (from + count) * width);
    });
    const dims = [rows, ...tail];
    const last = (filled: number) => Math.max(0, filled - width);
    if (spec.datatype === 'BYTES') {
      const texts = parts.flatMap(part => (part as readonly Uint8Array[]).map(bytes => STRICT.decode(bytes)));
      const padding = texts.slice(last(texts.length));
      while (texts.length < rows * width) texts.push(...padding);
      return packed(spec, dims, texts);
    }
    const joined = makeTensorData(spec.datatype, rows * width) as Numbers;
    let filled = 0;
    for (const part of parts as Numbers[]) {
      joined.set(part as never, filled);
      filled += part.length;
    }
    for (const start = last(filled); filled < joined.length; filled += width)
      joined.copyWithin(filled, start, start + width);
    return packed(spec, dims, joined);
  });
}

/** An answer as tensors; with `rows` only that many from row `from` on, as views. */
export function unpack(outputs: readonly PackedTensor[], from = 0, rows?: number): Tensor[] {
  return outputs.map(({name, type, dims, data}) => {
    const datatype = datatypeNamed(type, name);
    const width = rows === undefined ? 0 : dims.slice(1).reduce((product, size) => product * size, 1);
    const all: TensorData = ArrayBuffer.isView(data)
      ? asNumbers(data, datatype)
      : (data as readonly string[]).map(text => TEXT.encode(text));
    return rows === undefined
      ? {name, datatype, shape: dims, data: all}
      : {name, datatype, shape: [rows, ...dims.slice(1)], data: cut(all, from * width, (from + rows) * width)};
  });
}

/** Answers to the parts of one request, in their order, as one answer. */
export function joinParts(parts: readonly (readonly Tensor[])[]): Tensor[] {
  if (parts.length === 1) return [...parts[0]!];
  return parts[0]!.map(({name, datatype, shape}, k) => {
    const rows = parts.reduce((sum, part) => sum + part[k]!.shape[0]!, 0);
    const pieces = parts.map(part => part[k]!.data);
    const dims = [rows, ...shape.slice(1)];
    if (datatype === 'BYTES') return {name, datatype, shape: dims, data: pieces.flat() as Uint8Array[]};
    const joined = makeTensorData(
      datatype,
      pieces.reduce((sum, piece) => sum + piece.length, 0),
    ) as Numbers;
    let filled = 0;
    for (const piece of pieces as Numbers[]) {
      joined.set(piece as never, filled);
      filled += piece.length;
    }
    return {name, datatype, shape: dims, data: joined};
  });
}

/** Whether every string of a tensor is UTF-8, which is all that ONNX Runtime takes. */
export function isUtf8(data: readonly Uint8Array[]): boolean {
  try {
    for (const bytes of data) STRICT.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function packed(spec: TensorSpec, dims: readonly number[], data: Numbers | readonly string[]): PackedTensor {
  return {name: spec.name, type: ELEMENT_NAME[spec.datatype], dims, data: data as PackedTensor['data']};
}

function cut(data: TensorData, from: number, to: number): TensorData {
  return isText(data) ? data.slice(from, to) : data.subarray(from, to);
}

/** FP16 is held as bits, whatever the runtime gives. */
function asNumbers(data: ArrayBufferView, datatype: Tensor['datatype']): TensorData {
  if (datatype !== 'FP16' || data instanceof Uint16Array) return data as Numbers;
  return new Uint16Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength / 2);
}

const named = (tensors: readonly Tensor[], name: string): Tensor => tensors.find(tensor => tensor.name === name)!;
