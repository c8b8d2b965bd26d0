import type {ConsistencyRun, JsonValue} from '../../protocol/index.ts';
import type {MetadataStore} from '../../stores/index.ts';

/** Runs kept of each model. */
export const KEPT_RUNS = 60;

const KIND = 'consistency';

/**
 * Where consistency runs are kept: the last of each model, each in the place of the one `KEPT_RUNS` before it.
 *
 *   consistency  <model>/<number modulo KEPT_RUNS>   ConsistencyRun, listed by the time it started
 */
export class ConsistencyRecords {
  readonly #metadata: MetadataStore;

  constructor(metadata: MetadataStore) {
    this.#metadata = metadata;
  }

  async save(run: ConsistencyRun): Promise<void> {
    const id = `${run.model}/${run.number % KEPT_RUNS}`;
    await this.#metadata.write([{kind: KIND, id, at: run.startedAt, value: run as JsonValue}]);
  }

  /** Newest first. */
  async list(model: string, limit = KEPT_RUNS): Promise<ConsistencyRun[]> {
    const records = await this.#metadata.list(KIND, {order: 'newest', idPrefix: `${model}/`, limit: KEPT_RUNS});
    return records
      .map(({value}) => value as unknown as ConsistencyRun)
      .sort((a, b) => b.number - a.number)
      .slice(0, limit);
  }
}
