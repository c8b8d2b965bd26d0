/** Protobuf messages taken apart into fields and put together again, byte for byte, whatever the fields mean. */
import {BinaryReader, BinaryWriter, WireType} from '@bufbuild/protobuf/wire';

export type Field = {
  readonly number: number;
  readonly type: WireType;
  /** The value without its tag and, for a length-delimited one, without its length. */
  readonly value: Uint8Array;
  /** The whole field as it stands in the message. */
  readonly bytes: Uint8Array;
};

/** Throws whatever the reader throws for bytes that are no message. */
export function readFields(message: Uint8Array): Field[] {
  const reader = new BinaryReader(message);
  const fields: Field[] = [];
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const [number, type] = reader.tag();
    const skipped = reader.skip(type, number);
    const bytes = message.subarray(start, reader.pos);
    const value = type === WireType.LengthDelimited ? new BinaryReader(skipped).bytes() : skipped;
    fields.push({number, type, value, bytes});
  }
  return fields;
}

/** A length-delimited field. */
export function makeField(number: number, value: Uint8Array): Field {
  const bytes = new BinaryWriter().tag(number, WireType.LengthDelimited).bytes(value).finish();
  return {number, type: WireType.LengthDelimited, value, bytes};
}

export function joinFields(fields: readonly Field[]): Uint8Array {
  const joined = new Uint8Array(fields.reduce((sum, {bytes}) => sum + bytes.length, 0));
  let at = 0;
  for (const {bytes} of fields) {
    joined.set(bytes, at);
    at += bytes.length;
  }
  return joined;
}

export const textOf = ({value}: Field): string => new TextDecoder().decode(value);

/** A varint, as a signed 64-bit integer that fits a double. */
export const integerOf = ({value}: Field): number => Number(new BinaryReader(value).int64());

/** Repeated integers, packed or not. */
export function integersOf(fields: readonly Field[]): number[] {
  return fields.flatMap(field => {
    if (field.type !== WireType.LengthDelimited) return [integerOf(field)];
    const reader = new BinaryReader(field.value);
    const list: number[] = [];
    while (reader.pos < reader.len) list.push(Number(reader.int64()));
    return list;
  });
}
