/** A uniform sample of rows, by columns: what analyses of whole rows work on. */

import {ReservoirSlots} from '../../math/index.ts';
import type {FeatureProfile} from '../profiles/training-profile.ts';
import type {FeatureVector} from './window-bins.ts';

export type RowSample = {
  readonly rows: number;
  /** Rows that it was drawn from. */
  readonly of: number;
  /** Names of the features, in the order of `columns`. */
  readonly names: readonly string[];
  /** Categories as codes of the model's encoding; NaN where a value is missing. */
  readonly columns: readonly Float64Array[];
  readonly categorical: readonly boolean[];
  readonly scores: Float64Array;
};

/** Rows of a version's test split: what production is compared with, row by row. */
export type ReferenceRows = RowSample & {
  /** 0 or 1; the value for regression. */
  readonly labels: Float64Array;
};

/** Enough for an AUC to within 0.01; 20 features are 1.7 MB. */
const MOST_ROWS = 10_000;
const FIRST_ROWS = 256;

/** Draws a sample of at most 10,000 rows from those of a window, as they come. */
export class RowSampler {
  readonly #features: readonly Pick<FeatureProfile, 'name' | 'kind'>[];
  readonly #slots: ReservoirSlots;
  /** The features, then the scores. */
  #columns: Float64Array[];

  constructor(features: readonly Pick<FeatureProfile, 'name' | 'kind'>[], random: () => number, mostRows = MOST_ROWS) {
    this.#features = features;
    this.#slots = new ReservoirSlots(mostRows, random);
    this.#columns = Array.from({length: features.length + 1}, () => new Float64Array(Math.min(FIRST_ROWS, mostRows)));
  }

  /** Values that are texts are kept as missing: rows are meant to be encoded. */
  offer(vector: FeatureVector, score: number): void {
    const slot = this.#slots.offer();
    if (slot >= 0) this.#keep(slot, vector, score);
  }

  #keep(slot: number, vector: FeatureVector, score: number): void {
    if (slot >= this.#columns[0]!.length) this.#grow();
    const columns = this.#columns;
    const last = columns.length - 1;
    for (let f = 0; f < last; f++) {
      const value = vector[f];
      columns[f]![slot] = typeof value === 'number' ? value : Number.NaN;
    }
    columns[last]![slot] = score;
  }

  #grow(): void {
    const length = Math.min(this.#slots.capacity, this.#columns[0]!.length * 2);
    this.#columns = this.#columns.map(column => {
      const grown = new Float64Array(length);
      grown.set(column);
      return grown;
    });
  }

  /** What has been drawn so far; a copy. */
  sample(): RowSample {
    const rows = Math.min(this.#slots.seen, this.#slots.capacity);
    const columns = this.#columns.map(column => column.slice(0, rows));
    return {
      rows,
      of: this.#slots.seen,
      names: this.#features.map(({name}) => name),
      columns: columns.slice(0, -1),
      categorical: this.#features.map(({kind}) => kind === 'categorical'),
      scores: columns.at(-1)!,
    };
  }
}
