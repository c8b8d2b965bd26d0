import {createHash} from 'node:crypto';
import {MillraceError, makeTensorData, type Tensor, type TensorSpec} from '../../protocol/index.ts';
import {
  Declined,
  FallbackChain,
  type InferAnswer,
  type InferRequest,
  type Level,
  type LevelStatus,
  RecentMap,
  type TensorModel,
} from '../../serving/index.ts';
import {checkInputs, checkOutputs} from './check-tensors.ts';
import type {ImportedModelDefinition} from './imported-model.ts';
import type {ImportedTensorModel} from './imported-tensor-model.ts';

type Asked = {readonly request: InferRequest; readonly inputs: readonly Tensor[]};
type Kept = {readonly outputs: readonly Tensor[]; readonly at: number};

/** Answers that are remembered for `lastPrediction`. */
const LAST_ENTRIES = 10_000;

/**
 * What stands between callers and an imported model: its cache, its deadline and its chain of levels. The model is the
 * first level; below it the last answer to the same inputs, or a fixed value in the shape of an answer.
 */
export class GuardedModel implements TensorModel {
  readonly name: string;
  readonly version: string;
  readonly platform: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly #model: ImportedTensorModel;
  readonly #serving: ImportedModelDefinition['serving'];
  readonly #chain: FallbackChain<Asked, readonly Tensor[]>;
  readonly #levels: readonly string[];
  readonly #last = new RecentMap<Kept>(LAST_ENTRIES);
  readonly #cache: RecentMap<Kept> | null;
  readonly #remembers: boolean;
  #errors = 0;
  readonly #now: () => number;

