// Reading protobuf messages field by field, without generated code.
import {BinaryReader, WireType} from '@bufbuild/protobuf/wire';
import {MillraceError} from '../../../protocol/index.ts';

/** Reads the value of a field from where the reader stands; false leaves it to be skipped. */
export type TakeField = (field: number, reader: BinaryReader, wire: WireType) => unknown;

/** Calls `take` for each field of a message, in the order of its bytes. */
export function readFields(bytes: Uint8Array, take: TakeField): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    if (take(field, reader, wire) === false) reader.skip(wire, field);
  }
}

/** Numbers of a repeated field: packed in one run of bytes, or one by one. */
export function readNumbers<T>(
  reader: BinaryReader,
  wire: WireType,
  read: (reader: BinaryReader) => T,
  into: T[],
): void {
  if (wire !== WireType.LengthDelimited) into.push(read(reader));
  else for (const end = reader.uint32() + reader.pos; reader.pos < end; ) into.push(read(reader));
}

export const readInt = (reader: BinaryReader): number => Number(reader.int64());

/** The file is not one that can be served; `reason` completes "it cannot be read: …". */
export function unreadable(reason: string, fix: string, cause?: unknown): MillraceError {
  return new MillraceError('MODEL_INVALID', `The ONNX model cannot be read: ${reason}.`, {cause, fix});
}
