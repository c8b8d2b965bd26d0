import {FrequentItems} from '../../math/index.ts';
import {shortened, TEXT_CAPACITY, TextSketch} from './text-sketch.ts';

type Counted = {readonly value: string; readonly rows: number};

/**
 * A text sketch from counts that a database has made already, each value once, in any order: the counts that it keeps are
 * exact, and the same in every run.
 */
export class TextCounts {
  readonly #sketch = new TextSketch();
  #top: Counted[] = [];
  /** What a value must have to be kept; null while there is room. */
  #least: Counted | null = null;

  add(value: string | null, rows: number): void {
    if (value === null) {
      this.#sketch.addNulls(rows);
      return;
    }
    this.#sketch.see(value, rows);
    const counted = {value: shortened(value), rows};
    if (this.#least && order(counted, this.#least) > 0) return;
    if (this.#top.push(counted) >= 4 * TEXT_CAPACITY) this.#cut();
  }

  sketch(): TextSketch {
    this.#cut();
    const kept = this.#top.slice(0, TEXT_CAPACITY);
    const items = kept.map(({value, rows}) => [value, rows] as const);
    // What is not there has no more rows than the first that had no room.
    const error = this.#top[TEXT_CAPACITY]?.rows ?? 0;
    const rows = this.#sketch.count;
    this.#sketch.frequent = FrequentItems.fromJSON({capacity: TEXT_CAPACITY, rows, error, items});
    return this.#sketch;
  }

  #cut(): void {
    this.#top = this.#top.sort(order).slice(0, TEXT_CAPACITY + 1);
    this.#least = this.#top[TEXT_CAPACITY] ?? null;
  }
}

const order = (a: Counted, b: Counted): number =>
  b.rows - a.rows || (a.value < b.value ? -1 : a.value > b.value ? 1 : 0);
