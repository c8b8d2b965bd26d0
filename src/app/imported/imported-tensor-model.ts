import type {Tensor, TensorSpec} from '../../protocol/index.ts';
import type {InferAnswer, InferRequest, TensorModel} from '../../serving/index.ts';
import {type AnsweredRows, type RowReader, rowReader} from './answered-rows.ts';
import {checkInputs, checkOutputs} from './check-tensors.ts';
import type {Evaluator} from './evaluator.ts';
import type {ImportedModelDefinition} from './imported-model.ts';

/** One version of an imported model as those who speak tensors see it. */
export class ImportedTensorModel implements TensorModel {
  readonly name: string;
  readonly version: string;
  readonly evaluator: Evaluator;
  readonly #definition: ImportedModelDefinition;
  readonly #reader: RowReader | null;
  readonly #onAnswered: ((answered: AnsweredRows) => void) | undefined;

  constructor(
    definition: ImportedModelDefinition,
    version: number,
    evaluator: Evaluator,
    onAnswered?: (answered: AnsweredRows) => void,
  ) {
    this.name = definition.name;
    this.version = String(version);
    this.evaluator = evaluator;
    this.#definition = definition;
    const names = evaluator.builtIn?.predictor.spec.features.map(({name}) => name) ?? definition.columns;
    this.#reader = rowReader(evaluator.inputs, evaluator.outputs, names);
    this.#onAnswered = onAnswered;
  }

  get platform(): string {
    return this.evaluator.platform;
  }

  get inputs(): readonly TensorSpec[] {
    return this.evaluator.inputs;
  }

  get outputs(): readonly TensorSpec[] {
    return this.evaluator.outputs;
  }

  async infer({id, inputs, outputs: wanted, signal, timeoutMs, priority}: InferRequest): Promise<InferAnswer> {
    const started = process.hrtime.bigint();
    checkOutputs(this.outputs, wanted);
    const ordered = checkInputs(this.inputs, inputs);
    signal?.throwIfAborted();
    const answers = await this.evaluator.run(ordered, {signal, timeoutMs: this.#timeout(timeoutMs), priority});
    if (this.#onAnswered && this.#reader) {
      const latencyUs = Number(process.hrtime.bigint() - started) / 1_000;
      // After the answer has gone out.
      setImmediate(() => this.#tell(id ?? null, ordered, answers, latencyUs));
    }
    const outputs = wanted?.length ? wanted.map(name => answers.find(answer => answer.name === name)!) : answers;
    return {outputs, parameters: {}};
  }

  /** The shorter of the caller's patience and the model's own deadline. */
  #timeout(asked: number | undefined): number | undefined {
    const {deadlineMs} = this.#definition.serving;
    if (asked === undefined) return deadlineMs ?? undefined;
    return Math.min(asked, deadlineMs ?? asked);
  }

  #tell(id: string | null, inputs: readonly Tensor[], outputs: readonly Tensor[], latencyUs: number): void {
    const {columns, read} = this.#reader!;
    const {rows, predictions} = read(inputs, outputs);
    this.#onAnswered!({model: this.name, version: Number(this.version), id, columns, rows, predictions, latencyUs});
  }
}
