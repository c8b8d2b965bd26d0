import type {EventLog, LocalStore} from '../../stores/index.ts';
import {rowsOf} from './batch-rows.ts';
import {saveCheckpoint} from './checkpoint.ts';
import type {StreamExecutor} from './executor.ts';
import type {Filling} from './view-state.ts';

export type BackfillOptions = {
  /** Events taken before others get their turn. */
  readonly sliceEvents?: number;
  /** Events after which what was done is saved: as many are read again after a kill. */
  readonly checkpointEvents?: number;
};

/** How one view is doing. */
export type FillProgress = Filling & {readonly view: string};

/**
 * Lets views that are behind catch up with the log while the main executor goes on serving the others; a view is read
 * from the moment when both have the same position. A fill that was cut short goes on at its last checkpoint.
 */
export class Backfill {
  readonly #main: StreamExecutor;
  readonly #log: EventLog;
  readonly #store: Pick<LocalStore, 'putMany'>;
  readonly #slice: number;
  readonly #every: number;
  #stopped = false;

  constructor(main: StreamExecutor, log: EventLog, store: Pick<LocalStore, 'putMany'>, options: BackfillOptions = {}) {
    this.#main = main;
    this.#log = log;
    this.#store = store;
    this.#slice = options.sliceEvents ?? 1_000;
    this.#every = options.checkpointEvents ?? 1_000_000;
  }

  /** The views that are not filled yet, by `name@version`. */
  get progress(): readonly FillProgress[] {
    return this.#main.behind.flatMap(({views}) =>
      views.flatMap(({key, filling}) => (filling === null ? [] : [{view: key, ...filling}])),
    );
  }

  /** Fills all views that are behind, those that lack least first. Ends early after `stop`. Throws what a fill failed of. */
  async run(): Promise<void> {
    for (let next = this.#main.behind[0]; next !== undefined && !this.#stopped; next = this.#main.behind[0])
      try {
        await this.#fill(next);
      } catch (error) {
        const failure = error instanceof Error ? error.message : String(error);
        for (const state of next.views) if (state.filling !== null) state.filling = {...state.filling, failure};
        throw error;
      }
  }

  /** Ends `run` after the slice that is being taken. */
  stop(): void {
    this.#stopped = true;
  }

  /** Saves what was done so far. */
  async checkpoint(): Promise<void> {
    for (const executor of [...this.#main.behind]) await saveCheckpoint(executor, this.#store);
  }

  async #fill(executor: StreamExecutor): Promise<void> {
    const from = executor.position;
    let unsaved = 0;
    while (executor.position < this.#main.position) {
      const to = this.#main.position;
      for await (const batch of this.#log.read({from: executor.position, to}))
        for (let start = 0; start < batch.count; start += this.#slice) {
          if (this.#stopped) return;
          const slice = rowsOf(batch, start, Math.min(batch.count, start + this.#slice));
          executor.advanceTo(this.#main.clock);
          executor.apply(slice);
          this.#tell(executor, from);
          unsaved += slice.count;
          if (executor.checkpointDue || unsaved >= this.#every) {
            await saveCheckpoint(executor, this.#store);
            unsaved = 0;
          }
          await new Promise(setImmediate);
        }
      executor.position = Math.max(executor.position, to);
    }
    // From here to the return nothing waits: no event comes between.
    executor.advanceTo(this.#main.clock);
    this.#main.adopt(executor);
  }

  #tell(executor: StreamExecutor, from: number): void {
    const {position} = this.#main;
    for (const state of executor.views)
      if (state.filling !== null)
        state.filling = {...state.filling, read: executor.position - from, total: position - from};
  }
}
