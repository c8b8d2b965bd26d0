/** What a model that ranks or recommends has shown in a window, item by item, and what came of it. */

export type ItemCount = {
  readonly item: string;
  readonly shown: number;
  /** Of which the outcome is known, and those of them with label 1. */
  readonly labelled: number;
  readonly hits: number;
};

/** Plain JSON. */
export type ItemExposureState = {readonly rows: number; readonly items: readonly ItemCount[]};

/** Items that are counted one by one, some 20 MB; rows of further ones are only counted together. */
const MOST_ITEMS = 200_000;

type Counts = {shown: number; labelled: number; hits: number};

export class ItemExposure {
  #rows = 0;
  readonly #items = new Map<string, Counts>();

  /** Rows shown, those of items beyond the first 200,000 included. */
  get rows(): number {
    return this.#rows;
  }

  /** A prediction that was shown. */
  show(item: string, times = 1): void {
    this.#rows += times;
    const counts = this.#countsOf(item);
    if (counts) counts.shown += times;
  }

  /** What came of one that was shown: 1, such as a click, or 0. */
  mature(item: string, label: number): void {
    const counts = this.#countsOf(item);
    if (!counts) return;
    counts.labelled++;
    counts.hits += label;
  }

  /** Takes in another one, which stays as it is. */
  merge({rows, items}: ItemExposureState): void {
    this.#rows += rows;
    for (const {item, shown, labelled, hits} of items) {
      const counts = this.#countsOf(item);
      if (!counts) continue;
      counts.shown += shown;
      counts.labelled += labelled;
      counts.hits += hits;
    }
  }

  snapshot(): ItemExposureState {
    return {rows: this.#rows, items: Array.from(this.#items, ([item, counts]) => ({item, ...counts}))};
  }

  #countsOf(item: string): Counts | undefined {
    let counts = this.#items.get(item);
    if (counts || this.#items.size >= MOST_ITEMS) return counts;
    counts = {shown: 0, labelled: 0, hits: 0};
    this.#items.set(item, counts);
    return counts;
  }
}
