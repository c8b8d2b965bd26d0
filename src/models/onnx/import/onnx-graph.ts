import {type Attribute, readAttribute} from './attribute.ts';
import {readFields} from './fields.ts';
import {type OnnxPort, readPort} from './onnx-port.ts';
import {type OnnxTensor, readTensor} from './onnx-tensor.ts';

export type OnnxNode = {
  readonly op: string;
  /** Empty: the default operator set. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
};

export type OnnxGraph = {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: ReadonlyMap<string, OnnxTensor>;
  /** Without those that an initializer gives a value. */
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
};

export function readGraph(bytes: Uint8Array): OnnxGraph {
  const nodes: OnnxNode[] = [];
  const initializers = new Map<string, OnnxTensor>();
  const inputs: OnnxPort[] = [];
  const outputs: OnnxPort[] = [];
  readFields(bytes, (field, reader) => {
    if (field === 1) nodes.push(readNode(reader.bytes()));
    else if (field === 5) {
      const tensor = readTensor(reader.bytes());
      initializers.set(tensor.name, tensor);
    } else if (field === 11) inputs.push(readPort(reader.bytes()));
    else if (field === 12) outputs.push(readPort(reader.bytes()));
    else if (field === 15) readSparse(reader.bytes());
    else return false;
    return true;
  });
  return {nodes, initializers, inputs: inputs.filter(({name}) => !initializers.has(name)), outputs};
}

export function readNode(bytes: Uint8Array): OnnxNode {
  let op = '';
  let domain = '';
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, Attribute>();
  readFields(bytes, (field, reader) => {
    if (field === 1) inputs.push(reader.string());
    else if (field === 2) outputs.push(reader.string());
    else if (field === 4) op = reader.string();
    else if (field === 5) {
      const attribute = readAttribute(reader.bytes());
      attributes.set(attribute.name, attribute);
      for (const graph of attribute.graphs) readGraph(graph); // for tensors that lie elsewhere
    } else if (field === 7) domain = reader.string();
    else return false;
    return true;
  });
  return {op, domain: domain === 'ai.onnx' ? '' : domain, inputs, outputs, attributes};
}

/** A SparseTensorProto holds two tensors, which must lie in this file as well. */
function readSparse(bytes: Uint8Array): void {
  readFields(bytes, (field, reader) => (field <= 2 ? readTensor(reader.bytes()) : false));
}
