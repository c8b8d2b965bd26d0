import {availableParallelism} from 'node:os';
import {seededRandom} from '../../math/index.ts';
import type {Tensor, TensorSpec} from '../../protocol/index.ts';
import {specOf} from './element-names.ts';
import {packRows, packWhole, unpack} from './pack-rows.ts';
import {probeRows} from './probe-rows.ts';
import {findRowRule, hasRows, type RowRule} from './row-rule.ts';
import {type PoolState, type RunOptions, SessionPool} from './session-pool.ts';
import {RunFailed, SessionThread} from './session-thread.ts';

export type SessionOptions = {
  /** Threads, each with a session of its own; all cores unless told. Each takes the memory of the model. */
  readonly threads?: number;
  /** off: every request is a run of its own, as it comes. auto: rows of several are, where that changes no answer. */
  readonly batching?: 'auto' | 'off';
  /** Rows in one run, 64 unless told, and how long the first may wait for more while other runs go on, 1 ms unless told. */
  readonly batchRows?: number;
  readonly batchWaitMs?: number;
  /** Requests that wait; 256 unless told. */
  readonly queue?: number;
};

/** A run on one row that takes longer than this is not worth being joined with others, nor being tried hundreds of times. */
const SLOW_MS = 50;
const SEED = 1;

/**
 * A model in ONNX Runtime on worker threads: its `run` is synchronous inside and would hold up everything else. One
 * evaluator for all batch sizes: how many rows are run together is decided once, when the model is opened.
 */
export class OnnxSession {
  readonly inputs: readonly TensorSpec[];
  /** As the model declares them, corrected by what it gave when it was warmed up. */
  readonly outputs: readonly TensorSpec[];
  readonly rule: RowRule;
  readonly #pool: SessionPool;

  private constructor(inputs: readonly TensorSpec[], outputs: readonly TensorSpec[], rule: RowRule, pool: SessionPool) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.rule = rule;
    this.#pool = pool;
  }

  /**
   * Loads the bytes of an ONNX model in all threads and warms them up. Throws MODEL_INVALID if ONNX Runtime refuses it or
   * its ports are no tensors of known types, PACKAGE_MISSING without onnxruntime-node.
   */
  static async open(bytes: Uint8Array, options: SessionOptions = {}): Promise<OnnxSession> {
    const {threads = availableParallelism(), batchRows = 64, batchWaitMs = 1, queue = 256} = options;
    const model = new SharedArrayBuffer(bytes.length);
    new Uint8Array(model).set(bytes);
    const started: SessionThread[] = [];
    try {
      const first = await SessionThread.start(model);
      started.push(first);
      const inputs = first.inputs.map(specOf);
      const tried = await warmUp(first, inputs);
      const rule = await ruleOf(first, inputs, tried.tookMs, options.batching ?? 'auto', batchRows);
      const outputs = first.outputs.map((port, k) => corrected(specOf(port), tried.outputs?.[k]?.shape, rule));
      const restart = async () => {
        const thread = await SessionThread.start(model);
        await warmUp(thread, inputs);
        return thread;
      };
      started.push(...(await Promise.all(Array.from({length: threads - 1}, restart))));
      const pool = new SessionPool(inputs, started, {rule, batchRows, batchWaitMs, queue, restart});
      return new OnnxSession(inputs, outputs, rule, pool);
    } catch (error) {
      await Promise.all(started.map(thread => thread.kill()));
      throw error;
    }
  }

  /** See `SessionPool.run`. The tensors must fit `inputs`; their data may not change until the answer is there. */
  run(inputs: readonly Tensor[], options?: RunOptions): Promise<Tensor[]> {
    return this.#pool.run(inputs, options);
  }

  get state(): PoolState {
    return this.#pool.state;
  }

  /** Answers what it has taken, then ends its threads. */
  close(): Promise<void> {
    return this.#pool.close();
  }
}

type Tried = {readonly outputs: readonly Tensor[] | null; readonly tookMs: number};

/** Two runs on random rows: the first also pays for what is made once. A model that cannot take them stays cold. */
async function warmUp(thread: SessionThread, inputs: readonly TensorSpec[]): Promise<Tried> {
  const sample = probeRows(inputs, 1, seededRandom(SEED));
  try {
    await thread.run(packWhole(inputs, sample));
    const before = performance.now();
    const outputs = unpack(await thread.run(packWhole(inputs, sample)));
    return {outputs, tookMs: performance.now() - before};
  } catch (error) {
    if (error instanceof RunFailed) return {outputs: null, tookMs: 0};
    throw error;
  }
}

async function ruleOf(
  thread: SessionThread,
  inputs: readonly TensorSpec[],
  tookMs: number,
  batching: 'auto' | 'off',
  batchRows: number,
): Promise<RowRule> {
  if (batching === 'off') return {multiple: null, reason: 'batching is off'};
  if (!hasRows(thread.inputs)) return {multiple: null, reason: 'its inputs do not share a first dimension of any size'};
  if (tookMs > SLOW_MS) return {multiple: null, reason: `a run on one row takes more than ${SLOW_MS} ms`};
  const rule = await findRowRule(run => thread.run(run), inputs, batchRows, seededRandom(SEED));
  // What was found is worth one warm run at the size that will be used most.
  if (rule.multiple !== null) {
    const rows = [{inputs: probeRows(inputs, 1, seededRandom(SEED)), from: 0, count: 1}];
    await thread.run(packRows(inputs, rows, rule.multiple));
  }
  return rule;
}

/** Converters declare outputs carelessly: a number of dimensions that is not given, a 1 where there are rows. */
function corrected(spec: TensorSpec, got: readonly number[] | undefined, rule: RowRule): TensorSpec {
  if (got === undefined) return spec;
  const shape = spec.shape.length === got.length ? [...spec.shape] : got.map(() => -1);
  if (rule.multiple !== null && shape.length > 0) shape[0] = -1;
  return {...spec, shape};
}
