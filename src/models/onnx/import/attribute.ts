import {readFields, readInt, readNumbers} from './fields.ts';
import {type OnnxTensor, readTensor} from './onnx-tensor.ts';

/** An AttributeProto: the one value it holds; the others are empty. */
export type Attribute = {
  readonly name: string;
  readonly int: number;
  readonly float: number;
  readonly text: string;
  readonly tensor: OnnxTensor | null;
  readonly ints: readonly bigint[];
  readonly floats: readonly number[];
  readonly texts: readonly string[];
  /** Bytes of GraphProtos inside, as `If` and `Loop` have. */
  readonly graphs: readonly Uint8Array[];
};

const TEXT = new TextDecoder();

export function readAttribute(bytes: Uint8Array): Attribute {
  let name = '';
  let int = 0;
  let float = 0;
  let text = '';
  let tensor: OnnxTensor | null = null;
  const ints: bigint[] = [];
  const floats: number[] = [];
  const texts: string[] = [];
  const graphs: Uint8Array[] = [];
  readFields(bytes, (field, reader, wire) => {
    if (field === 1) name = reader.string();
    else if (field === 2) float = reader.float();
    else if (field === 3) int = readInt(reader);
    else if (field === 4) text = TEXT.decode(reader.bytes());
    else if (field === 5) tensor = readTensor(reader.bytes());
    else if (field === 6 || field === 11) graphs.push(reader.bytes());
    else if (field === 7) readNumbers(reader, wire, r => r.float(), floats);
    else if (field === 8) readNumbers(reader, wire, r => BigInt(r.int64()), ints);
    else if (field === 9) texts.push(TEXT.decode(reader.bytes()));
    else if (field === 10) readTensor(reader.bytes());
    else return false;
    return true;
  });
  return {name, int, float, text, tensor, ints, floats, texts, graphs};
}
