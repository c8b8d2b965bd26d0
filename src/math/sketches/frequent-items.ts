/** Plain JSON. */
export type FrequentItemsState = {
  readonly capacity: number;
  readonly rows: number;
  readonly error: number;
  /** Most frequent first. */
  readonly items: readonly (readonly [value: string, count: number])[];
};

export type FrequentItem = {
  readonly value: string;
  /** Rows that it has at least; at most `error` more. */
  readonly count: number;
};

/**
 * The most frequent texts of a stream in memory that does not grow, mergeable: Misra and Gries (1982), merged as in
 * Agarwal et al. ("Mergeable summaries", 2012). A count is never too large, and too small by at most `error`, which is
 * at most rows / (capacity + 1), however parts were merged: whatever comes more often than that is there. All is exact
 * (`error` is 0) while there are no more than `capacity` different texts.
 */
export class FrequentItems {
  readonly capacity: number;
  #rows = 0;
  #error = 0;
  readonly #counts = new Map<string, number>();

  constructor(capacity = 256) {
    if (!(Number.isSafeInteger(capacity) && capacity > 0))
      throw new RangeError(`capacity must be a whole number above 0, got ${capacity}`);
    this.capacity = capacity;
  }

  get rows(): number {
    return this.#rows;
  }

  /** How many rows any count may lack. */
  get error(): number {
    return this.#error;
  }

  /** Adds a text that came `rows` times. */
  add(value: string, rows = 1): void {
    this.#rows += rows;
    this.#counts.set(value, this.countOf(value) + rows);
    // Room for twice as many, so that most additions have nothing to take away.
    if (this.#counts.size > 2 * this.capacity) this.#shrink();
  }

  /** Takes in another one, which stays as it is. */
  merge(other: FrequentItems): void {
    this.#rows += other.#rows;
    this.#error += other.#error;
    for (const [value, count] of other.#counts) this.#counts.set(value, this.countOf(value) + count);
    this.#shrink();
  }

  /** The most frequent first, ties by code units; at most `limit`. */
  items(limit = this.capacity): FrequentItem[] {
    this.#shrink();
    return [...this.#counts]
      .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
      .slice(0, limit)
      .map(([value, count]) => ({value, count}));
  }

  /** Rows of a text that were kept; 0 for those that were not. */
  countOf(value: string): number {
    return this.#counts.get(value) ?? 0;
  }

  toJSON(): FrequentItemsState {
    const items = this.items().map(({value, count}) => [value, count] as const);
    return {capacity: this.capacity, rows: this.#rows, error: this.#error, items};
  }

  static fromJSON({capacity, rows, error, items}: FrequentItemsState): FrequentItems {
    const sketch = new FrequentItems(capacity);
    [sketch.#rows, sketch.#error] = [rows, error];
    for (const [value, count] of items) sketch.#counts.set(value, sketch.countOf(value) + count);
    return sketch;
  }

  /** Takes from all counts that of the first which has no room; those that had no more go. */
  #shrink(): void {
    if (this.#counts.size <= this.capacity) return;
    const taken = Float64Array.from(this.#counts.values())
      .sort()
      .at(-this.capacity - 1)!;
    this.#error += taken;
    for (const [value, count] of this.#counts)
      if (count > taken) this.#counts.set(value, count - taken);
      else this.#counts.delete(value);
  }
}
