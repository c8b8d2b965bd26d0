import {type JsonValue, MillraceError, type Review} from '../../protocol/index.ts';
import type {ServedPrediction} from '../../serving/index.ts';
import type {MetadataStore} from '../../stores/index.ts';

const KIND = 'review';
/** Reviews that wait to be kept; more are counted and dropped, since no queue of people is that fast. */
const MOST_UNSAVED = 10_000;

/** Predictions of one model that people are to decide. They are kept at every tick, not while somebody waits for an answer. */
export class ReviewQueue {
  readonly #metadata: MetadataStore;
  readonly #model: string;
  #unsaved: Review[] = [];
  #dropped = 0;

  constructor(metadata: MetadataStore, model: string) {
    this.#metadata = metadata;
    this.#model = model;
  }

  /** Reviews that were not kept because too many came at once. */
  get dropped(): number {
    return this.#dropped;
  }

  add({id, at, version, prediction, request}: ServedPrediction): void {
    if (this.#unsaved.length === MOST_UNSAVED) {
      this.#dropped++;
      return;
    }
    const open = {state: 'open', decision: null, by: null, decidedAt: null} as const;
    this.#unsaved.push({id, model: this.#model, at, version, score: prediction, request: {...request}, ...open});
  }

  /** Keeps what was added. If it fails nothing is lost: the next call tries again. */
  async save(): Promise<void> {
    const saving = this.#unsaved;
    if (saving.length === 0) return;
    // The same id may be asked again before it is decided: the newest stands.
    await this.#metadata.write([...new Map(saving.map(review => [review.id, write(review)])).values()]);
    this.#unsaved = this.#unsaved.slice(saving.length);
  }

  /** Newest first. */
  async list({
    state,
    limit = 100,
  }: {
    readonly state?: Review['state'];
    readonly limit?: number;
  } = {}): Promise<Review[]> {
    await this.save();
    const records = await this.#metadata.list(KIND, {idPrefix: `${this.#model}/`, order: 'newest', limit: 10_000});
    const all = records.map(({value}) => value as unknown as Review);
    return all.filter(review => state === undefined || review.state === state).slice(0, limit);
  }

  /** Decides an open one. Throws RECORD_NOT_FOUND, STORE_CONFLICT if somebody was faster. */
  async decide(id: string, decision: number, by: string, decidedAt: number): Promise<Review> {
    await this.save();
    const found = await this.#metadata.get(KIND, `${this.#model}/${id}`);
    if (!found)
      throw new MillraceError('RECORD_NOT_FOUND', `No prediction '${id}' of '${this.#model}' waits for people.`);
    const review = found.value as unknown as Review;
    if (review.state === 'decided')
      throw new MillraceError('STORE_CONFLICT', `'${id}' was decided by ${review.by}: ${review.decision}.`, {
        fix: 'Read the queue again.',
      });
    const decided: Review = {...review, state: 'decided', decision, by, decidedAt};
    await this.#metadata.write([{...write(decided), expected: found.revision}]);
    return decided;
  }
}

const write = (review: Review) => ({
  kind: KIND,
  id: `${review.model}/${review.id}`,
  at: review.at,
  value: review as unknown as JsonValue,
});
