import type {BinaryReader, WireType} from '@bufbuild/protobuf/wire';
import {readFields, readInt, readNumbers, unreadable} from './fields.ts';

/** A TensorProto. Only numbers are decoded, and only when asked for. */
export type OnnxTensor = {
  readonly name: string;
  /** TensorProto.DataType. */
  readonly element: number;
  readonly dims: readonly number[];
  /** Its elements as doubles. Throws MODEL_INVALID for strings and types that a double cannot hold. */
  numbers(): Float64Array;
  /** Its elements, if they are 64-bit integers. */
  integers(): BigInt64Array;
};

const FLOAT = 1;
const DOUBLE = 11;
const INT64 = 7;
const EXTERNAL = 1;

/** How many bytes an element takes in `raw_data`, and how it is read. */
const RAW: Readonly<Record<number, readonly [number, (view: DataView, at: number) => number]>> = {
  [FLOAT]: [4, (view, at) => view.getFloat32(at, true)],
  2: [1, (view, at) => view.getUint8(at)],
  3: [1, (view, at) => view.getInt8(at)],
  4: [2, (view, at) => view.getUint16(at, true)],
  5: [2, (view, at) => view.getInt16(at, true)],
  6: [4, (view, at) => view.getInt32(at, true)],
  [INT64]: [8, (view, at) => Number(view.getBigInt64(at, true))],
  9: [1, (view, at) => view.getUint8(at)],
  [DOUBLE]: [8, (view, at) => view.getFloat64(at, true)],
  12: [4, (view, at) => view.getUint32(at, true)],
};

/** Throws MODEL_INVALID where the data lie in another file: only files inside the project are read, and this one says where. */
export function readTensor(bytes: Uint8Array): OnnxTensor {
  let name = '';
  let element = 0;
  let raw: Uint8Array | null = null;
  const dims: number[] = [];
  const listed: number[] = [];
  const listedIntegers: bigint[] = [];
  const list = (reader: BinaryReader, wire: WireType, read: (reader: BinaryReader) => number) =>
    readNumbers(reader, wire, read, listed);
  readFields(bytes, (field, reader, wire) => {
    if (field === 1) readNumbers(reader, wire, readInt, dims);
    else if (field === 2) element = reader.int32();
    else if (field === 4) list(reader, wire, r => r.float());
    else if (field === 5) list(reader, wire, r => r.int32());
    else if (field === 7) readNumbers(reader, wire, r => BigInt(r.int64()), listedIntegers);
    else if (field === 8) name = reader.string();
    else if (field === 9) raw = reader.bytes();
    else if (field === 10) list(reader, wire, r => r.double());
    else if (field === 13 || (field === 14 && reader.int32() === EXTERNAL)) throw external(name);
    else if (field !== 14) return false;
    return true;
  });
  return {
    name,
    element,
    dims,
    numbers() {
      if (raw === null)
        return listedIntegers.length > 0 ? Float64Array.from(listedIntegers, Number) : Float64Array.from(listed);
      const [size, read] = RAW[element] ?? [];
      if (size === undefined || read === undefined) throw unreadable(`tensor '${name}' holds no numbers`, FIX);
      const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
      return Float64Array.from({length: Math.floor(raw.byteLength / size)}, (_, i) => read(view, i * size));
    },
    integers() {
      if (raw === null) return BigInt64Array.from(listedIntegers);
      const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
      return BigInt64Array.from({length: Math.floor(raw.byteLength / 8)}, (_, i) => view.getBigInt64(i * 8, true));
    },
  };
}

const FIX = 'Export the model again with another version of its converter.';

function external(name: string) {
  return unreadable(
    `the data of tensor '${name}' lie in another file (external data), which is not followed`,
    'Save the model as one file: onnx.save(onnx.load(path), path, save_as_external_data=False).',
  );
}
