// Converters of scikit-learn and LightGBM end a classifier with ZipMap, which gives one map per row: no protocol of
// tensors can carry those, and onnxruntime-node cannot return them.
import {BinaryReader, BinaryWriter, WireType} from '@bufbuild/protobuf/wire';
import {readNode} from './onnx-graph.ts';
import type {OnnxModel} from './read-onnx.ts';

const FLOAT = 1;

/**
 * The same model with each ZipMap replaced by an Identity: outputs keep their names and are the scores as a tensor
 * [rows, classes]. All other bytes stay. Returns the bytes that were given if there is none.
 */
export function withoutZipMap(bytes: Uint8Array, model: OnnxModel): Uint8Array {
  const zipped = new Set(model.graph.nodes.filter(({op}) => op === 'ZipMap').flatMap(({outputs}) => outputs));
  if (zipped.size === 0) return bytes;
  const replaced = rewrite(bytes, (field, value) => (field === 7 ? rewriteGraph(value, zipped) : value));
  return model.opsets.has('') ? replaced : Buffer.concat([replaced, defaultOpset()]);
}

/** Identity belongs to the default operator set, which a model of ai.onnx.ml alone does not name. */
function defaultOpset(): Uint8Array {
  const set = new BinaryWriter().tag(2, WireType.Varint).int64(13).finish();
  return new BinaryWriter().tag(8, WireType.LengthDelimited).bytes(set).finish();
}

function rewriteGraph(graph: Uint8Array, zipped: ReadonlySet<string>): Uint8Array {
  return rewrite(graph, (field, value) => {
    if (field === 1) {
      const node = readNode(value);
      return node.op === 'ZipMap' ? identity(node.inputs[0]!, node.outputs[0]!) : value;
    }
    if (field !== 12) return value;
    const name = nameOf(value);
    return zipped.has(name) ? scoresPort(name) : value;
  });
}

/** Copies a message, with its length-delimited fields passed through `change`. */
function rewrite(bytes: Uint8Array, change: (field: number, value: Uint8Array) => Uint8Array): Uint8Array {
  const reader = new BinaryReader(bytes);
  const writer = new BinaryWriter();
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    writer.tag(field, wire);
    if (wire === WireType.LengthDelimited) writer.bytes(change(field, reader.bytes()));
    else writer.raw(reader.skip(wire, field));
  }
  return writer.finish();
}

function identity(input: string, output: string): Uint8Array {
  const node = new BinaryWriter();
  node.tag(1, WireType.LengthDelimited).string(input);
  node.tag(2, WireType.LengthDelimited).string(output);
  node.tag(4, WireType.LengthDelimited).string('Identity');
  return node.finish();
}

/** Float [any, any]. */
function scoresPort(name: string): Uint8Array {
  const any = () => new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(new Uint8Array()).finish();
  const dims = new BinaryWriter().raw(any()).raw(any()).finish();
  const tensor = new BinaryWriter().tag(1, WireType.Varint).int32(FLOAT).tag(2, WireType.LengthDelimited).bytes(dims);
  const type = new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(tensor.finish());
  const port = new BinaryWriter().tag(1, WireType.LengthDelimited).string(name);
  return port.tag(2, WireType.LengthDelimited).bytes(type.finish()).finish();
}

function nameOf(port: Uint8Array): string {
  const reader = new BinaryReader(port);
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    if (field === 1) return reader.string();
    reader.skip(wire, field);
  }
  return '';
}
