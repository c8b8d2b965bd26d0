import type {RunOptions} from '../../models/onnxruntime/index.ts';
import type {Tensor, TensorSpec} from '../../protocol/index.ts';
import type {InferAnswer, InferRequest, TensorModel} from '../../serving/index.ts';
import {type AnsweredRows, type RowReader, rowReader} from './answered-rows.ts';
import {checkInputs, checkOutputs} from './check-tensors.ts';
import type {Evaluator} from './evaluator.ts';
import type {ImportedModelDefinition} from './imported-model.ts';

/** An answer, for whoever keeps them. */
export type Told = {
  readonly id: string | undefined;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly latencyUs: number;
  readonly level: string;
};

/** One version of an imported model as those who speak tensors see it. */
export class ImportedTensorModel implements TensorModel {
  readonly name: string;
  readonly version: string;
  readonly evaluator: Evaluator;
  readonly #inputs: readonly TensorSpec[];
  #errors = 0;
  readonly #definition: ImportedModelDefinition;
  /** Makes rows of what is asked and answered; null where the inputs are no columns of numbers. */
  readonly reader: RowReader | null;
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
    // Data frames find the columns of a matrix by their names, where somebody gave them any.
    const named = names?.some((name, f) => name !== `f${f}`) ? names : null;
    this.#inputs = evaluator.inputs.map(input =>
      input.shape.length === 2 && named ? {...input, columns: named} : input,
    );
    this.reader = rowReader(evaluator.inputs, evaluator.outputs, names);
    this.#onAnswered = onAnswered;
  }

  get platform(): string {
    return this.evaluator.platform;
  }

  get inputs(): readonly TensorSpec[] {
    return this.#inputs;
  }

  get outputs(): readonly TensorSpec[] {
    return this.evaluator.outputs;
  }

  /** Requests that this version could not answer. */
  get errors(): number {
    return this.#errors;
  }

  async infer(request: InferRequest): Promise<InferAnswer> {
    try {
      return await this.#answer(request);
    } catch (error) {
      this.#errors++;
      throw error;
    }
  }

  async #answer(request: InferRequest): Promise<InferAnswer> {
    const {id, inputs, outputs: wanted} = request;
    const started = process.hrtime.bigint();
    checkOutputs(this.outputs, wanted);
    const ordered = checkInputs(this.inputs, inputs);
    const answers = await this.evaluator.run(ordered, this.#runOptions(request));
    const latencyUs = Number(process.hrtime.bigint() - started) / 1_000;
    this.tell({id, inputs: ordered, outputs: answers, latencyUs, level: 'model'});
    const outputs = wanted?.length ? wanted.map(name => answers.find(answer => answer.name === name)!) : answers;
    return {outputs, parameters: {}};
  }

  /** What answers at once is not asked to stop: a signal costs more than a prediction to make. */
  #runOptions(request: InferRequest): RunOptions {
    if (this.evaluator.builtIn) return request;
    const {signal, timeoutMs, priority} = request;
    signal?.throwIfAborted();
    return {signal, timeoutMs: this.#timeout(timeoutMs), priority};
  }

  /** The shorter of the caller's patience and the model's own deadline. */
  #timeout(asked: number | undefined): number | undefined {
    const {deadlineMs} = this.#definition.serving;
    if (asked === undefined) return deadlineMs ?? undefined;
    return Math.min(asked, deadlineMs ?? asked);
  }

  /** Tells whoever keeps answers of one, after it has gone out. `inputs` in the order of the model's. */
  tell({id, inputs, outputs, latencyUs, level}: Told): void {
    const {reader} = this;
    const onAnswered = this.#onAnswered;
    if (!reader || !onAnswered) return;
    setImmediate(() => {
      const {rows, predictions} = reader.read(inputs, outputs);
      const {columns} = reader;
      const version = Number(this.version);
      onAnswered({model: this.name, version, id: id ?? null, columns, rows, predictions, level, latencyUs});
    });
  }
}
