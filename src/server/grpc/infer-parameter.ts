/** Parameters of a request or an answer: a map from names to a value of one of five kinds. */
import {type BinaryReader, type BinaryWriter, WireType} from '@bufbuild/protobuf/wire';
import {embed, readMessage, text} from './wire.ts';

/** Reads an entry of the map into it. */
export function readParameter(reader: BinaryReader, into: Map<string, unknown>): void {
  let key = '';
  let value: unknown;
  readMessage(reader.bytes(), (field, _, entry) => {
    if (field === 1) key = entry.string();
    else if (field === 2) value = readValue(entry.bytes());
    else return false;
    return true;
  });
  into.set(key, value);
}

function readValue(bytes: Uint8Array): unknown {
  let value: unknown;
  readMessage(bytes, (field, _, reader) => {
    if (field === 1) value = reader.bool();
    else if (field === 2) value = Number(reader.int64());
    else if (field === 3) value = reader.string();
    else if (field === 4) value = reader.double();
    else if (field === 5) value = Number(reader.uint64());
    else return false;
    return true;
  });
  return value;
}

/** Writes a map: whole numbers as int64, others as double. */
export function writeParameters(
  writer: BinaryWriter,
  field: number,
  parameters: Readonly<Record<string, string | number | boolean>>,
): void {
  for (const [key, value] of Object.entries(parameters))
    embed(writer, field, entry => {
      text(entry, 1, key);
      embed(entry, 2, inner => {
        if (typeof value === 'boolean') inner.tag(1, WireType.Varint).bool(value);
        else if (typeof value === 'string') inner.tag(3, WireType.LengthDelimited).string(value);
        else if (Number.isSafeInteger(value)) inner.tag(2, WireType.Varint).int64(value);
        else inner.tag(4, WireType.Bit64).double(value);
      });
    });
}
