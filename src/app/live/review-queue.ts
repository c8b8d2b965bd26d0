import {type JsonValue, MillraceError, type Review} from '../../protocol/index.ts';
import type {ServedPrediction} from '../../serving/index.ts';
import type {MetadataRecord, MetadataStore, MetadataWrite} from '../../stores/index.ts';

const KIND = 'review';
/** Reviews that wait to be kept; more are counted and dropped, since no queue of people is that fast. */
const MOST_UNSAVED = 10_000;
const FEWEST_READ = 1_000;

/** Predictions of one model that people are to decide. They are kept at every tick, not while somebody waits for an answer. */
export class ReviewQueue {
  readonly #metadata: MetadataStore;
  readonly #model: string;
  #unsaved: Review[] = [];
  /** Reads and writes of the store, one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
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
    if (this.#unsaved.length >= MOST_UNSAVED) {
      this.#dropped++;
      return;
    }
    const open = {state: 'open', decision: null, by: null, decidedAt: null} as const;
    this.#unsaved.push({id, model: this.#model, at, version, score: prediction, request: {...request}, ...open});
  }

  /** Keeps what was added. If it fails nothing is lost: the next call tries again. */
  save(): Promise<void> {
    return this.#inTurn(() => this.#save());
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
    // The store knows no states: more is read until enough are of the one that is asked for.
    for (let most = FEWEST_READ; ; most *= 4) {
      const records = await this.#metadata.list(KIND, {idPrefix: `${this.#model}/`, order: 'newest', limit: most});
      const found = records.map(reviewOf).filter(review => state === undefined || review.state === state);
      if (found.length >= limit || records.length < most) return found.slice(0, limit);
    }
  }

  /**
   * Decides an open one; the same decision by the same person again changes nothing. Throws RECORD_NOT_FOUND,
   * STORE_CONFLICT if somebody was faster.
   */
  decide(id: string, decision: number, by: string, decidedAt: number): Promise<Review> {
    return this.#inTurn(async () => {
      await this.#save();
      const found = await this.#metadata.get(KIND, `${this.#model}/${id}`);
      if (!found)
        throw new MillraceError('RECORD_NOT_FOUND', `No prediction '${id}' of '${this.#model}' waits for people.`);
      const review = reviewOf(found);
      if (review.state === 'decided') {
        if (review.decision === decision && review.by === by) return review;
        throw new MillraceError('STORE_CONFLICT', `'${id}' was decided by ${review.by}: ${review.decision}.`, {
          fix: 'Read the queue again.',
        });
      }
      const decided: Review = {...review, state: 'decided', decision, by, decidedAt};
      await this.#metadata.write([write(decided, found.revision)]);
      return decided;
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  async #save(): Promise<void> {
    const saving = this.#unsaved;
    if (saving.length === 0) return;
    this.#unsaved = [];
    try {
      const writes: MetadataWrite[] = [];
      // The same id may be asked again before it is decided: the newest stands. What was decided stays decided.
      for (const review of new Map(saving.map(each => [each.id, each])).values()) {
        const before = await this.#metadata.get(KIND, `${this.#model}/${review.id}`);
        if (before === undefined || reviewOf(before).state === 'open')
          writes.push(write(review, before?.revision ?? 0));
      }
      await this.#metadata.write(writes);
    } catch (error) {
      this.#unsaved = [...saving, ...this.#unsaved];
      throw error;
    }
  }
}

const reviewOf = ({value}: MetadataRecord): Review => value as unknown as Review;

const write = (review: Review, expected: number): MetadataWrite => ({
  kind: KIND,
  id: `${review.model}/${review.id}`,
  at: review.at,
  value: review as unknown as JsonValue,
  expected,
});
