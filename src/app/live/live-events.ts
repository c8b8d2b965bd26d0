import {type StreamExecutor, saveCheckpoint} from '../../features/index.ts';
import type {PositionedBatch} from '../../protocol/index.ts';
import type {EventLog, LocalStore} from '../../stores/index.ts';

/** Told of every batch of the event log once, in order. */
export type EventListener = (batch: PositionedBatch) => void;

/**
 * Brings accepted events from the log into the live state, in order of position and each once. A push that
 * has its batch at hand gives it; whenever something lies between, the log is read instead. When much has changed the
 * state is saved before the next batch, which also lets what was saved leave memory.
 */
export class LiveEvents {
  readonly executor: StreamExecutor;
  readonly #log: EventLog;
  readonly #store: LocalStore;
  readonly #listeners: EventListener[] = [];
  #reading: Promise<void> | null = null;

  constructor(log: EventLog, executor: StreamExecutor, store: LocalStore) {
    this.#log = log;
    this.#store = store;
    this.executor = executor;
  }

  listen(listener: EventListener): void {
    this.#listeners.push(listener);
  }

  /** Takes a batch that was just appended, at the clock `now`. */
  async take(batch: PositionedBatch | null, now: number): Promise<void> {
    this.executor.advanceTo(now);
    if (batch === null) return;
    if (this.#reading === null && batch.position === this.executor.position) {
      this.#apply(batch);
      if (this.executor.checkpointDue) await this.checkpoint();
    } else await this.catchUp(now);
  }

  /** Keeps the live state, so that the next start reads only what came after. */
  async checkpoint(): Promise<void> {
    await this.#log.sync();
    await saveCheckpoint(this.executor, this.#store);
  }

  /** Applies what the log holds by now and the live state has not taken; what comes meanwhile is not waited for. */
  async catchUp(now: number): Promise<void> {
    this.executor.advanceTo(now);
    const end = this.#log.end();
    while (this.executor.position < end) {
      this.#reading ??= this.#readOn().finally(() => {
        this.#reading = null;
      });
      await this.#reading;
    }
  }

  async #readOn(): Promise<void> {
    const to = this.#log.end();
    for await (const batch of this.#log.read({from: this.executor.position, to})) {
      this.#apply(batch);
      if (this.executor.checkpointDue) await this.checkpoint();
    }
    this.executor.position = Math.max(this.executor.position, to);
  }

  #apply(batch: PositionedBatch): void {
    this.executor.apply(batch);
    for (const listener of this.#listeners) listener(batch);
  }
}
