/** Reading and writing protobuf messages field by field: what the messages of the service need of the wire. */
import {BinaryReader, BinaryWriter, WireType} from '@bufbuild/protobuf/wire';
import {MillraceError} from '../../protocol/index.ts';

/** Reads the field whose tag was just read; false leaves it to be skipped. */
export type FieldReader = (field: number, wire: WireType, reader: BinaryReader) => boolean;

/** Gives each field of a message to `read`, and skips what that does not know. Throws REQUEST_INVALID for broken bytes. */
export function readMessage(bytes: Uint8Array, read: FieldReader): void {
  try {
    const reader = new BinaryReader(bytes);
    while (reader.pos < reader.len) {
      const [field, wire] = reader.tag();
      if (!read(field, wire, reader)) reader.skip(wire, field);
    }
  } catch (cause) {
    if (cause instanceof MillraceError) throw cause;
    throw new MillraceError('REQUEST_INVALID', `The message cannot be read: ${(cause as Error).message}.`, {
      cause,
      fix: 'Send a protobuf message of the Open Inference Protocol.',
    });
  }
}

/** A repeated field of numbers, packed or one by one: has each that stands here read. */
export function readPacked(wire: WireType, reader: BinaryReader, one: () => void): void {
  if (wire !== WireType.LengthDelimited) {
    one();
    return;
  }
  const end = reader.uint32() + reader.pos;
  while (reader.pos < end) one();
}

/** Writes a message of its own in a field. */
export function embed(writer: BinaryWriter, field: number, write: (inner: BinaryWriter) => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write(writer);
  writer.join();
}

/** Writes a string, unless it is empty, which is the same. */
export function text(writer: BinaryWriter, field: number, value: string): void {
  if (value !== '') writer.tag(field, WireType.LengthDelimited).string(value);
}

export function bytes(writer: BinaryWriter, field: number, value: Uint8Array): void {
  writer.tag(field, WireType.LengthDelimited).bytes(value);
}

export function flag(writer: BinaryWriter, field: number, value: boolean): void {
  if (value) writer.tag(field, WireType.Varint).bool(value);
}

/** Whole numbers of up to 64 bits, packed. */
export function longs(writer: BinaryWriter, field: number, values: readonly number[]): void {
  if (values.length === 0) return;
  writer.tag(field, WireType.LengthDelimited).fork();
  for (const value of values) writer.int64(value);
  writer.join();
}

/** A whole message. */
export function message(write: (writer: BinaryWriter) => void): Buffer {
  const writer = new BinaryWriter();
  write(writer);
  const whole = writer.finish();
  return Buffer.from(whole.buffer, whole.byteOffset, whole.byteLength);
}
