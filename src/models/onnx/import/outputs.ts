import type {ModelSpec} from '../../model-spec.ts';
import type {BuiltInOutput} from './built-in.ts';
import type {Core} from './core.ts';
import type {OnnxGraph, OnnxNode} from './onnx-graph.ts';
import {TRANSFORMS} from './tree-ensemble-5.ts';
import {NotTaken} from './tree-table.ts';

const FLOAT = 1;
const INT64 = 7;

/** What a name in the graph holds. `probability` is that of the second class alone, [rows, 1]. */
type Meaning =
  | {readonly kind: 'value' | 'probability' | 'complement' | 'probabilities'}
  | Extract<BuiltInOutput & {readonly name?: string}, {readonly kind: 'label'}>
  | {readonly kind: 'above half'};

/** Follows outputs of a graph back to the node that predicts. Throws NotTaken at what it does not know. */
export class OutputReader {
  /** binary: the margin goes through a sigmoid. Known once all outputs are read. */
  task: ModelSpec['task'] = 'regression';
  readonly #graph: OnnxGraph;
  readonly #core: OnnxNode;
  readonly #positive: boolean;

  constructor(graph: OnnxGraph, node: OnnxNode, core: Core) {
    this.#graph = graph;
    this.#core = node;
    this.#positive = core.positive;
    if (this.#isLogistic()) this.task = 'binary';
  }

  read(name: string): BuiltInOutput {
    const meaning = this.#meaning(name);
    if (meaning.kind === 'label') return {...meaning, name};
    if (meaning.kind === 'probabilities') return {name, kind: 'probabilities'};
    if (meaning.kind === 'value' || meaning.kind === 'probability') return {name, kind: 'value'};
    throw new NotTaken(`its output '${name}' is no value, label or probabilities`);
  }

  #meaning(name: string): Meaning {
    const node = this.#graph.nodes.find(({outputs}) => outputs.includes(name));
    if (node === undefined) throw new NotTaken(`its output '${name}' is not made from its input`);
    if (node === this.#core) return this.#ofCore(node.outputs.indexOf(name));
    const of = (i: number) => this.#meaning(node.inputs[i]!);
    const is = (i: number, value: number) => {
      const constant = this.#graph.initializers.get(node.inputs[i] ?? '')?.numbers();
      return constant?.length === 1 && constant[0] === value;
    };
    const unknown = () => new NotTaken(`its output goes through ${node.op}`);
    switch (node.op) {
      case 'Identity':
        return of(0);
      case 'Cast':
        return this.#cast(of(0), node);
      case 'Mul':
        if (is(1, 1)) return of(0);
        throw unknown();
      case 'Normalizer': // of two probabilities that add up to 1
        if (of(0).kind === 'probabilities' && node.attributes.get('norm')?.text === 'L1') return of(0);
        throw unknown();
      case 'Sigmoid':
        if (of(0).kind !== 'value' || this.#isLogistic()) throw unknown();
        this.task = 'binary';
        return {kind: 'probability'};
      case 'Sub':
        if (is(0, 1) && of(1).kind === 'probability') return {kind: 'complement'};
        throw unknown();
      case 'Concat':
        if (node.inputs.length === 2 && of(0).kind === 'complement' && of(1).kind === 'probability')
          return {kind: 'probabilities'};
        throw unknown();
      case 'Greater':
        if (of(0).kind === 'probability' && is(1, 0.5)) return {kind: 'above half'};
        throw unknown();
      case 'Squeeze':
        if (of(0).kind === 'label') return of(0);
        throw unknown();
      default:
        throw unknown();
    }
  }

  #cast(meaning: Meaning, node: OnnxNode): Meaning {
    const to = node.attributes.get('to')?.int;
    if (meaning.kind === 'above half' && to === INT64)
      return {name: '', kind: 'label', labels: [0n, 1n], of: 'probability', above: 0.5};
    if (meaning.kind === 'label' && to === INT64 && typeof meaning.labels[0] === 'bigint') return meaning;
    if (meaning.kind !== 'label' && meaning.kind !== 'above half' && to === FLOAT) return meaning;
    throw new NotTaken('an output is cast to another type');
  }

  #isLogistic(): boolean {
    const transform = this.#transform();
    return transform === 'LOGISTIC' || (transform === 'SOFTMAX' && this.#core.op === 'LinearClassifier');
  }

  #transform(): string {
    const transform = this.#core.attributes.get('post_transform');
    if (this.#core.op === 'TreeEnsemble') return TRANSFORMS[transform?.int ?? 0] ?? 'unknown';
    return transform?.text ?? 'NONE';
  }

  #ofCore(output: number): Meaning {
    const {op} = this.#core;
    const transform = this.#transform();
    if (op.endsWith('Regressor') || op === 'TreeEnsemble') {
      if (transform === 'NONE') return {kind: 'value'};
      if (transform === 'LOGISTIC') return {kind: 'probability'};
      throw new NotTaken(`its scores are transformed by ${transform}`);
    }
    const trees = op === 'TreeEnsembleClassifier';
    // ONNX Runtime takes scores of trees that are never negative for probabilities, and leaves them as they are.
    const plain = trees && this.#positive;
    if (plain ? transform !== 'NONE' : !this.#isLogistic())
      throw new NotTaken(`its ${plain ? 'positive' : 'signed'} scores are transformed by ${transform}`);
    if (output === 1) return {kind: 'probabilities'};
    return {name: '', kind: 'label', labels: this.#labels(), of: 'margin', above: plain ? 0.5 : 0};
  }

  #labels(): readonly [bigint, bigint] | readonly [string, string] {
    const {attributes} = this.#core;
    const words = attributes.get('classlabels_strings')?.texts ?? [];
    const numbers = (attributes.get('classlabels_int64s') ?? attributes.get('classlabels_ints'))?.ints ?? [];
    if (words.length === 2) return [words[0]!, words[1]!];
    if (numbers.length === 2 && words.length === 0) return [numbers[0]!, numbers[1]!];
    throw new NotTaken(`it has ${Math.max(words.length, numbers.length)} classes; two are taken over`);
  }
}
