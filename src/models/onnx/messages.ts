import {BinaryWriter, WireType} from '@bufbuild/protobuf/wire';

/**
 * The few messages of onnx.proto that a model of ours needs, written field by field on the protobuf wire.
 * Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
export type Attribute = bigint | number | string | Tensor | Float32Array | readonly bigint[] | readonly string[];

export type Tensor = {readonly name: string; readonly dims: readonly number[]; readonly data: TensorData};
type TensorData = Float32Array | Float64Array | BigInt64Array | Int32Array | Int8Array | Uint8Array;

export type Node = {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** Operator set; the default one if absent. */
  readonly domain?: 'ai.onnx.ml';
};

/** A tensor in or out: `dims` holds sizes, or a name for a size that varies. */
export type Port = {
  readonly name: string;
  readonly type: keyof typeof ELEMENT;
  readonly dims: readonly (number | string)[];
};

export type Graph = {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly initializers: readonly Tensor[];
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Version of ai.onnx.ml; 3 unless told. */
  readonly mlOpset?: bigint;
};

/** TensorProto.DataType. */
export const ELEMENT = {
  float: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  double: 11,
  uint32: 12,
  uint64: 13,
} as const;

/** Operator sets that ONNX Runtime has known since 1.8 (2021). */
const OPSET = 13n;
const ML_OPSET = 3n;
const IR_VERSION = 7n;

/** A ModelProto. */
export function encodeModel(graph: Graph): Uint8Array {
  const model = new BinaryWriter().tag(1, WireType.Varint).int64(IR_VERSION);
  text(model, 2, 'millrace');
  embed(model, 7, encodeGraph(graph));
  for (const [domain, version] of [
    ['', OPSET],
    ['ai.onnx.ml', graph.mlOpset ?? ML_OPSET],
  ] as const) {
    const set = new BinaryWriter();
    text(set, 1, domain);
    set.tag(2, WireType.Varint).int64(version);
    embed(model, 8, set);
  }
  for (const [key, value] of Object.entries(graph.metadata)) {
    const entry = new BinaryWriter();
    text(entry, 1, key);
    text(entry, 2, value);
    embed(model, 14, entry);
  }
  return model.finish();
}

function encodeGraph({name, nodes, initializers, inputs, outputs}: Graph): BinaryWriter {
  const graph = new BinaryWriter();
  for (const node of nodes) embed(graph, 1, encodeNode(node));
  text(graph, 2, name);
  for (const tensor of initializers) embed(graph, 5, encodeTensor(tensor));
  for (const port of inputs) embed(graph, 11, encodePort(port));
  for (const port of outputs) embed(graph, 12, encodePort(port));
  return graph;
}

/** A NodeProto; its name is made of the operator and the first output. */
export function encodeNode({op, inputs, outputs, attributes = {}, domain}: Node): BinaryWriter {
  const node = new BinaryWriter();
  for (const input of inputs) text(node, 1, input);
  for (const output of outputs) text(node, 2, output);
  text(node, 3, `${op}:${outputs[0]}`);
  text(node, 4, op);
  for (const [name, value] of Object.entries(attributes)) embed(node, 5, encodeAttribute(name, value));
  if (domain !== undefined) text(node, 7, domain);
  return node;
}

function encodeAttribute(name: string, value: Attribute): BinaryWriter {
  const attribute = new BinaryWriter();
  text(attribute, 1, name);
  const type = (code: number) => attribute.tag(20, WireType.Varint).int32(code);
  if (typeof value === 'bigint') type(2).tag(3, WireType.Varint).int64(value);
  else if (typeof value === 'number') type(1).tag(2, WireType.Bit32).float(value);
  else if (typeof value === 'string') type(3).tag(4, WireType.LengthDelimited).string(value);
  else if (value instanceof Float32Array) type(6).tag(7, WireType.LengthDelimited).bytes(littleEndian(value));
  else if ('data' in value) {
    type(4);
    embed(attribute, 5, encodeTensor(value));
  } else if (areStrings(value)) {
    type(8);
    for (const item of value) text(attribute, 9, item);
  } else {
    type(7).tag(8, WireType.LengthDelimited).fork();
    for (const item of value) attribute.int64(item);
    attribute.join();
  }
  return attribute;
}

const areStrings = (list: readonly bigint[] | readonly string[]): list is readonly string[] =>
  typeof list[0] === 'string';

/** A TensorProto. */
export function encodeTensor({name, dims, data}: Tensor): BinaryWriter {
  const tensor = new BinaryWriter();
  for (const dim of dims) tensor.tag(1, WireType.Varint).int64(dim);
  tensor.tag(2, WireType.Varint).int32(ELEMENT[typeOf(data)]);
  text(tensor, 8, name);
  tensor.tag(9, WireType.LengthDelimited).bytes(littleEndian(data));
  return tensor;
}

function typeOf(data: TensorData): keyof typeof ELEMENT {
  if (data instanceof Float32Array) return 'float';
  if (data instanceof Float64Array) return 'double';
  if (data instanceof Int32Array) return 'int32';
  if (data instanceof Int8Array) return 'int8';
  return data instanceof Uint8Array ? 'uint8' : 'int64';
}

function encodePort({name, type, dims}: Port): BinaryWriter {
  const shape = new BinaryWriter();
  for (const dim of dims) {
    const size = new BinaryWriter();
    if (typeof dim === 'number') size.tag(1, WireType.Varint).int64(dim);
    else text(size, 2, dim);
    embed(shape, 1, size);
  }
  const tensor = new BinaryWriter().tag(1, WireType.Varint).int32(ELEMENT[type]);
  embed(tensor, 2, shape);
  const typed = new BinaryWriter();
  embed(typed, 1, tensor);
  const port = new BinaryWriter();
  text(port, 1, name);
  embed(port, 2, typed);
  return port;
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

function embed(writer: BinaryWriter, field: number, message: BinaryWriter): void {
  writer.tag(field, WireType.LengthDelimited).bytes(message.finish());
}

const littleEndian = (data: TensorData) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
