import {MillraceError} from '../../../protocol/index.ts';
import {readFields, readInt, unreadable} from './fields.ts';
import {type OnnxGraph, readGraph, readNode} from './onnx-graph.ts';

/** What an ONNX file says about itself. Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
export type OnnxModel = {
  readonly irVersion: number;
  readonly producer: string;
  readonly producerVersion: string;
  /** Versions of the operator sets; the default one is ''. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly metadata: ReadonlyMap<string, string>;
  readonly graph: OnnxGraph;
};

/**
 * Reads a ModelProto: its ports, nodes and tensors, the latter still as bytes. Nothing is run. Throws MODEL_INVALID
 * if the bytes are no ONNX model, or keep tensors in other files.
 */
export function readOnnx(bytes: Uint8Array): OnnxModel {
  let irVersion = 0;
  let producer = '';
  let producerVersion = '';
  const opsets = new Map<string, number>();
  const metadata = new Map<string, string>();
  let graph: OnnxGraph | null = null;
  try {
    readFields(bytes, (field, reader) => {
      if (field === 1) irVersion = readInt(reader);
      else if (field === 2) producer = reader.string();
      else if (field === 3) producerVersion = reader.string();
      else if (field === 7) graph = readGraph(reader.bytes());
      else if (field === 8) {
        const [domain, version] = readPair(reader.bytes(), readInt);
        opsets.set(domain === 'ai.onnx' ? '' : domain, version ?? 0);
      } else if (field === 14) {
        const [key, value] = readPair(reader.bytes(), r => r.string());
        metadata.set(key, value ?? '');
      } else if (field === 25)
        readFields(reader.bytes(), (part, inside) => (part === 7 ? readNode(inside.bytes()) : false));
      else return false;
      return true;
    });
  } catch (cause) {
    if (cause instanceof MillraceError) throw cause;
    throw unreadable(`its bytes are no ONNX model (${cause instanceof Error ? cause.message : cause})`, FIX, cause);
  }
  if (graph === null || irVersion === 0) throw unreadable('it holds no graph', FIX);
  return {irVersion, producer, producerVersion, opsets, metadata, graph};
}

const FIX = 'Check that the file is a whole .onnx file, not a pointer to one, and export it again if it is not.';

/** A message of a text and a value: OperatorSetIdProto, StringStringEntryProto. */
function readPair<T>(
  bytes: Uint8Array,
  read: (reader: Parameters<typeof readInt>[0]) => T,
): readonly [string, T | undefined] {
  let key = '';
  let value: T | undefined;
  readFields(bytes, (field, reader) => {
    if (field === 1) key = reader.string();
    else if (field === 2) value = read(reader);
    else return false;
    return true;
  });
  return [key, value];
}
