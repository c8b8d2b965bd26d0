import type {FeatureRow, OnlineReader} from '../../features/index.ts';
import type {RequestFields} from '../request.ts';
import type {StageTimes} from '../stage-times.ts';

/** What one answer is computed from. Features are read when the first level wants them, and once. */
export class Inputs {
  readonly request: RequestFields;
  readonly id: string;
  /** Query time (UTC ms). */
  readonly at: number;
  readonly #reader: OnlineReader;
  readonly #stages: StageTimes | undefined;
  #row: FeatureRow | undefined;
  #failure: unknown;

  constructor(request: RequestFields, id: string, at: number, reader: OnlineReader, stages?: StageTimes) {
    this.request = request;
    this.id = id;
    this.at = at;
    this.#reader = reader;
    this.#stages = stages;
  }

  /** The features. Throws what their reading threw, every time. */
  row(): FeatureRow {
    if (this.#row) return this.#row;
    if (this.#failure !== undefined) throw this.#failure;
    const from = this.#stages === undefined ? 0 : performance.now();
    try {
      this.#row = this.#reader.read(this.request, this.at);
      return this.#row;
    } catch (error) {
      this.#failure = error;
      throw error;
    } finally {
      this.#stages?.readFeatures(from);
    }
  }

  /** The features, or where they cannot be read what the request alone tells: those of views are missing. */
  rowOrMissing(): FeatureRow {
    try {
      return this.row();
    } catch {
      // Whoever wanted the features was told.
      return this.#reader.missing(this.request, this.at);
    }
  }

  /** The features if they were read, else what the request alone tells. */
  found(): FeatureRow {
    return this.#row ?? this.#reader.missing(this.request, this.at);
  }

  /** Whether the features were read. */
  get wereRead(): boolean {
    return this.#row !== undefined;
  }

  /**
   * How stale the features are (ms): the age of the newest event behind the oldest live view, or by how much a view is
   * read as of an older cut than its definition asks for. 0 where no view has had an event.
   */
  staleness(): number {
    let oldest = 0;
    for (let view = 0; view < this.#reader.set.views.length; view++) {
      const cut = this.#reader.cutOf(view, this.at);
      const latest = cut ? null : this.#reader.latestEvent(view, this.request);
      const age = cut ? cut.wanted - cut.cut : latest === null ? 0 : this.at - latest;
      if (age > oldest) oldest = age;
    }
    return oldest;
  }
}
