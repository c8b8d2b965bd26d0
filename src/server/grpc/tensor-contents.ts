/**
 * InferTensorContents: the data of a tensor in the field of its kind. 8 and 16 bit integers travel as 32 bit ones; FP16
 * has no field, and goes raw.
 */
import {type BinaryReader, type BinaryWriter, WireType} from '@bufbuild/protobuf/wire';
import {type Datatype, MillraceError, makeTensorData, type TensorData} from '../../protocol/index.ts';
import {checkStringCount} from '../tensors/raw-tensor.ts';
import {bytes, readMessage, readPacked} from './wire.ts';

type Kind = {
  readonly field: number;
  readonly wire: WireType;
  readonly read: (reader: BinaryReader) => unknown;
  readonly write: (writer: BinaryWriter, value: never) => unknown;
};

const BOOLS: Kind = {field: 1, wire: WireType.Varint, read: r => (r.bool() ? 1 : 0), write: (w, v) => w.bool(v)};
const INTS: Kind = {field: 2, wire: WireType.Varint, read: r => r.int32(), write: (w, v) => w.int32(v)};
const LONGS: Kind = {field: 3, wire: WireType.Varint, read: r => BigInt(r.int64()), write: (w, v) => w.int64(v)};
const UINTS: Kind = {field: 4, wire: WireType.Varint, read: r => r.uint32(), write: (w, v) => w.uint32(v)};
const ULONGS: Kind = {field: 5, wire: WireType.Varint, read: r => BigInt(r.uint64()), write: (w, v) => w.uint64(v)};
const FLOATS: Kind = {field: 6, wire: WireType.Bit32, read: r => r.float(), write: (w, v) => w.float(v)};
const DOUBLES: Kind = {field: 7, wire: WireType.Bit64, read: r => r.double(), write: (w, v) => w.double(v)};
const STRINGS: Kind = {
  field: 8,
  wire: WireType.LengthDelimited,
  read: r => new Uint8Array(r.bytes()),
  write: (w, v) => w.bytes(v),
};

/** null: no field holds it. */
const KIND: Readonly<Record<Datatype, Kind | null>> = {
  BOOL: BOOLS,
  UINT8: UINTS,
  UINT16: UINTS,
  UINT32: UINTS,
  UINT64: ULONGS,
  INT8: INTS,
  INT16: INTS,
  INT32: INTS,
  INT64: LONGS,
  FP16: null,
  FP32: FLOATS,
  FP64: DOUBLES,
  BYTES: STRINGS,
};

/** Whether the data of this datatype can be sent so. */
export const hasContents = (datatype: Datatype): boolean => KIND[datatype] !== null;

/** The data of an input. Throws REQUEST_INVALID if they are not of the datatype or not as many as its shape says. */
export function readContents(name: string, datatype: Datatype, elements: number, contents: Uint8Array): TensorData {
  const kind = KIND[datatype];
  if (!kind)
    throw new MillraceError('REQUEST_INVALID', `Input '${name}' has contents, which cannot hold ${datatype}.`, {
      fix: 'Send it in raw_input_contents.',
    });
  const strings = kind === STRINGS;
  if (strings) checkStringCount(name, elements);
  // Each element takes a byte or more: a shape that claims more elements must not get an array of them.
  if (elements > contents.byteLength) throw wrongCount(name, elements);
  const data = makeTensorData(datatype, elements) as unknown[];
  let count = 0;
  const take = (value: unknown): void => {
    if (count === elements) throw wrongCount(name, elements);
    data[count] = value;
    if (data[count] !== value && !Number.isNaN(value)) throw outOfRange(name, datatype, count, value);
    count++;
  };
  readMessage(contents, (field, wire, reader) => {
    if (field !== kind.field)
      throw new MillraceError('REQUEST_INVALID', `Input '${name}' has contents in field ${field}.`, {
        fix: `Send ${datatype} in field ${kind.field} of its contents.`,
      });
    if (strings) take(kind.read(reader));
    else readPacked(wire, reader, () => take(kind.read(reader)));
    return true;
  });
  if (count !== elements) throw wrongCount(name, elements);
  return data as unknown as TensorData;
}

const wrongCount = (name: string, elements: number): MillraceError =>
  new MillraceError('REQUEST_INVALID', `The contents of input '${name}' are not as many as its shape says.`, {
    fix: `Send ${elements} elements, the product of its shape.`,
  });

const outOfRange = (name: string, datatype: Datatype, i: number, value: unknown): MillraceError =>
  new MillraceError('REQUEST_INVALID', `Element ${i} of input '${name}' is ${value}, no ${datatype}.`, {
    fix: 'Give whole numbers within its range.',
  });

/** Writes the data of an output whose datatype `hasContents`. */
export function writeContents(writer: BinaryWriter, datatype: Datatype, data: TensorData): void {
  const kind = KIND[datatype]!;
  if (Array.isArray(data)) for (const item of data) bytes(writer, kind.field, item);
  else if (data.length > 0) {
    writer.tag(kind.field, WireType.LengthDelimited).fork();
    for (const value of data as Int32Array) kind.write(writer, value as never);
    writer.join();
  }
}
