/**
 * A ModelProto whose graph can be changed in a few places; all else is written back as it was read, byte for byte.
 * Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
import {MillraceError} from '../../../protocol/index.ts';
import {encodeNode, encodeTensor, type Node, type Tensor} from '../../onnx/messages.ts';
import {type Field, integerOf, joinFields, makeField, readFields, textOf} from './wire.ts';

const MODEL = {irVersion: 1, graph: 7, opset: 8} as const;
const GRAPH = {node: 1, initializer: 5, input: 11, output: 12} as const;
const NODE = {input: 1, output: 2, op: 4, attribute: 5, domain: 7} as const;

export type OnnxNode = {
  /** Place in the graph. */
  readonly at: number;
  readonly op: string;
  /** Empty for the default operator set. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** AttributeProto by name. */
  readonly attributes: ReadonlyMap<string, readonly Field[]>;
};

export class OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  /** Version of the default operator set. */
  readonly opset: number;
  readonly irVersion: number;
  /** TensorProto of each initialiser by its name. */
  readonly initializers: ReadonlyMap<string, readonly Field[]>;
  readonly inputs: ReadonlySet<string>;
  readonly #model: readonly Field[];
  readonly #graph: readonly Field[];
  readonly #replaced = new Map<number, readonly Field[]>();
  readonly #added: Field[] = [];
  readonly #names: Set<string>;

  /** Throws MODEL_INVALID for bytes that hold no ONNX graph. */
  constructor(bytes: Uint8Array) {
    try {
      this.#model = readFields(bytes);
      this.#graph = readFields(this.#model.findLast(field => field.number === MODEL.graph)!.value);
      this.nodes = this.#graph.flatMap((field, at) => (field.number === GRAPH.node ? [readNode(field, at)] : []));
      this.initializers = new Map(
        this.#graph
          .filter(({number}) => number === GRAPH.initializer)
          .map(({value}) => readFields(value))
          .map(tensor => [nameOfTensor(tensor), tensor]),
      );
      this.opset = opsetOf(this.#model);
      this.irVersion = this.#model.filter(({number}) => number === MODEL.irVersion).map(integerOf)[0] ?? 0;
      this.inputs = new Set(this.#graph.filter(({number}) => number === GRAPH.input).map(nameOfPort));
    } catch (cause) {
      throw new MillraceError('MODEL_INVALID', 'The file is no ONNX model: it cannot be read as a ModelProto.', {
        cause,
        fix: 'Give a file that onnx.checker accepts.',
      });
    }
    this.#names = new Set([...this.inputs, ...this.initializers.keys(), ...this.nodes.flatMap(node => node.outputs)]);
  }

  /** A name that the graph does not use yet. */
  freshName(stem: string): string {
    let name = stem;
    for (let k = 1; this.#names.has(name); k++) name = `${stem}_${k}`;
    this.#names.add(name);
    return name;
  }

  addTensor(tensor: Tensor): string {
    this.#added.push(makeField(GRAPH.initializer, encodeTensor(tensor).finish()));
    return tensor.name;
  }

  /** New nodes in the place of one, in their order. */
  replace({at}: OnnxNode, nodes: readonly Node[]): void {
    this.#replaced.set(
      at,
      nodes.map(node => makeField(GRAPH.node, encodeNode(node).finish())),
    );
  }

  /** New nodes before one whose inputs change; its attributes and names stay as they are. */
  rewire({at}: OnnxNode, before: readonly Node[], inputs: readonly string[]): void {
    const fields = readFields(this.#graph[at]!.value).filter(({number}) => number !== NODE.input);
    const given = inputs.map(input => makeField(NODE.input, new TextEncoder().encode(input)));
    this.#replaced.set(at, [
      ...before.map(node => makeField(GRAPH.node, encodeNode(node).finish())),
      makeField(GRAPH.node, joinFields([...given, ...fields])),
    ]);
  }

  /** The changed file. Initialisers that nobody reads any more are gone; added ones stand at the end. */
  finish(): Uint8Array {
    const graph = [...this.#graph.flatMap((field, at) => this.#replaced.get(at) ?? [field]), ...this.#added];
    const unused = this.#unused(graph);
    const kept = graph.filter(
      field =>
        !(field.number === GRAPH.initializer && unused.has(nameOfTensor(readFields(field.value)))) &&
        !(field.number === GRAPH.input && unused.has(nameOfPort(field))),
    );
    const value = joinFields(kept);
    const last = this.#model.findLastIndex(field => field.number === MODEL.graph);
    return joinFields(this.#model.map((field, i) => (i === last ? makeField(MODEL.graph, value) : field)));
  }

  /** Initialisers that were read before the changes and are not now. */
  #unused(graph: readonly Field[]): Set<string> {
    const now = new Set(namesRead(graph));
    return new Set(namesRead(this.#graph).filter(name => this.initializers.has(name) && !now.has(name)));
  }
}

/** What the nodes of a graph read, those of the graphs inside them (branches, loops) included, and what it gives out. */
function namesRead(graph: readonly Field[]): string[] {
  return graph.flatMap(field => {
    if (field.number === GRAPH.output) return [nameOfPort(field)];
    if (field.number !== GRAPH.node) return [];
    const {inputs, attributes} = readNode(field, 0);
    const inner = [...attributes.values()].flat().filter(({number}) => number === 6 || number === 11);
    return [...inputs, ...inner.flatMap(({value}) => namesRead(readFields(value)))];
  });
}

function readNode({value}: Field, at: number): OnnxNode {
  const fields = readFields(value);
  const texts = (number: number) => fields.filter(field => field.number === number).map(textOf);
  const attributes = fields
    .filter(({number}) => number === NODE.attribute)
    .map(field => readFields(field.value))
    .map(attribute => [textOf(attribute.find(({number}) => number === 1)!), attribute] as const);
  return {
    at,
    op: texts(NODE.op)[0] ?? '',
    domain: texts(NODE.domain)[0] ?? '',
    inputs: texts(NODE.input),
    outputs: texts(NODE.output),
    attributes: new Map(attributes),
  };
}

const nameOfTensor = (tensor: readonly Field[]): string =>
  tensor.filter(({number}) => number === 8).map(textOf)[0] ?? '';
const nameOfPort = ({value}: Field): string =>
  readFields(value)
    .filter(({number}) => number === 1)
    .map(textOf)[0] ?? '';

function opsetOf(model: readonly Field[]): number {
  const sets = model.filter(({number}) => number === MODEL.opset).map(({value}) => readFields(value));
  const domain = (set: readonly Field[]) => set.filter(({number}) => number === 1).map(textOf)[0] ?? '';
  const standard = sets.find(set => domain(set) === '' || domain(set) === 'ai.onnx');
  return standard?.filter(({number}) => number === 2).map(integerOf)[0] ?? 1;
}
