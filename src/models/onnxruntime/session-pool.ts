import type {Tensor, TensorSpec} from '../../protocol/index.ts';
import {joinParts, packRows, packWhole, unpack} from './pack-rows.ts';
import type {RowRule} from './row-rule.ts';
import {empty, late, notReady, reasonOf} from './run-errors.ts';
import {type Piece, RunQueue, type Waiting} from './run-queue.ts';
import {RunFailed, type SessionThread} from './session-thread.ts';

export type RunOptions = {
  /** What has not begun is dropped, and the signal's reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds from now; then DEADLINE_EXCEEDED. */
  readonly timeoutMs?: number | undefined;
  /** 0 is the most urgent. */
  readonly priority?: number | undefined;
};

export type PoolOptions = {
  readonly rule: RowRule;
  /** Rows in one run, and how long the first of them may wait for more while other runs go on. */
  readonly batchRows: number;
  readonly batchWaitMs: number;
  /** Requests that wait; more are turned away. */
  readonly queue: number;
  /** Starts a thread in the place of one that ended. */
  readonly restart: () => Promise<SessionThread>;
};

export type PoolState = {
  readonly waiting: number;
  readonly running: number;
  readonly threads: number;
  /** Since it was opened. */
  readonly runs: number;
  readonly rows: number;
  readonly restarts: number;
};

/**
 * Spreads requests over session threads. Each thread does one run at a time: rows of as many requests as fit into
 * `batchRows`, if the model's rows may be run together, else one request. A request starts at once while nothing runs;
 * otherwise it waits for a thread, and up to `batchWaitMs` for company.
 */
export class SessionPool {
  readonly #inputs: readonly TensorSpec[];
  readonly #options: PoolOptions;
  readonly #queue: RunQueue;
  readonly #idle: SessionThread[];
  readonly #threads: Set<SessionThread>;
  #running = 0;
  #runs = 0;
  #rows = 0;
  #restarts = 0;
  #timer: NodeJS.Timeout | null = null;
  /** Why no thread is left. */
  #broken: unknown = null;
  #closing = false;
  #drained: () => void = () => {};

  constructor(inputs: readonly TensorSpec[], threads: readonly SessionThread[], options: PoolOptions) {
    this.#inputs = inputs;
    this.#options = options;
    this.#queue = new RunQueue(options.queue);
    this.#idle = [...threads];
    this.#threads = new Set(threads);
    for (const thread of threads) this.#watch(thread);
  }

  get state(): PoolState {
    return {
      waiting: this.#queue.length,
      running: this.#running,
      threads: this.#threads.size,
      runs: this.#runs,
      rows: this.#rows,
      restarts: this.#restarts,
    };
  }

