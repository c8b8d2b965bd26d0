/**
 * Batches on their way into an event log, in order, one write at a time. A batch leaves the queue when the
 * log has acknowledged it, so a failed write loses nothing: the next batch or flush tries again.
 */
import type {EventBatch} from '../protocol/index.ts';
import type {EventLog} from '../stores/index.ts';

export class BatchQueue {
  readonly #log: EventLog;
  readonly #written: (batch: EventBatch, position: number) => void;
  readonly #batches: EventBatch[] = [];
  #rows = 0;
  #pump: Promise<void> | undefined;
  #failure: unknown;

  /** @param written called with each batch once it is acknowledged */
  constructor(log: EventLog, written: (batch: EventBatch, position: number) => void) {
    this.#log = log;
    this.#written = written;
  }

  /** Rows that are not acknowledged yet. */
  get rows(): number {
    return this.#rows;
  }

  /** What went wrong with the last write; undefined if it went well. */
  get failure(): unknown {
    return this.#failure;
  }

  push(batch: EventBatch): void {
    this.#batches.push(batch);
    this.#rows += batch.count;
    void this.#start();
  }

  /** Resolves when all that was pushed is acknowledged; throws what the log threw. */
  async flush(): Promise<void> {
    while (this.#batches.length > 0) {
      await this.#start();
      if (this.#failure !== undefined) throw this.#failure;
    }
  }

  #start(): Promise<void> {
    this.#pump ??= this.#writeAll().finally(() => {
      this.#pump = undefined;
    });
    return this.#pump;
  }

  /** Never rejects: a failure is kept for whoever flushes. */
  async #writeAll(): Promise<void> {
    this.#failure = undefined;
    try {
      for (let batch = this.#batches[0]; batch; batch = this.#batches[0]) {
        this.#written(batch, await this.#log.append(batch));
        this.#batches.shift();
        this.#rows -= batch.count;
      }
    } catch (error) {
      this.#failure = error;
    }
  }
}