  /** `now`: monotonic, milliseconds. */
  constructor(model: ImportedTensorModel, {serving}: ImportedModelDefinition, now: () => number) {
    this.name = model.name;
    this.version = model.version;
    this.platform = model.platform;
    this.inputs = model.inputs;
    this.outputs = model.outputs;
    this.#model = model;
    this.#serving = serving;
    this.#now = now;
    this.#cache = serving.cache && new RecentMap(serving.cache.entries);
    this.#remembers = serving.fallback.some(({kind}) => kind === 'last');
    const levels = [this.#modelLevel(), ...serving.fallback.flatMap(step => this.#level(step))];
    this.#levels = levels.map(({name}) => name);
    this.#chain = new FallbackChain(levels, {deadlineMs: serving.deadlineMs, breaker: serving.breaker, now});
  }

  /** Requests that no level could answer. */
  get errors(): number {
    return this.#errors;
  }

  async infer(request: InferRequest): Promise<InferAnswer> {
    try {
      return await this.#run(request);
    } catch (error) {
      this.#errors++;
      throw error;
    }
  }

  async #run(request: InferRequest): Promise<InferAnswer> {
    const arrivedAt = this.#now();
    checkOutputs(this.outputs, request.outputs);
    const inputs = checkInputs(this.inputs, request.inputs);
    const key = this.#cache || this.#remembers ? keyOf(inputs) : '';
    const cached = this.#cache?.get(key);
    if (cached && arrivedAt - cached.at < this.#serving.cache!.forMs)
      return this.#answer(request, inputs, cached.outputs, 'cached', arrivedAt);
    const {timeoutMs, overloaded = false} = request;
    const run = {arrivedAt, overloaded, ...(timeoutMs === undefined ? {} : {deadlineMs: timeoutMs})};
    const {answer, level} = await this.#chain.run({request, inputs}, run);
    if (level > 0) return this.#answer(request, inputs, answer, this.#levels[level]!, arrivedAt);
    if (this.#remembers) this.#last.set(key, {outputs: answer, at: arrivedAt});
    this.#cache?.set(key, {outputs: answer, at: arrivedAt});
    return {outputs: wantedOf(answer, request.outputs), parameters: {}};
  }

  /** How the levels have fared since the version was loaded. */
  status(): LevelStatus[] {
    return this.#chain.status();
  }

  /** An answer that the model did not give now: it is told of, and says so itself. */
  #answer(
    {id, outputs: wanted}: InferRequest,
    inputs: readonly Tensor[],
    outputs: readonly Tensor[],
    level: string,
    arrivedAt: number,
  ): InferAnswer {
    this.#model.tell({id, inputs, outputs, level, latencyUs: (this.#now() - arrivedAt) * 1_000});
    return {outputs: wantedOf(outputs, wanted), parameters: {level}};
  }

  #modelLevel(): Level<Asked, readonly Tensor[]> {
    return {
      name: 'model',
      answer: async ({request: {id, signal, priority, timeoutMs}, inputs}) => {
        try {
          const more = {...(id === undefined ? {} : {id}), ...(signal ? {signal} : {})};
          const limits = {
            ...(priority === undefined ? {} : {priority}),
            ...(timeoutMs === undefined ? {} : {timeoutMs}),
          };
          return (await this.#model.infer({inputs, ...more, ...limits})).outputs;
        } catch (error) {
          if (!(error instanceof MillraceError)) throw error;
          // Its queue is full, or it was too late: no failure of the model's own.
          if (error.code === 'QUEUE_FULL' && this.#levels.length > 1) throw new Declined('overload', error.message);
          if (error.code === 'DEADLINE_EXCEEDED' && this.#levels.length > 1)
            throw new Declined('timeout', error.message);
          throw error;
        }
      },
    };
  }

  #level(step: ImportedModelDefinition['serving']['fallback'][number]): Level<Asked, readonly Tensor[]>[] {
    if (step.kind === 'value')
      return [
        {name: 'value', cheap: true, answer: ({inputs}) => this.outputs.map(spec => filled(spec, inputs, step.value))},
      ];
    if (step.kind !== 'last') return [];
    return [
      {
        name: 'last',
        cheap: true,
        answer: ({inputs}) => {
          const found = this.#last.get(keyOf(inputs));
          if (!found || this.#now() - found.at > step.maxAgeMs)
            throw new Declined('nothing-stored', 'These inputs were not answered lately.');
          return found.outputs;
        },
      },
    ];
  }
}

const wantedOf = (outputs: readonly Tensor[], wanted: readonly string[] | undefined): readonly Tensor[] =>
  wanted?.length ? wanted.map(name => outputs.find(output => output.name === name)!) : outputs;

/** Equal for equal inputs, bit by bit. */
function keyOf(inputs: readonly Tensor[]): string {
  const hash = createHash('sha1');
  for (const {shape, data} of inputs) {
    hash.update(`${shape.join(',')};`);
    if (ArrayBuffer.isView(data)) hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    else for (const bytes of data) hash.update(`${bytes.length}:`).update(bytes);
  }
  return hash.digest('base64');
}

/**
 * An output that says `value` for every row: two columns of floats are the probabilities of 0 and 1; integers are the
 * nearest; texts are its digits.
 */
function filled({name, datatype, shape}: TensorSpec, inputs: readonly Tensor[], value: number): Tensor {
  const rows = inputs[0]?.shape[0] ?? 1;
  const size = shape.map((dimension, d) => (dimension >= 0 ? dimension : d === 0 ? rows : 1));
  const length = size.reduce((product, dimension) => product * dimension, 1);
  if (datatype === 'BYTES') {
    const text = new TextEncoder().encode(String(value));
    return {name, datatype, shape: size, data: Array.from({length}, () => text)};
  }
  const data = makeTensorData(datatype, length);
  if (data instanceof Float32Array || data instanceof Float64Array)
    for (let i = 0; i < length; i++) data[i] = size.at(-1) === 2 && size.length > 1 && i % 2 === 0 ? 1 - value : value;
  else if (data instanceof BigInt64Array || data instanceof BigUint64Array) data.fill(BigInt(Math.round(value)));
  else if (datatype !== 'FP16') (data as Int32Array).fill(Math.round(value));
  return {name, datatype, shape: size, data};
}
