import {DistinctSketch, FrequentItems, type FrequentItemsState} from '../../math/index.ts';
import {fromBase64, toBase64} from './base64.ts';

/** Different texts that are counted exactly; beyond that the error of a count is at most a thousandth of the rows. */
export const TEXT_CAPACITY = 1_024;
/** Longer texts are cut where they are kept, as two that begin alike for so long are one to a reader. */
const LONGEST_KEPT = 200;

export const shortened = (value: string): string =>
  value.length > LONGEST_KEPT ? `${value.slice(0, LONGEST_KEPT)}…` : value;

/** Plain JSON. */
export type TextSketchState = {
  readonly kind: 'text';
  readonly count: number;
  readonly nulls: number;
  readonly shortest: number | null;
  readonly longest: number | null;
  readonly frequent: FrequentItemsState;
  readonly distinct: string;
};

/** What is kept of a column of texts or booleans, mergeable. */
export class TextSketch {
  readonly kind = 'text';
  /** Rows with a value. */
  count = 0;
  nulls = 0;
  /** Lengths in UTF-16 units; null without values. */
  shortest: number | null = null;
  longest: number | null = null;
  frequent: FrequentItems;
  readonly distinct: DistinctSketch;

  constructor(frequent = new FrequentItems(TEXT_CAPACITY), distinct = new DistinctSketch()) {
    this.frequent = frequent;
    this.distinct = distinct;
  }

  /** Adds a value that came in so many rows. */
  add(value: string | null, rows = 1): void {
    if (value === null) {
      this.nulls += rows;
      return;
    }
    this.see(value, rows);
    this.frequent.add(shortened(value), rows);
  }

  /** All that is kept of a value, but for how often it comes. */
  see(value: string, rows: number): void {
    this.count += rows;
    this.shortest = Math.min(this.shortest ?? value.length, value.length);
    this.longest = Math.max(this.longest ?? 0, value.length);
    this.distinct.addText(value);
  }

  /** Adds rows without a value. */
  addNulls(rows: number): void {
    this.nulls += rows;
  }

  merge(other: TextSketch): void {
    this.count += other.count;
    this.nulls += other.nulls;
    this.shortest = either(this.shortest, other.shortest, Math.min);
    this.longest = either(this.longest, other.longest, Math.max);
    this.frequent.merge(other.frequent);
    this.distinct.merge(other.distinct);
  }

  toJSON(): TextSketchState {
    const {kind, count, nulls, shortest, longest} = this;
    const distinct = toBase64(this.distinct.toBytes());
    return {kind, count, nulls, shortest, longest, frequent: this.frequent.toJSON(), distinct};
  }

  static fromJSON({count, nulls, shortest, longest, frequent, distinct}: TextSketchState): TextSketch {
    const sketch = new TextSketch(FrequentItems.fromJSON(frequent), DistinctSketch.fromBytes(fromBase64(distinct)));
    return Object.assign(sketch, {count, nulls, shortest, longest});
  }
}

const either = (a: number | null, b: number | null, choose: (a: number, b: number) => number): number | null =>
  a === null ? b : b === null ? a : choose(a, b);