  /**
   * Answers a request whose tensors fit the model. Throws QUEUE_FULL, DEADLINE_EXCEEDED, the signal's reason,
   * REQUEST_INVALID with ONNX Runtime's words, NOT_READY once closed, INTERNAL if its thread died.
   */
  run(inputs: readonly Tensor[], {signal, timeoutMs, priority = 0}: RunOptions = {}): Promise<Tensor[]> {
    if (this.#closing) return Promise.reject(notReady('it was taken out of service'));
    if (this.#broken !== null)
      return Promise.reject(notReady('its threads ended and could not be started again', this.#broken));
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (timeoutMs !== undefined && timeoutMs <= 0) return Promise.reject(late(timeoutMs));
    if (inputs.some(({shape}) => shape.includes(0))) return Promise.reject(empty());
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const abort = () => giveUp(signal!.reason);
      const end = () => {
        request.done = true;
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      };
      const request: Waiting = {
        inputs,
        rows: this.#options.rule.multiple === null ? 1 : inputs[0]!.shape[0]!,
        shape: inputs.map(({shape}) => shape.slice(1).join()).join(';'),
        priority,
        arrivedAt: performance.now(),
        begun: 0,
        answered: 0,
        parts: [],
        done: false,
        resolve: outputs => {
          end();
          resolve(outputs);
        },
        reject: error => {
          end();
          reject(error);
        },
      };
      const giveUp = (error: unknown) => {
        this.#queue.drop(request);
        request.reject(error);
      };
      try {
        this.#queue.add(request, this.#idle.length > this.#queue.length);
      } catch (error) {
        reject(error);
        return;
      }
      signal?.addEventListener('abort', abort, {once: true});
      if (timeoutMs !== undefined) timer = setTimeout(() => giveUp(late(timeoutMs)), timeoutMs);
      this.#dispatch();
    });
  }

  /** Takes no more requests, answers those that it has, and ends its threads. */
  async close(): Promise<void> {
    this.#closing = true;
    if (this.#running > 0 || this.#queue.length > 0)
      await new Promise<void>(resolve => {
        this.#drained = resolve;
        this.#dispatch();
      });
    await Promise.all([...this.#threads].map(thread => thread.close()));
  }

  #dispatch(): void {
    const {rule, batchRows, batchWaitMs} = this.#options;
    const most = rule.multiple === null ? 1 : Math.max(rule.multiple, batchRows - (batchRows % rule.multiple));
    while (this.#idle.length > 0 && this.#queue.first !== undefined) {
      const waited = performance.now() - this.#queue.first.arrivedAt;
      const alone = this.#running === 0 || rule.multiple === null || this.#closing;
      if (!alone && waited < batchWaitMs && this.#queue.rowsTogether(most) < most) {
        this.#timer ??= setTimeout(() => {
          this.#timer = null;
          this.#dispatch();
        }, batchWaitMs - waited);
        return;
      }
      void this.#start(this.#idle.pop()!, this.#queue.take(most));
    }
  }

  async #start(thread: SessionThread, pieces: readonly Piece[]): Promise<void> {
    this.#running++;
    try {
      await this.#answer(thread, pieces);
    } finally {
      this.#running--;
      if (this.#threads.has(thread)) this.#idle.push(thread);
      if (this.#running === 0 && this.#queue.length === 0) this.#drained();
      else this.#dispatch();
    }
  }

  /** One run. If ONNX Runtime refuses it, each of its requests is run by itself: only the one at fault fails. */
  async #answer(thread: SessionThread, pieces: readonly Piece[]): Promise<void> {
    const {rule} = this.#options;
    const rows = pieces.reduce((sum, {count}) => sum + count, 0);
    try {
      const run =
        rule.multiple === null
          ? packWhole(this.#inputs, pieces[0]!.of.inputs)
          : packRows(this.#inputs, pieces.map(rowsOf), Math.ceil(rows / rule.multiple) * rule.multiple);
      const outputs = await thread.run(run);
      this.#runs++;
      this.#rows += rows;
      let from = 0;
      for (const piece of pieces) {
        settle(piece, rule.multiple === null ? unpack(outputs) : unpack(outputs, from, piece.count));
        from += piece.count;
      }
    } catch (error) {
      if (error instanceof RunFailed && pieces.length > 1)
        for (const piece of pieces) await this.#answer(thread, [piece]);
      else for (const {of} of pieces) of.reject(reasonOf(error));
      for (const {of} of pieces) if (of.done) this.#queue.drop(of);
    }
  }

  #watch(thread: SessionThread): void {
    void thread.ended.then(async () => {
      this.#threads.delete(thread);
      const at = this.#idle.indexOf(thread);
      if (at >= 0) this.#idle.splice(at, 1);
      if (this.#closing) return;
      try {
        const next = await this.#options.restart();
        if (this.#closing) {
          await next.close();
          return;
        }
        this.#restarts++;
        this.#threads.add(next);
        this.#idle.push(next);
        this.#watch(next);
        this.#dispatch();
      } catch (error) {
        if (this.#threads.size > 0) return;
        this.#broken = error;
        this.#queue.clear(notReady('its threads ended and could not be started again', error));
      }
    });
  }
}

const rowsOf = ({of, from, count}: Piece) => ({inputs: of.inputs, from, count});

function settle({of, part, count}: Piece, outputs: readonly Tensor[]): void {
  of.parts[part] = outputs;
  of.answered += count;
  if (of.answered === of.rows && !of.done) of.resolve(joinParts(of.parts));
}
