/**
 * A uniform sample of a stream of unknown length, in memory that does not grow: algorithm L
 * (Li, "Reservoir-sampling algorithms of time complexity O(n(1 + log(N/n)))", 1994), which draws
 * random numbers only for the items it keeps.
 */
export class Reservoir<T> {
  readonly capacity: number;
  readonly #random: () => number;
  readonly #items: T[] = [];
  #seen = 0;
  #weight = 1;
  /** Number of the next item to keep, counted from 1; meaningful once the reservoir is full. */
  #next = 0;

  constructor(capacity: number, random: () => number) {
    if (!(Number.isInteger(capacity) && capacity > 0))
      throw new RangeError(`the capacity of a reservoir must be a positive integer, got ${capacity}`);
    this.capacity = capacity;
    this.#random = random;
  }

  /** How many items were offered. */
  get seen(): number {
    return this.#seen;
  }

  /** What is kept: every item while no more than `capacity` were offered, a uniform sample later; in no order. */
  get items(): readonly T[] {
    return this.#items;
  }

  offer(item: T): void {
    this.#seen++;
    if (this.#items.length < this.capacity) {
      this.#items.push(item);
      if (this.#items.length === this.capacity) this.#skip();
    } else if (this.#seen === this.#next) {
      this.#items[Math.floor(this.#random() * this.capacity)] = item;
      this.#skip();
    }
  }

  #skip(): void {
    this.#weight *= (1 - this.#random()) ** (1 / this.capacity);
    this.#next = this.#seen + 1 + Math.floor(Math.log(1 - this.#random()) / Math.log1p(-this.#weight));
  }
}
