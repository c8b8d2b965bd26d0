/**
 * The prediction log: every answer with the features it was computed from, and what shadows would have said.
 * Serving writes rows one at a time; they are gathered into batches, because a log takes a batch as fast as a
 * row. Whoever monitors reads them back by model and time.
 *
 * It needs an event log to itself. Rows are in order of their writing, which is nearly that of their times.
 */
import {type ColumnSpec, MillraceError} from '../protocol/index.ts';
import type {EventLog} from '../stores/index.ts';
import {BatchQueue} from './batch-queue.ts';
import {type PredictionKey, predictionsWith} from './erase-predictions.ts';
import {rowsWithin, servedBatch, shadowBatch} from './read-batch.ts';
import {ServedBuffer, ShadowBuffer} from './row-buffers.ts';
import {
  type ServedBatch,
  type ServedRow,
  type ShadowBatch,
  type ShadowRow,
  servedStream,
  shadowStream,
} from './rows.ts';
import {TimeBlocks} from './time-blocks.ts';

export type PredictionLogOptions = {
  /** Rows gathered before a batch is written; 4,096. Fewer are readable sooner and cost more each. */
  readonly batchRows?: number;
  /** Rows held in memory while the log is behind; 262,144. Beyond, writing throws QUEUE_FULL. */
  readonly maxRows?: number;
};

/** Times in UTC ms, [from, to). */
export type TimeRange = {readonly from?: number; readonly to?: number};

/** Where one model's predictions go. */
export interface PredictionWriter {
  /** An answer. Throws QUEUE_FULL if the log is too far behind: `await drained()` first, or turn the request away. */
  served(row: ServedRow): void;
  /** The score of a version that did not answer. Throws QUEUE_FULL likewise. */
  shadowed(row: ShadowRow): void;
}

type Gathering = {readonly served: ServedBuffer; readonly shadow: ShadowBuffer};

export class PredictionLog {
  readonly #log: EventLog;
  readonly #batchRows: number;
  readonly #maxRows: number;
  readonly #queue: BatchQueue;
  readonly #blocks = new TimeBlocks();
  readonly #gathering = new Map<string, Gathering>();
  #gathered = 0;
  /** Reads the times of what was in the log before it was opened: once, when they are first asked for. */
  #indexed: Promise<void> | undefined;
  readonly #before: number;

  constructor(log: EventLog, {batchRows = 4_096, maxRows = 262_144}: PredictionLogOptions = {}) {
    if (!(batchRows >= 1 && maxRows >= batchRows))
      throw new RangeError(`A batch of ${batchRows} rows does not fit into ${maxRows}.`);
    this.#log = log;
    this.#batchRows = batchRows;
    this.#maxRows = maxRows;
    this.#before = log.end();
    this.#queue = new BatchQueue(log, (batch, position) => this.#blocks.add(position, batch.eventTimes));
  }

  /** Rows that would be lost if the process died now. */
  get unwritten(): number {
    return this.#gathered + this.#queue.rows;
  }

  /** A writer for a model whose features come in the order of `features`. A new one replaces the old. */
  writer(model: string, features: readonly ColumnSpec[]): PredictionWriter {
    this.#seal(this.#gathering.get(model));
    const served = new ServedBuffer(model, features, this.#batchRows);
    const shadow = new ShadowBuffer(model, this.#batchRows);
    const gathering = {served, shadow};
    this.#gathering.set(model, gathering);
    const keep = <R>(buffer: {readonly count: number; add(row: R): void}, row: R) => {
      if (this.unwritten >= this.#maxRows) throw this.#full();
      buffer.add(row);
      this.#gathered++;
      if (buffer.count === this.#batchRows) this.#seal(gathering);
    };
    return {served: row => keep(served, row), shadowed: row => keep(shadow, row)};
  }

  /** Resolves when no more than half of the room is taken; throws what the log threw. */
  async drained(): Promise<void> {
    if (this.unwritten > this.#maxRows / 2) await this.flush();
  }

  /** Writes all rows so far and resolves when they are acknowledged; throws what the log threw. Rows are kept if it fails. */
  async flush(): Promise<void> {
    for (const gathering of this.#gathering.values()) this.#seal(gathering);
    await this.#queue.flush();
  }

  /** Answers of a model whose query time lies in the range, in the order of writing. Rows not yet written are not seen. */
  async *served(model: string, range: TimeRange = {}): AsyncGenerator<ServedBatch> {
    for await (const batch of this.#read(servedStream(model), range)) yield servedBatch(model, batch);
  }

  /** Shadow scores of a model likewise. */
  async *shadowed(model: string, range: TimeRange = {}): AsyncGenerator<ShadowBatch> {
    for await (const batch of this.#read(shadowStream(model), range)) yield shadowBatch(model, batch);
  }

  /** How many answers of a model have one of the keys (of features or request fields). Rows not yet written are not seen. */
  async count(model: string, keys: readonly PredictionKey[]): Promise<number> {
    return (await predictionsWith(this.#log, model, keys)).answers;
  }

  /** Erases those answers and what shadows said to them; returns how many answers there were. */
  async erase(model: string, keys: readonly PredictionKey[]): Promise<number> {
    await this.flush();
    const {positions, answers} = await predictionsWith(this.#log, model, keys);
    if (positions.length > 0) await this.#log.erase(positions);
    return answers;
  }

  async *#read(stream: string, {from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY}: TimeRange) {
    if (from === Number.NEGATIVE_INFINITY && to === Number.POSITIVE_INFINITY) return yield* this.#log.read({stream});
    this.#indexed ??= this.#indexBefore();
    await this.#indexed;
    for (const span of this.#blocks.spans(from, to))
      for await (const batch of this.#log.read({stream, ...span})) {
        const rows = rowsWithin(batch, from, to);
        if (rows.count > 0) yield rows;
      }
  }

  async #indexBefore(): Promise<void> {
    for await (const {position, positions, eventTimes} of this.#log.read({to: this.#before}))
      this.#blocks.add(position, eventTimes, positions);
  }

  #seal(gathering: Gathering | undefined): void {
    if (!gathering) return;
    for (const buffer of [gathering.served, gathering.shadow]) {
      if (buffer.count === 0) continue;
      this.#gathered -= buffer.count;
      this.#queue.push(buffer.take());
    }
  }

  #full(): MillraceError {
    const {failure} = this.#queue;
    return new MillraceError(
      'QUEUE_FULL',
      `${this.unwritten} predictions wait to be logged, and no more than ${this.#maxRows} may.`,
      {
        fix: failure === undefined ? 'Send fewer requests at once, or try again shortly.' : 'See why the log fails.',
        ...(failure === undefined ? {} : {cause: failure}),
      },
    );
  }
}
